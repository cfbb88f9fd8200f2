public import CLMDB

/// A place in the key order of one database, within one transaction.
///
/// A new cursor stands nowhere: `next()` then finds the first pair and `previous()` the last, so
/// that `while try cursor.next() { … }` visits every pair. A move that answers `true` stands on a
/// pair, which `key` and `value` give; one that answers `false` stands on none.
///
/// Keys and values live as long as the transaction is neither ended, parked nor written through,
/// also after the cursor has moved on or ended.
@frozen
@safe
public struct Cursor: ~Copyable, ~Escapable {
    /// Where a cursor stands; liblmdb's own idea of it after a failed move is not relied upon.
    @usableFromInline
    @frozen
    enum Place: UInt8 {
        case unplaced
        case onPair
        case beforeFirst
        case afterLast
        /// After an exact seek that found nothing: no direction leads anywhere.
        case lost
    }

    @usableFromInline let pointer: OpaquePointer
    @usableFromInline let transaction: TransactionHandle
    @usableFromInline let keys: Database.Keys
    @usableFromInline var place: Place
    @usableFromInline var currentKey: MDB_val
    @usableFromInline var currentValue: MDB_val

    @usableFromInline
    @_lifetime(borrow owner)
    init<Owner: Transaction & ~Copyable>(
        _ database: Database,
        in owner: borrowing Owner
    ) throws(LMDBError) {
        let handle = owner.handle
        handle.check(database, database.keys)
        var opened: OpaquePointer?
        let code = unsafe mdb_cursor_open(handle.pointer, database.handle, &opened)
        guard code == 0, let opened = unsafe opened else {
            throw handle.failure(.openCursor, code)
        }
        unsafe pointer = opened
        transaction = handle
        keys = database.keys
        place = .unplaced
        unsafe currentKey = MDB_val()
        unsafe currentValue = MDB_val()
    }

    @inlinable
    deinit {
        unsafe mdb_cursor_close(pointer)
    }

    /// Whether the cursor stands on a pair.
    @inlinable
    public var isOnPair: Bool { place == .onPair }

    /// The key of the pair the cursor stands on; asking when it stands on none ends the process.
    @inlinable
    public var key: RawSpan {
        @_lifetime(copy self)
        get {
            precondition(place == .onPair, "the cursor stands on no pair")
            return unsafe _overrideLifetime(currentKey.bytes.bytes, copying: self)
        }
    }

    /// The key of the pair the cursor stands on, in a database of integer keys.
    @inlinable
    public var integerKey: UInt64 {
        precondition(place == .onPair, "the cursor stands on no pair")
        precondition(keys == .integer, "a database with the other kind of keys")
        return unsafe currentKey.bytes.loadUnaligned(as: UInt64.self)
    }

    /// The value of the pair the cursor stands on; asking when it stands on none ends the process.
    @inlinable
    public var value: RawSpan {
        @_lifetime(copy self)
        get {
            precondition(place == .onPair, "the cursor stands on no pair")
            return unsafe _overrideLifetime(currentValue.bytes.bytes, copying: self)
        }
    }
}
