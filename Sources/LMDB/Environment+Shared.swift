internal import CLMDB
internal import Glibc

extension Environment {
    /// Opens a file that another process may be writing, for reading only: with a reader slot in
    /// the lock file beside it, as LMDB means processes to share a file.
    ///
    /// Never of a file that this process has open: see `FileIdentity.of`. A transaction keeps pages
    /// of the writer's from being reused: end each soon.
    ///
    /// - Parameter mapBytes: The address space, at least what the writer may come to need.
    /// - Throws: as `openReadOnlyLockless`, and EACCES or EROFS where the lock file cannot be
    ///   written: then nobody who could write the file is kept out either.
    public static func openReadOnlyShared(
        path: String, mapBytes: Int, maxDatabases: Int = Limits.databasesDefault
    ) throws(LMDBError) -> Environment {
        try openReadOnly(
            path: path, flags: 0, mapBytes: mapBytes, maxReaders: Limits.readersDefault,
            maxDatabases: maxDatabases)
    }

    /// Walks the trees of a file's newest committed state with plain reads and returns what is wrong
    /// with their pages, at most so many faults.
    ///
    /// liblmdb trusts its pages and may end the process at a wrong one: a file without faults can be
    /// opened and read through it. Nobody of this process may have the file open.
    ///
    /// - Parameter sharedMapBytes: The address space, as for `openReadOnlyShared`, when another
    ///   process may be writing the file; nil when nobody does.
    /// - Throws: What opening throws, errno of reading, and codes of LMDB for the transaction that
    ///   keeps the pages.
    @available(*, noasync)
    public static func pageFaults(
        path: String, sharedMapBytes: Int? = nil, limit: Int = 64
    ) throws(LMDBError) -> [PageFault] {
        let environment: Environment
        if let sharedMapBytes {
            environment = try openReadOnlyShared(path: path, mapBytes: sharedMapBytes)
        } else {
            environment = try openReadOnlyLockless(path: path)
        }
        for _ in 0..<16 {
            let transaction = try environment.beginRead()
            let file = try OpenFile(path: path, flags: O_RDONLY, for: .readStatistics)
            let number = UInt64(truncatingIfNeeded: unsafe mdb_txn_id(transaction.handle.pointer))
            // The state's meta page is written over by the commit after the next one.
            let meta = try MetaPage.of(transaction: number, in: file, name: environment.name)
            guard let meta else { continue }
            var walk = PageWalk(file: file, meta: meta, limit: limit)
            return try walk.run()
        }
        return [
            PageFault(
                page: 0, database: nil, isForWriting: false,
                what: "names no state that is committed")
        ]
    }
}
