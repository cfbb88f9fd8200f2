internal import EventModel
internal import Glibc
internal import LMDB

/// The journal's file: a head page and a ring of records, all of it written once when it is made,
/// so that a commit changes no block map and one flush makes it durable.
///
///      0   u32  magic "TLJF"
///      4   u32  version of this layout = 1
///      8   u64  key of its records, random
///     16   u64  bytes of the ring, which begins at `Journal.alignment`
///     24   16   the store's id
///     40   u32  CRC-32C over bytes 0 ..< 40
@safe
struct JournalFile: ~Copyable {
    static let version: UInt32 = 1
    static let headBytes = 44
    private static let magic: UInt32 = 0x464A_4C54
    private static let missing =
        "it is missing, and the newest events were in it alone: put it back, or restore a backup"

    let descriptor: Int32
    let path: String
    let key: UInt64
    let ringBytes: Int
    /// Whether each write is a flush.
    let flushesWrites: Bool

    deinit { close(descriptor) }

    /// Opens the journal of a store, or makes it.
    ///
    /// - Parameters:
    ///   - store: The store's id, 32 hexadecimal digits.
    ///   - isNew: Whether the store holds nothing yet: only then there may be none.
    /// - Throws: `notAStore` when it is another file or another store's, or missing; `unsupportedFormat`,
    ///   `full`, `system`.
    init(
        path: String, store: String, isNew: Bool, ringBytes: Int, durability: LogDurability,
        randomBytes: () -> UInt64
    ) throws(EventLogError) {
        var status = stat()
        // A link whose target is not there is no missing file: the disk that it names may be.
        if unsafe lstat(path, &status) != 0 {
            guard errno == ENOENT else { throw Self.failure("look at", path) }
            guard isNew else { throw .notAStore(path: path, found: Self.missing) }
            try Self.create(path, store, ringBytes: ringBytes, key: randomBytes())
        }
        let head = try Self.readHead(path, store)
        let descriptor = try Self.open(path, durability)
        self.init(
            descriptor: descriptor, path: path, key: head.key, ringBytes: head.ringBytes,
            flushesWrites: durability == .always)
    }

    private init(
        descriptor: Int32, path: String, key: UInt64, ringBytes: Int, flushesWrites: Bool
    ) {
        self.descriptor = descriptor
        self.path = path
        self.key = key
        self.ringBytes = ringBytes
        self.flushesWrites = flushesWrites
    }

    /// Opens for writing. Where every commit is flushed, each write is its own flush, past the
    /// page cache if the file system allows it: tmpfs of old kernels does not.
    private static func open(
        _ path: String, _ durability: LogDurability
    ) throws(EventLogError) -> Int32 {
        var flags = O_RDWR | O_CLOEXEC
        if durability == .always {
            flags |= O_DSYNC
            let descriptor = unsafe Glibc.open(path, flags | pastPageCache)
            if descriptor >= 0 { return descriptor }
            guard errno == EINVAL else { throw failure("open", path) }
        }
        let descriptor = unsafe Glibc.open(path, flags)
        guard descriptor >= 0 else { throw failure("open", path) }
        return descriptor
    }

    /// O_DIRECT of fcntl.h, which glibc shows to GNU programs only.
    private static var pastPageCache: Int32 {
        #if arch(arm64)
            0x1_0000
        #else
            0x4000
        #endif
    }

