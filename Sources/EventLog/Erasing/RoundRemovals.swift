public import EventModel

/// What a round of erasures takes out of the log, event by event.
public struct RoundRemovals: Sendable {
    /// The erasures that are not carried out, those behind the round among them.
    public let pending: [Erasure]
    /// The newest of the round.
    public let goal: Position
    private let removals: [UInt64: Erasures.Removal]

    /// Lists what all erasures up to a position take.
    ///
    /// - Parameter most: The most events that are listed.
    /// - Returns: nil where there are more.
    public init?(_ erasures: Erasures, through goal: Position, most: Int) {
        let pending = erasures.pending
        let count = pending.reduce(0) { $0 + $1.eventCount }
        guard count <= most else { return nil }
        self.pending = pending
        self.goal = goal
        removals = erasures.removals(in: 0..<UInt64.max, through: goal)
    }

    /// The events that lose something by one of the erasures, rising.
    public func positions(of erasure: Erasure) -> [Position] {
        var found: Set<Position> = []
        erasure.forEachRemoval { position, _ in found.insert(position) }
        return found.sorted()
    }

    /// Shows an event as the round leaves it; nothing is known of its remnant but reason and cause.
    public func show<Failure: Error>(
        _ event: borrowing EventView, _ body: (borrowing EventView) throws(Failure) -> Void
    ) throws(Failure) {
        guard let removal = removals[event.position.rawValue] else { return try body(event) }
        try event.show(without: removal.part, cause: removal.cause, body)
    }
}
