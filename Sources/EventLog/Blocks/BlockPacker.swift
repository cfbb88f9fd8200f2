internal import EventModel
internal import Glibc
internal import LMDB
internal import Zstd

/// Packs committed events into blocks and puts them into the newest segment. One thread owns it.
///
/// Only full blocks are stored: what is left of a stride is packed again with the next, and lies in
/// the journal until then. So a quiet day leaves full blocks, not one block per event.
struct BlockPacker: ~Copyable {
    private var segment: Segment
    private var compressor: Compressor
    private let chain = DigestChain()
    private let sizes: LogSizes
    /// The last position in a stored block.
    private(set) var stored: Position
    /// The running digest after it.
    private var digest: Digest
    private var seed: SaltSeed?
    /// Whether the present transaction holds that seed.
    private var seedIsPut = false
    /// Whether the next round begins a segment.
    private var endsHere = false
    private var frame: [UInt8] = []
    private var block: [UInt8] = []

    /// Where packing goes on in the newest segment. Not that segment: what a thread is begun with it keeps
    /// to its end.
    struct Start: Sendable {
        /// The last position in a stored block, and the running digest after it.
        let stored: Position
        let digest: Digest
        /// The seed of the group of the next position, unless that begins one.
        let seed: SaltSeed?
    }

    init(
        _ start: Start, in segment: Segment, sizes: LogSizes
    ) throws(EventLogError) {
        self.segment = segment
        stored = start.stored
        digest = start.digest
        seed = start.seed
        self.sizes = sizes
        compressor = try Self.makeCompressor(segment)
    }

    private static func makeCompressor(_ segment: Segment) throws(EventLogError) -> Compressor {
        do {
            return try Compressor(level: 1, dictionary: segment.dictionary)
        } catch {
            throw .notAStore(
                path: segment.environment.path, found: "its dictionary cannot be used (\(error))")
        }
    }

    /// Stores the full blocks of the committed events behind the stored ones, in one transaction
    /// of bounded size.
    ///
    /// - Parameter ending: The position behind which the segment ends: a block that ends there is
    ///   stored however little it holds.
    /// - Returns: Whether there may be more to store.
    /// - Throws: `full` or `storage`; packer and segment are then as before.
    mutating func store(
        from recent: RecentRounds, through goal: Position, ending: Position
    ) throws(EventLogError) -> Bool {
        let before = seed
        var last = (position: stored, digest: digest, seed: seed)
        // Nothing of this is so before the commit: until then the segment neither ends nor moves on.
        var ends = false
        (seedIsPut, endsHere) = (false, false)
        do {
            var tail = OpenBlock(first: stored.next, digest: digest)
            var transaction = try segment.environment.beginWrite()
            var bytes = 0
            var goesOn = true
            while goesOn, tail.next <= goal, let round = recent.round(holding: tail.next) {
                if round.beginsSegment, round.first == tail.next, tail.next > segment.first {
                    if tail.count > 0 { try put(tail, &transaction) }
                    last = (tail.last, tail.digest, seed)
                    tail.begin()
                    ends = true
                    break
                }
                let records = round.records
                for index in Int(tail.next.rawValue - round.first.rawValue)..<round.starts.count {
                    let record = Self.record(records.rawSpan, round.starts, index)
                    if isFull(tail, adding: record.byteCount) {
                        try put(tail, &transaction)
                        last = (tail.last, tail.digest, seed)
                        tail.begin()
                        if bytes >= LogLimits.strideBytesMax || segmentIsFull(last.position) {
                            goesOn = false
                            break
                        }
                    }
                    try add(record, of: round, to: &tail, &transaction)
                    bytes += record.byteCount
                }
            }
            if tail.count > 0, tail.last == ending {
                try put(tail, &transaction)
                last = (tail.last, tail.digest, seed)
            }
            if last.position > stored {
                Failpoint.stridePut.pass()
                try transaction.commit()
                Failpoint.strideCommitted.pass()
            }
            // What was packed and not put is packed again.
            (stored, digest, seed) = last
            endsHere = ends
            return !goesOn || ends
        } catch {
            seed = before
            throw Self.failure(error, segment.environment)
        }
    }

