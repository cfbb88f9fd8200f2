internal import CLMDB
internal import Glibc

/// What an owner of an environment has to tell apart.
extension LMDBError {
    /// The map is full: make room by deleting, or reopen with a larger map. LMDB reports it at a
    /// put or at the commit.
    public var isMapFull: Bool { cause == .library(code: MDB_MAP_FULL) }

    /// The disk may be full: ENOSPC, EDQUOT, or EIO, which is what LMDB makes of a short write.
    ///
    /// Ask `Environment.availableBytes()` before believing an EIO.
    public var mayBeNoSpace: Bool {
        switch cause {
        case .system(errno: ENOSPC), .system(errno: EDQUOT), .system(errno: EIO): true
        default: false
        }
    }

    /// Every reader slot is taken, also after the slots of dead processes were cleared.
    public var isReadersFull: Bool { cause == .library(code: MDB_READERS_FULL) }

    /// The process has no more of what opening or reading takes: descriptors, memory, reader slots, or
    /// has the file open otherwise. It says nothing of the file.
    public var isOfResources: Bool {
        switch cause {
        case .system(errno: EMFILE), .system(errno: ENFILE), .system(errno: ENOMEM): true
        // Another thread has it open and lets go of it at this moment.
        case .alreadyOpen: true
        default: isReadersFull
        }
    }

    /// The transaction holds too many changed pages; commit smaller batches.
    public var isTransactionFull: Bool { cause == .library(code: MDB_TXN_FULL) }

    /// The file is damaged, cut short, or no LMDB 0.9 file at all.
    public var isCorrupted: Bool {
        switch cause {
        case .library(code: MDB_CORRUPTED), .library(code: MDB_PAGE_NOTFOUND),
            .library(code: MDB_INVALID), .library(code: MDB_VERSION_MISMATCH),
            .truncated, .notAnEnvironment, .notInitialised:
            true
        default: false
        }
    }

    /// An earlier write of LMDB's meta page failed: nothing more can be done with this
    /// environment but to end the process and open it anew.
    public var isFatal: Bool { cause == .library(code: MDB_PANIC) }

    /// The key exists (`.noOverwrite`), or an appended key is not greater than the last one.
    public var isKeyExists: Bool { cause == .library(code: MDB_KEYEXIST) }

    /// An earlier call of the same transaction failed, so that it can only be dropped.
    public var isBadTransaction: Bool { cause == .library(code: MDB_BAD_TXN) }

    /// The file is already open in this process.
    public var isAlreadyOpen: Bool { cause == .alreadyOpen }

    /// The file, or a database in it, does not exist.
    public var isMissing: Bool {
        cause == .system(errno: ENOENT) || cause == .library(code: MDB_NOTFOUND)
    }

    /// The file to be created exists already.
    public var isAlreadyThere: Bool { cause == .system(errno: EEXIST) }
}
