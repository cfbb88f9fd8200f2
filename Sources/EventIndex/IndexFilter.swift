internal import EventModel

/// Tells which hashes are certainly not in a set: a Bloom filter split into blocks of 256 bits, so
/// that a question touches one cache line.
///
/// A hash's upper half chooses the block, its lower half one bit in each of the block's eight words
/// of 32 bits. Source: Putze, Sanders and Singler, "Cache-, Hash- and Space-Efficient Bloom
/// Filters"; the multipliers are those of the Apache Parquet format's filter.
struct IndexFilter: Sendable {
    /// Eight words for each block.
    private(set) var words: [UInt32]

    static let wordsPerBlock = 8
    static let blockBytes = 32

    /// Makes an empty filter with so many blocks.
    init(blocks: Int) {
        precondition(blocks > 0, "a filter has a block")
        words = Array(repeating: 0, count: blocks * Self.wordsPerBlock)
    }

    /// Makes an empty filter of so many bits for each of so many keys.
    init(keys: Int, bitsPerKey: Int) {
        self.init(blocks: Self.blocks(keys: keys, bitsPerKey: bitsPerKey))
    }

    /// Returns how many blocks give so many bits for each of so many keys.
    static func blocks(keys: Int, bitsPerKey: Int) -> Int {
        max(1, (keys * bitsPerKey + blockBytes * 8 - 1) / (blockBytes * 8))
    }

    /// Takes over a stored filter's bytes; nil when they are not whole blocks.
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount > 0, bytes.byteCount % Self.blockBytes == 0 else { return nil }
        words = (0..<bytes.byteCount / 4).map { bytes.load(littleEndian: UInt32.self, at: $0 * 4) }
    }

    var blockCount: Int { words.count / Self.wordsPerBlock }
    var byteCount: Int { words.count * 4 }

    mutating func insert(_ hash: UInt64) {
        let start = Self.block(hash, of: blockCount) &* Self.wordsPerBlock
        for index in 0..<Self.wordsPerBlock { words[start &+ index] |= Self.bit(hash, index) }
    }

    /// Tells whether a hash may be in the set; `false` is certain.
    func mayContain(_ hash: UInt64) -> Bool {
        let start = Self.block(hash, of: blockCount) &* Self.wordsPerBlock
        for index in 0..<Self.wordsPerBlock where words[start &+ index] & Self.bit(hash, index) == 0
        {
            return false
        }
        return true
    }

    /// The block of a hash among so many.
    @inline(__always)
    static func block(_ hash: UInt64, of count: Int) -> Int {
        Int(truncatingIfNeeded: ((hash &>> 32) &* UInt64(truncatingIfNeeded: count)) &>> 32)
    }

    /// The bit of a hash in one of its block's words.
    @inline(__always)
    static func bit(_ hash: UInt64, _ word: Int) -> UInt32 {
        1 &<< ((UInt32(truncatingIfNeeded: hash) &* multipliers[word]) &>> 27)
    }

    private static let multipliers: InlineArray<8, UInt32> = [
        0x47B6_137B, 0x4497_4D91, 0x8824_AD5B, 0xA2B7_289D,
        0x7054_95C7, 0x2DF1_424B, 0x9EFC_4947, 0x5C6B_FB31,
    ]
}
