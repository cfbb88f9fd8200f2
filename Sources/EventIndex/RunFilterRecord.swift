internal import EventModel
internal import LMDB

/// A run's filters as they are stored, so that opening a growing index reads 4 bytes a key instead
/// of every leaf.
///
///     key    run (2, BE), 'i' for the ids, 's' for the streams
///     value  the filter's words (4 each, LE), CRC-32C of key and value (4, LE)
enum RunFilterRecord: UInt8 {
    case ids = 0x69
    case streams = 0x73

    private func key(_ run: UInt16) -> [UInt8] {
        var key: [UInt8] = []
        key.append(bigEndian: run)
        key.append(rawValue)
        return key
    }

    /// Stores a filter behind those of earlier runs.
    func append(
        _ filter: IndexFilter, run: UInt16, _ database: Database, to sink: inout LeafSink
    ) throws(IndexError) {
        let key = key(run)
        var value: [UInt8] = []
        value.reserveCapacity(filter.byteCount + IndexLimits.checksumBytes)
        for word in filter.words { value.append(littleEndian: word) }
        LeafChecksum.append(to: &value, key: key)
        try sink.append(database, key: key.rawSpan, value: value.rawSpan)
    }

    /// Returns a filter for so many keys, or nil when there is none as it was written.
    func filter(
        run: UInt16, keys: Int, _ database: Database, in transaction: borrowing ReadTransaction
    ) throws(LMDBError) -> IndexFilter? {
        let key = key(run)
        let blocks = IndexFilter.blocks(keys: keys, bitsPerKey: IndexLimits.runFilterBitsPerKey)
        guard let value = try transaction.get(database, key: key.rawSpan),
            value.byteCount == blocks * IndexFilter.blockBytes + IndexLimits.checksumBytes,
            let content = LeafChecksum.checked(value, key: key.rawSpan)
        else { return nil }
        return IndexFilter(content)
    }
}
