internal import EventModel

/// The 128 secret bits of a store under which its ids and streams are hashed: nobody who sends
/// events can choose names whose hashes meet.
///
/// Hashes are SipHash-1-3 with 128 bits of output over a first word, which keeps the two uses and
/// the parts of a name apart, and the bytes of the name:
///
///     id      'i' (1)  0 (3)             bytes of the source (4, LE)   source   id
///     stream  's' (1)  kind (1)  0 (2)   0 (4)                         name
@frozen
public struct HashKey: Hashable, Sendable {
    /// The first 8 of the 16 bytes, least significant first.
    public let first: UInt64
    /// The last 8 of the 16 bytes, least significant first.
    public let second: UInt64

    /// Makes a key of its two halves.
    @inlinable
    public init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// Makes a key of 16 random bytes; another number of bytes is a broken invariant.
    public init(_ bytes: RawSpan) {
        precondition(bytes.byteCount == 16, "a key has 16 bytes")
        first = bytes.load(littleEndian: UInt64.self, at: 0)
        second = bytes.load(littleEndian: UInt64.self, at: 8)
    }

    /// Returns the hash of an event's id: of the producer's name and the producer's id together.
    ///
    /// - Complexity: O(bytes), about 30 ns for 40 bytes; no allocation.
    public func id(source: RawSpan, id: RawSpan) -> KeyHash {
        var hash = SipHash128(self, wordRounds: 1, finalRounds: 3)
        let sourceBytes = UInt64(UInt32(truncatingIfNeeded: source.byteCount))
        hash.append(word: UInt64(UInt8(ascii: "i")) | sourceBytes << 32)
        hash.append(source)
        hash.append(id)
        return hash.finish()
    }

    /// Returns the hash of a stream: of its kind, which tells the name spaces apart, and its name.
    ///
    /// - Complexity: O(bytes); no allocation.
    public func stream(kind: UInt8, name: RawSpan) -> KeyHash {
        var hash = SipHash128(self, wordRounds: 1, finalRounds: 3)
        hash.append(word: UInt64(UInt8(ascii: "s")) | UInt64(kind) << 8)
        hash.append(name)
        return hash.finish()
    }

    /// Returns the hash of a stream whose name is two parts with one byte between them, without
    /// putting the name together.
    ///
    /// - Complexity: O(bytes); no allocation.
    public func stream(
        kind: UInt8, name first: RawSpan, separator: UInt8, _ second: RawSpan
    ) -> KeyHash {
        var hash = SipHash128(self, wordRounds: 1, finalRounds: 3)
        hash.append(word: UInt64(UInt8(ascii: "s")) | UInt64(kind) << 8)
        hash.append(first)
        hash.append(byte: separator)
        hash.append(second)
        return hash.finish()
    }
}
