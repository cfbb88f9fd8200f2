internal import EventModel
internal import Glibc
internal import LMDB
internal import Zstd

/// The file that is to take the place of a segment that has ended.
struct SegmentSuccessor {
    let source: Segment
    let end: SegmentEnd
    /// Where it is made; there must be none.
    let path: String
    /// What is removed on the way.
    let scrub: SegmentScrub?

    /// What blocks are compressed with.
    func makeCompressor(
        _ dictionary: CompressionDictionary?, level: Int = LogLimits.sealedLevel
    ) throws(EventLogError) -> Compressor {
        do throws(ZstdError) {
            return try Compressor(level: level, dictionary: dictionary)
        } catch {
            throw .notAStore(
                path: source.environment.path, found: "its dictionary cannot be used (\(error))")
        }
    }

    /// Has the blocks written; seeds and meta stand around them. The file is on disk when this returns.
    ///
    /// - Parameter blocks: Puts them, and returns whether all of them are there.
    /// - Returns: What that returns. Where it is false or something is thrown, nothing is left.
    func write(
        _ dictionary: CompressionDictionary?,
        _ blocks: (Environment, Database) throws -> Bool
    ) throws(EventLogError) -> Bool {
        do {
            let target = try Environment.open(
                path: path,
                options: .init(
                    mapBytes: LogLimits.segmentMapBytes, maxDatabases: Segment.databasesMax,
                    durability: .noSync, creation: .always))
            var isDone = false
            do {
                let databases = try target.openDatabases(Segment.definitions)
                try putSeeds(target, databases[1])
                isDone = try blocks(target, databases[0])
                if isDone {
                    try putMeta(target, databases[2], dictionary)
                    try target.sync()
                }
            } catch let error as LMDBError {
                throw BlockPacker.failure(error, target)
            }
            if !isDone { removeFiles() }
            return isDone
        } catch {
            removeFiles()
            switch error {
            case let error as EventLogError: throw error
            case let error as ReadFailure<Never>: throw error.ofLog
            case let error as LMDBError: throw BlockPacker.failure(error, source.environment)
            default: preconditionFailure("an error of an unknown kind: \(error)")
            }
        }
    }

    private func removeFiles() {
        // Whatever stays behind is removed by the next start.
        for file in [path, path + "-lock"] { unsafe unlink(file) }
    }

    private func putSeeds(_ target: Environment, _ seeds: Database) throws(LMDBError) {
        let reading = try source.environment.beginRead()
        var transaction = try target.beginWrite()
        var cursor = try reading.cursor(source.seeds)
        while try cursor.next() {
            guard let scrub, scrub.concerns(group: cursor.integerKey) else {
                try transaction.put(seeds, key: cursor.integerKey, value: cursor.value, .append)
                continue
            }
            let seed = SaltSeed(group: cursor.integerKey, bytes: cursor.value.copied())
            let salts = scrub.salts(of: seed, in: source.first.rawValue..<end.last.rawValue + 1)
            try transaction.put(seeds, key: salts.group, value: salts.bytes.rawSpan, .append)
        }
        try transaction.commit()
    }

    private func putMeta(
        _ target: Environment, _ meta: Database, _ dictionary: CompressionDictionary?
    ) throws(LMDBError) {
        var transaction = try target.beginWrite()
        try Segment.putMeta(
            first: source.first, start: source.start, dictionary: dictionary?.bytes ?? [], meta,
            in: &transaction)
        try SegmentMeta.sealed.put(end.bytes, meta, in: &transaction)
        if let through = scrub?.through ?? source.scrubbed {
            var position: [UInt8] = []
            position.append(littleEndian: through.rawValue)
            try SegmentMeta.scrubbed.put(position, meta, in: &transaction)
        }
        try transaction.commit()
    }

    /// The seed of a position of the source.
    func seed(of position: Position) throws(EventLogError) -> SaltSeed {
        let group = position.rawValue / LogLimits.positionsPerSeed
        guard let found = try source.seed(ofGroup: group) else {
            throw .damagedBlock(first: position, reason: "the seed of its digest is missing")
        }
        return found
    }

    /// Holds the chain's last digest against what the next segment says.
    func check(_ last: Position, _ digest: Digest) throws(EventLogError) {
        guard last == end.last, digest == end.digest else {
            throw .damagedBlock(
                first: last,
                reason: "the digest after it is not the one that the next segment starts with")
        }
    }
}
