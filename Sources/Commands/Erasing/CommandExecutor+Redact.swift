internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// REDACT: fields of an event, or what fits a pattern in a range of events, are forgotten.
///
///     {"position":…,"redaction":1,"events":3,"places":5,"kept":1,"parts":"17:text@5+12"}
///     {"position":…,"dry_run":true,"events":3,"places":5,"kept":1,"parts":"…","from":…}
///
/// `kept` counts fields in which something fits and that stay: open attributes, whose an event is,
/// what it is about. `from` is where to go on where the range was too long for one redaction.
extension CommandExecutor {
    func redact(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        guard !isStopping else { throw .stopping }
        let isDryRun = arguments.has("DRYRUN")
        if !isDryRun { try environment.clock.check() }
        guard let planned = session.atHand.redaction else {
            if try answerRepeated(.redaction, arguments, session) { return .answered }
            return try plan(command, arguments, session)
        }
        guard planned.question.isOver else {
            return try goOnWaiting(for: planned.question, session)
        }
        let plan = try planned.take()
        try check(plan, command, arguments)
        if !plan.facts.isEmpty {
            // What is staged is seen by nobody yet.
            guard writer.stagedCount == 0 else {
                planned.putBack(plan)
                return .afterCommit
            }
            if try missesUnions(plan) { return try findUnions(plan, planned, session) }
        }
        let offset = session.replies.buffer.count
        guard !isDryRun, !plan.parts.isEmpty else {
            session.replies.bulk(document(of: plan, staged: [], isDryRun: isDryRun).span)
            return .answered
        }
        let portions = plan.said.portions().map { Erasure.What.parts($0) }
        let staged = try stage(portions, reason: try arguments.text("REASON") ?? "", arguments)
        session.replies.bulk(document(of: plan, staged: staged, isDryRun: false).span)
        session.staged.append(offset..<session.replies.buffer.count)
        return .answered
    }

    private func plan(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        let first = max(try arguments.position("position") ?? .zero, Position(1))
        let last = try arguments.position("TO") ?? first
        guard last <= log.head.position else { throw .ahead(asked: last, head: log.head.position) }
        guard first <= last else {
            throw .badArgument(
                command.name, argument: "TO", expected: "a position from the first one on")
        }
        let query = try query(command, arguments, isOne: first == last)
        var words: [String] = []
        for option in ["REASON", "ACTOR", "REQUEST"] {
            if let word = try arguments.text(option) { words.append(word) }
        }
        let (log, said) = (log, words)
        let planned = try Planned(past) { () throws(CommandError) in
            do throws(EventLogError) {
                var reader = try log.makeHidingReader()
                return try RedactionPlan.find(query, in: first...last, words: said, &reader)
            } catch {
                throw .log(error)
            }
        }
        session.atHand.redaction = planned
        return try goOnWaiting(for: planned.question, session)
    }

    /// Whether whom the facts united is still to be found, or to be found again.
    private func missesUnions(_ plan: RedactionPlan) throws(CommandError) -> Bool {
        guard let unions = plan.unions,
            log.head.position.rawValue - unions.through.rawValue <= CommandLimits.erasureTailMax
        else { return true }
        return try mayGrow(unions)
    }

    /// Has the unions found that may be by what goes, beside the loop, once the identity view has seen what
    /// the log holds.
    private func findUnions(
        _ plan: consuming RedactionPlan, _ planned: Planned<RedactionPlan>, _ session: Session
    ) throws(CommandError) -> Execution {
        if let wait = try waitUntilSeen([.identity], session) {
            planned.putBack(plan)
            return wait
        }
        let planned = try planned.goOn(plan, past) { [log, views] (plan) throws(CommandError) in
            let people = try viewing { () throws(ViewFault) in try views.identity.snapshot() }
            plan.unions = try Self.searching(log) { (reader) throws(ReadFailure<ViewFault>) in
                try FactUnions(byFactsAt: plan.facts, people, &reader)
            }
        }
        session.atHand.redaction = planned
        session.atHand.deadline = nil
        return try goOnWaiting(for: planned.question, session)
    }

    private func query(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, isOne: Bool
    ) throws(CommandError) -> RedactionQuery {
        let fields = try arguments.texts("FIELD")
        guard let text = try arguments.text("PATTERN") else {
            guard isOne, !fields.isEmpty else {
                throw .badArgument(
                    command.name, argument: "FIELD",
                    expected: isOne
                        ? "given, or PATTERN" : "beside PATTERN where a range is named")
            }
            return RedactionQuery(pattern: nil, fields: fields)
        }
        do throws(PatternFault) {
            return RedactionQuery(pattern: try TextPattern(text), fields: fields)
        } catch {
            throw .badArgument(
                command.name, argument: "PATTERN",
                expected: "a regular expression: at character \(error.place), \(error.expected)")
        }
    }

    private func check(
        _ plan: RedactionPlan, _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) {
        if let kept = plan.refusal { throw .kept(command.name, kept) }
        guard plan.missing == 0 else {
            throw .badArgument(
                command.name, argument: "FIELD",
                expected: "an attribute that the event has, data, data/ and a path in it, or # and "
                    + "the number of an identifier from 0")
        }
        guard !plan.isSaid else {
            throw .badArgument(
                command.name, argument: "REASON, ACTOR or REQUEST",
                expected: "a text without what is redacted: it outlives it")
        }
    }

    private func document(
        of plan: RedactionPlan, staged: [Erasure], isDryRun: Bool
    ) -> JSONWriter {
        var json = JSONWriter()
        json.beginObject()
        json.field("position", staged.last?.position ?? log.head.position)
        if isDryRun { json.field("dry_run", true) }
        if let first = staged.first { json.field("redaction", Int64(clamping: first.number)) }
        json.field("events", plan.parts.count)
        json.field("places", plan.parts.places)
        json.field("kept", plan.kept)
        if !plan.parts.isEmpty { json.field("parts", plan.said.text) }
        if let next = plan.next { json.field("from", next) }
        json.endObject()
        return json
    }
}
