internal import EventModel
internal import LMDB
internal import Views

/// Rows of a view in memory, by key.
struct PastRows: Sendable {
    private(set) var keys: [[UInt8]] = []
    private(set) var rows: [[UInt8]] = []

    /// How many rows there are.
    var count: Int { keys.count }

    /// Adds a row behind all others.
    mutating func append(_ key: [UInt8], _ row: [UInt8]) {
        keys.append(key)
        rows.append(row)
    }

    /// The place of the first key that is not less. Complexity: O(log n).
    func place(atLeast key: [UInt8]) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].lexicographicallyPrecedes(key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// The row under a key, or nil.
    func row(_ key: [UInt8]) -> [UInt8]? {
        let place = place(atLeast: key)
        return place < keys.count && keys[place] == key ? rows[place] : nil
    }

    /// Shows a row by its place.
    func show<Result>(
        _ place: Int, _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Result
    ) throws(ViewFault) -> Result {
        let (key, row) = (keys[place], rows[place])
        return try body(key.rawSpan, row.rawSpan)
    }

    /// The rows whose keys pass.
    func filter(
        _ passes: ([UInt8]) throws(ViewFault) -> Bool
    ) throws(ViewFault) -> PastRows {
        var rows = PastRows()
        for place in keys.indices where try passes(keys[place]) {
            rows.append(keys[place], self.rows[place])
        }
        return rows
    }

    /// Puts changes, in key order, over the rows; nil removes one.
    mutating func apply(_ changes: [(key: [UInt8], row: [UInt8]?)]) {
        var merged = PastRows()
        var next = 0
        for (key, row) in changes {
            while next < keys.count, keys[next].lexicographicallyPrecedes(key) {
                merged.append(keys[next], rows[next])
                next += 1
            }
            if next < keys.count, keys[next] == key { next += 1 }
            if let row { merged.append(key, row) }
        }
        while next < keys.count {
            merged.append(keys[next], rows[next])
            next += 1
        }
        self = merged
    }
}

/// The stored form: num count of rows, then each: num bytes of the key, key, num bytes of the row,
/// row.
extension PastRows {
    /// Reads the stored form.
    init(stored: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(stored, of: "snapshot")
        for _ in 0..<(try reader.count()) {
            let key = try Self.bytes(&reader)
            append(key, try Self.bytes(&reader))
        }
        guard reader.isAtEnd else { throw MalformedBytes("snapshot", at: reader.offset) }
    }

    private static func bytes(_ reader: inout ByteReader) throws(MalformedBytes) -> [UInt8] {
        try reader.span(try reader.count()).copied()
    }

    /// Writes the stored form.
    func encode(into bytes: inout [UInt8]) {
        bytes.append(varint: UInt64(count))
        for (key, row) in zip(keys, rows) {
            bytes.append(varint: UInt64(key.count))
            bytes.append(contentsOf: key)
            bytes.append(varint: UInt64(row.count))
            bytes.append(contentsOf: row)
        }
    }
}
