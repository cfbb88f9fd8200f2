internal import EventModel
internal import LMDB

extension LogReader {
    /// Says of an error met at a committed position which events it takes away.
    func damage(at position: Position, _ error: EventLogError) -> EventLogError {
        let bounds = segments.bounds(of: position)
        let file = "log/" + Segment.fileName(first: bounds.first)
        func damaged(_ first: Position, _ last: Position, _ reason: String) -> EventLogError {
            .damaged(DamagedEvents(first: first, last: last, file: file, reason: reason))
        }
        switch error {
        case .damagedBlock(_, let reason):
            let (first, last) = block(around: position, bounds)
            return damaged(first, last, reason)
        case .storage(let error) where error.isCorrupted:
            // Which blocks hang on the page cannot be told.
            return damaged(position, last(bounds), "\(error)")
        case .storage(let error) where error.operation == .open && !error.isOfResources:
            return damaged(bounds.first, last(bounds), "\(error)")
        case .notAStore(_, let found):
            return damaged(bounds.first, last(bounds), found)
        case .unsupportedFormat(_, let found, let newest):
            return damaged(
                bounds.first, last(bounds),
                "its format version is \(found), this program reads 1 to \(newest)")
        default:
            return error
        }
    }

    /// The last position of a segment that is in a block, as far as is known without reading one.
    private func last(_ bounds: (first: Position, end: Position)) -> Position {
        if bounds.end < Position(.max) { return Position(bounds.end.rawValue - 1) }
        let stored = recent.first.map { Position($0.rawValue - 1) } ?? head.position
        return max(stored, bounds.first)
    }

    /// The positions of the block that should hold a position, by its key and the next one's: what
    /// stands in a damaged block cannot be believed.
    private func block(
        around position: Position, _ bounds: (first: Position, end: Position)
    ) -> (Position, Position) {
        var (first, end) = (position.rawValue, last(bounds).rawValue + 1)
        do {
            let segment = try segments.place(of: position).segment
            let transaction = try segment.environment.beginRead()
            var cursor = try transaction.cursor(segment.blocks)
            var isOnPair = try cursor.seek(atLeast: position.next.rawValue)
            if isOnPair { end = min(end, cursor.integerKey) }
            isOnPair = isOnPair ? try cursor.previous() : try cursor.last()
            if isOnPair {
                // Behind the last block of a file, all is missing that should follow it.
                let header = try? BlockHeader(checking: cursor.value, key: cursor.integerKey)
                let begin = header.map { $0.last.next.rawValue } ?? cursor.integerKey
                first = min(first, max(begin, bounds.first.rawValue))
            }
        } catch {
            // The pages around it are damaged too: the position alone is certain.
            return (position, position)
        }
        return (Position(first), Position(max(first, end - 1)))
    }

    /// Checks that the file of a segment which has ended holds everything up to the next one.
    ///
    /// - Throws: `missingSegment`: files between them are missing, or this one is cut short.
    func checkEnd(of first: Position, _ end: Position) throws(EventLogError) {
        let block: BlockHeader?
        do throws(EventLogError) {
            block = try segments.place(of: first).segment.newestBlock()
        } catch {
            throw damage(at: first, error)
        }
        let found = block?.last.next ?? first
        guard found >= end else {
            throw .missingSegment(first: found, last: Position(end.rawValue - 1))
        }
    }
}
