internal import CLMDB
internal import Glibc

extension Environment {
    /// Writes a compacted copy of the newest committed state to a new file at `destination`.
    ///
    /// The copy holds no free pages, so nothing that was deleted, and is on disk, file and folder
    /// entry, when this returns; its mode is 0600. It holds a read transaction for as long as it
    /// takes: a busy writer's file grows meanwhile. A failure leaves no file.
    ///
    /// - Throws: EEXIST when `destination` exists, which stays untouched; ENOSPC and other errno
    ///   of writing; `MDB_CORRUPTED` when the pages do not add up.
    @available(*, noasync)
    public func copyCompacting(to destination: String) throws(LMDBError) {
        let file = try OpenFile(
            path: destination,
            flags: O_WRONLY | O_CREAT | O_EXCL,
            mode: 0o600,
            for: .copy
        )
        do throws(LMDBError) {
            let code = unsafe mdb_env_copyfd2(pointer, file.descriptor, UInt32(MDB_CP_COMPACT))
            guard code == 0 else { throw failure(.copy, code) }
            try file.sync()
            try OpenFile.syncFolder(of: destination, for: .copy)
        } catch {
            // The file is ours: O_EXCL has just created it.
            unsafe unlink(destination)
            throw error
        }
    }

    /// Removes the environment file at `path` and its lock file, and flushes the folder.
    ///
    /// Files that are not there count as removed.
    ///
    /// - Throws: `.alreadyOpen` when this process has the file open, and errno of `unlink`.
    public static func remove(path: String) throws(LMDBError) {
        let name = FileIdentity.lastComponent(path)
        try EnvironmentRegistry.exclusively { (open) throws(LMDBError) in
            let file = try FileIdentity.of(path: path, for: .remove)
            if let file, open.contains(file.key) {
                throw LMDBError(.remove, file: name, cause: .alreadyOpen)
            }
            for victim in [path, path + "-lock"] {
                guard unsafe unlink(victim) == 0 || errno == ENOENT else {
                    throw LMDBError(.remove, file: name, cause: .system(errno: errno))
                }
            }
            try OpenFile.syncFolder(of: path, for: .remove)
        }
    }
}
