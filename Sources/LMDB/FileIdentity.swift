internal import Glibc

/// What makes two paths the same file, and how long it is.
struct FileIdentity {
    /// The device and inode, by which the registry of open files is kept.
    struct Key: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    let key: Key
    let byteCount: UInt64

    /// Returns the identity of the regular file at `path`, `nil` when nothing is there.
    ///
    /// Uses `stat` only: opening and closing a file of an open environment would be harmless for
    /// the data file today, but LMDB's caveats forbid it.
    static func of(
        path: String,
        for operation: LMDBError.Operation
    ) throws(LMDBError) -> FileIdentity? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw LMDBError(operation, file: lastComponent(path), cause: .system(errno: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw LMDBError(operation, file: lastComponent(path), cause: .notAFile)
        }
        return FileIdentity(
            key: Key(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
            byteCount: UInt64(status.st_size)
        )
    }

    /// Returns the last component of a path, the only part of it that enters an error.
    static func lastComponent(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// Returns the folder that holds the file at `path`.
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    }
}
