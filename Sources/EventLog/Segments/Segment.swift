internal import EventModel
internal import Glibc
internal import LMDB
internal import Zstd

/// One segment file of the log: an LMDB environment of its own.
///
/// | database | key | value |
/// |---|---|---|
/// | `blocks` | u64 first position (integer key) | block, see `BlockHeader` |
/// | `seeds` | u64 position / 256 (integer key) | `SaltSeed` |
/// | `meta` | `format` | u32 LE, version of this layout = 1 |
/// | | `first` | u64 LE, first position the segment may hold |
/// | | `start` | 32 bytes, running digest before that position |
/// | | `dictionary` | the zstd dictionary its blocks are compressed with, empty for none |
/// | | `sealed` | `SegmentEnd`; only in a sealed segment |
/// | | `scrubbed` | u64 LE, the erasures up to that position are carried out in it; absent = none |
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
    /// How it ends; nil when it has not been sealed.
    let end: SegmentEnd?
    /// The erasures up to here are carried out in it; nil when none ever was.
    let scrubbed: Position?

    private init(
        _ environment: Environment, _ databases: [Database], first: Position, start: Digest,
        dictionary: CompressionDictionary?, end: SegmentEnd?, scrubbed: Position?
    ) {
        self.environment = environment
        blocks = databases[0]
        seeds = databases[1]
        meta = databases[2]
        self.first = first
        self.start = start
        self.dictionary = dictionary
        self.end = end
        self.scrubbed = scrubbed
    }

    static let databasesMax = 8

    static let definitions = [
        Database.Definition("blocks", keys: .integer),
        Database.Definition("seeds", keys: .integer),
        Database.Definition("meta", keys: .bytes),
    ]

    /// Opens a segment file for writing.
    ///
    /// - Throws: `notAStore` when it is not a whole segment that begins at `first`, `storage`,
    ///   `unsupportedFormat`.
    static func open(path: String, first: Position) throws(EventLogError) -> Segment {
        try checkDatabases(path)
        let options = Environment.Options(
            mapBytes: LogLimits.segmentMapBytes, maxDatabases: databasesMax,
            durability: .full, creation: .never)
        let environment: Environment
        do throws(LMDBError) {
            environment = try Environment.open(path: path, options: options)
        } catch {
            throw .storage(error)
        }
        return try read(environment, first: first)
    }

    /// Opens a segment file that never changes: without locks and for reading only.
    ///
    /// - Throws: As `open`.
    static func openUnchanging(
        path: String, first: Position
    ) throws(EventLogError) -> Segment {
        let environment: Environment
        do throws(LMDBError) {
            environment = try Environment.openReadOnlyLockless(
                path: path, maxDatabases: databasesMax)
        } catch {
            throw .storage(error)
        }
        return try read(environment, first: first)
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

    static func read(
        _ environment: Environment, first: Position
    ) throws(EventLogError) -> Segment {
        let databases: [Database]
        do throws(LMDBError) {
            databases = try environment.openDatabases(definitions)
        } catch {
            throw .storage(error)
        }
        let (meta, path) = (databases[2], environment.path)
        let format = try value(.format, environment, meta, path, bytes: 4)
        let version = format.rawSpan.load(littleEndian: UInt32.self, at: 0)
        guard version >= 1, version <= Self.format else {
            throw .unsupportedFormat(file: path, found: version, newest: Self.format)
        }
        let begins = try value(.first, environment, meta, path, bytes: 8)
        let found = Position(begins.rawSpan.load(littleEndian: UInt64.self, at: 0))
        guard found == first else {
            throw .notAStore(path: path, found: "it begins at position \(found), not \(first)")
        }
        let start = try value(.start, environment, meta, path, bytes: 32)
        let dictionary = try value(.dictionary, environment, meta, path, bytes: nil)
        let end = try end(environment, meta, path)
        let scrubbed = try scrubbed(environment, meta, path)
        do throws(ZstdError) {
            return Segment(
                environment, databases, first: first, start: Digest(reading: start.rawSpan),
                dictionary: dictionary.isEmpty ? nil : try CompressionDictionary(dictionary),
                end: end, scrubbed: scrubbed)
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

    private static func scrubbed(
        _ environment: Environment, _ meta: Database, _ path: String
    ) throws(EventLogError) -> Position? {
        do throws(LMDBError) {
            let transaction = try environment.beginRead()
            guard try SegmentMeta.scrubbed.exists(meta, in: transaction) else { return nil }
        } catch {
            throw .storage(error)
        }
        let bytes = try value(.scrubbed, environment, meta, path, bytes: 8)
        return Position(bytes.rawSpan.load(littleEndian: UInt64.self, at: 0))
    }

    private static func end(
        _ environment: Environment, _ meta: Database, _ path: String
    ) throws(EventLogError) -> SegmentEnd? {
        do throws(LMDBError) {
            let transaction = try environment.beginRead()
            guard try SegmentMeta.sealed.exists(meta, in: transaction) else { return nil }
        } catch {
            throw .storage(error)
        }
        let bytes = try value(.sealed, environment, meta, path, bytes: SegmentEnd.byteCount)
        return SegmentEnd(reading: bytes.rawSpan)
    }

    /// The head of the newest block, or nil when there is none.
    func newestBlock() throws(EventLogError) -> BlockHeader? {
        do {
            let transaction = try environment.beginRead()
            var cursor = try transaction.cursor(blocks)
            guard try cursor.last() else { return nil }
            return try BlockHeader(checking: cursor.value, key: cursor.integerKey)
        } catch let error as EventLogError {
            throw error
        } catch let error as LMDBError {
            throw .storage(error)
        } catch {
            preconditionFailure("an error of an unknown kind: \(error)")
        }
    }

    /// The salt seed of a group of positions, or nil when none of its events lies here.
    func seed(ofGroup group: UInt64) throws(EventLogError) -> SaltSeed? {
        do throws(LMDBError) {
            let transaction = try environment.beginRead()
            if let seed = try transaction.get(seeds, key: group),
                SaltSeed.isWellFormed(seed)
            {
                return SaltSeed(group: group, bytes: seed.copied())
            }
            return nil
        } catch {
            throw .storage(error)
        }
    }
}
