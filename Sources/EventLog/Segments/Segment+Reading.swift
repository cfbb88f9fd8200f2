internal import EventModel
internal import LMDB

/// Reading blocks as they are stored.
extension Segment {
    /// Reads the last block that begins at a position or before it: its head, and its frame into
    /// `frame`, whose room is used again.
    ///
    /// - Returns: nil when no block begins there; whether this one reaches the position is for the
    ///   caller to see.
    /// - Throws: `damagedBlock`, `storage`.
    func readBlock(
        atOrBefore position: Position, into frame: inout [UInt8]
    ) throws(EventLogError) -> BlockHeader? {
        do {
            let transaction = try environment.beginRead()
            var cursor = try transaction.cursor(blocks)
            if try !cursor.seek(atLeast: position.rawValue) {
                guard try cursor.last() else { return nil }
            } else if cursor.integerKey > position.rawValue {
                guard try cursor.previous() else { return nil }
            }
            let header = try BlockHeader(checking: cursor.value, key: cursor.integerKey)
            // The key may lie behind the position where the tree itself is damaged.
            guard header.first <= position else { return nil }
            let block = cursor.value
            frame.removeAll(keepingCapacity: true)
            frame.append(block.extracting(BlockHeader.byteCount..<block.byteCount))
            return header
        } catch let error as EventLogError {
            throw error
        } catch let error as LMDBError {
            throw .storage(error)
        } catch {
            preconditionFailure("an error of an unknown kind: \(error)")
        }
    }
}
