public import EventModel
internal import Glibc
internal import LMDB

/// The folder of a store: who holds it, what it is, and where things lie in it.
///
///     <store>/
///       store.json   {"format_version":1,"store":"<32 hex digits>","index_key":"<32 hex digits>",
///                    "created":"<RFC 3339>","checksum":"<CRC-32C of what stands before>"}
///       LOCK         flock held by the one process that has the store open; its pid, for people
///       journal      committed events that are not yet in a segment
///       log/         segments
///       views/       views; may be deleted while no daemon runs
@safe
public final class StoreFolder: Sendable {
    /// The newest layout this code knows.
    public static let formatVersion = 1

    /// The folder's path.
    public let path: String
    /// The store's own name: 128 random bits in hexadecimal.
    public let storeID: String
    /// The secret under which indexes hash, in hexadecimal: who knew it could make names collide.
    let indexKey: String
    private let lock: StoreLock

    /// Where the segments lie.
    public var logPath: String { path + "/log" }
    /// Where the journal lies.
    public var journalPath: String { path + "/journal" }
    /// Where the views lie.
    public var viewsPath: String { path + "/views" }
    /// Whether a view has ever been folded here: then there were a log and a journal.
    var hasViews: Bool {
        FolderListing.names(viewsPath).contains { $0.hasSuffix(".view") }
    }

    /// Opens a store, or makes one in a missing or empty folder, and holds its lock until the end
    /// of the object's life.
    ///
    /// - Throws: `inUse` when another process holds the lock, `networkFileSystem` unless that is
    ///   allowed, `notAStore` when the folder holds something else, `unsupportedFormat`, `system`.
    public init(
        path: String, now: Timestamp, allowsNetworkFileSystem: Bool = false,
        randomBytes: () -> UInt64
    ) throws(EventLogError) {
        self.path = path
        if !allowsNetworkFileSystem { try FileSystemKind.refuseNetwork(path) }
        try Self.makeFolder(path)
        if !Self.exists(path + "/store.json") { try Self.checkEmpty(path) }
        lock = try StoreLock(folder: path)
        // Asked again under the lock: another process may have made the store since.
        if !Self.exists(path + "/store.json") {
            try Self.writeDescription(path, now: now, randomBytes: randomBytes)
        }
        (storeID, indexKey) = try Self.readDescription(path)
        try Self.makeFolder(path + "/log")
        try Self.makeFolder(path + "/views")
        try Self.syncFolder(path)
    }

    /// Makes files and folder entries of a folder durable.
    static func syncFolder(_ path: String) throws(EventLogError) {
        try OpenFolder(path: path).sync()
    }

    /// Makes what was written to a file durable.
    static func syncFile(_ path: String) throws(EventLogError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync", path) }
    }

    private static func failure(_ operation: String, _ path: String) -> EventLogError {
        .system(operation: operation, path: path, errno: errno)
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Makes a folder and its missing parents, for the owner only, each durable before the next:
    /// a power cut must not take a store away by the entry of a folder above it.
    static func makeFolder(_ path: String) throws(EventLogError) {
        guard !exists(path) else { return }
        var parent = "."
        if let slash = path.lastIndex(of: "/") {
            parent = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        try makeFolder(parent)
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw failure("make folder", path)
        }
        try syncFolder(parent)
    }

    /// Refuses to make a store among somebody else's files. A first start that was killed leaves
    /// LOCK and a temporary description, which do not count.
    private static func checkEmpty(_ path: String) throws(EventLogError) {
        guard let folder = unsafe opendir(path) else { throw failure("open folder", path) }
        defer { unsafe closedir(folder) }
        while let entry = unsafe readdir(folder) {
            let name = unsafe FolderEntry.name(entry)
            guard [".", "..", "LOCK", "store.json.new"].contains(name) else {
                throw .notAStore(path: path, found: "it holds files but no store.json")
            }
        }
    }

    /// Writes store.json beside, makes it durable, and moves it into place.
    private static func writeDescription(
        _ path: String, now: Timestamp, randomBytes: () -> UInt64
    ) throws(EventLogError) {
        let words = (0..<4).map { _ in
            let digits = String(randomBytes(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        let text =
            "{\"format_version\":\(formatVersion),\"store\":\"\(words[0] + words[1])\","
            + "\"index_key\":\"\(words[2] + words[3])\",\"created\":\"\(now.rfc3339)\""
        let temporary = path + "/store.json.new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("create", temporary) }
        defer { close(descriptor) }
        let bytes = Array((text + ",\"checksum\":\"\(checksum(text))\"}\n").utf8)
        guard unsafe write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0
        else { throw failure("write", temporary) }
        guard unsafe rename(temporary, path + "/store.json") == 0 else {
            throw failure("rename", temporary)
        }
        // Before anything else is made here: a power cut must not leave `log` without it, which
        // would be taken for somebody else's folder.
        try syncFolder(path)
    }

    /// Reads store.json, strictly in the form this code writes.
    static func readDescription(
        _ path: String
    ) throws(EventLogError) -> (store: String, indexKey: String) {
        let name = path + "/store.json"
        let descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", name) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1_024)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure("read", name) }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        guard let match = text.wholeMatch(of: description) else {
            throw .notAStore(path: path, found: "its store.json is not one that a store has")
        }
        // The first stores have none. With another index key no repeat would be known.
        if let sum = match.output.5, sum != checksum(String(match.output.1)) {
            throw .notAStore(path: path, found: "its store.json has a wrong checksum")
        }
        guard let version = UInt32(match.output.2), version >= 1, version <= formatVersion else {
            throw .unsupportedFormat(
                file: name, found: UInt32(match.output.2) ?? .max, newest: UInt32(formatVersion))
        }
        return (String(match.output.3), String(match.output.4))
    }

    /// The CRC-32C of what stands before it, as eight hexadecimal digits.
    private static func checksum(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let digits = String(CRC32C.checksum(bytes.rawSpan), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    private typealias Description = (
        Substring, Substring, Substring, Substring, Substring, Substring?
    )

    private static var description: Regex<Description> {
        /(\{"format_version":([0-9]+),"store":"([0-9a-f]{32})","index_key":"([0-9a-f]{32})","created":"[^"]*")(?:,"checksum":"([0-9a-f]{8})")?\}\n/
    }
}
