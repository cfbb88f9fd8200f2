internal import ContactCentre
internal import EventModel

/// Folds an interaction anew because an event came late.
enum InteractionRefold {
    /// Returns the state of all events, the late one in its place, and their order.
    ///
    /// - Parameter positions: The events it had, in the order of the fold.
    static func fold<Details: InteractionDetails, Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ kind: LifecycleEvent?, into positions: [UInt64],
        _ surroundings: Details.Surroundings, _ context: borrowing Context
    ) throws(ViewFault) -> DetailedRecord<Details> {
        let place = try place(
            of: (event.occurred, event.position), among: positions, context)
        var record = DetailedRecord<Details>()
        for position in positions[..<place] {
            try apply(position, to: &record, surroundings, context)
        }
        record.apply(event, kind, surroundings)
        for position in positions[place...] {
            try apply(position, to: &record, surroundings, context)
        }
        record.positions = positions
        record.positions.insert(event.position.rawValue, at: place)
        return record
    }

    /// Returns the state of some events, in whatever order they are given, and their order.
    static func fold<Details: InteractionDetails, Context: FoldContext & ~Copyable>(
        _ positions: [UInt64], _ surroundings: Details.Surroundings,
        _ context: borrowing Context
    ) throws(ViewFault) -> DetailedRecord<Details> {
        var events: [(occurred: Timestamp, position: UInt64)] = []
        for position in positions {
            try context.earlierEvent(at: Position(position)) { earlier in
                events.append((earlier.occurred, position))
            }
        }
        events.sort { ($0.occurred, $0.position) < ($1.occurred, $1.position) }
        var record = DetailedRecord<Details>()
        for event in events { try apply(event.position, to: &record, surroundings, context) }
        record.positions = events.map(\.position)
        return record
    }

    /// Finds how many of the kept events come before a late one, looking from the end.
    private static func place<Context: FoldContext & ~Copyable>(
        of late: (occurred: Timestamp, position: Position), among positions: [UInt64],
        _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        var place = positions.count
        while place > 0 {
            let position = Position(positions[place - 1])
            var occurred = Timestamp.earliest
            try context.earlierEvent(at: position) { earlier in occurred = earlier.occurred }
            if (occurred, position) < late { break }
            place -= 1
        }
        return place
    }

    private static func apply<Details: InteractionDetails, Context: FoldContext & ~Copyable>(
        _ position: UInt64, to record: inout DetailedRecord<Details>,
        _ surroundings: Details.Surroundings, _ context: borrowing Context
    ) throws(ViewFault) {
        try context.earlierEvent(at: Position(position)) { earlier in
            record.apply(earlier, LifecycleEvent(type: earlier.type), surroundings)
        }
    }
}
