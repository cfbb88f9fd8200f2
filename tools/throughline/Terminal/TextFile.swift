import Glibc

/// Small files that a person names on the command line.
enum TextFile {
    private static let bytesMax = 16_384

    /// Reads a file.
    ///
    /// - Throws: `ToolFailure`, also for one that is too long to be meant.
    static func read(_ path: String) throws(ToolFailure) -> String {
        String(decoding: try DataFile.read(path, bytesMax: bytesMax), as: UTF8.self)
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

    static func failure(_ what: String, _ path: String) -> ToolFailure {
        let reason = errno
        return ToolFailure("cannot \(what) \(path): \(unsafe String(cString: strerror(reason)))")
    }
}

/// Bytes that a person names on the command line by their file.
enum DataFile {
    /// What one event can hold, and one byte more, so that the daemon says what its limit is.
    static let bytesMax = 1_048_577

    /// Reads a file, or standard input for `-`.
    ///
    /// - Throws: `ToolFailure`, also for one that is longer than it may be.
    static func read(_ path: String, bytesMax: Int = bytesMax) throws(ToolFailure) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TextFile.failure("read", path) }
        defer { if path != "-" { close(descriptor) } }
        var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
        var count = 0
        while count <= bytesMax {
            let read = unsafe bytes.withUnsafeMutableBytes { memory in
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[count...])
                return unsafe Glibc.read(descriptor, room.baseAddress, room.count)
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw TextFile.failure("read", path) }
            if read == 0 { return Array(bytes[..<count]) }
            count += read
        }
        throw ToolFailure("\(path) is too long: \(bytesMax) bytes at most")
    }
}
