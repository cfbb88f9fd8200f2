internal import EventModel
internal import Views

/// Events as the identity fold has read them, each with whom it concerns: what the folds behind it
/// need not read, decompress and look up again.
struct ResolvedBatch: Sendable {
    let first: Position
    /// The records, behind each other.
    private var records: [UInt8] = []
    private var recordEnds: [Int] = []
    /// The customers of all events, behind each other.
    private var customers: [CustomerID] = []
    private var customerEnds: [Int] = []
    /// The persons of all events, behind each other.
    private var persons: [CustomerID] = []
    private var personEnds: [Int] = []

    /// Begins a batch without events.
    init(first: Position) { self.first = first }

    /// The last position; the one before `first` without events.
    var last: Position { Position(first.rawValue + UInt64(recordEnds.count) - 1) }

    /// What it takes in memory, nearly.
    var byteCount: Int { records.count + recordEnds.count * 40 }

    /// Adds the next event, with whose its identifiers are and which persons those are.
    mutating func append(
        _ event: borrowing EventView, _ found: [CustomerID], persons foundPersons: [CustomerID]
    ) {
        precondition(event.position == last.next, "events come in order")
        records.append(event.record)
        recordEnds.append(records.count)
        customers.append(contentsOf: found)
        customerEnds.append(customers.count)
        persons.append(contentsOf: foundPersons)
        personEnds.append(persons.count)
    }

    /// Takes an event, whose its identifiers are, and which persons those are.
    typealias Body = (
        borrowing EventView, ArraySlice<CustomerID>, ArraySlice<CustomerID>
    ) throws(ViewFault) -> Void

    /// Shows events in order.
    ///
    /// - Parameter range: Positions of this batch.
    func show(
        _ range: ClosedRange<Position>,
        _ body: Body
    ) throws(ViewFault) {
        precondition(range.lowerBound >= first && range.upperBound <= last)
        var index = Int(range.lowerBound.rawValue - first.rawValue)
        let end = Int(range.upperBound.rawValue - first.rawValue)
        while index <= end {
            let isFirst = index == 0
            let record = (isFirst ? 0 : recordEnds[index - 1])..<recordEnds[index]
            let people = (isFirst ? 0 : customerEnds[index - 1])..<customerEnds[index]
            let named = (isFirst ? 0 : personEnds[index - 1])..<personEnds[index]
            try show(record, people, named, body)
            index += 1
        }
    }

    private func show(
        _ record: Range<Int>, _ people: Range<Int>, _ named: Range<Int>, _ body: Body
    ) throws(ViewFault) {
        let event: EventView
        do throws(MalformedBytes) {
            event = unsafe try EventView(checking: records.span.bytes.extracting(record))
        } catch {
            preconditionFailure("the identity fold has read this record")
        }
        try body(event, customers[people], persons[named])
    }
}
