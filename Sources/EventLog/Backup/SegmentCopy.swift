internal import EventModel
internal import LMDB
internal import Zstd

/// Copies a segment that grows into a file of its own: its blocks as they are, read in short
/// transactions, then committed events from memory, the last of which need not fill a block.
struct SegmentCopy: ~Copyable {
    private let source: Segment
    private let target: Segment
    private let sizes: LogSizes
    private var compressor: Compressor
    private let chain = DigestChain()
    /// The last position copied, and the running digest after it.
    private(set) var end: (position: Position, digest: Digest)
    private var seed: SaltSeed?

    private static let bytesPerRead = 1 << 20

    init(of source: Segment, to path: String, sizes: LogSizes) throws(EventLogError) {
        try Segment.create(
            path: path, first: source.first, start: source.start,
            dictionary: source.dictionary?.bytes ?? [], seed: nil)
        let target = try Segment.open(path: path, first: source.first)
        let compressor = try Self.makeCompressor(source)
        self.init(source, target, sizes, compressor)
    }

    private init(
        _ source: Segment, _ target: Segment, _ sizes: LogSizes, _ compressor: consuming Compressor
    ) {
        self.source = source
        self.target = target
        self.sizes = sizes
        self.compressor = compressor
        end = (Position(source.first.rawValue - 1), source.start)
    }

    private static func makeCompressor(_ segment: Segment) throws(EventLogError) -> Compressor {
        do throws(ZstdError) {
            return try Compressor(level: 1, dictionary: segment.dictionary)
        } catch {
            throw .notAStore(
                path: segment.environment.path, found: "its dictionary cannot be used (\(error))")
        }
    }

    static func remove(_ path: String) throws(EventLogError) {
        do throws(LMDBError) {
            try Environment.remove(path: path)
        } catch {
            throw .storage(error)
        }
    }

    /// The bytes of the copy's file.
    var bytes: UInt64 { target.environment.information.usedBytes }

    /// Copies everything up to a position at least.
    ///
    /// - Returns: False when the segment ends before the position: the copy is then of no use.
    mutating func run(
        _ rounds: [CommittedRound], through goal: Position, _ went: (UInt64) -> Void
    ) throws(EventLogError) -> Bool {
        do {
            while try copyBlocks(went) {}
            try copySeeds()
            guard end.position < goal else { return true }
            return try pack(rounds, through: goal)
        } catch let error as LMDBError {
            throw BackupFiles.failure(error)
        } catch let error as EventLogError {
            throw error
        } catch {
            preconditionFailure("an error of an unknown kind: \(error)")
        }
    }

    /// Copies some blocks; false when there are no more.
    private mutating func copyBlocks(_ went: (UInt64) -> Void) throws -> Bool {
        var blocks: [(key: UInt64, block: [UInt8])] = []
        var bytes = 0
        do {
            let transaction = try source.environment.beginRead()
            var cursor = try transaction.cursor(source.blocks)
            var isOnBlock = try cursor.seek(atLeast: end.position.rawValue + 1)
            while isOnBlock, bytes < Self.bytesPerRead {
                blocks.append((cursor.integerKey, cursor.value.copied()))
                bytes += cursor.value.byteCount
                isOnBlock = try cursor.next()
            }
        }
        guard !blocks.isEmpty else { return false }
        var transaction = try target.environment.beginWrite()
        for (key, block) in blocks {
            let header = try BlockHeader(checking: block.rawSpan, key: key)
            guard header.first == end.position.next else {
                throw EventLogError.damagedBlock(
                    first: end.position.next, reason: "no block holds it")
            }
            try transaction.put(target.blocks, key: key, value: block.rawSpan, .append)
            end = (header.last, header.digest)
        }
        try transaction.commit()
        went(UInt64(bytes))
        return true
    }

    private func copySeeds() throws {
        var seeds: [(key: UInt64, bytes: [UInt8])] = []
        do {
            let transaction = try source.environment.beginRead()
            var cursor = try transaction.cursor(source.seeds)
            while try cursor.next() { seeds.append((cursor.integerKey, cursor.value.copied())) }
        }
        var transaction = try target.environment.beginWrite()
        let last = end.position.rawValue / LogLimits.positionsPerSeed
        let first = source.first.rawValue / LogLimits.positionsPerSeed
        for seed in seeds where (first...max(first, last)).contains(seed.key) {
            try transaction.put(target.seeds, key: seed.key, value: seed.bytes.rawSpan)
        }
        try transaction.commit()
    }

    /// Packs events from memory into blocks; false when the segment ends before the goal.
    private mutating func pack(
        _ rounds: [CommittedRound], through goal: Position
    ) throws -> Bool {
        let next = end.position.next.rawValue / LogLimits.positionsPerSeed
        seed = try target.seed(ofGroup: next) ?? source.seed(ofGroup: next)
        var block = OpenBlock(first: end.position.next, digest: end.digest)
        var transaction = try target.environment.beginWrite()
        for round in rounds {
            for index in round.starts.indices {
                let position = Position(round.first.rawValue + UInt64(index))
                guard position == block.next, position <= goal else { continue }
                let begins = round.beginsSegment && index == 0 && position > source.first
                if begins || position.rawValue - source.first.rawValue >= sizes.segmentEvents {
                    return false
                }
                try add(round, index, to: &block, &transaction)
            }
        }
        guard block.next > goal else {
            throw EventLogError.damagedBlock(
                first: block.next, reason: "neither a segment nor memory holds it")
        }
        try put(block, &transaction)
        try transaction.commit()
        return true
    }

    private mutating func add(
        _ round: CommittedRound, _ index: Int, to block: inout OpenBlock,
        _ transaction: inout WriteTransaction
    ) throws {
        let stop = index + 1 < round.starts.count ? round.starts[index + 1] : round.records.count
        let record = round.starts[index]..<stop
        if block.count > 0, block.records.count + record.count > LogLimits.blockRawBytes {
            try put(block, &transaction)
            block.begin()
        }
        let group = block.next.rawValue / LogLimits.positionsPerSeed
        if seed?.group != group { seed = round.seeds.first { $0.group == group } }
        guard let bytes = seed?.bytes else {
            preconditionFailure("every group of positions has a seed when it begins")
        }
        try transaction.put(target.seeds, key: group, value: bytes.rawSpan)
        let records = round.records
        let event = try EventView(checking: records.rawSpan.extracting(record))
        block.add(event, seed: bytes.rawSpan, chain: chain)
    }

    private mutating func put(
        _ block: borrowing OpenBlock, _ transaction: inout WriteTransaction
    ) throws {
        var frame: [UInt8] = []
        var bytes: [UInt8] = []
        let records = block.records
        try compressor.compress(records.rawSpan, into: &frame)
        block.header.write(frame: frame, to: &bytes)
        let value = bytes
        try transaction.put(target.blocks, key: block.first.rawValue, value: value.rawSpan, .append)
        end = (block.last, block.digest)
    }
}

extension BackupFiles {
    /// Tells a full disk from other failures of LMDB.
    static func failure(_ error: LMDBError) -> EventLogError {
        error.isMapFull || error.mayBeNoSpace ? .full(operation: "backup") : .storage(error)
    }
}
