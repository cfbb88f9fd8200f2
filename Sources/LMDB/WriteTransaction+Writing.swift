public import CLMDB

extension WriteTransaction {
    /// How `put` treats what is there.
    @frozen
    public enum Placement: Hashable, Sendable {
        /// Replaces the value of an existing key.
        case upsert
        /// Refuses an existing key with `isKeyExists`; nothing changes.
        case noOverwrite
        /// Adds behind the last key without searching, filling pages fully; refuses a key that is
        /// not greater than the last one with `isKeyExists`, and nothing changes.
        case append

        @inlinable
        var flags: UInt32 {
            switch self {
            case .upsert: 0
            case .noOverwrite: UInt32(MDB_NOOVERWRITE)
            case .append: UInt32(MDB_APPEND)
            }
        }

        @inlinable
        var operation: LMDBError.Operation { self == .append ? .append : .put }
    }

    /// Stores `value` under `key` in a database of byte keys.
    ///
    /// - Throws: `isKeyExists` as `placement` says; `.keyLength`, `.valueLength`; `isMapFull`,
    ///   `isTransactionFull`; other codes of LMDB.
    /// - Complexity: O(log n); copies the value once.
    @inlinable
    public mutating func put(
        _ database: Database,
        key: RawSpan,
        value: RawSpan,
        _ placement: Placement = .upsert
    ) throws(LMDBError) {
        let handle = self.handle
        handle.check(database, .bytes)
        try handle.check(key, for: placement.operation)
        try unsafe key.withUnsafeBytes { (key) throws(LMDBError) in
            try unsafe handle.put(database, key, value, placement)
        }
    }

    /// Stores `value` under `key` in a database of integer keys; otherwise as for byte keys.
    @inlinable
    public mutating func put(
        _ database: Database,
        key: UInt64,
        value: RawSpan,
        _ placement: Placement = .upsert
    ) throws(LMDBError) {
        let handle = self.handle
        handle.check(database, .integer)
        try unsafe withUnsafeBytes(of: key) { (key) throws(LMDBError) in
            try unsafe handle.put(database, key, value, placement)
        }
    }

    /// Removes `key` from a database of byte keys and returns whether it was there.
    ///
    /// - Throws: `.keyLength`; `isMapFull`, since removing copies pages too; other codes of LMDB.
    @inlinable
    @discardableResult
    public mutating func delete(_ database: Database, key: RawSpan) throws(LMDBError) -> Bool {
        let handle = self.handle
        handle.check(database, .bytes)
        try handle.check(key, for: .delete)
        return try unsafe key.withUnsafeBytes { (key) throws(LMDBError) in
            try unsafe handle.delete(database, key)
        }
    }

    /// Removes `key` from a database of integer keys; otherwise as for byte keys.
    @inlinable
    @discardableResult
    public mutating func delete(_ database: Database, key: UInt64) throws(LMDBError) -> Bool {
        let handle = self.handle
        handle.check(database, .integer)
        return try unsafe withUnsafeBytes(of: key) { (key) throws(LMDBError) in
            try unsafe handle.delete(database, key)
        }
    }

    /// Removes every key of a database; the database stays.
    ///
    /// - Complexity: O(pages); the freed pages are reused by later transactions.
    public mutating func clear(_ database: Database) throws(LMDBError) {
        let handle = self.handle
        handle.check(database, database.keys)
        let code = unsafe mdb_drop(handle.pointer, database.handle, 0)
        guard code == 0 else { throw handle.failure(.clear, code) }
    }
}

extension TransactionHandle {
    @inlinable
    func put(
        _ database: Database,
        _ key: UnsafeRawBufferPointer,
        _ value: RawSpan,
        _ placement: WriteTransaction.Placement
    ) throws(LMDBError) {
        guard value.byteCount <= Limits.valueBytesMax else {
            throw failure(placement.operation, .valueLength(value.byteCount))
        }
        let code = unsafe value.withUnsafeBytes { value in
            var key = unsafe MDB_val(key)
            var value = unsafe MDB_val(value)
            return unsafe mdb_put(pointer, database.handle, &key, &value, placement.flags)
        }
        guard code == 0 else { throw failure(placement.operation, code) }
    }

    @inlinable
    func delete(
        _ database: Database,
        _ key: UnsafeRawBufferPointer
    ) throws(LMDBError) -> Bool {
        var key = unsafe MDB_val(key)
        let code = unsafe mdb_del(pointer, database.handle, &key, nil)
        if code == 0 { return true }
        if code == MDB_NOTFOUND { return false }
        throw failure(.delete, code)
    }
}
