public import CLMDB
internal import Glibc
internal import Synchronization

/// The one transaction that changes an environment: atomic, and seen by nobody before `commit()`.
///
/// It begins and ends on one thread, and there is one at a time; a second one waits for the first
/// on another thread and is a broken invariant on the same. Its end without `commit()` undoes it.
///
/// After any thrown error but `isKeyExists` and a refused key or value length, drop it: LMDB
/// answers `isBadTransaction` from then on.
@frozen
@safe
public struct WriteTransaction: ~Copyable, Transaction {
    /// The transaction as the library's own functions take it.
    public let handle: TransactionHandle

    init(handle: TransactionHandle) {
        self.handle = handle
    }

    @inlinable
    deinit {
        handle.leaveWriter()
        unsafe mdb_txn_abort(handle.pointer)
        handle.releaseEnvironment()
    }

    /// Makes the changes visible, and durable as far as the environment's `Durability` says.
    ///
    /// - Throws: `isMapFull`; `mayBeNoSpace` when the disk is full or failing; `isFatal` after a
    ///   failed meta page; other codes. The transaction is undone and gone. Never commit the same
    ///   again after an error that is not about space: stop and open anew.
    @available(*, noasync)
    public consuming func commit() throws(LMDBError) {
        let handle = self.handle
        discard self
        defer { handle.releaseEnvironment() }
        handle.leaveWriter()
        let code = unsafe mdb_txn_commit(handle.pointer)
        guard code == 0 else { throw handle.failure(.commit, code) }
    }
}

extension TransactionHandle {
    /// Notes that the thread no longer holds the write transaction, which is about to end.
    @usableFromInline
    func leaveWriter() {
        unsafe environment._withUnsafeGuaranteedRef { environment in
            let thread = environment.writerThread.exchange(0, ordering: .relaxed)
            precondition(
                thread == UInt(pthread_self()),
                "a write transaction ends where it began"
            )
        }
    }
}

extension Environment {
    /// Begins the write transaction, waiting for another thread's to end.
    ///
    /// - Throws: `.readOnly`; `isFatal` after an earlier failed meta page; other codes of LMDB.
    @available(*, noasync)
    public func beginWrite() throws(LMDBError) -> WriteTransaction {
        guard !isReadOnly else { throw LMDBError(.beginWrite, file: name, cause: .readOnly) }
        let thread = UInt(pthread_self())
        precondition(
            writerThread.load(ordering: .relaxed) != thread,
            "a thread holds one write transaction at a time"
        )
        var begun: OpaquePointer?
        let code = unsafe mdb_txn_begin(pointer, nil, 0, &begun)
        guard code == 0, let begun = unsafe begun else { throw failure(.beginWrite, code) }
        writerThread.store(thread, ordering: .relaxed)
        return WriteTransaction(
            handle: unsafe TransactionHandle(pointer: begun, environment: self)
        )
    }
}
