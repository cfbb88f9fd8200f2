internal import EventModel

/// What a thing leaves in rows other than its own: a pure function of it.
struct SubjectTrace {
    /// Where it stands among a person's things.
    struct Place: Equatable {
        let isOpen: Bool
        let began: Timestamp
        /// Whether the thing gives signals by itself.
        var givesSignals = false
    }

    private(set) var place: Place?
    private(set) var signals: [Signal] = []
    private(set) var purchase: Purchase?

    init(_ row: borrowing SubjectRow, _ kind: SubjectKind) {
        if row.trailCount == 0 || kind == .contact {
            signals = row.messageSignals
        } else if !row.isTelling {
            place = Place(isOpen: false, began: row.began)
        } else if kind == .order, let placed = row.placedAlone {
            place = Place(isOpen: true, began: placed)
        } else {
            self = SubjectTrace(SubjectRecord(row), kind)
        }
    }

    /// The same of a decoded record.
    init(_ record: borrowing SubjectRecord, _ kind: SubjectKind) {
        guard !record.trails.isEmpty else { return }
        let standing = kind == .order ? OrderStanding(record) : nil
        signals = record.signals(kind, standing)
        guard let order = standing else {
            if kind.isListed {
                place = Place(
                    isOpen: record.state()?.isOpen ?? false, began: record.began,
                    givesSignals: !signals.isEmpty)
            }
            return
        }
        place = Place(
            isOpen: order.isOpen, began: order.placed, givesSignals: !signals.isEmpty)
        purchase = order.purchase.flatMap { net in
            order.placedPosition.map {
                Purchase(
                    placed: order.placed, position: $0, net: net, shop: order.shop ?? "")
            }
        }
    }
}

/// A thing with what the view's other rows know of it, which is not stored.
struct TracedSubject: RowRecord {
    /// As it was when the rows that follow were brought up to it last. A class, since few things are
    /// known before a batch and still there when it ends.
    final class Before {
        let trace: SubjectTrace
        /// Whom it concerned.
        let customers: [CustomerID]

        init(_ row: borrowing SubjectRow, _ kind: SubjectKind) {
            trace = SubjectTrace(row, kind)
            var customers: [CustomerID] = []
            for place in 0..<row.customerCount { customers.append(row.customer(place)) }
            self.customers = customers
        }
    }

    var row = SubjectRow()
    /// nil where there was nothing, and while it is settled.
    var before: Before?
    /// Whether events have come since it was settled.
    var isUnsettled = false

    init() {}

    /// Says that it is settled, and returns how it was before.
    mutating func takeBefore() -> Before? {
        isUnsettled = false
        return before.take()
    }

    init(row: RawSpan) throws(MalformedBytes) { self.row = try SubjectRow(row: row) }

    var isEmpty: Bool { row.isEmpty }

    func encode(into row: inout [UInt8]) { self.row.encode(into: &row) }
}
