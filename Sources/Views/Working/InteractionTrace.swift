internal import EventModel

/// What an interaction leaves in rows other than its own: a pure function of it, by which a fold
/// finds out what events have changed. A trace of many parts is a class: handing it on is cheap.
protocol InteractionTrace {
    init(_ record: borrowing InteractionRecord)
}

/// An interaction with its trace, which is not stored.
struct TracedInteraction<Trace: InteractionTrace>: RowRecord {
    static var keptRowsMax: Int { ViewLimits.keptInteractionsMax }

    var record: InteractionRecord
    /// What the view's other rows know of it: the trace as of when it was settled last.
    private(set) var trace: Trace
    /// Whether events have come since.
    var isUnsettled = false

    init() {
        record = InteractionRecord()
        trace = Trace(record)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        record = try InteractionRecord(row: row)
        trace = Trace(record)
    }

    var isEmpty: Bool { record.isEmpty }

    func encode(into row: inout [UInt8]) { record.encode(into: &row) }

    /// Brings the trace up to the record and returns how it was and how it is.
    mutating func settle() -> (before: Trace, after: Trace) {
        let before = trace
        trace = Trace(record)
        isUnsettled = false
        return (before, trace)
    }
}
