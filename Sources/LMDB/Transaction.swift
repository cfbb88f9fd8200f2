public import CLMDB

/// What read and write transactions have in common: a view of one committed state, and in a write
/// transaction of its own changes.
///
/// The two types that conform are all there are; the protocol serves generic code.
public protocol Transaction: ~Copyable {
    /// The transaction as the library's own functions take it.
    var handle: TransactionHandle { get }
}

/// A transaction's identity, opaque outside this module.
///
/// It proves nothing about lifetime: only `ReadTransaction` and `WriteTransaction` do.
@frozen
@safe
public struct TransactionHandle {
    @usableFromInline let pointer: OpaquePointer
    // Unmanaged, since `discard self` allows trivially destroyed members only; the transaction's
    // begin retains, its end releases.
    @usableFromInline let environment: Unmanaged<Environment>
    @usableFromInline let environmentNumber: UInt32

    init(pointer: OpaquePointer, environment: Environment) {
        unsafe self.pointer = pointer
        unsafe self.environment = Unmanaged.passRetained(environment)
        environmentNumber = environment.number
    }

    /// Lets go of the environment; the transaction has ended.
    @usableFromInline
    func releaseEnvironment() {
        unsafe environment.release()
    }

    @usableFromInline
    func failure(_ operation: LMDBError.Operation, _ code: Int32) -> LMDBError {
        failure(operation, LMDBError(operation, file: "", code: code).cause)
    }

    @usableFromInline
    func failure(_ operation: LMDBError.Operation, _ cause: LMDBError.Cause) -> LMDBError {
        unsafe environment._withUnsafeGuaranteedRef { environment in
            LMDBError(operation, file: environment.name, cause: cause)
        }
    }

    /// Holds a handle against the transaction it is used with, and the kind of key.
    @inlinable
    func check(_ database: Database, _ keys: Database.Keys) {
        precondition(
            database.environmentNumber == environmentNumber,
            "a database of another environment"
        )
        precondition(database.keys == keys, "a database with the other kind of keys")
    }

    @inlinable
    func check(_ key: RawSpan, for operation: LMDBError.Operation) throws(LMDBError) {
        let count = key.byteCount
        guard count > 0 && count <= Limits.keyBytesMax else {
            throw failure(operation, .keyLength(count))
        }
    }

    /// Runs `mdb_get`: the bytes lie in the map, or in a page the transaction has changed.
    @inlinable
    func value(
        _ database: Database,
        _ key: UnsafeRawBufferPointer
    ) throws(LMDBError) -> UnsafeRawBufferPointer? {
        var key = unsafe MDB_val(key)
        var value = unsafe MDB_val()
        let code = unsafe mdb_get(pointer, database.handle, &key, &value)
        if code == 0 { return unsafe value.bytes }
        if code == MDB_NOTFOUND { return nil }
        throw failure(.get, code)
    }
}

extension MDB_val {
    /// Names bytes for LMDB to read; it never writes through a key or value it is given.
    @inlinable
    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.init(
            mv_size: bytes.count,
            mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        )
    }

    @inlinable
    var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: mv_data, count: mv_size)
    }
}
