internal import CFileSystem
public import CLMDB
internal import Glibc

extension Environment {
    /// The state of an environment at its newest commit.
    public struct Information: Hashable, Sendable {
        /// The address space reserved.
        public let mapBytes: UInt64
        /// The number of the last page in use, counted from 0.
        public let lastPage: UInt64
        /// The number of the last committed transaction.
        public let lastTransaction: UInt64
        /// The reader slots there are; 0 when opened without locks.
        public let maxReaders: UInt32
        /// The reader slots in use, parked transactions included.
        public let readersInUse: UInt32
        /// The size of a page in bytes.
        public let pageBytes: UInt32

        /// The bytes of the map that hold pages, in use or free for reuse; the greatest number where
        /// a damaged file says what cannot be.
        public var usedBytes: UInt64 {
            let (bytes, overflow) = lastPage.multipliedReportingOverflow(by: UInt64(pageBytes))
            let (all, isMore) = bytes.addingReportingOverflow(UInt64(pageBytes))
            return overflow || isMore ? .max : all
        }
    }

    /// The shape of one database, or of the environment's table of databases.
    public struct Statistics: Hashable, Sendable {
        /// The number of keys.
        public let entries: UInt64
        /// The number of levels of the tree.
        public let depth: UInt32
        /// The number of inner pages.
        public let branchPages: UInt64
        /// The number of pages that hold keys.
        public let leafPages: UInt64
        /// The number of whole pages that hold long values.
        public let overflowPages: UInt64
        /// The size of a page in bytes.
        public let pageBytes: UInt32

        @usableFromInline init(_ stat: MDB_stat) {
            // A size_t is an Int here, and a damaged file says anything.
            entries = UInt64(truncatingIfNeeded: stat.ms_entries)
            depth = stat.ms_depth
            branchPages = UInt64(truncatingIfNeeded: stat.ms_branch_pages)
            leafPages = UInt64(truncatingIfNeeded: stat.ms_leaf_pages)
            overflowPages = UInt64(truncatingIfNeeded: stat.ms_overflow_pages)
            pageBytes = stat.ms_psize
        }
    }

    /// The state at the newest commit: map, pages, transactions, readers.
    public var information: Information {
        var info = unsafe MDB_envinfo()
        var stat = MDB_stat()
        // Both only fail for a null environment (mdb.c).
        let code = unsafe mdb_env_info(pointer, &info) | (unsafe mdb_env_stat(pointer, &stat))
        precondition(code == 0, "an open environment answers its state")
        return Information(
            mapBytes: UInt64(truncatingIfNeeded: unsafe info.me_mapsize),
            lastPage: UInt64(truncatingIfNeeded: unsafe info.me_last_pgno),
            lastTransaction: UInt64(truncatingIfNeeded: unsafe info.me_last_txnid),
            maxReaders: isReadOnly ? 0 : unsafe info.me_maxreaders,
            readersInUse: isReadOnly ? 0 : unsafe info.me_numreaders,
            pageBytes: stat.ms_psize
        )
    }

    /// The shape of the table of named databases; `entries` is their number.
    public var statistics: Statistics {
        var stat = MDB_stat()
        let code = unsafe mdb_env_stat(pointer, &stat)
        precondition(code == 0, "an open environment answers its statistics")
        return Statistics(stat)
    }

    /// Returns the bytes that an ordinary process can still write on the file's volume, by which a
    /// full disk is told from a failing one after EIO.
    public func availableBytes() throws(LMDBError) -> UInt64 { try volume().availableBytes }

    /// Returns how large the file's volume is, and what an ordinary process can still write on it.
    public func volume() throws(LMDBError) -> (bytes: UInt64, availableBytes: UInt64) {
        var descriptor: Int32 = -1
        let code = unsafe mdb_env_get_fd(pointer, &descriptor)
        guard code == 0 else { throw failure(.readStatistics, code) }
        var volume = statvfs()
        guard unsafe fstatvfs(descriptor, &volume) == 0 else {
            throw LMDBError(.readStatistics, file: name, cause: .system(errno: errno))
        }
        let blockBytes = UInt64(volume.f_frsize)
        return (UInt64(volume.f_blocks) * blockBytes, UInt64(volume.f_bavail) * blockBytes)
    }

    /// Clears the reader slots of processes that ended without letting go, which would keep pages
    /// from being reused, and returns how many there were.
    @discardableResult
    public func checkReaders() throws(LMDBError) -> Int {
        guard !isReadOnly else { return 0 }
        var cleared: Int32 = 0
        let code = unsafe mdb_reader_check(pointer, &cleared)
        guard code == 0 else { throw failure(.checkReaders, code) }
        return Int(cleared)
    }

    /// Flushes what was committed with less than `.full` durability to the device.
    ///
    /// - Parameter force: Flush also where the durability would not; what a file built with
    ///   `.noSync` needs before anyone trusts it.
    /// - Throws: errno of the flush; never retry it, the pages may have been given up.
    @available(*, noasync)
    public func sync(force: Bool = true) throws(LMDBError) {
        guard !isReadOnly else { throw LMDBError(.sync, file: name, cause: .readOnly) }
        let code = unsafe mdb_env_sync(pointer, force ? 1 : 0)
        guard code == 0 else { throw failure(.sync, code) }
    }

    /// Has the system write what has changed of a part of the file, and waits for it, so that a `sync`
    /// to come has that much less to do at once. It makes nothing durable.
    ///
    /// - Throws: errno of the write; `sync` would not tell of it any more.
    @available(*, noasync)
    public func writeOut(from offset: UInt64, byteCount: UInt64) throws(LMDBError) {
        var descriptor: Int32 = -1
        let code = unsafe mdb_env_get_fd(pointer, &descriptor)
        guard code == 0 else { throw failure(.sync, code) }
        let isWritten = throughline_write_out(descriptor, off_t(offset), off_t(byteCount)) == 0
        // Some file systems and sandboxes do not have it: `sync` then does it all.
        guard !isWritten, ![ENOSYS, EPERM, EINVAL, ESPIPE, EOPNOTSUPP].contains(errno) else {
            return
        }
        throw LMDBError(.sync, file: name, cause: .system(errno: errno))
    }

    /// Has commits from now on wait for what `durability` says. Between transactions; what was
    /// committed before is flushed by `sync`.
    @available(*, noasync)
    public func setDurability(_ durability: Durability) throws(LMDBError) {
        let all = Durability.noSync.flags | Durability.noMetaSync.flags
        let code =
            unsafe mdb_env_set_flags(pointer, all & ~durability.flags, 0)
            | mdb_env_set_flags(pointer, durability.flags, 1)
        guard code == 0 else { throw failure(.sync, code) }
    }
}
