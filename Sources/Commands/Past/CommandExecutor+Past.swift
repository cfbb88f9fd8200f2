internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// AT and OCCURRED: view commands as of a past moment. NOW states what ages are counted from, for
/// the present too.
extension CommandExecutor {
    /// Answers a view command as of a past moment; nil when it asks for the present.
    func runPast(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution? {
        if let question = session.atHand.past, log.erasures.latest <= question.erasures {
            guard question.isOver else { return try goOnWaiting(for: question, session) }
            if let document = try question.answer() {
                session.replies.bulk(document)
            } else {
                session.replies.null()
            }
            return .answered
        }
        guard let asked = try askedMoment(command, arguments) else { return nil }
        if command.action == .customer,
            let tombstone = try tombstone(arguments.bytes("identifier") ?? [])
        {
            session.replies.bulk(tombstone.span)
            return .answered
        }
        let isWhole = try asksForAll(command, arguments)
        let erasures = log.erasures.latest
        // The log is being scrubbed: folds would still see what nobody is to be shown.
        guard !isWhole || log.erasures.isEmpty else { throw .erasing }
        let answering =
            isWhole
            ? try answeringWhole(command, arguments, asked)
            : try answering(command, arguments, asked)
        // Whose events are whose, and who is who, must be known up to there.
        let views = Array(Set(command.action.views + [.identity, .customers]))
        let needed: Position
        if case .position(let position) = asked {
            needed = position
        } else {
            needed = session.atHand.pastHead ?? log.head.position
            session.atHand.pastHead = needed
        }
        if let execution = try whatToAwait(needed, views, session) { return execution }
        let question = PastQuestion(
            of: .user(session.user), isWhole ? .whole : .moment, erasures: erasures, answering)
        try past.ask(question)
        session.atHand.past = question
        session.atHand.deadline = nil
        return try goOnWaiting(for: question, session)
    }

    /// Tells whether views reflect a position and the newest erasure; nil when they do, else what
    /// the command has to wait for.
    func whatToAwait(
        _ position: Position, _ views: [ViewName], _ session: Session
    ) throws(CommandError) -> Execution? {
        let needed = max(position, log.erasures.newest)
        for view in ViewName.allCases where views.contains(view) {
            let standing = try checkServed(view)
            guard standing.position < needed else { continue }
            guard !isTimeUp(session, within: CommandLimits.waitMillisecondsMax) else {
                throw .stale(
                    view: view.rawValue, asked: needed, reached: standing.position,
                    milliseconds: CommandLimits.waitMillisecondsMax)
            }
            return .waits(for: .view(view, needed.rawValue))
        }
        return nil
    }

    func goOnWaiting(
        for question: PastQuestion, _ session: Session
    ) throws(CommandError) -> Execution {
        guard !isTimeUp(session, within: CommandLimits.waitMillisecondsMax) else {
            // What was folded serves who asks again.
            if !question.isWhole { question.giveUp() }
            throw .pastTooSlow(
                milliseconds: CommandLimits.waitMillisecondsMax, goesOn: question.isWhole)
        }
        return .waits(for: .past(question))
    }

    /// What NOW says.
    func statedNow(_ arguments: borrowing ArgumentReader) throws(CommandError) -> Timestamp? {
        try arguments.time("NOW")
    }

    /// What AT or OCCURRED names; nil where neither stands.
    func askedMoment(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> AskedMoment? {
        let occurred = command.action.tellsOccurred ? try arguments.time("OCCURRED") : nil
        guard let at = arguments.bytes("AT") else { return occurred.map { .occurred($0) } }
        guard occurred == nil else {
            throw .badArgument(
                command.name, argument: "OCCURRED", expected: "left out where AT stands")
        }
        let text = unsafe at.span.bytes
        if let moment = Timestamp(rfc3339: text) { return .recorded(moment) }
        guard let number = text.integer(), number >= 1 else {
            throw .badArgument(
                command.name, argument: "AT",
                expected: "a position from 1 on, or a time like 2026-11-27T14:32:08.120Z")
        }
        let position = Position(UInt64(number))
        guard position <= log.head.position else {
            throw .ahead(asked: position, head: log.head.position)
        }
        return .position(position)
    }
}

/// What is asked, put so that another thread can answer it.
extension CommandExecutor {
    private func answering(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ asked: AskedMoment
    ) throws(CommandError) -> PastQuestion.Answering {
        let now = command.readsNow ? try statedNow(arguments) : nil
        switch command.action {
        case .customer:
            let identifier = arguments.bytes("identifier") ?? []
            let question = try customerQuestion(command, arguments)
            let zones = environment.zone
            return Self.document(asked, now, ofPeople: true) {
                (past, moment, now, json) throws(CommandError) in
                try viewing { () throws(ViewFault) in
                    try Self.customer(identifier, question, past, moment, now, zones, &json)
                }
            }
        case .interaction:
            let id = try arguments.text("id") ?? ""
            return Self.document(asked, now) { (past, moment, now, json) throws(CommandError) in
                try viewing { () throws(ViewFault) in
                    try InteractionDocument.write(
                        id, now: now, from: past.queues(at: moment), to: &json)
                }
            }
        case .queue:
            let name = try arguments.text("name") ?? ""
            let zones = environment.zone
            return Self.document(asked, now) { (past, moment, now, json) throws(CommandError) in
                try viewing { () throws(ViewFault) in
                    try QueuesView.writeQueue(
                        name, now: now, zones: zones, from: past.queues(at: moment), to: &json)
                }
            }
        case .queues:
            let zones = environment.zone
            let query = try queuesQuery(arguments)
            return Self.document(asked, now) { (past, moment, now, json) throws(CommandError) in
                try viewing { () throws(ViewFault) in
                    try QueuesView.writeQueues(
                        query, now: now, zones: zones, from: past.queues(at: moment), to: &json)
                }
                return true
            }
        case .waiting, .wait, .agents:
            return try answeringLive(command, arguments, asked, now)
        case .agent:
            let id = try arguments.text("id") ?? ""
            return Self.document(asked, now) { (past, moment, now, json) throws(CommandError) in
                try viewing { () throws(ViewFault) in
                    try AgentDocument.write(
                        id, now: now, from: past.queues(at: moment), to: &json)
                }
            }
        case .metrics:
            let (query, zone) = try metricsQuestion(command, arguments)
            let name = command.name
            return Self.document(asked, now) { (past, moment, _, json) throws(CommandError) in
                let view = try viewing { () throws(ViewFault) in try past.metrics(at: moment) }
                try Self.figures(name) { () throws(MetricsFault) in
                    try MetricsDocument.write(query, zone: zone, from: view, to: &json)
                }
                return true
            }
        default: preconditionFailure("\(command.name) tells nothing of the past")
        }
    }

    /// The commands of the live state that take options of their own.
    private func answeringLive(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ asked: AskedMoment,
        _ now: Timestamp?
    ) throws(CommandError) -> PastQuestion.Answering {
        switch command.action {
        case .waiting:
            let queue = try arguments.text("queue") ?? ""
            let count = try lines(arguments)
            let zones = environment.zone
            return Self.document(asked, now) { (past, moment, now, json) throws(CommandError) in
                try viewing { () throws(ViewFault) in
                    let people = try past.identity()
                    return try WaitingDocument.write(
                        queue, count: count, now: now, zones: zones,
                        persons: { customer throws(ViewFault) in
                            try IdentityView.customers(
                                ofPersonOf: customer, asOf: moment.position, people)
                        }, from: past.queues(at: moment), to: &json)
                }
            }
        case .wait:
            let queue = try arguments.text("queue") ?? ""
            let interaction = try arguments.text("INTERACTION")
            return Self.document(asked, now) { (past, moment, now, json) throws(CommandError) in
                try viewing { () throws(ViewFault) in
                    try WaitDocument.write(
                        queue, interaction: interaction, now: now, from: past.queues(at: moment),
                        metrics: past.metrics(at: moment), to: &json)
                }
            }
        default:
            let query = try agentsQuestion(command, arguments)
            return Self.document(asked, now) { (past, moment, now, json) throws(CommandError) in
                try viewing { () throws(ViewFault) in
                    try Self.write(query, now: now, from: past.queues(at: moment), to: &json)
                }
            }
        }
    }

    typealias Writing =
        @Sendable (PastViews, PastMoment, Timestamp, inout JSONWriter) throws(CommandError) -> Bool

    static func document(
        _ asked: AskedMoment, _ now: Timestamp?, ofPeople: Bool = false, _ write: @escaping Writing
    ) -> PastQuestion.Answering {
        { (past, _) throws(CommandError) in
            var json = JSONWriter()
            let moment = try viewing { () throws(ViewFault) in
                ofPeople ? try past.momentOfPeople(asked) : try past.moment(asked)
            }
            guard try write(past, moment, now ?? moment.now, &json) else { return nil }
            if let occurred = moment.occurred {
                json.reopenObject()
                json.field("occurred_by", occurred)
                if !ofPeople {
                    json.field("late_events_ms", ProjectingLimits.latenessMilliseconds)
                }
                json.endObject()
            }
            return json.bytes
        }
    }

    private static func customer(
        _ identifier: [UInt8], _ question: CustomerQuestion, _ past: PastViews,
        _ moment: PastMoment, _ now: Timestamp, _ zones: @Sendable (String) -> (any ZoneOffsets)?,
        _ json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        guard let match = try match(identifier, past, moment) else { return false }
        let view = try past.customers(match.customers, at: moment)
        switch question {
        case .card(let options):
            return try CustomerDocument.write(
                match.customers, or: match.candidates, ending: match.ends, now: now,
                options: options, from: view, to: &json)
        case .pop:
            return try PopDocument.write(
                popQuestion(match, by: identifier), now: now, zone: zones, from: view, to: &json)
        }
    }

    private static func match(
        _ identifier: [UInt8], _ past: PastViews, _ moment: PastMoment
    ) throws(ViewFault) -> PersonMatch? {
        try match(identifier, past, moment, in: past.identity())
    }

    /// Finds the person behind `kind:value`, `c_…` or `interaction:<id>` as of a moment.
    ///
    /// - Parameter people: Who is who, at that moment or now.
    static func match(
        _ identifier: [UInt8], _ past: PastViews, _ moment: PastMoment,
        in people: borrowing ViewSnapshot
    ) throws(ViewFault) -> PersonMatch? {
        let text = unsafe identifier.span.bytes
        if let customer = CustomerID(text: text) {
            return try IdentityView.person(ofCustomer: customer, asOf: moment.position, people)
        } else if text.starts(with: contactPrefix) {
            let id = text.extracting(contactPrefix.utf8CodeUnitCount..<text.byteCount).text()
            return try IdentityView.person(
                ofContactOf: try customers(of: id, past, moment), asOf: moment.position, people)
        } else {
            return try IdentityView.person(of: text, asOf: moment.position, people)
        }
    }

    /// The customers whom an interaction showed as of a moment, who was shown first in it first; of a leg
    /// that names nobody those of the first.
    static func customers(
        of interaction: String, _ past: PastViews, _ moment: PastMoment
    ) throws(ViewFault) -> [CustomerID] {
        let leg = try past.interaction(interaction, at: moment)
        let shown = try InteractionLookup.customers(of: interaction, leg)
        guard shown.isEmpty, let first = try InteractionLookup.firstLeg(of: interaction, leg)
        else { return shown }
        return try InteractionLookup.customers(
            of: first, try past.interaction(first, at: moment))
    }
}

/// Runs a read of a view and turns its faults into this module's errors.
func viewing<Result: ~Copyable>(
    _ body: () throws(ViewFault) -> Result
) throws(CommandError) -> Result {
    do throws(ViewFault) {
        return try body()
    } catch {
        throw .view(error)
    }
}
