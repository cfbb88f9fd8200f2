import Glibc

/// Small files that a person names on the command line.
enum TextFile {
    private static let bytesMax = 16_384

    /// Reads a file.
    ///
    /// - Throws: `ToolFailure`, also for one that is too long to be meant.
    static func read(_ path: String) throws(ToolFailure) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure("read", path) }
        guard count <= bytesMax else { throw ToolFailure("\(path) is too long to be meant") }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Makes a file, which must not exist, and flushes it to the disk.
    ///
    /// - Throws: `ToolFailure`.
    static func create(_ path: String, _ text: String, mode: mode_t) throws(ToolFailure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("create", path) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard unsafe write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0
        else { throw failure("write", path) }
    }

    private static func failure(_ what: String, _ path: String) -> ToolFailure {
        let reason = errno
        return ToolFailure("cannot \(what) \(path): \(unsafe String(cString: strerror(reason)))")
    }
}
