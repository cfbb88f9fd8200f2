public import EventModel

extension TailIndex {
    /// Returns the newest position whose id has this hash, or nil; a candidate, to be confirmed
    /// against the event.
    public func newest(id: KeyHash) -> Position? { chains.ids.newest(id).map(position) }

    /// Returns the next older position whose id has the same hash as the one here, or nil.
    public func older(than position: Position) -> Position? {
        precondition(position >= first && position < end, "a position it holds")
        return chains.ids.older(than: Int(position.rawValue - first.rawValue)).map(self.position)
    }

    /// Returns how many events of a stream come before a position, all of them without one.
    ///
    /// - Complexity: O(log n).
    public func count(stream hash: KeyHash, before bound: Position? = nil) -> Int {
        guard let stream = chains.streams.newest(hash),
            let index = last(of: stream, before: bound ?? end)
        else { return 0 }
        return Int(chains.entries[Int(index)].ordinal) + 1
    }

    /// Returns the positions of a stream before a bound, newest first; without a bound all.
    ///
    /// - Complexity: O(log n), then O(1) for each position; no allocation.
    public func backward(stream hash: KeyHash, before bound: Position? = nil) -> Backward {
        let start = chains.streams.newest(hash).flatMap { last(of: $0, before: bound ?? end) }
        return Backward(index: self, entry: start ?? TailChains.none)
    }

    /// Returns the positions of a stream behind a bound, oldest first; without a bound all.
    ///
    /// - Complexity: O(log n), then O(1) for each position; no allocation.
    public func forward(stream hash: KeyHash, after bound: Position = .zero) -> Forward {
        guard let stream = chains.streams.newest(hash) else {
            return Forward(index: self, entry: TailChains.none)
        }
        let before = last(of: stream, before: bound.next)
        let start = before.map { chains.entries[Int($0)].next } ?? chains.ends[stream].oldest
        return Forward(index: self, entry: start)
    }

    /// Finds a stream's last entry before a position.
    private func last(of stream: Int, before bound: Position) -> UInt32? {
        guard bound > first else { return nil }
        return chains.last(of: stream, before: bound.rawValue - first.rawValue)
    }

    private func position(_ offset: Int) -> Position {
        Position(first.rawValue + UInt64(offset))
    }

    /// The positions of a stream, newest first.
    public struct Backward: Sequence, IteratorProtocol {
        let index: TailIndex
        var entry: UInt32

        /// Returns the next older position.
        public mutating func next() -> Position? {
            guard entry != TailChains.none else { return nil }
            let found = index.chains.entries[Int(entry)]
            entry = found.previous
            return index.position(Int(found.offset))
        }
    }

    /// The positions of a stream, oldest first.
    public struct Forward: Sequence, IteratorProtocol {
        let index: TailIndex
        var entry: UInt32

        /// Returns the next newer position.
        public mutating func next() -> Position? {
            guard entry != TailChains.none else { return nil }
            let found = index.chains.entries[Int(entry)]
            entry = found.next
            return index.position(Int(found.offset))
        }
    }
}
