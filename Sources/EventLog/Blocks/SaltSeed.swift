internal import EventModel
internal import LMDB

/// From what the salts of one group of positions are made; see `DigestChain`. Either the 32 random
/// bytes that were drawn when the group began, or, once something of the group has been erased, the
/// salts of those events that are whole:
///
///      0   u8   version = 1
///      1   32   one bit for each position of the group, the lowest first: its salt follows
///     33   ...  16 bytes for each
struct SaltSeed: Equatable, Sendable {
    static let byteCount = 32
    private static let version: UInt8 = 1
    private static let mapBytes = Int(LogLimits.positionsPerSeed / 8)
    private static let saltBytes = 16

    /// The positions it is for: those that divide by `LogLimits.positionsPerSeed` to this.
    let group: UInt64
    let bytes: [UInt8]

    init(group: UInt64, bytes: [UInt8]) {
        self.group = group
        self.bytes = bytes
    }

    init(group: UInt64, drawing randomBytes: () -> UInt64) {
        self.group = group
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for _ in 0..<4 { bytes.append(littleEndian: randomBytes()) }
        self.bytes = bytes
    }

    /// Whether bytes that a segment holds have one of the two forms.
    static func isWellFormed(_ bytes: RawSpan) -> Bool {
        if bytes.byteCount == byteCount { return true }
        guard bytes.byteCount > mapBytes, bytes[0] == version else { return false }
        let count = (1...mapBytes).reduce(0) { $0 + bytes[$1].nonzeroBitCount }
        return bytes.byteCount == 1 + mapBytes + count * saltBytes
    }

    /// The salt of a position; nil where it was removed.
    static func salt(of position: Position, in bytes: RawSpan) -> (UInt64, UInt64)? {
        guard bytes.byteCount != byteCount else {
            var hash = SHA256()
            hash.update(bytes)
            hash.update(position.rawValue)
            let words = hash.finish().words
            return (words.0, words.1)
        }
        let place = Int(position.rawValue % LogLimits.positionsPerSeed)
        guard isThere(place, bytes) else { return nil }
        var offset = 1 + mapBytes
        for before in 0..<place where isThere(before, bytes) { offset += saltBytes }
        return (
            bytes.load(littleEndian: UInt64.self, at: offset),
            bytes.load(littleEndian: UInt64.self, at: offset + 8)
        )
    }

    private static func isThere(_ place: Int, _ bytes: RawSpan) -> Bool {
        bytes[1 + place / 8] & 1 << UInt8(place % 8) != 0
    }

    /// The salts of some positions alone, which are all of the group that one segment holds.
    func keeping(_ positions: Range<UInt64>, but removed: Set<UInt64>) -> SaltSeed {
        var map = [UInt8](repeating: 0, count: Self.mapBytes)
        var salts: [UInt8] = []
        let size = LogLimits.positionsPerSeed
        let range = (group * size..<(group + 1) * size).clamped(to: positions)
        for position in range where !removed.contains(position) {
            guard let salt = Self.salt(of: Position(position), in: bytes.rawSpan) else { continue }
            let place = Int(position % size)
            map[place / 8] |= 1 << UInt8(place % 8)
            salts.append(littleEndian: salt.0)
            salts.append(littleEndian: salt.1)
        }
        return SaltSeed(group: group, bytes: [Self.version] + map + salts)
    }
}