    @_lifetime(copy records)
    private static func record(_ records: RawSpan, _ starts: [Int], _ index: Int) -> RawSpan {
        let end = index + 1 < starts.count ? starts[index + 1] : records.byteCount
        return records.extracting(starts[index]..<end)
    }

    private func isFull(_ tail: borrowing OpenBlock, adding bytes: Int) -> Bool {
        tail.count > 0
            && (tail.records.count + bytes > LogLimits.blockRawBytes || segmentIsFull(tail.last))
    }

    private func segmentIsFull(_ last: Position) -> Bool {
        last.rawValue - segment.first.rawValue + 1 >= sizes.segmentEvents
    }

    private mutating func add(
        _ record: RawSpan, of round: CommittedRound, to tail: inout OpenBlock,
        _ transaction: inout WriteTransaction
    ) throws(LMDBError) {
        let event: EventView
        do throws(MalformedBytes) {
            event = try EventView(checking: record)
        } catch {
            preconditionFailure("an encoder made a malformed \(error.what)")
        }
        let group = event.position.rawValue / LogLimits.positionsPerSeed
        if seed?.group != group {
            seed = round.seeds.first { $0.group == group }
            seedIsPut = false
        }
        guard let bytes = seed?.bytes else {
            preconditionFailure("every group of positions has a seed when it begins")
        }
        if !seedIsPut {
            try transaction.put(segment.seeds, key: group, value: bytes.rawSpan)
            seedIsPut = true
        }
        tail.add(event, seed: bytes.rawSpan, chain: chain)
    }

    private mutating func put(
        _ tail: borrowing OpenBlock, _ transaction: inout WriteTransaction
    ) throws(LMDBError) {
        Self.pack(tail, &compressor, frame: &frame, block: &block)
        let block = block
        try transaction.put(
            segment.blocks, key: tail.first.rawValue, value: block.rawSpan, .append)
    }

    /// Compresses a block's records into its stored form.
    static func pack(
        _ tail: borrowing OpenBlock, _ compressor: inout Compressor, frame: inout [UInt8],
        block: inout [UInt8]
    ) {
        frame.removeAll(keepingCapacity: true)
        do throws(ZstdError) {
            try compressor.compress(tail.records.rawSpan, into: &frame)
        } catch {
            preconditionFailure("zstd refused to compress a block: \(error)")
        }
        tail.header.write(frame: frame, to: &block)
    }

    /// The newest segment, and the bytes of its file in use.
    var newest: (first: Position, bytes: UInt64) {
        (segment.first, segment.environment.information.usedBytes)
    }

    /// Ends the segment, where everything up to a position is stored and nothing behind it.
    ///
    /// - Returns: Whether that is so and the segment holds something.
    mutating func end(behind position: Position) -> Bool {
        guard stored == position, stored >= segment.first else { return false }
        endsHere = true
        return true
    }

    /// Begins the next segment when the present one has ended: by its count of events, which the
    /// writer of the order counts too, or because that has said so.
    mutating func rollIfFull(
        _ segments: SegmentSet, _ sizes: LogSizes, _ recent: RecentRounds
    ) throws(EventLogError) {
        guard stored >= segment.first, segmentIsFull(stored) || endsHere else { return }
        // A segment that begins with a round has a seed of its own, which comes with that round.
        let group = stored.next.rawValue / LogLimits.positionsPerSeed
        let next = recent.round(holding: stored.next)
        if next?.seeds.contains(where: { $0.group == group }) ?? true { seed = nil }
        segment = try segments.begin(first: stored.next, start: digest, seed: seed)
        compressor = try Self.makeCompressor(segment)
    }

    /// Tells a full disk, or a used-up quota, from any other failure. LMDB answers a short write with
    /// EIO, so that one is only believed where hardly any room is left.
    static func failure(
        _ error: any Error, _ environment: Environment
    ) -> EventLogError {
        guard let error = error as? LMDBError else {
            preconditionFailure("an error of an unknown kind: \(error)")
        }
        switch error.cause {
        case .system(errno: ENOSPC), .system(errno: EDQUOT): return .full(operation: "append")
        default: break
        }
        if error.isMapFull { return .full(operation: "append") }
        if error.mayBeNoSpace,
            let free = try? environment.availableBytes(), free < LogLimits.freeBytesMin
        {
            return .full(operation: "append")
        }
        return .storage(error)
    }
}
