/// What a tail holds: its ids, and for each stream a chain through its entries. One value, so that
/// a change of it is one access to the tail's memory.
struct TailChains {
    /// One event's place in one stream.
    struct Entry {
        /// How far the event stands behind the first position.
        var offset: UInt32
        /// The stream's index.
        var stream: UInt32
        /// The stream's entries before and after this one, `none` where there is none.
        var previous: UInt32
        var next: UInt32
        /// An entry further back; its own index in the first one.
        var jump: UInt32
        /// How many of the stream's entries come before this one.
        var ordinal: UInt32
    }

    /// The ends of a stream's chain.
    struct Ends {
        var oldest: UInt32
        var newest: UInt32
    }

    static let none = UInt32.max

    /// The hashes of the events' ids, by offset.
    private(set) var ids = HashList()
    private(set) var streams = HashList()
    /// For each stream, in the order of `streams`.
    private(set) var ends: [Ends] = []
    private(set) var entries: [Entry] = []

    var byteCount: Int {
        ids.byteCount + streams.byteCount + ends.capacity * MemoryLayout<Ends>.stride
            + entries.capacity * MemoryLayout<Entry>.stride
    }

    mutating func insert(id: KeyHash, at offset: UInt32) {
        precondition(Int(offset) == ids.count, "events come in order, none left out")
        ids.append(id)
    }

    mutating func insert(stream hash: KeyHash, at offset: UInt32) {
        precondition(Int(offset) &+ 1 == ids.count, "streams follow their event's id")
        let index = UInt32(truncatingIfNeeded: entries.count)
        guard let stream = streams.newest(hash) else {
            let number = UInt32(truncatingIfNeeded: streams.count)
            streams.append(hash)
            ends.append(Ends(oldest: index, newest: index))
            entries.append(
                Entry(
                    offset: offset, stream: number, previous: Self.none, next: Self.none,
                    jump: index, ordinal: 0))
            return
        }
        let previous = ends[stream].newest
        let before = entries[Int(previous)]
        guard before.offset != offset else { return }
        entries.append(
            Entry(
                offset: offset, stream: UInt32(truncatingIfNeeded: stream), previous: previous,
                next: Self.none, jump: jump(from: previous, before), ordinal: before.ordinal &+ 1))
        entries[Int(previous)].next = index
        ends[stream].newest = index
    }

    /// Chooses where the entry behind this one jumps to, so that every entry is reached in
    /// O(log n) jumps and steps: as far as two jumps of one length lead, else one step. Source:
    /// Myers, "An applicative random-access stack".
    private func jump(from index: UInt32, _ entry: Entry) -> UInt32 {
        let once = entries[Int(entry.jump)]
        let twice = entries[Int(once.jump)]
        let isLevel = entry.ordinal &- once.ordinal == once.ordinal &- twice.ordinal
        return isLevel ? once.jump : index
    }

    /// Finds a stream's last entry before an offset, or nil.
    func last(of stream: Int, before offset: UInt64) -> UInt32? {
        var index = ends[stream].newest
        while index != Self.none {
            let entry = entries[Int(index)]
            if entry.offset < offset { return index }
            let far = entries[Int(entry.jump)]
            index = far.offset >= offset && entry.jump != index ? entry.jump : entry.previous
        }
        return nil
    }

    /// Removes the newest events until so many are left.
    mutating func takeBack(to count: Int) {
        while ids.count > count {
            ids.removeLast()
            while let entry = entries.last, Int(entry.offset) == ids.count {
                entries.removeLast()
                if entry.previous == Self.none {
                    // The stream came with this entry, and whatever came later has gone.
                    streams.removeLast()
                    ends.removeLast()
                } else {
                    entries[Int(entry.previous)].next = Self.none
                    ends[Int(entry.stream)].newest = entry.previous
                }
            }
        }
    }
}
