internal import CLMDB

extension Transaction where Self: ~Copyable {
    /// The number of the state that is read; in a write transaction the one it will commit.
    ///
    /// By how much `Environment.information.lastTransaction` is ahead of a reader's number, that
    /// many states' freed pages the reader keeps from being reused.
    public var number: UInt64 {
        UInt64(truncatingIfNeeded: unsafe mdb_txn_id(handle.pointer))
    }

    /// Returns the shape of a database, its number of keys among it.
    ///
    /// - Complexity: O(1).
    public func statistics(_ database: Database) throws(LMDBError) -> Environment.Statistics {
        let handle = self.handle
        handle.check(database, database.keys)
        var stat = MDB_stat()
        let code = unsafe mdb_stat(handle.pointer, database.handle, &stat)
        guard code == 0 else { throw handle.failure(.readStatistics, code) }
        return Environment.Statistics(stat)
    }

    /// Returns how many pages of the file are free for reuse, at once or when the readers that
    /// still look at them have ended.
    ///
    /// - Complexity: O(committed transactions whose freed pages are not reused yet).
    public func freePageCount() throws(LMDBError) -> UInt64 {
        let handle = self.handle
        var opened: OpaquePointer?
        // LMDB keeps the lists in the database with handle 0, as its own mdb_stat reads them.
        let opening = unsafe mdb_cursor_open(handle.pointer, 0, &opened)
        guard opening == 0, let cursor = unsafe opened else {
            throw handle.failure(.readStatistics, opening)
        }
        defer { unsafe mdb_cursor_close(cursor) }
        var key = unsafe MDB_val()
        var list = unsafe MDB_val()
        var count: UInt64 = 0
        while true {
            let code = unsafe mdb_cursor_get(cursor, &key, &list, MDB_NEXT)
            if code == MDB_NOTFOUND { return count }
            guard code == 0 else { throw handle.failure(.readStatistics, code) }
            let bytes = unsafe list.bytes
            guard bytes.count >= MemoryLayout<UInt64>.size else {
                throw handle.failure(.readStatistics, MDB_CORRUPTED)
            }
            // A list starts with its length.
            count &+= unsafe bytes.loadUnaligned(as: UInt64.self)
        }
    }
}
