internal import EventModel
internal import Glibc
internal import LMDB

/// The file `consumers.mdb`: an LMDB environment of its own, with LMDB's default sync, since how far
/// a consumer is done is told nowhere else.
///
/// | database | key | value |
/// |---|---|---|
/// | `consumers` | name | `ConsumerRecord` |
/// | `meta` | `format` | u32 LE = 2; 1 where all records are without owners |
public struct ConsumerFile: Sendable {
    /// The file's name in a store's folder.
    public static let name = "consumers.mdb"
    static let format: UInt32 = 2
    private static let formatWithoutOwners: UInt32 = 1
    private static let formatKey = Array("format".utf8)
    private static let definitions: [Database.Definition] = [
        .init("consumers", keys: .bytes), .init("meta", keys: .bytes),
    ]

    private let environment: Environment
    private let consumers: Database
    private let meta: Database

    private init(_ environment: Environment) throws(LMDBError) {
        self.environment = environment
        let databases = try environment.openDatabases(Self.definitions)
        consumers = databases[0]
        meta = databases[1]
    }

    /// Opens a store's file for writing, or makes an empty one.
    static func open(store: String) throws(ConsumerError) -> ConsumerFile {
        let file: ConsumerFile
        do throws(LMDBError) {
            file = try ConsumerFile(
                try Environment.open(
                    path: store + "/" + name,
                    options: .init(mapBytes: ConsumerLimits.mapBytes, maxDatabases: 2)))
            try file.noteFormat()
        } catch {
            throw ConsumerError(error)
        }
        return file
    }

    /// Whether opening a store's file for writing makes it one that the program before does not read.
    public static func isOfEarlierFormat(store: String) throws(ConsumerError) -> Bool {
        guard unsafe access(store + "/" + name, F_OK) == 0 else { return false }
        do throws(LMDBError) {
            let file = try reading(store + "/" + name)
            let transaction = try file.environment.beginRead()
            guard let value = try transaction.get(file.meta, key: formatKey.rawSpan),
                value.byteCount == 4
            else { return false }
            return value.load(littleEndian: UInt32.self, at: 0) == formatWithoutOwners
        } catch {
            throw ConsumerError(error)
        }
    }

    /// Says in a file without a format, or of the one before, that it has this one: from now on records
    /// are written that a program before does not read.
    private func noteFormat() throws(LMDBError) {
        var transaction = try environment.beginWrite()
        if let value = try transaction.get(meta, key: Self.formatKey.rawSpan) {
            guard value.byteCount == 4,
                value.load(littleEndian: UInt32.self, at: 0) == Self.formatWithoutOwners
            else { return }
        }
        var value: [UInt8] = []
        value.append(littleEndian: Self.format)
        try transaction.put(meta, key: Self.formatKey.rawSpan, value: value.rawSpan)
        try transaction.commit()
    }

    /// Reads all records, by name.
    func records() throws(ConsumerError) -> [ConsumerRecord] {
        var records: [ConsumerRecord] = []
        var malformed: MalformedBytes?
        var format: UInt32 = 0
        do throws(LMDBError) {
            let transaction = try environment.beginRead()
            if let value = try transaction.get(meta, key: Self.formatKey.rawSpan),
                value.byteCount == 4
            {
                format = value.load(littleEndian: UInt32.self, at: 0)
            }
            try transaction.forEach(in: consumers) { key, value in
                do throws(MalformedBytes) {
                    records.append(try ConsumerRecord(name: key, value: value))
                } catch {
                    malformed = error
                }
                return malformed == nil
            }
        } catch {
            throw ConsumerError(error)
        }
        guard format == Self.format || format == Self.formatWithoutOwners else {
            throw .format(format)
        }
        if let malformed { throw .damaged(malformed) }
        return records
    }

    /// Stores and removes records in one transaction, and waits until it is on disk.
    func write(
        _ changes: [String: ConsumerRecord?], put: () -> Void
    ) throws(ConsumerError) {
        do throws(LMDBError) {
            var transaction = try environment.beginWrite()
            for name in changes.keys.sorted() {
                let key = Array(name.utf8)
                if let record = changes[name] ?? nil {
                    let value = record.encoded
                    try transaction.put(consumers, key: key.rawSpan, value: value.rawSpan)
                } else {
                    _ = try transaction.delete(consumers, key: key.rawSpan)
                }
            }
            put()
            try transaction.commit()
        } catch {
            throw failure(error)
        }
    }

    /// LMDB makes EIO of a short write: room decides what it was.
    private func failure(_ error: LMDBError) -> ConsumerError {
        guard error.cause == .system(errno: EIO) else { return ConsumerError(error) }
        let free = (try? environment.availableBytes()) ?? .max
        return .storage("\(error)", isNoRoom: free < ConsumerLimits.freeBytesMin)
    }

    /// Writes a copy of the newest committed state beside, on disk when this returns.
    func copy(to path: String) throws(ConsumerError) {
        do throws(LMDBError) {
            try environment.copyCompacting(to: path)
        } catch {
            throw ConsumerError(error)
        }
    }

    /// Returns what is wrong with the file of a store or a backup that another process may be
    /// writing; nothing when there is no file.
    public static func faults(store: String) -> [String] { look(store: store).faults }

    /// Whether another process may be writing a file.
    private static func isShared(_ path: String) -> Bool {
        unsafe access(path + "-lock", R_OK | W_OK) == 0
    }

    /// Opens a file that another process may be writing, for reading.
    private static func reading(_ path: String) throws(LMDBError) -> ConsumerFile {
        try ConsumerFile(
            isShared(path)
                ? Environment.openReadOnlyShared(path: path, mapBytes: ConsumerLimits.mapBytes)
                : Environment.openReadOnlyLockless(path: path))
    }

    /// Returns the consumers in the file of a store or a backup that another process may be writing,
    /// by name, and what is wrong with it; neither when there is no file.
    public static func look(store: String) -> (records: [ConsumerRecord], faults: [String]) {
        let path = store + "/" + name
        guard unsafe access(path, F_OK) == 0 else { return ([], []) }
        do throws(LMDBError) {
            let pages = try Environment.pageFaults(
                path: path, sharedMapBytes: isShared(path) ? ConsumerLimits.mapBytes : nil)
            guard pages.isEmpty else { return ([], pages.map { "\($0)" }) }
            let file = try reading(path)
            do throws(ConsumerError) {
                return (try file.records(), [])
            } catch {
                return ([], ["\(error)"])
            }
        } catch {
            return ([], ["\(error)"])
        }
    }
}
