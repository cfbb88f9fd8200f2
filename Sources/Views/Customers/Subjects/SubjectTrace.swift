internal import EventModel

/// What a thing leaves in rows other than its own: a pure function of it.
struct SubjectTrace {
    /// Where it stands among a person's things.
    struct Place: Equatable {
        let isOpen: Bool
        let began: Timestamp
        /// Whether the thing gives signals by itself.
        var givesSignals = false
        /// Among the things of its kind: 0 comes first, and 2 last. What is open, as a rule; of surveys
        /// the answered, since most invitations stay open for ever; of notes those that are pinned.
        let rank: UInt8

        init(isOpen: Bool, began: Timestamp, givesSignals: Bool = false, isFirst: Bool? = nil) {
            self.isOpen = isOpen
            self.began = began
            self.givesSignals = givesSignals
            let order: UInt8 = isOpen ? 0 : 1
            rank = isFirst.map { $0 ? 0 : order + 1 } ?? order
        }
    }

    private(set) var place: Place?
    private(set) var signals: [Signal] = []
    private(set) var purchase: Purchase?

    init(_ row: borrowing SubjectRow, _ kind: SubjectKind) {
        // A contact's line and signals are its interaction's.
        guard row.trailCount > 0, kind != .contact else { return }
        if !row.isTelling {
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
                let isOpen = record.state()?.isOpen ?? false
                place = Place(
                    isOpen: isOpen, began: record.began, givesSignals: !signals.isEmpty,
                    isFirst: Self.isFirst(record, kind, isOpen: isOpen))
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

extension SubjectTrace {
    /// Whether a thing comes before others of its kind; nil where what is open does.
    private static func isFirst(
        _ record: borrowing SubjectRecord, _ kind: SubjectKind, isOpen: Bool
    ) -> Bool? {
        switch kind {
        case .survey: record.trail(SubjectCode.surveyAnswered) != nil
        case .note:
            isOpen && record.trail(SubjectCode.noteAdded)?.number("pinned") == 1
        default: nil
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
