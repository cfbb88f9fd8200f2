internal import EventIndex
internal import EventModel
internal import LMDB
internal import Zstd

/// Writes a sealed segment anew without what is erased.
///
/// Blocks of which nothing goes are copied as they lie, damaged ones among them; the others keep their
/// bounds, and the digest chain is held against them event by event. The dictionary stays, too: it
/// knows only words that many persons share (`PersonalMask`), so that nobody's erasure concerns it.
struct SegmentScrubber: ~Copyable {
    private let successor: SegmentSuccessor
    private let scrub: SegmentScrub
    private var reader: BlockReader
    private var compressor: Compressor
    private var seed = SaltSeed(group: 0, bytes: [])
    private var frame: [UInt8] = []
    private var block: [UInt8] = []
    /// What the segment's index is to say otherwise.
    private(set) var changes = IndexChanges()

    private var source: Segment { successor.source }
    private var end: SegmentEnd { successor.end }

    /// Prepares to write a segment anew.
    ///
    /// - Parameters:
    ///   - end: Where it ends.
    ///   - path: Where the new file is made; there must be none.
    init(
        _ source: Segment, end: SegmentEnd, path: String, scrub: SegmentScrub
    ) throws(EventLogError) {
        let successor = SegmentSuccessor(source: source, end: end, path: path, scrub: scrub)
        self.init(
            successor, scrub, try BlockReader.make(path: path),
            try successor.makeCompressor(source.dictionary))
    }

    private init(
        _ successor: SegmentSuccessor, _ scrub: SegmentScrub, _ reader: consuming BlockReader,
        _ compressor: consuming Compressor
    ) {
        self.successor = successor
        self.scrub = scrub
        self.reader = reader
        self.compressor = compressor
    }

    /// Writes the file, which is on disk when this returns.
    ///
    /// - Parameter goesOn: Asked now and then.
    /// - Returns: False when it was told not to go on; nothing is left then.
    /// - Throws: `damagedBlock` when a block of which something goes is damaged, or not what its chain says;
    ///   `full`, `storage`. Nothing is left then.
    mutating func run(_ goesOn: () -> Bool) throws(EventLogError) -> Bool {
        let (successor, dictionary) = (successor, successor.source.dictionary)
        return try successor.write(dictionary) { try write(to: $0, $1, goesOn) }
    }

    private mutating func write(
        to target: Environment, _ blocks: Database, _ goesOn: () -> Bool
    ) throws -> Bool {
        let reading = try source.environment.beginRead()
        var starts: [UInt64] = []
        var walk = try reading.cursor(source.blocks)
        while try walk.next() { starts.append(walk.integerKey) }
        guard starts.first == source.first.rawValue else { throw missing(source.first) }
        var cursor = try reading.cursor(source.blocks)
        var digest: Digest? = source.start
        var growth = FileGrowth(target)
        var place = 0
        while place < starts.count {
            var transaction = try target.beginWrite()
            var bytes = 0
            while place < starts.count, bytes < LogLimits.sealedBytesPerCommit {
                guard try cursor.next() else { throw missing(Position(starts[place])) }
                let behind = place + 1 < starts.count ? starts[place + 1] : end.last.rawValue + 1
                let events = Position(starts[place])...Position(behind - 1)
                place += 1
                let (value, key) = (cursor.value, cursor.integerKey)
                guard scrub.concerns(events) else {
                    digest = try untouchedDigest(value, key, through: events.upperBound)
                    try transaction.put(blocks, key: key, value: value, .append)
                    bytes += value.byteCount
                    continue
                }
                let header = try BlockHeader(checking: value, key: key)
                guard header.last == events.upperBound else { throw missing(header.last.next) }
                guard let before = digest else { throw unproved(header.first) }
                bytes += try rewrite(header, behind: before, into: blocks, &transaction)
                digest = header.digest
            }
            try transaction.commit()
            try growth.writeOut()
            guard goesOn() else { return false }
        }
        if let digest { try successor.check(end.last, digest) }
        return true
    }

    /// The digest behind a block of which nothing goes; nil where the block is damaged: it stays as it is, for
    /// a backup to heal.
    ///
    /// - Throws: `damagedBlock` where it is whole and ends elsewhere: one behind it is missing.
    private func untouchedDigest(
        _ block: RawSpan, _ key: UInt64, through last: Position
    ) throws(EventLogError) -> Digest? {
        let header: BlockHeader
        do throws(EventLogError) {
            header = try BlockHeader(checking: block, key: key)
        } catch {
            guard error.isDamage else { throw error }
            return nil
        }
        guard header.last == last else { throw missing(header.last.next) }
        return header.digest
    }

    private func unproved(_ first: Position) -> EventLogError {
        .damagedBlock(
            first: first,
            reason: "the block before it is damaged, so that its digest cannot be held against it")
    }

    private func missing(_ first: Position) -> EventLogError {
        .damagedBlock(first: first, reason: "no block begins with it")
    }

    /// Puts what is left of a block; returns its bytes.
    private mutating func rewrite(
        _ header: BlockHeader, behind digest: Digest, into blocks: Database,
        _ transaction: inout WriteTransaction
    ) throws -> Int {
        guard try reader.read(source, atOrBefore: header.first) == header else {
            throw missing(header.first)
        }
        let chain = DigestChain()
        var open = OpenBlock(first: header.first, digest: digest)
        var bytes = 0
        while open.next <= header.last {
            let position = open.next
            let size = open.records.count + reader.block.byteCount(at: position)
            // What is left of an event may be longer than it was.
            if open.count > 0, size > LogLimits.sealedBlockRawBytesMax {
                bytes += try put(open, into: blocks, &transaction)
                open.begin()
            }
            let group = position.rawValue / LogLimits.positionsPerSeed
            if seed.group != group || seed.bytes.isEmpty { seed = try successor.seed(of: position) }
            let (scrub, seed) = (scrub, seed.bytes)
            var changes = changes
            try reader.block.show(position) {
                if scrub.concerns(position) {
                    scrub.add($0, seed: seed.rawSpan, chain: chain, to: &open, &changes)
                } else {
                    open.add($0, seed: seed.rawSpan, chain: chain)
                }
            }
            self.changes = changes
        }
        guard open.digest == header.digest else {
            throw EventLogError.damagedBlock(
                first: header.first, reason: "its digest is not that of the events in it")
        }
        return try bytes + put(open, into: blocks, &transaction)
    }

    private mutating func put(
        _ open: borrowing OpenBlock, into blocks: Database,
        _ transaction: inout WriteTransaction
    ) throws(LMDBError) -> Int {
        BlockPacker.pack(open, &compressor, frame: &frame, block: &block)
        let block = block
        try transaction.put(blocks, key: open.first.rawValue, value: block.rawSpan, .append)
        return block.count
    }
}
