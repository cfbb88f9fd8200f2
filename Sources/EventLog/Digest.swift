internal import Crypto
public import EventModel

/// A SHA-256 value (FIPS 180-4).
public struct Digest: Hashable, Sendable {
    var words: (UInt64, UInt64, UInt64, UInt64)

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

    init(_ digest: SHA256.Digest) {
        self = unsafe digest.withUnsafeBytes { unsafe Digest(reading: $0.bytes) }
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

/// The chain over all events that proves history and survives lawful erasure:
///
///     salt    = first 16 bytes of SHA-256(seed of the position's group ‖ position u64 LE)
///     c       = SHA-256(salt ‖ personal part)
///     leaf    = SHA-256(skeleton ‖ c)
///     running = SHA-256(previous running ‖ leaf)
///
/// Erasure removes the personal part and keeps c; the salt keeps anybody from guessing a phone
/// number against c.
public enum DigestChain {
    /// Returns the running digest after an event.
    public static func advance(
        _ running: Digest, by event: borrowing EventView, seed: RawSpan
    ) -> Digest {
        let commitment = commitment(to: event, seed: seed)
        var leaf = SHA256()
        update(&leaf, event.skeleton)
        update(&leaf, commitment)
        let leafDigest = Digest(leaf.finalize())
        var next = SHA256()
        update(&next, running)
        update(&next, leafDigest)
        return Digest(next.finalize())
    }

    /// Returns c, the salted commitment to an event's personal part.
    static func commitment(to event: borrowing EventView, seed: RawSpan) -> Digest {
        var salt = SHA256()
        update(&salt, seed)
        unsafe withUnsafeBytes(of: event.position.rawValue.littleEndian) {
            unsafe salt.update(bufferPointer: $0)
        }
        let salted = salt.finalize()
        var hash = SHA256()
        unsafe salted.withUnsafeBytes {
            unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<16]))
        }
        update(&hash, event.personalPart)
        return Digest(hash.finalize())
    }

    private static func update(_ hash: inout SHA256, _ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    }

    private static func update(_ hash: inout SHA256, _ digest: Digest) {
        unsafe withUnsafeBytes(of: digest.words) { unsafe hash.update(bufferPointer: $0) }
    }
}
