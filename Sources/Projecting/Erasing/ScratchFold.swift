internal import EventModel
internal import Views

/// Folds some events as if there were no others, in memory.
struct ScratchFold<Fold: Projection & ~Copyable & SendableMetatype>: ~Copyable {
    private let context: ScratchContext<Fold>
    private var fold = Fold()

    /// - Parameters:
    ///   - view: The view in use, whose settings the fold reads.
    ///   - first: A row that the view is begun with.
    init(_ events: RoundEvents, view: HeldView, first: (key: [UInt8], row: [UInt8])?) {
        context = ScratchContext(rows: UncommittedRows(), events: events, view: view)
        if let first { context.rows.put(first.key, first.row) }
    }

    /// Folds the event in a place.
    mutating func apply(_ place: Int) throws(ViewFault) {
        let context = context
        try context.events.log.show(place) { (event) throws(ViewFault) in
            try fold.fold(event, in: context)
        }
    }

    /// Brings all rows up to the events that were folded.
    ///
    /// - Parameter changed: Takes those that have changed since the last call.
    mutating func settle(
        _ changed: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void = { _, _ in }
    ) throws(ViewFault) {
        try fold.settle(in: context)
        let rows = context.rows
        try fold.takeChanges { (key, row) throws(ViewFault) in
            rows.put(key, row)
            try changed(key, row)
        }
    }

    /// All rows, settings left out; they are gone then.
    func take() throws(ViewFault) -> PastRows {
        var all = PastRows()
        try context.rows.take { key, row in
            if let row, !Fold.isSetting(key: key) { all.append(key, row) }
        }
        return all
    }
}

/// A state of a view that several read.
final class HeldView {
    let rows: ViewSnapshot

    init(_ rows: consuming ViewSnapshot) { self.rows = rows }
}

private struct ScratchContext<Fold: Projection & ~Copyable & SendableMetatype>: FoldContext {
    let rows: UncommittedRows
    let events: RoundEvents
    let view: HeldView

    func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        if try rows.show(key, body) { return }
        if Fold.isSetting(key: key) { try view.rows.row(key, body) }
    }

    func keys(
        from start: [UInt8], below end: [UInt8],
        _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) { try rows.keys(from: start, below: end, body) }

    func findCustomers(
        of event: borrowing EventView, into found: inout [CustomerID]
    ) throws(ViewFault) {
        found.removeAll(keepingCapacity: true)
        guard Fold.name != IdentityProjection.name else { return }
        found.append(contentsOf: events.customers[try events.place(of: event.position)])
    }

    func findMoves(
        of event: borrowing EventView, into found: inout [PersonMove]
    ) throws(ViewFault) {
        found.removeAll(keepingCapacity: true)
        guard Fold.name != IdentityProjection.name else { return }
        found.append(contentsOf: events.moves[try events.place(of: event.position)])
    }

    func earlierEvent(
        at position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(ViewFault) { try events.log.show(try events.place(of: position), body) }
}
