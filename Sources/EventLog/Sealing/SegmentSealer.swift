internal import EventModel
internal import LMDB
internal import Zstd

/// Writes the final form of a segment that has ended: its blocks packed again, with a dictionary
/// of its own, no page of the file half used, and the record that says how it ends.
///
/// Every event passes through: the digest chain is computed anew and held against what the blocks
/// say, so that a sealed segment is a verified one.
struct SegmentSealer: ~Copyable {
    private let successor: SegmentSuccessor
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

    private var source: Segment { successor.source }
    private var end: SegmentEnd { successor.end }

    /// Prepares to seal a segment, which trains its dictionary.
    ///
    /// - Parameters:
    ///   - end: Where it ends, as the next segment says.
    ///   - path: Where the new file is made; there must be none.
    ///   - level: The compression level of its blocks.
    init(
        _ source: Segment, end: SegmentEnd, path: String, level: Int = LogLimits.sealedLevel
    ) throws(EventLogError) {
        var training = try SegmentDictionary(of: source, last: end.last)
        let dictionary = try training.choose()
        let successor = SegmentSuccessor(source: source, end: end, path: path, scrub: nil)
        self.init(
            successor, dictionary, try BlockReader.make(path: path),
            try successor.makeCompressor(dictionary, level: level))
    }

    private init(
        _ successor: SegmentSuccessor, _ dictionary: CompressionDictionary?,
        _ reader: consuming BlockReader, _ compressor: consuming Compressor
    ) {
        self.successor = successor
        self.dictionary = dictionary
        self.reader = reader
        self.compressor = compressor
    }

    /// Writes the file, which is on disk when this returns.
    ///
    /// - Parameter goesOn: Asked now and then, with the last position done.
    /// - Returns: False when it was told not to go on; nothing is left then.
    /// - Throws: `damagedBlock` when the segment is not what its chain says; `full`, `storage`.
    ///   Nothing is left then.
    mutating func run(_ goesOn: (Position) -> Bool) throws(EventLogError) -> Bool {
        let (successor, dictionary) = (successor, dictionary)
        return try successor.write(dictionary) { try write(to: $0, $1, goesOn) }
    }

    private mutating func write(
        to target: Environment, _ blocks: Database, _ goesOn: (Position) -> Bool
    ) throws -> Bool {
        var open = OpenBlock(first: source.first, digest: source.start)
        var growth = FileGrowth(target)
        while open.next <= end.last {
            var transaction = try target.beginWrite()
            var bytes = 0
            while open.next <= end.last, bytes < LogLimits.sealedBytesPerCommit {
                bytes += try repack(&open, into: blocks, &transaction)
            }
            if open.next > end.last, open.count > 0 {
                _ = try put(open, into: blocks, &transaction)
            }
            try transaction.commit()
            try growth.writeOut()
            guard goesOn(open.last) else { return false }
        }
        try successor.check(open.last, open.digest)
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
            try reader.block.show(position) { open.add($0, seed: seed.rawSpan, chain: chain) }
        }
        guard open.digest == header.digest else {
            throw EventLogError.damagedBlock(
                first: header.first, reason: "its digest is not that of the events in it")
        }
        return bytes
    }

    private mutating func findSeed(of position: Position) throws(EventLogError) {
        let group = position.rawValue / LogLimits.positionsPerSeed
        if seed.group != group || seed.bytes.isEmpty { seed = try successor.seed(of: position) }
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
}
