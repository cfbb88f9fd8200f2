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
        for view in [ViewName.identity, .customers] {
            if let execution = try whatToAwait(view, arguments, session) { return execution }
        }
        let match = try onePerson(command, arguments)
        let from = max(try arguments.position("FROM") ?? .zero, Position(1))
        let count =
            try arguments.integer("COUNT", in: 1...CommandLimits.eventsPerReplyMax)
            ?? CommandLimits.eventsPerReplyMax
        let now = environment.now()
        var json = JSONWriter()
        json.beginObject()
        // What stands together is of one moment of each view.
        let people = try reading { () throws(ViewFault) in try views.identity.snapshot() }
        let snapshot = try reading { () throws(ViewFault) in try views.customers.snapshot() }
        json.field("position", snapshot.position)
        json.key("customer")
        json.value(match.person)
        json.field("now", now)
        if from == Position(1) {
            let options = CardOptions(sections: CardSection.allCases, hasHistory: true)
            try reading { () throws(ViewFault) in
                json.key("identity")
                try IdentityDocument.write(match, asOf: nil, from: people, to: &json)
                json.key("profile")
                let isKnown = try CustomerDocument.write(
                    match.customers, now: now, options: options, from: snapshot, to: &json)
                if !isKnown {
                    json.beginObject()
                    json.endObject()
                }
            }
        }
        json.key("events")
        let source = CustomerSource(customers: match.customers, snapshot: snapshot)
        let query = TimelineQuery(
            .customer(match.person), from: from, count: Int(count))
        let next = try writePage(query, from: source, to: &json)
        if let next { json.field("from", next) }
        json.endObject()
        session.replies.bulk(json.span)
        return .answered
    }
}
