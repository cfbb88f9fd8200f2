internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// EXPORT: everything the store knows of one person, for the person: a page of events at a time, the
/// oldest first.
///
///     {"position":…,"customer":"c_…","now":"…",
///      "identity":{…},        as IDENTITY answers: every identifier, and the events that say so
///      "profile":{…},         as CUSTOMER with all sections and HISTORY: every value with the
///                             position it comes from; `cut` names what the events alone have
///      "events":[…],          as TIMELINE answers: with source, id, time and all that was said
///      "from":…}              where the next page begins; absent on the last one
///
/// `identity` and `profile` stand on the first page only.
extension CommandExecutor {
    func exportCustomer(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        if let question = session.atHand.past, log.erasures.latest <= question.erasures {
            guard question.isOver else { return try goOnWaiting(for: question, session) }
            session.replies.bulk(try question.answer() ?? [])
            return .answered
        }
        for view in [ViewName.identity, .customers] {
            if let execution = try whatToAwait(view, arguments, session) { return execution }
        }
        let match = try onePerson(command, arguments)
        let from = max(try arguments.position("FROM") ?? .zero, Position(1))
        let count = Int(
            try arguments.integer("COUNT", in: 1...CommandLimits.eventsPerReplyMax)
                ?? CommandLimits.eventsPerReplyMax)
        let now = environment.now()
        // A person may have any number of events and things: they are read beside the loop.
        let question = PastQuestion(of: .user(session.user), erasures: log.erasures.latest) {
            [views, log] (_, _) throws(CommandError) in
            try Self.export(match, from: from, count: count, now: now, views, log)
        }
        try past.ask(question)
        session.atHand.past = question
        session.atHand.deadline = nil
        return try goOnWaiting(for: question, session)
    }

    private static func export(
        _ match: PersonMatch, from: Position, count: Int, now: Timestamp, _ views: ViewSet,
        _ log: EventLog
    ) throws(CommandError) -> [UInt8] {
        // What stands together is of one moment of each view.
        let people = try viewing { () throws(ViewFault) in try views.identity.snapshot() }
        let snapshot = try viewing { () throws(ViewFault) in try views.customers.snapshot() }
        var json = JSONWriter()
        json.beginObject()
        json.field("position", snapshot.position)
        json.key("customer")
        json.value(match.person)
        json.field("now", now)
        if from == Position(1) {
            try viewing { () throws(ViewFault) in
                try write(match, now: now, people, snapshot, to: &json)
            }
        }
        json.key("events")
        let next: Position?
        do throws(ReadFailure<CommandError>) {
            let source = CustomerSource(
                customers: match.customers, snapshot: snapshot, takesEarlier: true)
            next = try writeEvents(from: from, count: count, of: source, log, to: &json)
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            case .body(let error): throw error
            }
        }
        if let next { json.field("from", next) }
        json.endObject()
        return json.bytes
    }

    /// Who they are and all that is known of them.
    private static func write(
        _ match: PersonMatch, now: Timestamp, _ people: borrowing ViewSnapshot,
        _ snapshot: borrowing ViewSnapshot, to json: inout JSONWriter
    ) throws(ViewFault) {
        json.key("identity")
        try IdentityDocument.write(match, from: people, to: &json)
        json.key("profile")
        let options = CardOptions(sections: CardSection.allCases, hasHistory: true)
        let isKnown = try CustomerDocument.write(
            match.customers, ending: match.ends, now: now, options: options, from: snapshot,
            to: &json)
        guard !isKnown else { return }
        json.beginObject()
        json.endObject()
    }

    /// Writes a page of their events, the oldest first.
    ///
    /// - Returns: Where the next page begins; nil when this is the last.
    private static func writeEvents(
        from start: Position, count: Int, of source: borrowing CustomerSource, _ log: EventLog,
        to json: inout JSONWriter
    ) throws(ReadFailure<CommandError>) -> Position? {
        var positions: [Position] = []
        var reader: LogReader
        do throws(CommandError) {
            // One more than is wanted tells whether this page is the last.
            try source.find(.from(start), limit: count + 1, into: &positions)
        } catch {
            throw .body(error)
        }
        do throws(EventLogError) {
            reader = try log.makeHidingReader()
        } catch {
            throw .log(error)
        }
        json.beginArray()
        defer { json.endArray() }
        // What stands before them is no part of the bound: else a long profile would leave no event room.
        let most = json.count + CommandLimits.replyBytesMax
        for (index, position) in positions.enumerated() {
            guard index < count, json.count < most else { return position }
            _ = try reader.event(at: position) { (event) throws(CommandError) in
                EventDocument.write(event, to: &json)
            }
        }
        return nil
    }
}
