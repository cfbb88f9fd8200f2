internal import EventModel

/// The 32 random bytes from which the salts of one group of positions are made; see `DigestChain`.
struct SaltSeed: Equatable, Sendable {
    static let byteCount = 32

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
}
