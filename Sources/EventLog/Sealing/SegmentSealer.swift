internal import EventModel
internal import Glibc
internal import LMDB
internal import Zstd

/// Writes the final form of a segment that has ended: its blocks packed again, with a dictionary
/// of its own, no page of the file half used, and the record that says how it ends.
///
/// Every event passes through: the digest chain is computed anew and held against what the blocks
/// say, so that a sealed segment is a verified one.
struct SegmentSealer: ~Copyable {
    private let source: Segment
    private let path: String
    private let end: SegmentEnd
    private let scrub: SegmentScrub?
    /// What the new file is compressed with.
    let dictionary: CompressionDictionary?
    private var reader: BlockReader
    private var compressor: Compressor
    /// The seed of the group of positions that the pass is at.
    private var seed = SaltSeed(group: 0, bytes: [])
    private var frame: [UInt8] = []
    private var block: [UInt8] = []
    private var fit = PageFit()
    /// The block at hand as it was one event ago, which had room on its page; empty for none.
    private var fitting: (block: [UInt8], key: UInt64, rawBytes: Int) = ([], 0, 0)

    /// Prepares to seal a segment, which trains its dictionary.
    ///
    /// - Parameters:
    ///   - end: Where it ends, as the next segment says.
    ///   - path: Where the new file is made; there must be none.
    ///   - scrub: What is to be removed on the way.
    init(
        _ source: Segment, end: SegmentEnd, path: String, scrub: SegmentScrub?
    ) throws(EventLogError) {
        var training = try SegmentDictionary(of: source, last: end.last)
        let dictionary = try training.choose()
        self.init(
            source, end: end, path: path, scrub: scrub, dictionary: dictionary,
            reader: try BlockReader.make(path: path),
            compressor: try Self.makeCompressor(dictionary, source))
    }

    private init(
        _ source: Segment, end: SegmentEnd, path: String, scrub: SegmentScrub?,
        dictionary: CompressionDictionary?,
        reader: consuming BlockReader, compressor: consuming Compressor
    ) {
        self.source = source
        self.end = end
        self.scrub = scrub
        self.path = path
        self.dictionary = dictionary
        self.reader = reader
        self.compressor = compressor
    }

    private static func makeCompressor(
        _ dictionary: CompressionDictionary?, _ source: Segment
    ) throws(EventLogError) -> Compressor {
        do throws(ZstdError) {
            return try Compressor(level: LogLimits.sealedLevel, dictionary: dictionary)
        } catch {
            throw .notAStore(
                path: source.environment.path, found: "its dictionary cannot be used (\(error))")
        }
    }

