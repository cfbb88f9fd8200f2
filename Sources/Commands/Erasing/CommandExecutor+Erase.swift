internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// ERASE: a person is forgotten.
///
///     {"position":…,"erasure":1,"surrogate":"c_…","events":27,"shared":0,"quoted":1,
///      "positions":"0=0/0:5,9-12"}
///     {"position":…,"dry_run":true,"customer":"c_…","customers":["c_…"],"identifiers":["…"],
///      "events":27,"shared":0,"quoted":1,"positions":"…","quotes":"…"}
///
/// `shared` counts events in which another person had a part: their texts go with this one's, the
/// other's identifiers stay. `quoted` are events of others that name an identifier of this person,
/// for instance as a recipient: only that goes.
extension CommandExecutor {
    func erase(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        guard !isStopping else { throw .stopping }
        let isDryRun = arguments.has("DRYRUN")
        if !isDryRun { try environment.clock.check() }
        // What is staged has no position that a timeline could name.
        guard writer.stagedCount == 0 else { return .afterCommit }
        guard let found = session.erasure else {
            if try answerRepeated(.erasure, arguments, session) { return .answered }
            return try find(command, arguments, session)
        }
        guard found.question.isOver else { return try goOnWaiting(for: found.question, session) }
        var plan = try found.plan()
        guard session.hasQuotes else { return try findQuotes(plan, session) }
        guard log.head.position.rawValue - plan.through.rawValue <= CommandLimits.erasureTailMax
        else {
            // Too much has come meanwhile to be looked at here.
            session.erasure = nil
            session.hasQuotes = false
            return try find(command, arguments, session)
        }
        let people = try reading { () throws(ViewFault) in try views.identity.snapshot() }
        let view = try reading { () throws(ViewFault) in try views.customers.snapshot() }
        do throws(ReadFailure<ViewFault>) {
            try plan.catchUp(people, view, &rawReader)
        } catch {
            throw Self.refusal(error)
        }
        let reason = try arguments.text("REASON") ?? ""
        for option in ["REASON", "ACTOR", "REQUEST"] {
            guard let words = try arguments.text(option), plan.isNamed(in: words) else { continue }
            throw .badArgument(
                command.name, argument: option,
                expected: "a text without the person's identifiers: it outlives them")
        }
        if isDryRun {
            session.replies.bulk(dryRun(plan).bytes)
            return .answered
        }
        let offset = session.replies.buffer.count
        session.replies.bulk(try stage(plan, reason, arguments).bytes)
        session.staged.append(offset..<session.replies.buffer.count)
        return .answered
    }

    /// Has the person's events found, beside the loop, once the views have seen the head.
    private func find(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        let needed = session.pastHead ?? log.head.position
        session.pastHead = needed
        for view in [ViewName.identity, .customers] {
            let status = try checkServed(view)
            guard status.position < needed else { continue }
            guard !isTimeUp(session, within: CommandLimits.waitMillisecondsMax) else {
                throw .stale(
                    view: view.rawValue, asked: needed, reached: status.position,
                    milliseconds: CommandLimits.waitMillisecondsMax)
            }
            return .waits(for: .view(view, needed.rawValue))
        }
        session.pastHead = nil
        let match = try onePerson(command, arguments)
        let found = try Planned(past) { [log, views] () throws(CommandError) in
            let people = try viewing { () throws(ViewFault) in try views.identity.snapshot() }
            let view = try viewing { () throws(ViewFault) in try views.customers.snapshot() }
            return try Self.searching(log) { (reader) throws(ReadFailure<ViewFault>) in
                try ErasurePlan(of: match, people, view, &reader)
            }
        }
        session.erasure = found
        return try goOnWaiting(for: found.question, session)
    }

    /// Has the events of others found that name one of the person's identifiers: the index says here
    /// which may, they are read beside the loop.
    private func findQuotes(
        _ plan: ErasurePlan, _ session: Session
    ) throws(CommandError) -> Execution {
        var others: Set<Position> = []
        for name in plan.identifiers {
            var found: [Position] = []
            try readingLog { () throws(EventLogError) in
                try writer.positions(
                    of: StreamName(.identifier, name), from: Position(1), limit: 1 << 40,
                    into: &found)
            }
            others.formUnion(found.lazy.filter { $0 <= plan.through })
        }
        let sorted = others.sorted()
        let found = try Planned(past) { [log] () throws(CommandError) in
            try Self.searching(log) { (reader) throws(ReadFailure<ViewFault>) in
                var plan = plan
                try plan.readQuotes(at: sorted, &reader)
                return plan
            }
        }
        session.erasure = found
        session.hasQuotes = true
        return try goOnWaiting(for: found.question, session)
    }

