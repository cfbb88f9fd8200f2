internal import EventModel

/// What a row holds, decoded.
protocol RowRecord {
    /// What a row that is not there stands for.
    init()
    /// Reads a row.
    init(row: RawSpan) throws(MalformedBytes)
    /// Writes the row.
    func encode(into row: inout [UInt8])
    /// Rows of the kind that a table keeps decoded after its changes were taken.
    static var keptRowsMax: Int { get }
    /// Whether it says no more than a row that is not there, so that none is kept.
    var isEmpty: Bool { get }
}

extension RowRecord {
    /// A few rows.
    static var keptRowsMax: Int { ViewLimits.keptRowsMax }

    /// Reads a row that a view gave; nil stays nil.
    static func decoded(_ row: [UInt8]?) throws(ViewFault) -> Self? {
        guard let row else { return nil }
        do { return unsafe try Self(row: row.span.bytes) } catch { throw .damaged(error) }
    }

    /// Reads a row that a scan showed.
    static func decoded(_ row: RawSpan) throws(ViewFault) -> Self {
        do { return try Self(row: row) } catch { throw .damaged(error) }
    }
}
