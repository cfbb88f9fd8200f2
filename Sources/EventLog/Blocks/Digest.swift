internal import EventModel

/// A SHA-256 value (FIPS 180-4).
public struct Digest: Hashable, Sendable {
    var words: (UInt64, UInt64, UInt64, UInt64)

    static let byteCount = 32

    /// Stands before the first event of a store.
    public static let zero = Digest(words: (0, 0, 0, 0))

    init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// Reads 32 bytes.
    public init(reading bytes: RawSpan) {
        precondition(bytes.byteCount == 32)
        words = (
            bytes.load(littleEndian: UInt64.self, at: 0),
            bytes.load(littleEndian: UInt64.self, at: 8),
            bytes.load(littleEndian: UInt64.self, at: 16),
            bytes.load(littleEndian: UInt64.self, at: 24)
        )
    }

    /// Appends the 32 bytes.
    public func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: words.0)
        bytes.append(littleEndian: words.1)
        bytes.append(littleEndian: words.2)
        bytes.append(littleEndian: words.3)
    }

    /// The 32 bytes as 64 hexadecimal digits.
    public var hexadecimal: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    /// Compares all 32 bytes.
    public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    /// Hashes all 32 bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
