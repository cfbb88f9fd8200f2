/// Tells of most keys that they have never been there, without looking for them: what is not there
/// takes as long to look for as what is, in a large view on pages that nothing else has touched.
///
/// It knows only what it was told of, so that it is good for a view that its owner has begun. Three
/// bits of one word for each key; with 1,000,000 keys it is wrong of one in fifty that are not there,
/// with three times as many of one in eight.
struct KeyFilter {
    /// 2 MiB, for as long as the fold lives that has begun a view.
    private static let wordCount = 1 << 18

    /// Cleared as bytes are: what repeats a number takes eight times as long.
    private var words = unsafe [UInt64](unsafeUninitializedCapacity: wordCount) { words, count in
        unsafe UnsafeMutableRawBufferPointer(words).initializeMemory(as: UInt8.self, repeating: 0)
        count = wordCount
    }

    /// Takes note of a key by its hash.
    mutating func insert(_ hash: UInt32) { words[Self.word(hash)] |= Self.bits(hash) }

    /// Whether the key may be one that it was told of; false is certain.
    func mayHold(_ hash: UInt32) -> Bool {
        let bits = Self.bits(hash)
        return words[Self.word(hash)] & bits == bits
    }

    private static func word(_ hash: UInt32) -> Int { Int(hash) & (wordCount - 1) }

    /// Which bits of its word: from the hash turned over once more, since its lower half chose the
    /// word.
    private static func bits(_ hash: UInt32) -> UInt64 {
        let mixed = UInt64(hash) &* 0x9E37_79B9_7F4A_7C15
        return 1 &<< (mixed >> 58) | 1 &<< (mixed >> 52 & 63) | 1 &<< (mixed >> 46 & 63)
    }
}
