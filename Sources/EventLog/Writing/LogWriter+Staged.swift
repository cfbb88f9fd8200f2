internal import EventIndex
public import EventModel

/// Looking at what is staged, by whoever staged it.
extension LogWriter {
    /// Shows an event that is staged or stored, as it was written.
    public func showStaged(
        _ position: Position, _ body: (borrowing EventView) -> Void
    ) throws(EventLogError) { try withEvent(at: position, body) }

    /// Adds the newest positions of a stream before a bound, staged ones included, newest first, at
    /// most so many.
    ///
    /// - Throws: `damagedIndex`, `storage`; `list` may then hold some.
    public func newest(
        of stream: StreamName, before bound: Position, limit: Int, into list: inout [Position]
    ) throws(EventLogError) {
        try index.positions(stream.hash(index.key), before: bound, limit: limit, into: &list)
    }
}