    /// Reads and checks the head page.
    ///
    /// - Throws: as `init`.
    static func readHead(
        _ path: String, _ store: String
    ) throws(EventLogError) -> (key: UInt64, ringBytes: Int) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: headBytes)
        let count = unsafe pread(descriptor, &bytes, headBytes, 0)
        guard count >= 0 else { throw failure("read", path) }
        let head = bytes.rawSpan
        guard count == headBytes, head.load(littleEndian: UInt32.self, at: 0) == magic,
            head.load(littleEndian: UInt32.self, at: 40)
                == CRC32C.checksum(head.extracting(0..<40))
        else { throw .notAStore(path: path, found: "its head is not a journal's, or damaged") }
        let found = head.load(littleEndian: UInt32.self, at: 4)
        guard found >= 1, found <= version else {
            throw .unsupportedFormat(file: path, found: found, newest: version)
        }
        guard Array(bytes[24..<40]) == Hexadecimal.bytes(of: store) else {
            throw .notAStore(path: path, found: "it is the journal of another store")
        }
        let ringBytes = Int(head.load(littleEndian: UInt64.self, at: 16))
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure("look at", path) }
        guard status.st_size == Journal.alignment + ringBytes else {
            throw .notAStore(
                path: path,
                found: "it has \(status.st_size) bytes, \(Journal.alignment + ringBytes) expected")
        }
        return (head.load(littleEndian: UInt64.self, at: 8), ringBytes)
    }

    /// Makes the file beside its place, every byte of it written and flushed, and moves it there.
    static func create(
        _ path: String, _ store: String, ringBytes: Int, key: UInt64
    ) throws(EventLogError) {
        let temporary = path + ".new"
        let descriptor = unsafe Glibc.open(
            temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("create", temporary) }
        defer { close(descriptor) }
        overwriteInPlace(descriptor)
        var head: [UInt8] = []
        head.append(littleEndian: magic)
        head.append(littleEndian: version)
        head.append(littleEndian: key)
        head.append(littleEndian: UInt64(ringBytes))
        head.append(contentsOf: Hexadecimal.bytes(of: store))
        head.append(littleEndian: unsafe CRC32C.checksum(head.span.bytes))
        head.append(contentsOf: repeatElement(0, count: Journal.alignment - head.count))
        try writeAll(descriptor, head, temporary)
        let zeros = [UInt8](repeating: 0, count: 1_048_576)
        for _ in 0..<ringBytes / zeros.count { try writeAll(descriptor, zeros, temporary) }
        try writeAll(
            descriptor, [UInt8](repeating: 0, count: ringBytes % zeros.count), temporary)
        Failpoint.journalMade.pass()
        guard fsync(descriptor) == 0 else { throw failure("fsync", temporary) }
        guard unsafe rename(temporary, path) == 0 else { throw failure("rename", temporary) }
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        try StoreFolder.syncFolder(String(path[..<slash]))
    }

    private static func writeAll(
        _ descriptor: Int32, _ bytes: [UInt8], _ path: String
    ) throws(EventLogError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            }
            guard count > 0 else { throw failure("write", path) }
            written += count
        }
    }

    /// Reads the ring, without the zeros at its end where nothing has been written yet.
    borrowing func readRing() throws(EventLogError) -> [UInt8] {
        try Self.readRing(path, ringBytes: ringBytes)
    }

    /// Reads the ring of a file that another process may have open, without the zeros at its end.
    ///
    /// A part at a time into the same memory: all of it at once would be 8,192 pages that the kernel
    /// has to find and clear, for a store that holds next to nothing.
    static func readRing(_ path: String, ringBytes: Int) throws(EventLogError) -> [UInt8] {
        // Past O_DIRECT, whose buffers must be aligned.
        let reading = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard reading >= 0 else { throw failure("open", path) }
        defer { close(reading) }
        var ring: [UInt8] = []
        var part = [UInt8](repeating: 0, count: min(ringBytes, readBytes))
        var done = 0
        while done < ringBytes {
            let wanted = min(part.count, ringBytes - done)
            let count = unsafe part.withUnsafeMutableBytes { part in
                unsafe pread(reading, part.baseAddress, wanted, off_t(Journal.alignment + done))
            }
            guard count > 0 else { throw failure("read", path) }
            if !isZero(part, count) {
                ring.append(contentsOf: repeatElement(0, count: done - ring.count))
                ring.append(contentsOf: part[..<count])
            }
            done += count
        }
        return ring
    }

    /// Bytes that are read at once.
    private static let readBytes = 262_144

    private static func isZero(_ bytes: [UInt8], _ count: Int) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            // Each byte is compared with the one before it.
            guard let start = bytes.baseAddress, unsafe bytes[0] == 0 else { return false }
            return unsafe memcmp(start, start + 1, count - 1) == 0
        }
    }

    static func failure(_ operation: String, _ path: String) -> EventLogError {
        let reason = errno
        if reason == ENOSPC || reason == EDQUOT { return .full(operation: operation) }
        return .system(operation: operation, path: path, errno: reason)
    }
}
