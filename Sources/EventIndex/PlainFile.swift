internal import Glibc
internal import LMDB

/// A file read or written with system calls, closed once.
struct PlainFile: ~Copyable {
    private let descriptor: Int32
    private let path: String
    /// The last component of the path.
    let name: String

    /// Opens a file for reading.
    init(reading path: String) throws(IndexError) {
        try self.init(path, O_RDONLY)
    }

    /// Makes a file, which must not exist, for writing.
    init(creating path: String) throws(IndexError) {
        try self.init(path, O_WRONLY | O_CREAT | O_EXCL)
    }

    private init(_ path: String, _ flags: Int32) throws(IndexError) {
        self.path = path
        name = path.split(separator: "/").last.map(String.init) ?? path
        descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(.open, name) }
    }

    deinit { close(descriptor) }

    private static func failure(
        _ operation: LMDBError.Operation, _ name: String
    ) -> IndexError {
        .storage(LMDBError(operation, file: name, cause: .system(errno: errno)))
    }

    func byteCount() throws(IndexError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure(.open, name) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .storage(LMDBError(.open, file: name, cause: .notAFile))
        }
        return Int(status.st_size)
    }

    /// Reads the file's first bytes; fewer where it ends.
    func read(_ count: Int) throws(IndexError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let more = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor, buffer.baseAddress.map { unsafe $0 + filled }, count - filled,
                    off_t(filled))
            }
            if more < 0, errno == EINTR { continue }
            guard more >= 0 else { throw Self.failure(.get, name) }
            if more == 0 { break }
            filled += more
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// Maps the file's first bytes for reading; they must be there.
    func map(_ count: Int) throws(IndexError) -> UnsafeRawPointer {
        let address = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw Self.failure(.open, name)
        }
        return UnsafeRawPointer(address)
    }

    /// Writes bytes behind those before.
    func write(_ bytes: [UInt8]) throws(IndexError) {
        var written = 0
        while written < bytes.count {
            let more = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress.map { unsafe $0 + written },
                    bytes.count - written)
            }
            if more < 0, errno == EINTR { continue }
            guard more > 0 else { throw Self.failure(.put, name) }
            written += more
        }
    }

    /// Flushes the file and its folder's entry to the device; never retried.
    func sync() throws(IndexError) {
        guard fsync(descriptor) == 0 else { throw Self.failure(.sync, name) }
        let end = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let opened = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw Self.failure(.sync, name) }
        defer { close(opened) }
        guard fsync(opened) == 0 else { throw Self.failure(.sync, name) }
    }
}
