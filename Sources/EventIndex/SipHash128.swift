internal import EventModel

/// SipHash with 128 bits of output, fed piece by piece; the numbers of rounds are parameters.
///
/// Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", and the 128-bit variant of
/// their reference implementation. The message is cut into words of 8 bytes, least significant
/// byte first; the last word holds what is left and the length's lowest byte on top.
struct SipHash128 {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// The bytes that do not make a word yet, and how many they are.
    private var tail: UInt64 = 0
    private var tailBits: UInt64 = 0
    private var byteCount = 0
    private let wordRounds: Int
    private let finalRounds: Int

    @inline(__always)
    init(_ key: HashKey, wordRounds: Int, finalRounds: Int) {
        v0 = key.first ^ 0x736F_6D65_7073_6575
        v1 = key.second ^ 0x646F_7261_6E64_6F6D ^ 0xEE
        v2 = key.first ^ 0x6C79_6765_6E65_7261
        v3 = key.second ^ 0x7465_6462_7974_6573
        self.wordRounds = wordRounds
        self.finalRounds = finalRounds
    }

    /// Feeds eight bytes, given least significant first, at a place where no bytes are left over.
    @inline(__always)
    mutating func append(word: UInt64) {
        precondition(tailBits == 0, "a word begins where a word ended")
        absorb(word)
        byteCount &+= 8
    }

    @inline(__always)
    mutating func append(_ bytes: RawSpan) {
        let count = bytes.byteCount
        byteCount &+= count
        var offset = 0
        while offset &+ 8 <= count {
            let word = unsafe UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            absorb(tail | word &<< tailBits)
            // In two steps, since nothing has to stay when nothing was left over.
            tail = (word &>> 1) &>> (63 &- tailBits)
            offset &+= 8
        }
        while offset < count {
            take(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            offset &+= 1
        }
    }

    @inline(__always)
    mutating func append(byte: UInt8) {
        byteCount &+= 1
        take(byte)
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) {
        tail |= UInt64(byte) &<< tailBits
        tailBits &+= 8
        guard tailBits == 64 else { return }
        absorb(tail)
        tail = 0
        tailBits = 0
    }

    /// Returns the hash of everything fed; its 16 bytes in the reference's order are the first
    /// half, then the second, each least significant byte first.
    @inline(__always)
    consuming func finish() -> KeyHash {
        absorb(tail | UInt64(truncatingIfNeeded: byteCount) << 56)
        v2 ^= 0xEE
        for _ in 0..<finalRounds { round() }
        let first = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xDD
        for _ in 0..<finalRounds { round() }
        return KeyHash(high: first, low: v0 ^ v1 ^ v2 ^ v3)
    }

    @inline(__always)
    private mutating func absorb(_ word: UInt64) {
        v3 ^= word
        for _ in 0..<wordRounds { round() }
        v0 ^= word
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v1 = v1 &<< 13 | v1 &>> 51
        v1 ^= v0
        v0 = v0 &<< 32 | v0 &>> 32
        v2 &+= v3
        v3 = v3 &<< 16 | v3 &>> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 &<< 21 | v3 &>> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 &<< 17 | v1 &>> 47
        v1 ^= v2
        v2 = v2 &<< 32 | v2 &>> 32
    }
}
