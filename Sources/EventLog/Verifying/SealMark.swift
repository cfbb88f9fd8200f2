internal import EventModel
internal import LMDB

/// What a sealed segment says of its end: the meta record `sealed`, u64 LE last position and 32
/// bytes of the running digest after it, then the checksum of all meta records.
struct SealMark: Equatable {
    let last: Position
    let digest: Digest

    /// Whether a segment is sealed.
    enum Finding: Equatable {
        case none, damaged
        case sealed(SealMark)
    }

    static func find(in segment: Segment) throws(LMDBError) -> Finding {
        let key = Array("sealed".utf8)
        let transaction = try segment.environment.beginRead()
        guard let record = try transaction.get(segment.meta, key: key.rawSpan) else { return .none }
        guard record.byteCount == 44 else { return .damaged }
        let value = record.extracting(0..<40)
        let checksum = CRC32C.checksum(value, continuing: CRC32C.checksum(key.rawSpan))
        guard record.load(littleEndian: UInt32.self, at: 40) == checksum else { return .damaged }
        return .sealed(
            SealMark(
                last: Position(value.load(littleEndian: UInt64.self, at: 0)),
                digest: Digest(reading: value.extracting(8..<40))))
    }
}
