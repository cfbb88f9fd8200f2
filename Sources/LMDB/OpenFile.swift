internal import Glibc

/// A file descriptor that is closed once.
struct OpenFile: ~Copyable {
    let descriptor: Int32
    private let name: String
    private let operation: LMDBError.Operation

    /// Opens `path` with `flags` (close-on-exec is added).
    init(
        path: String,
        flags: Int32,
        mode: mode_t = 0,
        for operation: LMDBError.Operation
    ) throws(LMDBError) {
        let name = FileIdentity.lastComponent(path)
        let descriptor = unsafe open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw LMDBError(operation, file: name, cause: .system(errno: errno))
        }
        self.descriptor = descriptor
        self.name = name
        self.operation = operation
    }

    /// Another descriptor of a file that is open.
    init(
        duplicating open: Int32, name: String, for operation: LMDBError.Operation
    ) throws(LMDBError) {
        let descriptor = fcntl(open, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else {
            throw LMDBError(operation, file: name, cause: .system(errno: errno))
        }
        self.descriptor = descriptor
        self.name = name
        self.operation = operation
    }

    deinit {
        close(descriptor)
    }

    /// Flushes the file, or the folder's entries, to the device. Never retried on failure.
    func sync() throws(LMDBError) {
        guard fsync(descriptor) == 0 else {
            throw LMDBError(operation, file: name, cause: .system(errno: errno))
        }
    }

    /// Flushes what the file holds and what is needed to read it, not its times. Never retried on failure.
    func syncContents() throws(LMDBError) {
        guard fdatasync(descriptor) == 0 else {
            throw LMDBError(operation, file: name, cause: .system(errno: errno))
        }
    }

    /// Writes bytes at `offset`.
    func write(_ bytes: [UInt8], at offset: UInt64) throws(LMDBError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + written },
                    bytes.count - written,
                    off_t(offset) + off_t(written)
                )
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw LMDBError(
                    operation, file: name, cause: .system(errno: count < 0 ? errno : ENOSPC))
            }
            written += count
        }
    }

    /// Reads `byteCount` bytes at `offset`; fewer only where the file ends.
    func read(at offset: UInt64, byteCount: Int) throws(LMDBError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        var filled = 0
        while filled < byteCount {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + filled },
                    byteCount - filled,
                    off_t(offset) + off_t(filled)
                )
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw LMDBError(operation, file: name, cause: .system(errno: errno))
            }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(byteCount - filled)
        return bytes
    }

    /// Flushes the entries of the folder that holds `path`, so that a created, renamed or removed
    /// file is so after a power cut too.
    static func syncFolder(
        of path: String,
        for operation: LMDBError.Operation
    ) throws(LMDBError) {
        let folder = try OpenFile(
            path: FileIdentity.folder(of: path),
            flags: O_RDONLY | O_DIRECTORY,
            for: operation
        )
        try folder.sync()
    }
}
