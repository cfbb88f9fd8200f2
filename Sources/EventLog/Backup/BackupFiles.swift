internal import Glibc

/// Copying files for backups and restores: for the owner only, flushed, nothing overwritten.
enum BackupFiles {
    private static let chunkBytes = 1 << 20

    /// A file's bytes and what makes it the same file.
    static func look(
        _ descriptor: Int32, _ path: String
    ) throws(EventLogError) -> (bytes: UInt64, origin: BackupManifest.Origin) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure("look at", path) }
        let changed =
            UInt64(status.st_mtim.tv_sec) * 1_000_000_000 + UInt64(status.st_mtim.tv_nsec)
        return (
            UInt64(status.st_size),
            BackupManifest.Origin(
                device: UInt64(status.st_dev), inode: UInt64(status.st_ino), changed: changed)
        )
    }

    /// Copies a file that nobody writes to a new one, and flushes it.
    ///
    /// Plain reads and writes: a backup has blocks of its own, which a reflink would not give it.
    ///
    /// - Parameter went: Called with the bytes of each chunk; it may throw to give up.
    /// - Returns: The file that was copied.
    static func copy(
        _ source: String, to target: String,
        _ went: (UInt64) throws(EventLogError) -> Void
    ) throws(EventLogError) -> (bytes: UInt64, origin: BackupManifest.Origin) {
        let reading = unsafe open(source, O_RDONLY | O_CLOEXEC)
        guard reading >= 0 else { throw failure("open", source) }
        defer { close(reading) }
        let found = try look(reading, source)
        let writing = unsafe open(
            target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard writing >= 0 else { throw failure("create", target) }
        defer { close(writing) }
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        var done: UInt64 = 0
        while done < found.bytes {
            let count = unsafe read(reading, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("read", source) }
            var written = 0
            while written < count {
                let more = unsafe chunk.withUnsafeBytes { chunk in
                    unsafe write(writing, chunk.baseAddress! + written, count - written)
                }
                if more < 0, errno == EINTR { continue }
                guard more > 0 else { throw failure("write", target) }
                written += more
            }
            done += UInt64(count)
            try went(UInt64(count))
        }
        guard fsync(writing) == 0 else { throw failure("fsync", target) }
        return found
    }

    /// Makes a folder for the owner only; its parent must be there.
    static func makeFolder(_ path: String) throws(EventLogError) {
        guard unsafe mkdir(path, 0o700) == 0 else { throw failure("make folder", path) }
    }

    /// Whether a folder is there and empty.
    static func isEmptyFolder(_ path: String) -> Bool {
        unsafe rmdir(path) == 0 && (unsafe mkdir(path, 0o700)) == 0
    }

    /// Removes what an unfinished backup, restore or import consists of, and nothing else: files, and
    /// files in `log` and `views`.
    static func removeUnfinished(_ path: String) throws(EventLogError) {
        for folder in [path + "/log", path + "/views", path] {
            for name in FolderListing.names(folder) {
                guard unsafe unlink(folder + "/" + name) == 0 || errno == EISDIR else {
                    throw failure("remove", folder + "/" + name)
                }
            }
            guard unsafe rmdir(folder) == 0 || errno == ENOENT else {
                throw failure("remove", folder)
            }
        }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }

    /// The bytes that can still be written where a folder lies.
    static func available(_ folder: String) throws(EventLogError) -> UInt64 {
        var volume = statvfs()
        guard unsafe statvfs(folder, &volume) == 0 else { throw failure("look at", folder) }
        return UInt64(volume.f_bavail) * UInt64(volume.f_frsize)
    }

    /// Moves a folder to its place, durably.
    ///
    /// - Parameter moved: Called once it is there; that may still not outlive a power cut.
    static func move(
        _ path: String, to target: String, moved: () -> Void = {}
    ) throws(EventLogError) {
        guard unsafe rename(path, target) == 0 else { throw failure("rename", path) }
        moved()
        try StoreFolder.syncFolder(folder(of: target))
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func failure(_ operation: String, _ path: String) -> EventLogError {
        let reason = errno
        if reason == ENOSPC || reason == EDQUOT { return .full(operation: operation) }
        return .system(operation: operation, path: path, errno: reason)
    }
}