    /// Writes the file, which is on disk when this returns.
    ///
    /// - Parameter goesOn: Asked now and then, with the last position done.
    /// - Returns: False when it was told not to go on; nothing is left then.
    /// - Throws: `damagedBlock` when the segment is not what its chain says; `full`, `storage`.
    ///   Nothing is left then.
    mutating func run(_ goesOn: (Position) -> Bool) throws(EventLogError) -> Bool {
        do {
            let target = try Environment.open(
                path: path,
                options: .init(
                    mapBytes: LogLimits.segmentMapBytes, maxDatabases: Segment.databasesMax,
                    durability: .noSync, creation: .always))
            var isDone = false
            do {
                isDone = try write(to: target, goesOn)
                if isDone { try target.sync() }
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

    private mutating func write(
        to target: Environment, _ goesOn: (Position) -> Bool
    ) throws -> Bool {
        let databases = try target.openDatabases(Segment.definitions)
        try putSeeds(target, databases[1])
        var open = OpenBlock(first: source.first, digest: source.start)
        while open.next <= end.last {
            var transaction = try target.beginWrite()
            var bytes = 0
            while open.next <= end.last, bytes < LogLimits.sealedBytesPerCommit {
                bytes += try repack(&open, into: databases[0], &transaction)
            }
            if open.next > end.last, open.count > 0 {
                _ = try put(open, into: databases[0], &transaction)
            }
            try transaction.commit()
            guard goesOn(open.last) else { return false }
        }
        guard open.last == end.last, open.digest == end.digest else {
            throw EventLogError.damagedBlock(
                first: open.last,
                reason: "the digest after it is not the one that the next segment starts with")
        }
        try putMeta(target, databases[2])
        return true
    }

    /// Adds the events of the next block of the source.
    ///
    /// - Returns: The bytes of the blocks that were put.
    private mutating func repack(
        _ open: inout OpenBlock, into blocks: Database, _ transaction: inout WriteTransaction
    ) throws -> Int {
        let next = open.next
        guard let header = try reader.read(source, atOrBefore: next), header.first == next,
            header.last <= end.last
        else { throw EventLogError.damagedBlock(first: next, reason: "no block begins with it") }
        let chain = DigestChain()
        var bytes = 0
        while open.next <= header.last {
            let size = reader.block.byteCount(at: open.next)
            if open.count > 0, open.records.count + size > fit.goal {
                bytes += try putWhatFits(&open, before: size, into: blocks, &transaction)
            }
            let position = open.next
            try findSeed(of: position)
            let seed = seed.bytes
            try reader.block.show(position) {
                if let scrub, scrub.concerns(position) {
                    scrub.add($0, seed: seed.rawSpan, chain: chain, to: &open)
                } else {
                    open.add($0, seed: seed.rawSpan, chain: chain)
                }
            }
        }
        guard open.digest == header.digest else {
            throw EventLogError.damagedBlock(
                first: header.first, reason: "its digest is not that of the events in it")
        }
        return bytes
    }

    private mutating func findSeed(of position: Position) throws(EventLogError) {
        let group = position.rawValue / LogLimits.positionsPerSeed
        guard seed.group != group || seed.bytes.isEmpty else { return }
        guard let found = try source.seed(ofGroup: group) else {
            throw .damagedBlock(first: position, reason: "the seed of its digest is missing")
        }
        seed = found
    }

    /// Puts the block at hand, unless it is to grow on: the last one of a page does while it has
    /// room there.
    ///
    /// - Parameter size: The bytes of the next record.
    /// - Returns: The bytes of what was put.
    private mutating func putWhatFits(
        _ open: inout OpenBlock, before size: Int, into blocks: Database,
        _ transaction: inout WriteTransaction
    ) throws(LMDBError) -> Int {
        var bytes = 0
        if fit.takesRest {
            BlockPacker.pack(open, &compressor, frame: &frame, block: &block)
            if fit.holds(block.count) {
                swap(&fitting.block, &block)
                (fitting.key, fitting.rawBytes) = (open.first.rawValue, open.records.count)
            } else if !fitting.block.isEmpty {
                open.beginWithLast()
                bytes = try putFitting(into: blocks, &transaction)
            }
            let isWithin = open.records.count + size <= LogLimits.sealedBlockRawBytesMax
            if isWithin, bytes > 0 || !fitting.block.isEmpty { return bytes }
        }
        bytes += try put(open, into: blocks, &transaction)
        open.begin()
        return bytes
    }

    /// Puts the block at hand as it was one event ago.
    private mutating func putFitting(
        into blocks: Database, _ transaction: inout WriteTransaction
    ) throws(LMDBError) -> Int {
        let (block, key, rawBytes) = fitting
        try transaction.put(blocks, key: key, value: block.rawSpan, .append)
        fit.put(valueBytes: block.count, rawBytes: rawBytes)
        fitting.block.removeAll(keepingCapacity: true)
        return block.count
    }

    /// Compresses a block and puts it behind those before; returns its bytes.
    private mutating func put(
        _ open: borrowing OpenBlock, into blocks: Database,
        _ transaction: inout WriteTransaction
    ) throws(LMDBError) -> Int {
        BlockPacker.pack(open, &compressor, frame: &frame, block: &block)
        let block = block
        try transaction.put(blocks, key: open.first.rawValue, value: block.rawSpan, .append)
        fit.put(valueBytes: block.count, rawBytes: open.records.count)
        fitting.block.removeAll(keepingCapacity: true)
        return block.count
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

    private func putMeta(_ target: Environment, _ meta: Database) throws(LMDBError) {
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
}
