internal import EventIndex
internal import EventModel
internal import Glibc
internal import LMDB
internal import Zstd

/// Looks at every block of a segment in order: checksum, frame, records, positions, recorded times
/// and the digest chain. It can go on later with what has come since.
struct SegmentAudit: ~Copyable {
    /// What is known of a segment's end once its blocks have been looked at.
    struct End {
        /// The position that follows the last one.
        var next: Position
        /// The running digest before it; nil when damage hides it.
        var digest: Digest?
        /// The recorded time of the last event; nil when none could be read.
        var recorded: Timestamp?
    }

    let file: String
    let segment: Segment
    private let chain = DigestChain()
    private var decompressor: Decompressor
    /// The last position that belongs to the segment, as far as its neighbour says.
    private(set) var last: Position
    /// The first position that was looked at.
    private(set) var first: Position
    private(set) var end: End
    /// The key of the next block that is looked at, at least.
    private var key: UInt64
    private(set) var firstRecorded: Timestamp?
    private(set) var events: UInt64 = 0
    private(set) var blocks: UInt64 = 0
    private(set) var faults = FaultList()
    /// A block that cannot be read: it ends where the next one begins.
    private var damaged: (key: UInt64, reason: String)?
    /// A position after which the running digest is wanted.
    var wanted: Position?
    /// The running digest after that position, once it has been looked at and the chain led there.
    private(set) var wantedDigest: Digest?
    private var seed: SaltSeed?
    private var compressed: [UInt8] = []
    private var records: [UInt8] = []
    private var starts: [Int] = []
    /// Takes each event that is whole, with its position; for the comparison with the index.
    private let take: (borrowing EventView) -> Void

    /// Begins with the block that holds a position, or with the first block.
    init(
        _ segment: Segment, file: String, from start: Position, last: Position,
        _ take: @escaping (borrowing EventView) -> Void
    ) throws(EventLogError) {
        let begin = try Self.begin(segment, start)
        let decompressor = try Self.decompressor(for: segment)
        self.init(segment, file, begin, last, decompressor, take)
    }

    private init(
        _ segment: Segment, _ file: String, _ begin: End, _ last: Position,
        _ decompressor: consuming Decompressor, _ take: @escaping (borrowing EventView) -> Void
    ) {
        self.segment = segment
        self.file = file
        self.last = last
        self.take = take
        self.decompressor = decompressor
        first = begin.next
        end = begin
        key = begin.next.rawValue
    }

    private static func decompressor(
        for segment: Segment
    ) throws(EventLogError) -> Decompressor {
        do throws(ZstdError) {
            return try Decompressor(dictionary: segment.dictionary)
        } catch {
            throw .system(operation: "decompressor", path: segment.environment.name, errno: ENOMEM)
        }
    }

    /// Finds the block that holds a position, and the digest before it in the block before that.
    private static func begin(
        _ segment: Segment, _ start: Position
    ) throws(EventLogError) -> End {
        let origin = End(next: segment.first, digest: segment.start, recorded: nil)
        guard start > segment.first else { return origin }
        do throws(LMDBError) {
            let transaction = try segment.environment.beginRead()
            var cursor = try transaction.cursor(segment.blocks)
            if try !cursor.seek(atLeast: start.rawValue) {
                guard try cursor.last() else { return origin }
            } else if cursor.integerKey > start.rawValue, try !cursor.previous() {
                return origin
            }
            let key = cursor.integerKey
            guard try cursor.previous() else { return origin }
            let before = try? BlockHeader(checking: cursor.value, key: cursor.integerKey)
            return End(next: Position(key), digest: before?.digest, recorded: nil)
        } catch {
            throw .storage(error)
        }
    }

    /// Goes on to the newest block, or to the one that holds a position.
    mutating func advance(
        through goal: Position, _ progress: (UInt64) -> Void
    ) throws(EventLogError) {
        let segment = segment
        do throws(LMDBError) {
            while key <= goal.rawValue {
                let transaction = try segment.environment.beginRead()
                var cursor = try transaction.cursor(segment.blocks)
                var isOnBlock = try cursor.seek(atLeast: key)
                let before = events
                for _ in 0..<LogLimits.verificationBlocksPerTransaction
                where isOnBlock && key <= goal.rawValue {
                    let found = cursor.integerKey
                    guard found <= goal.rawValue else {
                        isOnBlock = false
                        break
                    }
                    try look(at: cursor.value, key: found, transaction)
                    key = found + 1
                    isOnBlock = try cursor.next()
                }
                progress(events - before)
                guard isOnBlock else { return }
            }
        } catch {
            throw .storage(error)
        }
    }

    /// Whether the last block that was looked at could not be read.
    var endsDamaged: Bool { damaged != nil }

    /// Learns where the segment ends, once the next one has begun.
    mutating func end(at last: Position) { self.last = last }

    /// Ends the look: what stands damaged at the end reaches to where the next segment begins.
    mutating func finish() {
        settleDamage(before: last == Position(.max) ? nil : last.next)
        if last < Position(.max), end.next <= last {
            add(
                .density, positions: end.next...last,
                "no block holds these positions, the next segment begins behind them")
            end = End(next: last.next, digest: nil, recorded: end.recorded)
        }
    }

    mutating func add(
        _ kind: VerificationFault.Kind, block: UInt64? = nil,
        positions: ClosedRange<Position>? = nil, _ what: String
    ) {
        faults.add(
            VerificationFault(
                kind, file, block: block.map { Position($0) }, positions: positions, what))
    }

