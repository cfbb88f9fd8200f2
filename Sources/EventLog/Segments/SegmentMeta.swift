internal import EventModel
internal import LMDB

/// What a segment says about itself in its database `meta`. Each record ends with a u32 LE CRC-32C
/// over its key and its value: a dictionary with one wrong bit gives wrong events without it.
enum SegmentMeta: String {
    case format, first, start, dictionary, sealed, scrubbed

    private var key: [UInt8] { Array(rawValue.utf8) }

    private func checksum(_ value: RawSpan) -> UInt32 {
        let key = key
        return CRC32C.checksum(value, continuing: CRC32C.checksum(key.rawSpan))
    }

    /// Stores the record.
    func put(
        _ value: [UInt8], _ meta: Database, in transaction: inout WriteTransaction
    ) throws(LMDBError) {
        let key = key
        var record = value
        record.append(littleEndian: checksum(value.rawSpan))
        try transaction.put(meta, key: key.rawSpan, value: record.rawSpan)
    }

    /// Tells whether there is a record, right or wrong.
    func exists(
        _ meta: Database, in transaction: borrowing ReadTransaction
    ) throws(LMDBError) -> Bool {
        let key = key
        return try transaction.get(meta, key: key.rawSpan) != nil
    }

    /// Returns the record's value, or nil when there is none with this checksum and this length.
    func value(
        _ meta: Database, in transaction: borrowing ReadTransaction, bytes: Int?
    ) throws(LMDBError) -> [UInt8]? {
        let key = key
        guard let record = try transaction.get(meta, key: key.rawSpan) else { return nil }
        let end = record.byteCount - 4
        guard end >= 0, bytes == nil || bytes == end else { return nil }
        let value = record.extracting(0..<end)
        guard record.load(littleEndian: UInt32.self, at: end) == checksum(value) else {
            return nil
        }
        return value.copied()
    }
}
