public import EventModel
internal import LMDB

extension IndexReader {
    /// Returns how many events of a stream come before a position, all that are indexed here
    /// without one: the stream's version, as far as this index goes.
    ///
    /// - Throws: `damaged`, `storage`.
    /// - Complexity: A filter for each run, and one leaf where it says "perhaps".
    @available(*, noasync)
    public mutating func count(
        stream: KeyHash, before bound: Position? = nil
    ) throws(IndexError) -> Int {
        let limit = offset(bound ?? end)
        var total = 0
        let perhaps = RunSet(runs.indices) {
            runs[$0].start < limit && runs[$0].mayContain(stream: stream)
        }
        guard !perhaps.isEmpty else { return 0 }
        let transaction = try begin()
        for index in runs.indices where perhaps.contains(index) {
            let point = StreamPoint(stream: stream, offset: min(limit, runs[index].end) - 1)
            let found = try group(of: runs[index], covering: point, in: transaction)
            if let found { total += found.before + offsets.count { $0 < limit } }
        }
        end(transaction)
        return total
    }

    /// Adds the newest positions of a stream before a bound, newest first, at most so many.
    ///
    /// - Throws: `damaged`, `storage`; `list` may then hold some positions.
    /// - Complexity: As `count`, and one leaf for each 1,000 to 1,900 positions of a big stream.
    @available(*, noasync)
    public mutating func positions(
        stream: KeyHash, before bound: Position, limit: Int, into list: inout [Position]
    ) throws(IndexError) {
        var left = limit
        let behind = offset(bound)
        let perhaps = RunSet(runs.indices) {
            runs[$0].start < behind && runs[$0].mayContain(stream: stream)
        }
        guard !perhaps.isEmpty else { return }
        let transaction = try begin()
        for index in runs.indices.reversed() where perhaps.contains(index) && left > 0 {
            let run = runs[index]
            var highest: UInt32? = min(behind, run.end) - 1
            while left > 0, let last = highest {
                let point = StreamPoint(stream: stream, offset: last)
                guard let found = try group(of: run, covering: point, in: transaction) else {
                    break
                }
                for offset in offsets.reversed() where offset <= last && left > 0 {
                    list.append(file.position(offset))
                    left -= 1
                }
                // A leaf that begins within the stream follows one that holds what is before it.
                highest = found.lowest.stream == stream ? found.lowest.predecessor?.offset : nil
                if found.before == 0 { highest = nil }
            }
        }
        end(transaction)
    }

    /// Adds the oldest positions of a stream behind a bound, oldest first, at most so many; a
    /// bound of zero means from the first.
    ///
    /// - Throws: `damaged`, `storage`; `list` may then hold some positions.
    /// - Complexity: As for the other direction.
    @available(*, noasync)
    public mutating func positions(
        stream: KeyHash, after bound: Position, limit: Int, into list: inout [Position]
    ) throws(IndexError) {
        var left = limit
        let start = offset(bound.next)
        let perhaps = RunSet(runs.indices) {
            runs[$0].end > start && runs[$0].mayContain(stream: stream)
        }
        guard !perhaps.isEmpty else { return }
        let transaction = try begin()
        for index in runs.indices where perhaps.contains(index) && left > 0 {
            let run = runs[index]
            var lowest: UInt32? = max(start, run.start)
            while left > 0, let first = lowest {
                let point = StreamPoint(stream: stream, offset: first)
                guard let found = try group(of: run, covering: point, in: transaction) else {
                    break
                }
                for offset in offsets where offset >= first && left > 0 {
                    list.append(file.position(offset))
                    left -= 1
                }
                // A leaf that ends within the stream is followed by one that goes on with it.
                lowest = found.highest.stream == stream ? found.highest.successor?.offset : nil
                if lowest == 0 { lowest = nil }
            }
        }
        end(transaction)
    }

    /// Where a group stands: the leaf's bounds, and how many of the stream's entries in the run
    /// come before it.
    private struct Found {
        let before: Int
        let lowest: StreamPoint
        let highest: StreamPoint
    }

    /// Finds the stream's group in the leaf that covers a point and decodes it into `offsets`; nil
    /// when the leaf has none: then the run has none of the stream's entries up to the point and
    /// to the leaf's end.
    private mutating func group(
        of run: IndexRun, covering point: StreamPoint, in transaction: borrowing ReadTransaction
    ) throws(IndexError) -> Found? {
        let leaf = try file.streamLeaf(of: run, covering: point, &key, in: transaction)
        var place = StreamLeaf.start
        while let group = leaf.group(at: &place) {
            if group.stream < point.stream { continue }
            guard group.stream == point.stream else { return nil }
            guard group.decode(into: &offsets) else { throw file.damagedStreams(run) }
            return Found(before: group.before, lowest: leaf.lowest, highest: leaf.highest)
        }
        guard leaf.isEnd(place) else { throw file.damagedStreams(run) }
        return nil
    }

    /// Returns a position's offset in the segment, those before the first and behind the end moved
    /// there.
    private func offset(_ position: Position) -> UInt32 {
        guard position > file.first else { return 0 }
        let limit = runs.last?.end ?? 0
        return UInt32(min(position.rawValue - file.first.rawValue, UInt64(limit)))
    }
}
