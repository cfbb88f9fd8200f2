internal import EventIndex
public import EventModel

/// Expected versions: whether streams are as a producer believes, decided where the order is.
///
/// Repeats come first: whoever appends stages, looks what became of it, and only where everything
/// is new asks for conflicts, before the first position that was given out. So an event that is
/// said again answers its position, though its own first telling has moved the stream on. A
/// conflict is answered by `takeBack`, and nothing has happened.
extension LogWriter {
    /// Makes the guard of a stream.
    public func makeGuard(_ stream: StreamName, _ expected: ExpectedVersion) -> StreamGuard {
        StreamGuard(kind: stream.kind, expected: expected, hash: stream.hash(index.key))
    }

    /// Returns the first guard whose stream is not as expected before a position, or nil; events
    /// staged before the position count.
    ///
    /// - Throws: `damagedIndex`, `storage`.
    /// - Complexity: One look-up of a version for each guard that is not `.any`.
    public func firstConflict(
        of guards: [StreamGuard], before position: Position
    ) throws(EventLogError) -> VersionConflict? {
        for (number, guarded) in guards.enumerated() where guarded.expected != .any {
            let actual = try asking { () throws(EventLogError) in
                try index.count(guarded.hash, before: position)
            }
            if guarded.expected.allows(actual) { continue }
            let committed = try asking { () throws(EventLogError) in
                try index.count(guarded.hash, before: min(position, head.position.next))
            }
            return VersionConflict(
                index: number, kind: guarded.kind, expected: guarded.expected, actual: actual,
                countsStaged: actual != committed)
        }
        return nil
    }
}
