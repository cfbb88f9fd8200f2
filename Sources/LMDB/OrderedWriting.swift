public import CLMDB

/// A write transaction through which many pairs of one database are put, mostly in key order.
///
/// Each is looked for from where the last one was put: on the same page that takes no way down
/// from the root. Any order of keys gives the same pairs.
@frozen
@safe
public struct OrderedWriting: ~Copyable {
    @usableFromInline var transaction: WriteTransaction?
    @usableFromInline let handle: TransactionHandle
    /// nil once ended; it must be closed while the transaction still is.
    @usableFromInline var cursor: OpaquePointer?

    /// Takes a transaction over until `end`; its end without that undoes it.
    ///
    /// - Parameter database: One of byte keys.
    /// - Throws: A code of LMDB; the transaction is then undone and gone.
    public init(
        _ transaction: consuming WriteTransaction, _ database: Database
    ) throws(LMDBError) {
        let handle = transaction.handle
        handle.check(database, .bytes)
        var opened: OpaquePointer?
        let code = unsafe mdb_cursor_open(handle.pointer, database.handle, &opened)
        guard code == 0 else { throw handle.failure(.openCursor, code) }
        self.transaction = consume transaction
        self.handle = handle
        unsafe cursor = opened
    }

    deinit {
        if let cursor = unsafe cursor { unsafe mdb_cursor_close(cursor) }
    }

    /// Stores `value` and, behind it, `tail` least significant byte first under `key`, replacing what
    /// is there: written where it will lie, and put together nowhere before.
    ///
    /// - Throws: as `WriteTransaction.put`.
    @inlinable
    public mutating func put(
        key: RawSpan, value: RawSpan, followedBy tail: UInt32,
        _ placement: WriteTransaction.Placement = .upsert
    ) throws(LMDBError) {
        let operation = placement.operation
        try handle.check(key, for: operation)
        let count = value.byteCount + MemoryLayout<UInt32>.size
        guard count <= Limits.valueBytesMax else {
            throw handle.failure(operation, .valueLength(count))
        }
        let cursor = unsafe openCursor
        var room = unsafe MDB_val(mv_size: count, mv_data: nil)
        let flags = UInt32(MDB_RESERVE) | placement.flags
        let code = unsafe key.withUnsafeBytes { key in
            var key = unsafe MDB_val(key)
            return unsafe mdb_cursor_put(cursor, &key, &room, flags)
        }
        guard code == 0, let place = unsafe room.mv_data else {
            throw handle.failure(operation, code)
        }
        unsafe value.withUnsafeBytes { value in
            let target = unsafe UnsafeMutableRawBufferPointer(start: place, count: count)
            unsafe target.copyMemory(from: value)
            unsafe target.storeBytes(
                of: tail.littleEndian, toByteOffset: value.count, as: UInt32.self)
        }
    }

    /// Removes `key` and returns whether it was there.
    ///
    /// - Throws: as `WriteTransaction.delete`.
    @inlinable
    @discardableResult
    public mutating func delete(key: RawSpan) throws(LMDBError) -> Bool {
        try handle.check(key, for: .delete)
        let cursor = unsafe openCursor
        var code = unsafe key.withUnsafeBytes { key in
            var key = unsafe MDB_val(key)
            var value = unsafe MDB_val()
            return unsafe mdb_cursor_get(cursor, &key, &value, MDB_SET)
        }
        if code == MDB_NOTFOUND { return false }
        if code == 0 { code = unsafe mdb_cursor_del(cursor, 0) }
        guard code == 0 else { throw handle.failure(.delete, code) }
        return true
    }

    /// Gives the transaction back, for what else belongs to it.
    public mutating func end() -> WriteTransaction {
        guard let transaction = transaction.take(), let cursor = unsafe cursor else {
            preconditionFailure("writing in order ends once")
        }
        unsafe mdb_cursor_close(cursor)
        unsafe self.cursor = nil
        return transaction
    }

    @inlinable
    var openCursor: OpaquePointer {
        guard let cursor = unsafe cursor else {
            preconditionFailure("writing in order has ended")
        }
        return unsafe cursor
    }
}
