public import CLMDB

/// Every move throws a code of LMDB when the file is damaged; the cursor then stands on no pair.
extension Cursor {
    /// Moves to the first pair and returns whether there is one.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func first() throws(LMDBError) -> Bool {
        try move(MDB_FIRST, otherwise: .afterLast)
    }

    /// Moves to the last pair and returns whether there is one.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func last() throws(LMDBError) -> Bool {
        try move(MDB_LAST, otherwise: .beforeFirst)
    }

    /// Moves to the following pair, to the first one from nowhere or from before it, and returns
    /// whether there is one.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func next() throws(LMDBError) -> Bool {
        switch place {
        case .onPair: try move(MDB_NEXT, otherwise: .afterLast)
        case .unplaced, .beforeFirst: try move(MDB_FIRST, otherwise: .afterLast)
        case .afterLast, .lost: false
        }
    }

    /// Moves to the preceding pair, to the last one from nowhere or from behind it, and returns
    /// whether there is one.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func previous() throws(LMDBError) -> Bool {
        switch place {
        case .onPair: try move(MDB_PREV, otherwise: .beforeFirst)
        case .unplaced, .afterLast: try move(MDB_LAST, otherwise: .beforeFirst)
        case .beforeFirst, .lost: false
        }
    }

    /// Moves to the first pair whose key is `key` or greater and returns whether there is one;
    /// if not, the cursor stands behind the last.
    ///
    /// - Throws: `.keyLength` for a key no database can hold.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func seek(atLeast key: RawSpan) throws(LMDBError) -> Bool {
        try seek(key, MDB_SET_RANGE, otherwise: .afterLast)
    }

    /// Moves to the first pair whose key is `key` or greater; as for byte keys.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func seek(atLeast key: UInt64) throws(LMDBError) -> Bool {
        try seek(key, MDB_SET_RANGE, otherwise: .afterLast)
    }

    /// Moves to the pair with this key and returns whether there is one; if not, the cursor stands
    /// nowhere, and only `first`, `last` or a seek leads back.
    ///
    /// - Throws: `.keyLength` for a key no database can hold.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func seek(exactly key: RawSpan) throws(LMDBError) -> Bool {
        try seek(key, MDB_SET_KEY, otherwise: .lost)
    }

    /// Moves to the pair with this key; as for byte keys.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func seek(exactly key: UInt64) throws(LMDBError) -> Bool {
        try seek(key, MDB_SET_KEY, otherwise: .lost)
    }

    @inlinable
    @_lifetime(self: copy self)
    mutating func seek(
        _ key: RawSpan,
        _ operation: MDB_cursor_op,
        otherwise missed: Place
    ) throws(LMDBError) -> Bool {
        precondition(keys == .bytes, "a database with the other kind of keys")
        try transaction.check(key, for: .moveCursor)
        let found = unsafe key.withUnsafeBytes { unsafe Found(pointer, $0, operation) }
        return try settle(found, otherwise: missed)
    }

    @inlinable
    @_lifetime(self: copy self)
    mutating func seek(
        _ key: UInt64,
        _ operation: MDB_cursor_op,
        otherwise missed: Place
    ) throws(LMDBError) -> Bool {
        precondition(keys == .integer, "a database with the other kind of keys")
        let found = unsafe withUnsafeBytes(of: key) { unsafe Found(pointer, $0, operation) }
        return try settle(found, otherwise: missed)
    }

    @inlinable
    @_lifetime(self: copy self)
    mutating func move(
        _ operation: MDB_cursor_op,
        otherwise missed: Place
    ) throws(LMDBError) -> Bool {
        try settle(
            unsafe Found(pointer, UnsafeRawBufferPointer(start: nil, count: 0), operation),
            otherwise: missed
        )
    }

    @inlinable
    @_lifetime(self: copy self)
    mutating func settle(_ found: Found, otherwise missed: Place) throws(LMDBError) -> Bool {
        if found.code == 0 {
            // LMDB believes its pages, and `integerKey` reads eight bytes.
            guard unsafe keys == .bytes || found.key.mv_size == MemoryLayout<UInt64>.size else {
                place = .lost
                throw transaction.failure(.moveCursor, MDB_CORRUPTED)
            }
            unsafe currentKey = found.key
            unsafe currentValue = found.value
            place = .onPair
            return true
        }
        place = missed
        guard found.code == MDB_NOTFOUND else {
            place = .lost
            throw transaction.failure(.moveCursor, found.code)
        }
        return false
    }

    /// What one call of `mdb_cursor_get` answers.
    @usableFromInline
    @frozen
    @safe
    struct Found {
        @usableFromInline let code: Int32
        @usableFromInline let key: MDB_val
        @usableFromInline let value: MDB_val

        @inlinable
        init(_ cursor: OpaquePointer, _ key: UnsafeRawBufferPointer, _ operation: MDB_cursor_op) {
            var key = unsafe MDB_val(key)
            var value = unsafe MDB_val()
            code = unsafe mdb_cursor_get(cursor, &key, &value, operation)
            unsafe self.key = key
            unsafe self.value = value
        }
    }
}
