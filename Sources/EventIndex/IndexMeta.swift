internal import EventModel
internal import LMDB

/// What an index says about itself in its database `meta`. Each record ends with a CRC-32C over
/// its key and its value.
///
///     format  version (4, LE)
///     segment store id (16), first position of the segment (8, LE)
///     runs    for each complete run: number of positions (4, LE), number of streams (4, LE)
enum IndexMeta: String {
    case format, segment, runs

    /// The version of the format written here.
    static let version: UInt32 = 1

    private var key: [UInt8] { Array(rawValue.utf8) }

    /// Stores the record.
    func put(
        _ content: [UInt8], _ meta: Database, in sink: inout LeafSink
    ) throws(IndexError) {
        let key = key
        var value = content
        LeafChecksum.append(to: &value, key: key)
        try sink.put(meta, key: key.rawSpan, value: value.rawSpan)
    }

    /// Returns the record's content, or nil when there is none with its checksum.
    func content(
        _ meta: Database, in transaction: borrowing ReadTransaction
    ) throws(LMDBError) -> [UInt8]? {
        let key = key
        guard let value = try transaction.get(meta, key: key.rawSpan),
            value.byteCount <= 4_096
        else { return nil }
        return LeafChecksum.checked(value, key: key.rawSpan)?.copied()
    }

    static func segment(_ store: StoreID, _ first: Position) -> [UInt8] {
        var content: [UInt8] = []
        content.append(littleEndian: store.first)
        content.append(littleEndian: store.second)
        content.append(littleEndian: first.rawValue)
        return content
    }

    static func runs(_ runs: [IndexRun]) -> [UInt8] {
        var content: [UInt8] = []
        for run in runs {
            content.append(littleEndian: run.count)
            content.append(littleEndian: run.streamCount)
        }
        return content
    }
}
