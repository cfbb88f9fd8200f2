internal import EventModel

/// The 128 bits that tell a store from every other: an index of another store is refused.
@frozen
public struct StoreID: Hashable, Sendable {
    /// The first 8 of the 16 bytes, least significant first.
    public let first: UInt64
    /// The last 8 of the 16 bytes, least significant first.
    public let second: UInt64

    /// Makes an id of its two halves.
    @inlinable
    public init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// Makes an id of 16 bytes; another number of bytes is a broken invariant.
    public init(_ bytes: RawSpan) {
        precondition(bytes.byteCount == 16, "a store's id has 16 bytes")
        first = bytes.load(littleEndian: UInt64.self, at: 0)
        second = bytes.load(littleEndian: UInt64.self, at: 8)
    }
}
