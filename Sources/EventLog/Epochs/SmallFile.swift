internal import Glibc

/// Texts of some lines that a store keeps beside its log, written whole or not at all.
enum SmallFile {
    /// Reads a file; nil when there is none.
    static func read(_ path: String) throws(EventLogError) -> String? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw .system(operation: "look at", path: path, errno: errno)
        }
        return try read(path, atMost: Int(status.st_size) + 1)
    }

    private static func read(
        _ path: String, atMost bytesMax: Int
    ) throws(EventLogError) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system(operation: "open", path: path, errno: errno)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        var filled = 0
        while filled < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                return unsafe Glibc.read(descriptor, rest.baseAddress, rest.count)
            }
            guard count >= 0 else {
                throw .system(operation: "read", path: path, errno: errno)
            }
            if count == 0 { break }
            filled += count
        }
        return String(decoding: bytes[..<filled], as: UTF8.self)
    }

    /// Writes a file beside its place, makes it durable, and moves it there; mode 0600.
    static func write(_ text: String, to path: String) throws(EventLogError) {
        let temporary = path + ".new"
        let descriptor = unsafe open(
            temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("create", temporary) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0
        else { throw failure("write", temporary) }
        guard unsafe rename(temporary, path) == 0 else { throw failure("rename", temporary) }
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        try StoreFolder.syncFolder(String(path[..<slash]))
    }

    private static func failure(_ operation: String, _ path: String) -> EventLogError {
        let reason = errno
        if reason == ENOSPC || reason == EDQUOT { return .full(operation: operation) }
        return .system(operation: operation, path: path, errno: reason)
    }
}
