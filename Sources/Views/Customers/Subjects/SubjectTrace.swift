internal import EventModel

/// What a thing leaves in rows other than its own: a pure function of it. A class, so that handing
/// it on is cheap.
final class SubjectTrace {
    /// Where it stands among a person's things.
    struct Place: Equatable {
        let isOpen: Bool
        let began: Timestamp
    }

    let customers: [CustomerID]
    let place: Place?
    let signals: [Signal]
    let purchase: Purchase?

    init(_ record: borrowing SubjectRecord, _ kind: SubjectKind) {
        customers = record.customers
        guard !record.trails.isEmpty else {
            (place, signals, purchase) = (nil, [], nil)
            return
        }
        let standing = kind == .order ? OrderStanding(record) : nil
        signals = record.signals(kind, standing)
        guard let order = standing else {
            purchase = nil
            place =
                kind.isListed
                ? Place(isOpen: record.state()?.isOpen ?? false, began: record.began) : nil
            return
        }
        place = Place(isOpen: order.isOpen, began: order.placed)
        purchase = order.purchase.flatMap { net in
            order.placedPosition.map {
                Purchase(placed: order.placed, position: $0, net: net)
            }
        }
    }
}

/// A thing with its trace, which is not stored.
struct TracedSubject: RowRecord {
    var record = SubjectRecord()
    /// What the view's other rows know of it; nil before the fold has looked.
    var trace: SubjectTrace?
    /// Whether events have come since.
    var isUnsettled = false

    init() {}

    init(row: RawSpan) throws(MalformedBytes) { record = try SubjectRecord(row: row) }

    var isEmpty: Bool { record.isEmpty }

    func encode(into row: inout [UInt8]) { record.encode(into: &row) }
}
