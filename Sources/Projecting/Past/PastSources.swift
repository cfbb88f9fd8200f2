internal import EventLog
internal import EventModel
internal import Views

/// Where the past of one moment is read from: the log by three readers, since an event is shown while
/// others are asked for; who is who; and which events belong to whom.
final class PastSources {
    let events: EventHistory
    let subjects: EventHistory
    let earlier: EventHistory
    let people: ViewSnapshot
    private let timelines: ViewSnapshot

    init(
        _ readers: PastReaders, people: consuming ViewSnapshot, timelines: consuming ViewSnapshot
    ) {
        events = readers.events
        subjects = readers.subjects
        earlier = readers.earlier
        self.people = people
        self.timelines = timelines
    }

    /// The events of an interaction, oldest first.
    func interaction(_ name: String, through last: Position) throws(ViewFault) -> [Position] {
        try positions(of: .interaction(name), through: last)
    }

    /// The events that make what is known of some people: theirs, all of the interactions that
    /// those belong to, and those about their things from before anybody was known whom these
    /// concern, oldest first.
    func customers(
        _ customers: [CustomerID], through last: Position
    ) throws(ViewFault) -> [Position] {
        var all: Set<Position> = []
        var interactions: Set<String> = []
        for customer in customers {
            for position in try positions(of: .customer(customer), through: last) {
                all.insert(position)
                try note(interactionOf: position, in: &interactions)
            }
            for position in try Timeline.early(of: customer, timelines) where position <= last {
                all.insert(position)
                try note(interactionOf: position, in: &interactions)
            }
        }
        for name in interactions { all.formUnion(try interaction(name, through: last)) }
        return all.sorted()
    }

    /// The events that say by which definitions cards were written, in the order of positions.
    ///
    /// - Parameter occurred: Events count that had happened by this moment; nil when all do.
    func definitions(
        through last: Position, occurred: Timestamp?
    ) throws(ViewFault) -> [Position] {
        try CardDefinitionHistory.positions(through: last, timelines) {
            (position) throws(ViewFault) in
            guard let occurred else { return true }
            return try events.occurred(at: position) <= occurred
        }
    }

    private func note(
        interactionOf position: Position, in interactions: inout Set<String>
    ) throws(ViewFault) {
        try events.show(position) { event in
            if let name = event.text("interaction") { interactions.insert(name) }
        }
    }

    private func positions(
        of stream: Timeline.Stream, through last: Position
    ) throws(ViewFault) -> [Position] {
        guard last < Position(.max) else {
            return try Timeline.positions(of: stream, count: .max, timelines).reversed()
        }
        return try Timeline.positions(of: stream, before: last.next, count: .max, timelines)
            .reversed()
    }
}

/// A thread's readers of the log, which know the blocks that any of them has read.
final class PastReaders {
    let events: EventHistory
    let subjects: EventHistory
    let earlier: EventHistory

    init(_ log: LogSource) throws(ViewFault) {
        let blocks = BlockMemory(bytes: ProjectingLimits.pastBlockBytesMax)
        do throws(EventLogError) {
            events = EventHistory(try log.makeRedactedReader(blocks))
            subjects = EventHistory(try log.makeRedactedReader(blocks))
            earlier = EventHistory(try log.makeRedactedReader(blocks))
        } catch {
            throw .storage("\(error)")
        }
    }
}