    /// Runs a search in the log as it lies, beside the loop.
    private static func searching(
        _ log: EventLog,
        _ body: (inout LogReader) throws(ReadFailure<ViewFault>) -> ErasurePlan
    ) throws(CommandError) -> ErasurePlan {
        do throws(ReadFailure<ViewFault>) {
            var reader: LogReader
            do throws(EventLogError) {
                reader = try log.makeReader()
            } catch {
                throw .log(error)
            }
            return try body(&reader)
        } catch {
            throw refusal(error)
        }
    }

    /// The person whom a command names: exactly one.
    func onePerson(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> PersonMatch {
        let name = arguments.bytes("customer") ?? []
        let text = unsafe name.span.bytes
        guard !text.starts(with: "interaction:") else {
            throw .badArgument(
                command.name, argument: "customer", expected: "kind:value or a customer's id c_…")
        }
        guard let match = try match(name) else {
            let isShared = try reading { () throws(ViewFault) in
                try unsafe IdentityView.isShared(name.span.bytes, try views.identity.snapshot())
            }
            if isShared { throw .sharedIdentifier(command.name) }
            throw .unknownCustomer(command.name, argument: "customer")
        }
        guard match.candidates.isEmpty else {
            throw .ambiguous(command.name, candidates: match.candidates.map(\.person))
        }
        return match
    }

    private static func refusal(_ error: ReadFailure<ViewFault>) -> CommandError {
        switch error {
        case .log(let error): .log(error)
        case .body(let fault): .view(fault)
        }
    }

    /// Stages the events that say what is erased; they are in force with the round's commit.
    private func stage(
        _ plan: ErasurePlan, _ reason: String, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> JSONWriter {
        let surrogate = Surrogate(drawing: { .random(in: .min ... .max) })
        let (erased, quoted) = (plan.erased.portions, plan.quoted.portions)
        let portions = (0..<max(erased.count, quoted.count, 1)).map { index in
            Erasure.What.person(
                surrogate, erased: index < erased.count ? erased[index] : ErasedPositions(),
                quoted: index < quoted.count ? quoted[index] : ErasedPositions())
        }
        let mark = writer.mark()
        let staged = try stage(portions, reason: reason, arguments)
        do throws(CommandError) {
            try suppress(plan, surrogate, at: staged[0].position)
        } catch {
            writer.takeBack(to: mark)
            erasing.staged.removeLast(staged.count)
            throw error
        }
        var json = JSONWriter()
        json.beginObject()
        json.field("position", staged[staged.count - 1].position)
        json.field("erasure", Int64(clamping: staged[0].number))
        json.field("surrogate", surrogate.text)
        write(counts: plan, &json)
        json.field("positions", plan.erased.text)
        if !plan.quoted.isEmpty { json.field("quotes", plan.quoted.text) }
        json.endObject()
        return json
    }

    private func write(counts plan: ErasurePlan, _ json: inout JSONWriter) {
        json.field("events", plan.erased.count)
        json.field("shared", plan.shared)
        json.field("quoted", plan.quoted.count)
    }

    private func dryRun(_ plan: ErasurePlan) -> JSONWriter {
        var json = JSONWriter()
        json.beginObject()
        json.field("position", log.head.position)
        json.field("dry_run", true)
        json.key("customer")
        json.value(plan.person)
        json.field("customers", plan.customers)
        json.key("identifiers")
        json.beginArray()
        for name in plan.identifiers.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            json.value(String(decoding: name, as: UTF8.self))
        }
        json.endArray()
        write(counts: plan, &json)
        json.field("positions", plan.erased.text)
        if !plan.quoted.isEmpty { json.field("quotes", plan.quoted.text) }
        json.endObject()
        return json
    }

    /// What is told of a customer who is erased: that they are. Nil for all others.
    ///
    ///     {"position":…,"customer":"c_…","erased":true}
    func tombstone(_ name: [UInt8]) throws(CommandError) -> JSONWriter? {
        guard let customer = unsafe CustomerID(text: name.span.bytes), try match(name) == nil,
            try isErased(customer)
        else { return nil }
        var json = JSONWriter()
        json.beginObject()
        json.field("position", log.head.position)
        json.key("customer")
        json.value(customer)
        json.field("erased", true)
        json.endObject()
        return json
    }

    private func isErased(_ customer: CustomerID) throws(CommandError) -> Bool {
        if customer.isSurrogate { return true }
        let founded = Position(customer.rawValue & (1 << 59 - 1))
        var isErased = false
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: founded) { (event) throws(Never) in
                isErased = event.isErased
            }
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            }
        }
        return isErased
    }
}
