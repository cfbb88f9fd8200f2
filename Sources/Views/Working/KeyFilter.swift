/// Tells of most keys that they have never been there, without looking for them: what is not there
/// takes as long to look for as what is, in a large view on pages that nothing else has touched.
///
/// It knows only what it was told of, so that it is good for a view that its owner has begun. Three
/// bits of one word for each key, in layers of which each is four times as large as the one before and
/// begun when that is full: of full ones each is wrong of one key in fifty that are not there. Behind
/// the last, at 21,000,000 keys, it gets worse.
struct KeyFilter {
    /// Of the first layer: 2 MiB, for as long as the fold lives that has begun a view.
    private static let firstWordCount = 1 << 18
    /// 2, 8 and 32 MiB.
    private static let layersMax = 3
    /// With so many keys a word a layer is wrong of one in fifty.
    private static let keysPerWord = 4

    private var layers: [Layer] = [Layer(wordCount: firstWordCount)]

    private struct Layer {
        /// Cleared as bytes are: what repeats a number takes eight times as long.
        var words: [UInt64]
        var keyCount = 0

        init(wordCount: Int) {
            words = unsafe [UInt64](unsafeUninitializedCapacity: wordCount) { words, count in
                unsafe UnsafeMutableRawBufferPointer(words).initializeMemory(
                    as: UInt8.self, repeating: 0)
                count = wordCount
            }
        }

        var isFull: Bool { keyCount >= words.count * KeyFilter.keysPerWord }

        func word(_ hash: UInt32) -> Int { Int(hash) & (words.count - 1) }

        func mayHold(_ hash: UInt32, _ bits: UInt64) -> Bool { words[word(hash)] & bits == bits }
    }

    /// Takes note of a key by its hash.
    mutating func insert(_ hash: UInt32) {
        // A key is told of whenever its row changes.
        guard !mayHold(hash) else { return }
        var last = layers.count - 1
        if layers[last].isFull, layers.count < Self.layersMax {
            layers.append(Layer(wordCount: 4 * layers[last].words.count))
            last += 1
        }
        let word = layers[last].word(hash)
        layers[last].words[word] |= Self.bits(hash)
        layers[last].keyCount += 1
    }

    /// Whether the key may be one that it was told of; false is certain.
    func mayHold(_ hash: UInt32) -> Bool {
        let bits = Self.bits(hash)
        for place in layers.indices where layers[place].mayHold(hash, bits) { return true }
        return false
    }

    /// Which bits of its word: from the hash turned over once more, since its lower half chose the
    /// word.
    private static func bits(_ hash: UInt32) -> UInt64 {
        let mixed = UInt64(hash) &* 0x9E37_79B9_7F4A_7C15
        return 1 &<< (mixed >> 58) | 1 &<< (mixed >> 52 & 63) | 1 &<< (mixed >> 46 & 63)
    }
}
