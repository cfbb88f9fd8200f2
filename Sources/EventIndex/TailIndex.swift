public import EventModel

/// The index, in memory, of the newest events: at most one run of them.
///
/// One thread owns it while it grows. `seal()` ends that; from then on nothing changes any more,
/// and any thread may read it, as the one does that writes the run to the segment's index file.
///
/// An event is added by its id, then by each of its streams; the newest ones can be taken back.
/// Memory grows by 20 to 28 bytes for an event, 24 for each of its streams and 32 to 40 for each
/// new stream, doubling as arrays do.
public final class TailIndex: @unchecked Sendable {
    // Unchecked: one owner until it is sealed, immutable from then on; a change after that ends
    // the process.

    /// The position of the first event it covers.
    public let first: Position
    /// Whether it is handed over and never changes again.
    public private(set) var isSealed = false
    private(set) var chains = TailChains()

    /// Makes an empty index whose first event will have this position.
    public init(first: Position) {
        precondition(first > .zero, "positions count from 1")
        self.first = first
    }

    /// How many events it holds.
    public var count: Int { chains.ids.count }

    /// The position behind the last one it holds.
    public var end: Position { Position(first.rawValue + UInt64(count)) }

    /// Whether it covers as many positions as a run can.
    public var isFull: Bool { count == Int(IndexLimits.eventsPerRun) }

    /// The number of different streams in it.
    public var streamCount: Int { chains.streams.count }

    /// The memory it takes, in bytes.
    public var byteCount: Int { chains.byteCount }

    /// Adds the event that follows the last one, by its id; its streams come next.
    ///
    /// - Complexity: O(1) amortised.
    public func insert(id: KeyHash, at position: Position) {
        precondition(!isSealed, "a sealed index does not change")
        precondition(
            position.rawValue &- first.rawValue < IndexLimits.eventsPerRun,
            "a run holds no more events")
        chains.insert(id: id, at: UInt32(truncatingIfNeeded: position.rawValue &- first.rawValue))
    }

    /// Adds the last event to a stream; once more changes nothing.
    ///
    /// - Complexity: O(1) amortised.
    public func insert(stream: KeyHash, at position: Position) {
        precondition(!isSealed, "a sealed index does not change")
        chains.insert(
            stream: stream, at: UInt32(truncatingIfNeeded: position.rawValue &- first.rawValue))
    }

    /// Removes all events behind this position, which were staged and given up.
    ///
    /// - Complexity: O(what is removed).
    public func takeBack(to position: Position) {
        precondition(!isSealed, "a sealed index does not change")
        precondition(position.next >= first, "what came before the first is not held here")
        guard end > position.next else { return }
        chains.takeBack(to: Int(position.next.rawValue - first.rawValue))
    }

    /// Ends its growth, so that it can be handed to another thread.
    public func seal() { isSealed = true }
}
