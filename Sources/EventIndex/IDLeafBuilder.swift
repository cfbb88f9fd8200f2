internal import EventModel
internal import LMDB

/// Packs a run's ids, given in order of (hash, offset), into leaves.
struct IDLeafBuilder {
    private let database: Database
    private let run: UInt16
    private var lowest: UInt64 = 0
    private var lastHash: UInt64 = 0
    private var count = 0
    private var key: [UInt8] = []
    private var value: [UInt8] = []

    init(_ database: Database, run: UInt16) {
        self.database = database
        self.run = run
        key.reserveCapacity(IDLeaf.keyBytes)
        value.reserveCapacity(IndexLimits.pairBytesMax)
        value.append(littleEndian: UInt64(0))
    }

    mutating func append(
        hash: UInt64, offset: UInt32, to sink: inout LeafSink
    ) throws(IndexError) {
        if count >= IndexLimits.idEntriesPerLeaf, hash != lastHash {
            try flush(highest: hash - 1, to: &sink)
            lowest = hash
        }
        value.append(littleEndian: hash)
        value.append(littleEndian: offset)
        lastHash = hash
        count += 1
    }

    /// Writes the last leaf, which covers all higher hashes.
    mutating func finish(to sink: inout LeafSink) throws(IndexError) {
        try flush(highest: .max, to: &sink)
    }

    private mutating func flush(highest: UInt64, to sink: inout LeafSink) throws(IndexError) {
        IDLeaf.write(run: run, lowest: lowest, to: &key)
        value.store(littleEndian: highest, at: 0)
        LeafChecksum.append(to: &value, key: key)
        try sink.append(database, key: key.rawSpan, value: value.rawSpan)
        value.removeAll(keepingCapacity: true)
        value.append(littleEndian: UInt64(0))
        count = 0
    }
}
