internal import EventIndex
public import EventModel

/// Reading streams. It belongs to the thread that owns the order: what no index file holds yet is
/// found in that thread's memory, so that a reader there misses nothing that is committed.
///
/// Positions come from hashes of 128 bits under a secret key, each leaf of a file behind a
/// checksum. Whoever shows an event asks `StreamName.contains`, which costs nothing beside reading
/// it; a version is a count and asks no event.
extension LogWriter {
    /// Returns a stream's version: how many committed events belong to it; 0 when it has none.
    ///
    /// - Throws: `damagedIndex`, `storage`.
    /// - Complexity: See `LogIndex.count`; 1 to 50 µs.
    ///
    /// - Parameter last: As of which position; nil for the last.
    public func version(
        of stream: StreamName, asOf last: Position? = nil
    ) throws(EventLogError) -> UInt64 {
        let end = head.position.next
        return try asking { () throws(EventLogError) in
            try index.count(stream.hash(index.key), before: min(last?.next ?? end, end))
        }
    }

    /// Adds the newest committed positions of a stream before a bound, newest first, at most so
    /// many; without a bound the newest there are.
    ///
    /// - Throws: `damagedIndex`, `storage`; `list` may then hold some.
    public func positions(
        of stream: StreamName, before bound: Position? = nil, limit: Int,
        into list: inout [Position]
    ) throws(EventLogError) {
        let end = head.position.next
        try asking { () throws(EventLogError) in
            try index.positions(
                stream.hash(index.key), before: min(bound ?? end, end), limit: limit, into: &list)
        }
    }

    /// Adds the oldest committed positions of a stream from a position on, oldest first, at most so
    /// many.
    ///
    /// - Throws: As for the other direction.
    public func positions(
        of stream: StreamName, from start: Position, limit: Int, into list: inout [Position]
    ) throws(EventLogError) {
        let first = list.count
        let bound = Position(max(start.rawValue, 1) - 1)
        try asking { () throws(EventLogError) in
            try index.positions(stream.hash(index.key), after: bound, limit: limit, into: &list)
        }
        let head = head.position
        // Staged events come last, and nobody may see them yet.
        while list.count > first, let last = list.last, last > head { list.removeLast() }
    }

    /// Asks the index, and hears of damage that is met there.
    func asking<Result>(
        _ body: () throws(EventLogError) -> Result
    ) throws(EventLogError) -> Result {
        do throws(EventLogError) {
            return try body()
        } catch {
            throw met(error)
        }
    }
}
