/// 128 bits that stand for an id or a stream: found among others by comparing two integers.
///
/// Under a key that nobody outside knows, two different names have the same hash once in 2^128
/// pairs; whoever can read the event confirms what was found all the same.
@frozen
public struct KeyHash: Hashable, Comparable, Sendable {
    /// The first 64 bits: the order of runs, filters and entries of ids.
    public let high: UInt64
    /// The last 64 bits.
    public let low: UInt64

    /// Makes a hash of its two halves.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Orders by the first half, then by the second.
    @inlinable
    public static func < (left: KeyHash, right: KeyHash) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    static let first = KeyHash(high: 0, low: 0)
    static let last = KeyHash(high: .max, low: .max)

    /// The hash before this one; the first one has none.
    var predecessor: KeyHash? {
        if low > 0 { return KeyHash(high: high, low: low - 1) }
        return high > 0 ? KeyHash(high: high - 1, low: .max) : nil
    }
}
