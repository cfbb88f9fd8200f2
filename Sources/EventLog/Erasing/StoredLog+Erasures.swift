internal import EventIndex
internal import EventModel
internal import LMDB

/// What is erased in a log that another process may be carrying out, found in the log itself.
extension StoredLog {
    /// The log as whoever asks may see it: what is erased and still lies there is hidden.
    ///
    /// - Complexity: The head of every block is read, and the blocks that may hold an erasure.
    public func hidingSource() throws(EventLogError) -> LogSource {
        let erasures = Erasures(
            writer: RemnantWriter(key: HashKey(first: 0, second: 0), randomBytes: { 0 }))
        var reader = try source.makeReader()
        var done: Set<UInt64> = []
        for range in try rangesWithErasures() {
            do throws(ReadFailure<Never>) {
                try reader.events(from: range.lowerBound, through: range.upperBound) {
                    (event) throws(Never) in
                    if event.type.equals("customer.erasureCompleted") {
                        done.insert(UInt64(event.integer("erasure") ?? 0))
                    } else if let erasure = Erasure(number: event.position.rawValue, event) {
                        erasures.add(erasure)
                    }
                    return true
                }
            } catch {
                throw error.ofLog
            }
        }
        erasures.complete(done)
        let (segments, recent, head) = (segments, recent, source.head)
        return LogSource(head: head) { () throws(EventLogError) in
            try LogReader(segments: segments, recent: recent, head: head, hiding: erasures)
        }
    }

    /// The positions of blocks that may hold an erasure or its completion, and of what is in no
    /// block.
    private func rangesWithErasures() throws(EventLogError) -> [ClosedRange<Position>] {
        let names = [Array(Erasure.type.utf8), Array(Erasure.completionType.utf8)]
        let wanted = names.reduce(0 as UInt64) { $0 | BlockHeader.bit(ofType: $1.rawSpan) }
        var ranges: [ClosedRange<Position>] = []
        for first in segments.firsts {
            let segment = try segments.place(of: first).segment
            do throws(LMDBError) {
                let transaction = try segment.environment.beginRead()
                var cursor = try transaction.cursor(segment.blocks)
                while try cursor.next() {
                    // A block that cannot be read is met by whoever reads it.
                    guard
                        let header = try? BlockHeader(
                            checking: cursor.value, key: cursor.integerKey),
                        header.types & wanted != 0
                    else { continue }
                    ranges.append(header.first...header.last)
                }
            } catch {
                throw .storage(error)
            }
        }
        if let first = recent.first, first <= source.head.position {
            ranges.append(first...source.head.position)
        }
        return ranges
    }
}
