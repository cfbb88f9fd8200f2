public import EventModel

/// Entries of streams that an index is to hold no more, and others that it is to hold, as events name
/// other streams than before; ids stay.
public struct IndexChanges: Sendable {
    private struct Change {
        var gone: Set<UInt64> = []
        var new: Set<UInt64> = []
    }

    private var changes: [KeyHash: Change] = [:]

    /// Changes nothing.
    public init() {}

    /// The streams that change, rising.
    var streams: [KeyHash] { changes.keys.sorted() }

    /// Whether a stream changes.
    func concerns(_ stream: KeyHash) -> Bool { changes[stream] != nil }

    /// Notes an event that names other streams than before.
    public mutating func note(
        _ position: Position, from before: Set<KeyHash>, to after: Set<KeyHash>
    ) {
        for stream in before where !after.contains(stream) {
            changes[stream, default: Change()].gone.insert(position.rawValue)
        }
        for stream in after where !before.contains(stream) {
            changes[stream, default: Change()].new.insert(position.rawValue)
        }
    }

    /// The offsets of a stream as they are to be, rising.
    ///
    /// - Parameter first: The position that offsets count from.
    func applied(
        to stream: KeyHash, _ offsets: [UInt32], first: Position
    ) -> [UInt32] {
        guard let change = changes[stream] else { return offsets }
        let kept = offsets.filter { !change.gone.contains(first.rawValue + UInt64($0)) }
        return Set(kept + change.new.map { UInt32($0 - first.rawValue) }).sorted()
    }
}
