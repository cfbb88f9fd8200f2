internal import EventIndex
internal import EventModel

/// Streams over the whole history: the newest positions in memory, the others in the index files.
/// Every position is in one of them and in no two, so nothing is missed and nothing comes twice.
extension LogIndex {
    /// Returns how many events of a stream come before a position, staged ones too.
    ///
    /// - Complexity: O(log n) in memory; a filter for each run of the files, one leaf where it says
    ///   "perhaps". No allocation.
    func count(_ stream: KeyHash, before bound: Position) throws(EventLogError) -> UInt64 {
        var total = 0
        look()
        for tail in tails { total += tail.index.count(stream: stream, before: bound) }
        for cursor in cursors where cursor.part.first < bound {
            guard try mayContain(cursor, stream: stream) else { continue }
            total += try read(cursor) { reader throws(IndexError) in
                try reader.count(stream: stream, before: bound)
            }
        }
        return UInt64(total)
    }

    /// Adds the newest positions of a stream before a bound, newest first, at most so many.
    func positions(
        _ stream: KeyHash, before bound: Position, limit: Int, into list: inout [Position]
    ) throws(EventLogError) {
        let goal = list.count + limit
        look()
        for tail in tails.reversed() {
            var walk = tail.index.backward(stream: stream, before: bound)
            while list.count < goal, let position = walk.next() { list.append(position) }
        }
        for cursor in cursors.reversed() where list.count < goal && cursor.part.first < bound {
            guard try mayContain(cursor, stream: stream) else { continue }
            let wanted = goal - list.count
            try read(cursor) { reader throws(IndexError) in
                try reader.positions(
                    stream: stream, before: bound, limit: wanted, into: &list)
            }
        }
    }

    /// Adds the oldest positions of a stream behind a bound, oldest first, at most so many.
    func positions(
        _ stream: KeyHash, after bound: Position, limit: Int, into list: inout [Position]
    ) throws(EventLogError) {
        let goal = list.count + limit
        look()
        for cursor in cursors where list.count < goal && cursor.end > bound {
            guard try mayContain(cursor, stream: stream) else { continue }
            let wanted = goal - list.count
            try read(cursor) { reader throws(IndexError) in
                try reader.positions(stream: stream, after: bound, limit: wanted, into: &list)
            }
        }
        for tail in tails {
            var walk = tail.index.forward(stream: stream, after: bound)
            while list.count < goal, let position = walk.next() { list.append(position) }
        }
    }
}
