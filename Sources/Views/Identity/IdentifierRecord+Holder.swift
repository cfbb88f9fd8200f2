internal import EventModel

extension IdentifierRecord {
    /// What resolving an identifier needs of its row.
    struct Holder {
        /// Whose it is; nil = nobody's.
        var customer: CustomerID?
        /// The group of the customer.
        var group: CustomerID?
        /// Whether no other holding begins later.
        var isLast: Bool
    }

    /// Reads whose an identifier is at a position off its row, without making a record of it; nil
    /// before the first holding.
    static func holder(
        in row: RawSpan, asOf position: Position
    ) throws(MalformedBytes) -> Holder? {
        var reader = ByteReader(row, of: "identifier row")
        guard try reader.byte() == version else {
            throw MalformedBytes("identifier row version", at: 0)
        }
        var found: Holder?
        var since: UInt64 = 0
        for _ in 0..<(try reader.count()) {
            since &+= try reader.varint()
            guard since <= position.rawValue else {
                found?.isLast = false
                break
            }
            let packed = try reader.varint()
            guard packed > 0 else {
                _ = try reader.byte()
                found = Holder(isLast: true)
                continue
            }
            let group = try reader.varint()
            found = Holder(
                customer: CustomerID(packed: packed),
                group: group == 0 ? nil : CustomerID(packed: group), isLast: true)
            _ = try reader.byte()
            for _ in 0..<3 { _ = try reader.varint() }
            let facts = try reader.count()
            guard facts <= ViewLimits.factsMax else {
                throw MalformedBytes("facts of an identifier", at: reader.offset)
            }
            _ = try reader.span(facts * IdentifierRecord.Fact.byteCount)
        }
        return found
    }
}
