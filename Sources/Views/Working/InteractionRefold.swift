internal import ContactCentre
internal import EventModel

/// Folds an interaction anew because an event came late.
enum InteractionRefold {
    /// Returns the state of all events, the late one in its place, and their order.
    ///
    /// - Parameter positions: The events it had, in the order of the fold.
    static func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ kind: LifecycleEvent, into positions: [UInt64],
        _ context: borrowing Context
    ) throws(ViewFault) -> (interaction: Interaction, positions: [UInt64]) {
        let place = try place(
            of: (event.occurred, event.position), among: positions, context)
        var interaction = Interaction()
        for position in positions[..<place] { try apply(position, to: &interaction, context) }
        interaction.apply(event, as: kind)
        for position in positions[place...] { try apply(position, to: &interaction, context) }
        var order = positions
        order.insert(event.position.rawValue, at: place)
        return (interaction, order)
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

    private static func apply<Context: FoldContext & ~Copyable>(
        _ position: UInt64, to interaction: inout Interaction, _ context: borrowing Context
    ) throws(ViewFault) {
        try context.earlierEvent(at: Position(position)) { earlier in
            guard let kind = LifecycleEvent(type: earlier.type) else { return }
            interaction.apply(earlier, as: kind)
        }
    }
}
