internal import Glibc

extension Transaction where Self: ~Copyable {
    /// Opens a cursor on a database, which ends with its scope and before the transaction.
    ///
    /// While a cursor or anything read by it lives, the compiler refuses writes.
    @inlinable
    @_lifetime(borrow self)
    public func cursor(_ database: Database) throws(LMDBError) -> Cursor {
        try Cursor(database, in: self)
    }

    /// Calls `body` with every key and value in key order until it answers `false`.
    ///
    /// For a body that can fail, loop over a `cursor` instead.
    ///
    /// - Complexity: O(log n) and then O(1) for each pair; nothing is copied.
    @inlinable
    public func forEach(
        in database: Database,
        _ body: (_ key: RawSpan, _ value: RawSpan) -> Bool
    ) throws(LMDBError) {
        var cursor = try cursor(database)
        while try cursor.next(), body(cursor.key, cursor.value) {}
    }

    /// Calls `body` with the keys from `start` on, and their values, in key order until it answers
    /// `false`.
    ///
    /// - Throws: `.keyLength` for a start no database can hold.
    @inlinable
    public func forEach(
        in database: Database,
        from start: RawSpan,
        _ body: (_ key: RawSpan, _ value: RawSpan) -> Bool
    ) throws(LMDBError) {
        var cursor = try cursor(database)
        var isOnPair = try cursor.seek(atLeast: start)
        while isOnPair, body(cursor.key, cursor.value) {
            isOnPair = try cursor.next()
        }
    }

    /// Calls `body` with the keys from `start` on in a database of integer keys, and their values,
    /// in ascending order until it answers `false`.
    @inlinable
    public func forEach(
        in database: Database,
        from start: UInt64,
        _ body: (_ key: UInt64, _ value: RawSpan) -> Bool
    ) throws(LMDBError) {
        var cursor = try cursor(database)
        var isOnPair = try cursor.seek(atLeast: start)
        while isOnPair, body(cursor.integerKey, cursor.value) {
            isOnPair = try cursor.next()
        }
    }

    /// Calls `body` with the keys that start with `prefix`, and their values, in key order until it
    /// answers `false`; an empty prefix means every key.
    ///
    /// - Throws: `.keyLength` for a prefix longer than any key.
    @inlinable
    public func forEach(
        in database: Database, prefix: RawSpan,
        _ body: (_ key: RawSpan, _ value: RawSpan) -> Bool
    ) throws(LMDBError) {
        guard !prefix.isEmpty else { return try forEach(in: database, body) }
        var cursor = try cursor(database)
        var isOnPair = try cursor.seek(atLeast: prefix)
        while isOnPair, cursor.key.starts(with: prefix), body(cursor.key, cursor.value) {
            isOnPair = try cursor.next()
        }
    }
}

extension RawSpan {
    /// Whether the first bytes are those of `prefix`.
    @usableFromInline
    func starts(with prefix: RawSpan) -> Bool {
        guard byteCount >= prefix.byteCount else { return false }
        return unsafe withUnsafeBytes { bytes in
            unsafe prefix.withUnsafeBytes { prefix in
                guard let start = bytes.baseAddress, let other = prefix.baseAddress else {
                    return true  // Only an empty prefix has no address.
                }
                return unsafe memcmp(start, other, prefix.count) == 0
            }
        }
    }
}
