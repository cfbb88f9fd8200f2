internal import EventModel
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

    /// Opens a segment file for writing, or creates it with its meta records in one commit: a
    /// crash in between leaves a file without meta records, which is then created anew.
    static func open(
        path: String, first: Position, start: Digest, dictionary: [UInt8], durability: Durability
    ) throws(EventLogError) -> Segment {
        let options = Environment.Options(
            mapBytes: LogLimits.segmentMapBytes, maxDatabases: 8, durability: durability)
        do {
            let environment = try Environment.open(path: path, options: options)
            Failpoint.segmentCreated.pass()
            let databases = try environment.openDatabases([
                Database.Definition("blocks", keys: .integer),
                Database.Definition("seeds", keys: .integer),
                Database.Definition("meta", keys: .bytes),
            ])
            if try !hasMeta(environment, databases[2]) {
                try create(environment, databases[2], first, start, dictionary)
            }
            return try read(environment, databases, path: path)
        } catch let error as LMDBError {
            throw .storage(error)
        } catch let error as EventLogError {
            throw error
        } catch {
            preconditionFailure("an error of an unknown kind: \(error)")
        }
    }

    private static func hasMeta(
        _ environment: Environment, _ meta: Database
    ) throws(LMDBError) -> Bool {
        let transaction = try environment.beginRead()
        return try transaction.contains(meta, key: MetaKey.format.bytes.rawSpan)
    }

    private static func create(
        _ environment: Environment, _ meta: Database, _ first: Position, _ start: Digest,
        _ dictionary: [UInt8]
    ) throws(LMDBError) {
        var format: [UInt8] = []
        format.append(littleEndian: Self.format)
        var position: [UInt8] = []
        position.append(littleEndian: first.rawValue)
        var digest: [UInt8] = []
        start.append(to: &digest)
        var transaction = try environment.beginWrite()
        try transaction.put(meta, key: MetaKey.format.bytes.rawSpan, value: format.rawSpan)
        try transaction.put(meta, key: MetaKey.first.bytes.rawSpan, value: position.rawSpan)
        try transaction.put(meta, key: MetaKey.start.bytes.rawSpan, value: digest.rawSpan)
        try transaction.put(
            meta, key: MetaKey.dictionary.bytes.rawSpan, value: dictionary.rawSpan)
        try transaction.commit()
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
        _ key: MetaKey, _ environment: Environment, _ meta: Database, _ path: String, bytes: Int?
    ) throws(EventLogError) -> [UInt8] {
        do throws(LMDBError) {
            let transaction = try environment.beginRead()
            if let found = try transaction.get(meta, key: key.bytes.rawSpan) {
                let value = found.copied()
                if bytes == nil || value.count == bytes { return value }
            }
        } catch {
            throw .storage(error)
        }
        throw .notAStore(path: path, found: "its meta record \(key) is missing or damaged")
    }

    private enum MetaKey: String {
        case format, first, start, dictionary

        var bytes: [UInt8] { Array(rawValue.utf8) }
    }
}