    /// Tells of a block that could not be read, now that its end is known.
    private mutating func settleDamage(before next: Position?) {
        guard let found = damaged else { return }
        damaged = nil
        let first = Position(found.key)
        let last = next.map { Position($0.rawValue - 1) } ?? first
        add(.block, block: found.key, positions: first...max(first, last), found.reason)
        end = End(next: max(first, last).next, digest: nil, recorded: end.recorded)
    }

    private mutating func look(
        at block: RawSpan, key: UInt64, _ transaction: borrowing ReadTransaction
    ) throws(LMDBError) {
        settleDamage(before: Position(key))
        blocks += 1
        if key > end.next.rawValue {
            add(
                .density, positions: end.next...Position(key - 1), "no block holds these positions")
            end = End(next: Position(key), digest: nil, recorded: end.recorded)
        } else if key < end.next.rawValue {
            add(
                .density, block: key, positions: Position(key)...Position(end.next.rawValue - 1),
                "a block before it holds these positions too")
            end = End(next: Position(key), digest: nil, recorded: end.recorded)
        }
        let header: BlockHeader
        do throws(EventLogError) {
            header = try BlockHeader(checking: block, key: key)
        } catch {
            damaged = (key, Self.reason(error))
            return
        }
        compressed.removeAll(keepingCapacity: true)
        compressed.append(block.extracting(BlockHeader.byteCount..<block.byteCount))
        try read(header, transaction)
        end.next = header.last.next
        // From here on the chain is held against what the head says, so that one fault is told
        // once.
        end.digest = header.digest
        events += UInt64(header.count)
    }

    static func reason(_ error: EventLogError) -> String {
        if case .damagedBlock(_, let reason) = error { return reason }
        return "\(error)"
    }
}

/// What is in a block.
extension SegmentAudit {
    /// Looks at a block's events.
    private mutating func read(
        _ header: BlockHeader, _ transaction: borrowing ReadTransaction
    ) throws(LMDBError) {
        let range = header.first...header.last
        // Out of the struct while they are in use; put back for their room.
        var records: [UInt8] = []
        swap(&records, &self.records)
        defer { swap(&records, &self.records) }
        do throws(EventLogError) {
            try BlockReader.unpack(compressed, header, &decompressor, into: &records, &starts)
        } catch {
            add(
                .block, block: range.lowerBound.rawValue, positions: range, Self.reason(error))
            return
        }
        var open = OpenBlock(first: header.first, digest: end.digest ?? .zero)
        var chains = end.digest != nil
        let starts = starts
        for index in starts.indices {
            let start = starts[index]
            let stop = index + 1 < starts.count ? starts[index + 1] : records.count
            let position = Position(header.first.rawValue + UInt64(index))
            guard
                try look(
                    at: records.rawSpan.extracting(start..<stop), position, header, transaction,
                    &open, &chains)
            else { return }
        }
        if chains, open.digest != header.digest {
            add(
                .chain, positions: range,
                "the digest chain does not lead to what the head of the block says: an event, "
                    + "a seed or a digest is not what was written")
        }
        let written = open.header
        if written.earliest != header.earliest || written.latest != header.latest
            || written.types != header.types
        {
            add(
                .block, block: range.lowerBound.rawValue, positions: range,
                "its head sums up other events than it holds")
        }
    }

    private mutating func look(
        at record: RawSpan, _ position: Position, _ header: BlockHeader,
        _ transaction: borrowing ReadTransaction, _ open: inout OpenBlock, _ chains: inout Bool
    ) throws(LMDBError) -> Bool {
        let event: EventView
        do throws(MalformedBytes) {
            event = try EventView(checking: record)
        } catch {
            add(
                .record, block: header.first.rawValue, positions: position...header.last,
                "the \(error.what) is malformed")
            return false
        }
        guard event.position == position else {
            add(
                .record, block: header.first.rawValue, positions: position...header.last,
                "the event of another position stands there")
            return false
        }
        if let before = end.recorded, event.recorded < before {
            add(.time, positions: position...position, "it was recorded before the one before it")
        }
        if firstRecorded == nil { firstRecorded = event.recorded }
        end.recorded = event.recorded
        try fetchSeed(position, header, transaction)
        if let seed {
            open.add(event, seed: seed.bytes.rawSpan, chain: chain)
        } else {
            chains = false
            open.add(event, seed: Self.noSeed.rawSpan, chain: chain)
        }
        if !RemnantWriter.isAsCommitted(event) {
            add(
                .record, block: header.first.rawValue, positions: position...position,
                "what an erasure left of it is not what was written")
        }
        if position == wanted, chains { wantedDigest = open.digest }
        take(event)
        return true
    }

    private static let noSeed = [UInt8](repeating: 0, count: SaltSeed.byteCount)

    private mutating func fetchSeed(
        _ position: Position, _ header: BlockHeader, _ transaction: borrowing ReadTransaction
    ) throws(LMDBError) {
        let size = LogLimits.positionsPerSeed
        let group = position.rawValue / size
        guard seed?.group != group else { return }
        if let bytes = try transaction.get(segment.seeds, key: group),
            SaltSeed.isWellFormed(bytes)
        {
            seed = SaltSeed(group: group, bytes: bytes.copied())
            return
        }
        seed = nil
        // Told once for each block that needs it; neighbours are joined.
        let last = min(Position((group + 1) * size - 1), header.last)
        add(
            .seed, positions: position...max(position, last),
            "the seed of their salts is missing: the chain cannot be checked there")
    }
}
