internal import EventModel

/// What an interaction leaves in rows other than its own: a pure function of it, by which a fold
/// finds out what events have changed. A trace of many parts is a class: handing it on is cheap.
protocol InteractionTrace {
    /// What is kept of an interaction beside its state.
    associatedtype Details: InteractionDetails = NoDetails

    init(_ record: borrowing DetailedRecord<Details>)
}

/// An interaction with its trace, which is not stored.
struct TracedInteraction<Trace: InteractionTrace>: RowRecord {
    static var keptRowsMax: Int { ViewLimits.keptInteractionsMax }

    var record: DetailedRecord<Trace.Details>
    /// What the view's other rows know of it: the trace as of when it was settled last.
    private(set) var trace: Trace
    /// Whether events have come since.
    var isUnsettled = false

    init() {
        record = DetailedRecord()
        trace = Trace(record)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        record = try DetailedRecord(row: row)
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
