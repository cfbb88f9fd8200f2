public import CLMDB

/// A view of one committed state, which no later commit changes.
///
/// It may move between threads but serves one at a time, and it keeps the pages of its state from
/// being reused: end or park it soon. It ends with its scope.
@frozen
@safe
public struct ReadTransaction: ~Copyable, Transaction {
    /// The transaction as the library's own functions take it.
    public let handle: TransactionHandle

    @usableFromInline
    init(handle: TransactionHandle) {
        self.handle = handle
    }

    @inlinable
    deinit {
        unsafe mdb_txn_abort(handle.pointer)
        handle.releaseEnvironment()
    }

    /// Lets go of the state and keeps the reader slot, for the next `resume()`.
    ///
    /// Beginning and ending a transaction per request costs about as much as a look-up; parking
    /// and resuming less.
    @available(*, noasync)
    @inlinable
    public consuming func park() -> ParkedReadTransaction {
        let handle = self.handle
        discard self
        unsafe mdb_txn_reset(handle.pointer)
        return ParkedReadTransaction(handle: handle)
    }

    /// Ends the transaction so that the databases opened in it stay open.
    consuming func keepDatabases() throws(LMDBError) {
        let handle = self.handle
        discard self
        let code = unsafe mdb_txn_commit(handle.pointer)
        defer { handle.releaseEnvironment() }
        guard code == 0 else { throw handle.failure(.openDatabase, code) }
    }
}

/// A read transaction that views nothing at present and holds no pages, only its reader slot.
///
/// It may be kept, and resumed on any thread.
@frozen
@safe
public struct ParkedReadTransaction: ~Copyable, @unchecked Sendable {
    // Unchecked: the only thing to be done with it is to consume it, so it is never in two places.

    @usableFromInline let handle: TransactionHandle

    @usableFromInline
    init(handle: TransactionHandle) {
        self.handle = handle
    }

    @inlinable
    deinit {
        unsafe mdb_txn_abort(handle.pointer)
        handle.releaseEnvironment()
    }

    /// Returns a transaction that views the newest committed state.
    ///
    /// - Throws: a code of LMDB; the slot is then given up.
    @available(*, noasync)
    @inlinable
    public consuming func resume() throws(LMDBError) -> ReadTransaction {
        let handle = self.handle
        discard self
        let code = unsafe mdb_txn_renew(handle.pointer)
        // The end of the transaction aborts it, whether it views a state or not.
        let transaction = ReadTransaction(handle: handle)
        guard code == 0 else { throw handle.failure(.resumeRead, code) }
        return transaction
    }
}

extension Environment {
    /// Begins a transaction that views the newest committed state.
    ///
    /// - Throws: `MDB_READERS_FULL` (`isReadersFull`) when every slot is taken, also after those of
    ///   dead processes were cleared; other codes of LMDB.
    @available(*, noasync)
    public func beginRead() throws(LMDBError) -> ReadTransaction {
        var begun: OpaquePointer?
        var code = unsafe mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &begun)
        if code == MDB_READERS_FULL, try checkReaders() > 0 {
            code = unsafe mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &begun)
        }
        guard code == 0, let begun = unsafe begun else { throw failure(.beginRead, code) }
        return ReadTransaction(handle: unsafe TransactionHandle(pointer: begun, environment: self))
    }
}
