internal import EventIndex
internal import EventModel

/// What is erased or redacted in a log that another process may be carrying out, found in the log
/// itself.
extension StoredLog {
    /// The log as whoever asks may see it: what is gone for those who ask and still lies there is
    /// hidden, that which a restore has left to be said too.
    ///
    /// - Complexity: The head of every block is read, and the blocks that may hold an erasure.
    public func hidingSource() throws(EventLogError) -> LogSource {
        let erasures = Erasures(
            writer: RemnantWriter(key: HashKey(first: 0, second: 0), randomBytes: { 0 }))
        for statement in try statements() where statement.completed == nil {
            erasures.add(statement.erasure)
        }
        let left = try ErasureLedger.read(path + "/" + PendingErasures.fileName)?.entries ?? []
        for (index, entry) in left.enumerated() {
            // They will be said behind the head.
            let position = Position(source.head.position.rawValue + UInt64(index) + 1)
            erasures.add(Erasure(number: 0, position: position, what: entry.what))
        }
        let (segments, recent, head) = (segments, recent, source.head)
        return LogSource(head: head) { () throws(EventLogError) in
            try LogReader(segments: segments, recent: recent, head: head, hiding: erasures)
        }
    }
}
