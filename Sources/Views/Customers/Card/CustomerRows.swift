internal import EventModel

/// The rows of the customers that are one person, as they are stored.
struct CustomerRows {
    /// Oldest first.
    let members: [CustomerID]
    /// For each member: u64 customer; num bytes, 0 without a row; the row. Any event that concerns
    /// one of them changes it.
    private(set) var bytes: [UInt8] = []
    private var rows: [Range<Int>] = []

    init<Reader: ViewReader & ~Copyable>(
        _ members: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) {
        self.members = members
        var (bytes, rows): ([UInt8], [Range<Int>]) = ([], [])
        var key: [UInt8] = []
        for member in members {
            bytes.append(bigEndian: member.rawValue)
            CustomerRecord.writeKey(member, to: &key)
            var isThere = false
            try reader.row(key) { row in
                isThere = true
                bytes.append(varint: UInt64(row.byteCount))
                rows.append(bytes.count..<bytes.count + row.byteCount)
                bytes.append(row)
            }
            if !isThere { bytes.append(0) }
        }
        self.bytes = bytes
        self.rows = rows
    }

    /// Whether nobody of them is known.
    var isEmpty: Bool { rows.isEmpty }

    /// Shows each row there is.
    func forEach(_ body: (RawSpan) throws(ViewFault) -> Void) throws(ViewFault) {
        for row in rows { unsafe try body(bytes.span.bytes.extracting(row)) }
    }
}
