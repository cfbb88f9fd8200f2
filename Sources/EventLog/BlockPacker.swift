internal import EventModel
internal import Glibc
internal import LMDB
internal import Zstd

/// Packs records into blocks and commits them: the seam between the order, which the loop owns,
/// and the home of the events, which is the segment.
///
/// The newest block stays open while it has room: the next round's events go into it, and its
/// stored value is replaced. So a quiet day leaves full blocks, not one block per event.
struct BlockPacker: ~Copyable {
    private let segment: Segment
    private var compressor: Compressor
    private let chain = DigestChain()
    private var tail: LogTail
    private var frame: [UInt8] = []
    private var block: [UInt8] = []
    private var seed: [UInt8]
    private var seedGroup: UInt64

    init(segment: Segment, tail: LogTail) throws(EventLogError) {
        self.segment = segment
        self.tail = tail
        seed = tail.seed
        seedGroup = tail.seedGroup
        do {
            compressor = try Compressor(level: 1, dictionary: segment.dictionary)
        } catch {
            throw .notAStore(
                path: segment.environment.path, found: "its dictionary cannot be used (\(error))")
        }
    }

    /// Stores stamped records behind a position in one transaction.
    ///
    /// - Throws: `full` or `storage`; the packer and the segment are then as before.
    mutating func store(
        _ records: RawSpan, count: Int, after base: Position, randomBytes: () -> UInt64
    ) throws(EventLogError) {
        let before = tail
        let seedBefore = (seed, seedGroup)
        do {
            var transaction = try segment.environment.beginWrite()
            var offset = 0
            for _ in 0..<count {
                let length = Int(records.load(littleEndian: UInt32.self, at: offset))
                if tail.count > 0, tail.records.count + length > LogLimits.blockRawBytes {
                    try put(&transaction)
                    tail.begin()
                }
                try add(records.extracting(offset..<offset + length), &transaction, randomBytes)
                offset += length
            }
            precondition(offset == records.byteCount, "a round's records fill its bytes")
            try put(&transaction)
            Failpoint.logPut.pass()
            try transaction.commit()
        } catch {
            tail = before
            (seed, seedGroup) = seedBefore
            throw Self.failure(error, segment)
        }
    }

    private mutating func add(
        _ record: RawSpan, _ transaction: inout WriteTransaction, _ randomBytes: () -> UInt64
    ) throws(LMDBError) {
        let event: EventView
        do throws(MalformedBytes) {
            event = try EventView(checking: record)
        } catch {
            preconditionFailure("an encoder made a malformed \(error.what)")
        }
        let group = event.position.rawValue / LogLimits.positionsPerSeed
        if group != seedGroup || seed.isEmpty {
            seed.removeAll(keepingCapacity: true)
            for _ in 0..<4 { seed.append(littleEndian: randomBytes()) }
            seedGroup = group
            try transaction.put(segment.seeds, key: group, value: seed.rawSpan)
        }
        let seed = seed
        tail.add(event, seed: seed.rawSpan, chain: chain)
    }

    private mutating func put(
        _ transaction: inout WriteTransaction
    ) throws(LMDBError) {
        Self.pack(tail, &compressor, frame: &frame, block: &block)
        let block = block
        try transaction.put(segment.blocks, key: tail.first.rawValue, value: block.rawSpan)
    }

    private static func pack(
        _ tail: borrowing LogTail, _ compressor: inout Compressor, frame: inout [UInt8],
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

    /// Tells a full disk, or a used-up quota, from any other failure. LMDB answers a short write with
    /// EIO, so that one is only believed where hardly any room is left.
    static func failure(_ error: any Error, _ segment: Segment) -> EventLogError {
        guard let error = error as? LMDBError else {
            preconditionFailure("an error of an unknown kind: \(error)")
        }
        switch error.cause {
        case .system(errno: ENOSPC), .system(errno: EDQUOT): return .full(operation: "append")
        default: break
        }
        if error.isMapFull { return .full(operation: "append") }
        if error.mayBeNoSpace,
            let free = try? segment.environment.availableBytes(), free < LogLimits.freeBytesMin
        {
            return .full(operation: "append")
        }
        return .storage(error)
    }
}
