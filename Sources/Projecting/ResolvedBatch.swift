internal import EventModel
internal import Views

/// Events as the identity fold has read them, each with whom it concerns: what the folds behind it
/// need not read, decompress and look up again.
struct ResolvedBatch: Sendable {
    let first: Position
    /// The records, behind each other.
    private var records: [UInt8] = []
    /// The customers of all events, behind each other.
    private var customers: [CustomerID] = []
    /// Whose person events have made another, behind each other.
    private var moves: [PersonMove] = []
    private var entries: [Entry] = []

    /// Where of one event the record and whom it concerns end, and what was found out when the
    /// record was checked.
    private struct Entry {
        var recordEnd = 0
        var customersEnd = 0
        var movesEnd = 0
        let outline: EventOutline
    }

    /// Begins a batch without events.
    ///
    /// - Parameter count: How many are to come, so that there is room for them from the beginning:
    ///   what is not used of it is never touched.
    init(first: Position, room count: Int = 0) {
        self.first = first
        guard count > 0 else { return }
        let count = min(
            count, ProjectingLimits.trailPieceBytes / ProjectingLimits.recordBytesExpected + 1)
        records.reserveCapacity(count * ProjectingLimits.recordBytesExpected)
        customers.reserveCapacity(count)
        entries.reserveCapacity(count)
    }

    /// The last position; the one before `first` without events.
    var last: Position { Position(first.rawValue + UInt64(entries.count) - 1) }

    /// What it takes in memory, nearly.
    var byteCount: Int { records.count + entries.count * (MemoryLayout<Entry>.stride + 16) }

    /// Adds the next event, with whose its identifiers are and whose person it has made another.
    mutating func append(
        _ event: borrowing EventView, _ found: [CustomerID], moves foundMoves: [PersonMove]
    ) {
        precondition(event.position == last.next, "events come in order")
        records.append(event.record)
        customers.append(contentsOf: found)
        moves.append(contentsOf: foundMoves)
        entries.append(
            Entry(
                recordEnd: records.count, customersEnd: customers.count,
                movesEnd: moves.count, outline: EventOutline(of: event)))
    }

    /// Takes an event, whose its identifiers are, and whose person it has made another.
    typealias Body = (
        borrowing EventView, ArraySlice<CustomerID>, ArraySlice<PersonMove>
    ) throws(ViewFault) -> Void

    /// Shows events in order.
    ///
    /// - Parameter range: Positions of this batch.
    func show(
        _ range: ClosedRange<Position>,
        _ body: Body
    ) throws(ViewFault) {
        precondition(range.lowerBound >= first && range.upperBound <= last)
        let index = Int(range.lowerBound.rawValue - first.rawValue)
        let end = Int(range.upperBound.rawValue - first.rawValue)
        var (record, customer, move) = (0, 0, 0)
        if index > 0 {
            record = entries[index - 1].recordEnd
            customer = entries[index - 1].customersEnd
            move = entries[index - 1].movesEnd
        }
        for entry in entries[index...end] {
            let event = unsafe EventView(
                records.span.bytes.extracting(record..<entry.recordEnd), checked: entry.outline)
            try body(
                event, customers[customer..<entry.customersEnd], moves[move..<entry.movesEnd])
            record = entry.recordEnd
            customer = entry.customersEnd
            move = entry.movesEnd
        }
    }
}
