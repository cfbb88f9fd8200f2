extension Transaction where Self: ~Copyable {
    /// Returns the value stored under `key` in a database of byte keys, `nil` when there is none.
    ///
    /// The bytes lie in the map: they live as long as the transaction is neither ended, parked nor
    /// written through, which the compiler holds the caller to.
    ///
    /// - Throws: `.keyLength` for a key no database can hold; a code of LMDB for a damaged file.
    /// - Complexity: O(log n), no copy and no allocation.
    @inlinable
    @_lifetime(borrow self)
    public func get(_ database: Database, key: RawSpan) throws(LMDBError) -> RawSpan? {
        let handle = self.handle
        handle.check(database, .bytes)
        try handle.check(key, for: .get)
        let found = try unsafe key.withUnsafeBytes {
            (key) throws(LMDBError) in try unsafe handle.value(database, key)
        }
        guard let found = unsafe found else { return nil }
        return unsafe _overrideLifetime(found.bytes, borrowing: self)
    }

    /// Returns the value stored under `key` in a database of integer keys, `nil` when there is
    /// none; otherwise as for byte keys.
    @inlinable
    @_lifetime(borrow self)
    public func get(_ database: Database, key: UInt64) throws(LMDBError) -> RawSpan? {
        let handle = self.handle
        handle.check(database, .integer)
        let found = try unsafe withUnsafeBytes(of: key) {
            (key) throws(LMDBError) in try unsafe handle.value(database, key)
        }
        guard let found = unsafe found else { return nil }
        return unsafe _overrideLifetime(found.bytes, borrowing: self)
    }

    /// Returns whether `key` is stored in a database of byte keys.
    ///
    /// - Throws: as `get`.
    @inlinable
    public func contains(_ database: Database, key: RawSpan) throws(LMDBError) -> Bool {
        try get(database, key: key) != nil
    }

    /// Returns whether `key` is stored in a database of integer keys.
    ///
    /// - Throws: as `get`.
    @inlinable
    public func contains(_ database: Database, key: UInt64) throws(LMDBError) -> Bool {
        try get(database, key: key) != nil
    }
}
