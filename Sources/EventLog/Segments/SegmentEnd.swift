internal import EventModel
internal import LMDB

/// How a sealed segment ends: its record `sealed`, u64 LE last position, 32 bytes digest.
///
/// A segment that has this record never changes any more, but for erasure, which writes another
/// file in its place.
struct SegmentEnd: Hashable, Sendable {
    static let byteCount = 40

    /// The last position it holds.
    let last: Position
    /// The running digest after that position, with which the next segment starts.
    let digest: Digest

    init(last: Position, digest: Digest) {
        self.last = last
        self.digest = digest
    }

    /// Reads the record's value, of `byteCount` bytes.
    init(reading bytes: RawSpan) {
        last = Position(bytes.load(littleEndian: UInt64.self, at: 0))
        digest = Digest(reading: bytes.extracting(8..<Self.byteCount))
    }

    /// The record's value.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: last.rawValue)
        digest.append(to: &bytes)
        return bytes
    }
}
