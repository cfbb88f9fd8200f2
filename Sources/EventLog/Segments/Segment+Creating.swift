internal import EventModel
internal import Glibc
internal import LMDB

/// Beginning a segment's file.
extension Segment {
    /// Makes the file of a segment: beside its place, with its meta records, and moved there whole,
    /// so that a file in its place without one of them is damaged and never begun anew.
    static func create(
        path: String, first: Position, start: Digest, dictionary: [UInt8], seed: SaltSeed?
    ) throws(EventLogError) {
        let temporary = path + ".new"
        do throws(LMDBError) {
            // What a start that was killed left.
            try Environment.remove(path: temporary)
            try write(temporary, first, start, dictionary, seed)
        } catch {
            throw .storage(error)
        }
        guard unsafe rename(temporary, path) == 0 else {
            throw .system(operation: "rename", path: temporary, errno: errno)
        }
        do throws(LMDBError) {
            // What is left is the lock file; this syncs the folder too.
            try Environment.remove(path: temporary)
        } catch {
            throw .storage(error)
        }
    }

    private static func write(
        _ path: String, _ first: Position, _ start: Digest, _ dictionary: [UInt8],
        _ seed: SaltSeed?
    ) throws(LMDBError) {
        let environment = try Environment.open(
            path: path,
            options: .init(mapBytes: LogLimits.segmentMapBytes, maxDatabases: databasesMax))
        Failpoint.segmentCreated.pass()
        let databases = try environment.openDatabases(definitions)
        let meta = databases[2]
        var transaction = try environment.beginWrite()
        try putMeta(
            first: first, start: start, dictionary: dictionary, meta, in: &transaction)
        if let seed {
            let bytes = seed.bytes
            try transaction.put(databases[1], key: seed.group, value: bytes.rawSpan)
        }
        try transaction.commit()
    }

    /// Puts the records that each segment has.
    static func putMeta(
        first: Position, start: Digest, dictionary: [UInt8], _ meta: Database,
        in transaction: inout WriteTransaction
    ) throws(LMDBError) {
        var format: [UInt8] = []
        format.append(littleEndian: Self.format)
        var position: [UInt8] = []
        position.append(littleEndian: first.rawValue)
        var digest: [UInt8] = []
        start.append(to: &digest)
        try SegmentMeta.format.put(format, meta, in: &transaction)
        try SegmentMeta.first.put(position, meta, in: &transaction)
        try SegmentMeta.start.put(digest, meta, in: &transaction)
        try SegmentMeta.dictionary.put(dictionary, meta, in: &transaction)
    }
}
