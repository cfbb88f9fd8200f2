internal import EventModel

/// The rows of the customers that are one person, as they are stored.
struct CustomerRows {
    /// Oldest first.
    let members: [CustomerID]
    /// Which of their identifiers are theirs no more.
    let ends: [IdentifierEnd]
    /// For each member: u64 customer; num bytes, 0 without a row; the row. Any event that concerns
    /// one of them changes it.
    private(set) var bytes: [UInt8] = []
    private var rows: [(member: CustomerID, range: Range<Int>)] = []

    /// A customer and the length of a row.
    private static let headBytesMax = 18

    init<Reader: ViewReader & ~Copyable>(
        _ members: [CustomerID], _ ends: [IdentifierEnd], _ reader: borrowing Reader
    ) throws(ViewFault) {
        self.members = members
        self.ends = ends
        var bytes: [UInt8] = []
        var rows: [(member: CustomerID, range: Range<Int>)] = []
        var key: [UInt8] = []
        for member in members {
            CustomerRecord.writeKey(member, to: &key)
            var isThere = false
            try reader.row(key) { row in
                isThere = true
                // Mostly the only one: allocated once and in its size.
                bytes.reserveCapacity(bytes.count + Self.headBytesMax + row.byteCount)
                bytes.append(bigEndian: member.rawValue)
                bytes.append(varint: UInt64(row.byteCount))
                rows.append((member, bytes.count..<bytes.count + row.byteCount))
                bytes.append(row)
            }
            guard !isThere else { continue }
            bytes.append(bigEndian: member.rawValue)
            bytes.append(0)
        }
        self.bytes = bytes
        self.rows = rows
    }

    /// Whether the same is known of the same customers: their names stand in the bytes.
    func areSame(as other: CustomerRows) -> Bool { bytes == other.bytes && ends == other.ends }

    /// Whether nobody of them is known.
    var isEmpty: Bool { rows.isEmpty }

    /// Shows each row there is, and whose it is.
    func forEach(_ body: (CustomerID, RawSpan) throws(ViewFault) -> Void) throws(ViewFault) {
        for (member, range) in rows { unsafe try body(member, bytes.span.bytes.extracting(range)) }
    }
}
