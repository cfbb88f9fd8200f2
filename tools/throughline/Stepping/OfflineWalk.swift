import EventLog
import EventModel
import Importing
import JSON
import Projecting
import Views

/// Walks a subject in a log that lies there, with views that were folded from it.
struct OfflineWalk {
    private let subject: StepSubject
    private let folded: FoldedViews
    private let log: LogSource

    init(_ subject: StepSubject, _ folded: FoldedViews, _ log: LogSource) {
        self.subject = subject
        self.folded = folded
        self.log = log
    }

    /// Shows the events from the first to the last.
    ///
    /// - Throws: `ToolFailure`, also where no event belongs to the subject.
    func run(only: String?, json: Bool) throws {
        let positions = try events()
        guard !positions.isEmpty else { throw ToolFailure("no event belongs to it") }
        let past = try folded.views.past()
        var reader = try log.makeReader()
        var printer = StepPrinter(only: only, json: json, before: nil)
        for position in positions {
            var document = JSONWriter()
            _ = try reader.event(at: position) { (event) throws(Never) in
                EventDocument.write(event, to: &document)
            }
            printer.show(
                try Document(document.bytes).value(), after: try state(past, at: position))
        }
    }

    /// The positions of its events, oldest first.
    private func events() throws -> [Position] {
        guard let stream = subject.stream else { return try eventsOfCustomer() }
        var found: [Position] = []
        var reader = try log.makeReader()
        try reader.events(from: Position(1), through: folded.position) { (event) throws(Never) in
            if stream.contains(event) { found.append(event.position) }
            return true
        }
        return found
    }

    private func eventsOfCustomer() throws -> [Position] {
        let people = People(folded)
        guard case .customer(let identifier) = subject,
            let person = try people.person(identifier)
        else { return [] }
        return try people.events(of: person)
    }

    /// What was known when the event at a position had just been recorded; nil for nothing.
    private func state(_ past: PastViews, at position: Position) throws -> JSONValue? {
        let moment = try past.moment(.position(position))
        var json = JSONWriter()
        let isKnown: Bool
        switch subject {
        case .interaction(let id):
            isKnown = try InteractionDocument.write(
                id, now: moment.now, from: past.queues(at: moment), to: &json)
        case .agent(let id):
            isKnown = try AgentDocument.write(
                id, now: moment.now, from: past.queues(at: moment), to: &json)
        case .customer(let identifier):
            let people = try past.identity()
            guard let person = try People.person(identifier, asOf: position, people) else {
                return nil
            }
            isKnown = try CustomerDocument.write(
                person.customers, or: person.candidates, ending: person.ends, now: moment.now,
                from: past.customers(person.customers, at: moment), to: &json)
        }
        return isKnown ? try Document(json.bytes).value() : nil
    }
}
