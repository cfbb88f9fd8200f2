internal import EventModel
internal import Glibc
internal import LMDB
internal import Zstd

/// One segment file of the log: an LMDB environment of its own.
///
/// | database | key | value |
/// |---|---|---|
/// | `blocks` | u64 first position (integer key) | block, see `BlockHeader` |
/// | `seeds` | u64 position / 256 (integer key) | 32 random bytes, see `DigestChain` |
/// | `meta` | `format` | u32 LE, version of this layout = 1 |
/// | | `first` | u64 LE, first position the segment may hold |
/// | | `start` | 32 bytes, running digest before that position |
/// | | `dictionary` | the zstd dictionary its blocks are compressed with, empty for none |
///
/// Each value of `meta` is followed by its checksum, see `SegmentMeta`.
///
/// The file is precious: indexes and views are made from it and live elsewhere.
final class Segment: Sendable {
    static let format: UInt32 = 1

    let environment: Environment
    let blocks: Database
    let seeds: Database
    let meta: Database
    let first: Position
    let start: Digest
    /// What its blocks are compressed with; nil when it was begun without one.
    let dictionary: CompressionDictionary?

    private init(
        _ environment: Environment, _ databases: [Database], first: Position, start: Digest,
        dictionary: CompressionDictionary?
    ) {
        self.environment = environment
        blocks = databases[0]
        seeds = databases[1]
        meta = databases[2]
        self.first = first
        self.start = start
        self.dictionary = dictionary
    }

    /// The name of the file whose first position is given.
    static func fileName(first: Position) -> String {
        let digits = String(first.rawValue)
        return String(repeating: "0", count: 20 - digits.count) + digits + ".segment"
    }

    static let databasesMax = 8

    static let definitions = [
        Database.Definition("blocks", keys: .integer),
        Database.Definition("seeds", keys: .integer),
        Database.Definition("meta", keys: .bytes),
    ]

    /// Opens a segment file for writing, or makes it when it is missing.
    ///
    /// - Throws: `notAStore` when it is not a whole segment that begins at `first`, `storage`,
    ///   `unsupportedFormat`.
    static func open(
        path: String, first: Position, start: Digest, dictionary: [UInt8], durability: Durability
    ) throws(EventLogError) -> Segment {
        if unsafe access(path, F_OK) != 0 {
            try create(path: path, first: first, start: start, dictionary: dictionary)
        } else {
            try checkDatabases(path)
        }
        let options = Environment.Options(
            mapBytes: LogLimits.segmentMapBytes, maxDatabases: databasesMax,
            durability: durability, creation: .never)
        let environment: Environment
        let databases: [Database]
        do throws(LMDBError) {
            environment = try Environment.open(path: path, options: options)
            databases = try environment.openDatabases(definitions)
        } catch {
            throw .storage(error)
        }
        let segment = try read(environment, databases, path: path)
        guard segment.first == first else {
            throw .notAStore(
                path: path, found: "it begins at position \(segment.first), not \(first)")
        }
        return segment
    }

    /// Looks for the databases before the file is opened for writing, which would make those that
    /// damage has hidden anew and empty.
    private static func checkDatabases(_ path: String) throws(EventLogError) {
        do throws(LMDBError) {
            let environment = try Environment.openReadOnlyLockless(
                path: path, maxDatabases: databasesMax)
            _ = try environment.openDatabases(definitions)
        } catch {
            guard error.operation == .openDatabase, error.isMissing else {
                throw .storage(error)
            }
            throw .notAStore(path: path, found: "a database in it is missing")
        }
    }

    private static func read(
        _ environment: Environment, _ databases: [Database], path: String
    ) throws(EventLogError) -> Segment {
        let format = try value(.format, environment, databases[2], path, bytes: 4)
        let version = format.rawSpan.load(littleEndian: UInt32.self, at: 0)
        guard version >= 1, version <= Self.format else {
            throw .unsupportedFormat(file: path, found: version, newest: Self.format)
        }
        let first = try value(.first, environment, databases[2], path, bytes: 8)
        let start = try value(.start, environment, databases[2], path, bytes: 32)
        let dictionary = try value(.dictionary, environment, databases[2], path, bytes: nil)
        do {
            return Segment(
                environment, databases,
                first: Position(first.rawSpan.load(littleEndian: UInt64.self, at: 0)),
                start: Digest(reading: start.rawSpan),
                dictionary: dictionary.isEmpty ? nil : try CompressionDictionary(dictionary))
        } catch {
            throw .notAStore(path: path, found: "its compression dictionary cannot be read")
        }
    }

    private static func value(
        _ record: SegmentMeta, _ environment: Environment, _ meta: Database, _ path: String,
        bytes: Int?
    ) throws(EventLogError) -> [UInt8] {
        do throws(LMDBError) {
            let transaction = try environment.beginRead()
            if let value = try record.value(meta, in: transaction, bytes: bytes) { return value }
        } catch {
            throw .storage(error)
        }
        throw .notAStore(path: path, found: "its meta record \(record) is missing or damaged")
    }
}
