internal import EventModel
internal import LMDB
internal import Zstd

/// Trains the dictionary of a segment that is being sealed: its blocks are packed again with it,
/// and the next segment begins with it.
struct SegmentDictionary: ~Copyable {
    private let segment: Segment
    private var reader: BlockReader
    private let positions: Range<UInt64>
    private let old: CompressionDictionary?

    /// - Parameter last: The last position that the segment holds.
    init(of segment: Segment, last: Position) throws(EventLogError) {
        self.init(segment, last, try BlockReader.make(path: segment.environment.path))
    }

    private init(_ segment: Segment, _ last: Position, _ reader: consuming BlockReader) {
        self.segment = segment
        self.reader = reader
        positions = segment.first.rawValue..<last.rawValue + 1
        old = segment.dictionary
    }

    /// Returns the better one, for this segment's events, of a dictionary trained on them with
    /// everything personal masked, and the one they are compressed with.
    ///
    /// - Throws: `damagedBlock`, `storage`.
    mutating func choose() throws(EventLogError) -> CompressionDictionary? {
        guard let trained = try train() else { return old }
        let samples = try heldOut()
        return Self.frameBytes(samples, trained) < Self.frameBytes(samples, old) ? trained : old
    }

    /// Trains on blocks from all over the segment; nil when there is too little to learn.
    private mutating func train() throws(EventLogError) -> CompressionDictionary? {
        var mask = PersonalMask(seed: positions.lowerBound)
        try forEachBlock(LogLimits.dictionaryWordBlocks, offset: 0) {
            (block) throws(EventLogError) in
            try Self.forEachRecord(block) { mask.learn($0) }
        }
        var joined: [UInt8] = []
        var sizes: [Int] = []
        try forEachBlock(LogLimits.dictionarySamples, offset: 0) {
            (block) throws(EventLogError) in
            let start = joined.count
            try Self.forEachRecord(block) { mask.append($0, to: &joined) }
            sizes.append(joined.count - start)
        }
        // zstd refuses too few or too uniform samples: the old dictionary does then.
        guard
            let bytes = try? CompressionDictionary.train(
                joined: joined.rawSpan, sizes: sizes, capacity: LogLimits.dictionaryBytes)
        else { return nil }
        return try? CompressionDictionary(bytes)
    }

    /// Blocks as they are, between those that were trained on.
    private mutating func heldOut() throws(EventLogError) -> [[UInt8]] {
        var blocks: [[UInt8]] = []
        try forEachBlock(LogLimits.dictionaryTrials, offset: 1) {
            (block) throws(EventLogError) in
            var records: [UInt8] = []
            try Self.forEachRecord(block) { records.append($0.record) }
            blocks.append(records)
        }
        return blocks
    }

    private static func forEachRecord(
        _ block: UnpackedBlock, _ body: (borrowing EventView) -> Void
    ) throws(EventLogError) {
        for position in block.positions {
            do throws(ReadFailure<Never>) {
                try block.show(Position(position)) { (event) throws(Never) in body(event) }
            } catch {
                throw error.ofLog
            }
        }
    }

    /// Reads so many blocks that lie evenly over the segment, fewer where it has fewer.
    ///
    /// - Parameter offset: How many blocks behind the even places.
    private mutating func forEachBlock(
        _ count: UInt64, offset: Int,
        _ body: (UnpackedBlock) throws(EventLogError) -> Void
    ) throws(EventLogError) {
        let step = max(1, (positions.upperBound - positions.lowerBound) / count)
        var next = positions.lowerBound
        while next < positions.upperBound {
            var header = try reader.read(segment, atOrBefore: Position(next))
            for _ in 0..<offset {
                guard let before = header, before.last.rawValue + 1 < positions.upperBound else {
                    break
                }
                header = try reader.read(segment, atOrBefore: before.last.next)
            }
            guard let found = header else {
                throw .damagedBlock(first: Position(next), reason: "no block holds it")
            }
            try body(reader.block)
            next = max(next + step, found.last.rawValue + 1)
        }
    }

    private static func frameBytes(
        _ samples: [[UInt8]], _ dictionary: CompressionDictionary?
    ) -> Int {
        guard
            var compressor = try? Compressor(
                level: LogLimits.sealedLevel, dictionary: dictionary)
        else { return .max }
        var frame: [UInt8] = []
        for sample in samples {
            // A sample that zstd refuses counts for neither.
            _ = try? compressor.compress(sample.rawSpan, into: &frame)
        }
        return frame.count
    }
}
