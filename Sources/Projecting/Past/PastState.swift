internal import EventModel
internal import LMDB
internal import Views

/// What is folded for one past moment of one view, and what that fold asks for.
final class PastState<Fold: Projection & ~Copyable & SendableMetatype> {
    /// Rows in memory: those kept in a snapshot, with the changes since over them.
    private(set) var near: PastRows
    /// Rows are known as of here without folding.
    private let start: Position
    /// The view in use, for rows that only events of earlier days have changed.
    private let current: ViewSnapshot?
    /// The day on which `start`'s successor was recorded: rows of earlier days are as they are.
    private let day: Int32
    private let sources: PastSources
    private let occurred: Timestamp?
    /// Interactions that events behind `start` name: their rows as of `start` are in `earlier`.
    private var named: Set<[UInt8]> = []
    /// Rows of interactions as of `start`, by key.
    private var earlier: [[UInt8]: [UInt8]] = [:]
    private var key: [UInt8] = []

    /// - Parameters:
    ///   - kept: The rows as of `start`.
    ///   - current: The view in use, where rows of days before `day` are read.
    init(
        _ sources: PastSources, kept: PastRows, asOf start: Position,
        current: consuming ViewSnapshot?, day: Int32, occurred: Timestamp?
    ) {
        self.sources = sources
        near = kept
        self.start = start
        self.current = consume current
        self.day = day
        self.occurred = occurred
    }

    /// Folds events that pass, in order; once.
    func fold(
        _ positions: [Position], where passes: (borrowing EventView) -> Bool = { _ in true }
    ) throws(ViewFault) {
        var fold = Fold()
        let context = PastContext(state: self)
        var rest = positions[...]
        while !rest.isEmpty {
            // So few that the memory of blocks has them still when they are folded.
            let part = rest.prefix(ProjectingLimits.eventsPerPastStep)
            rest = rest.dropFirst(part.count)
            if start > .zero { try foldEarlier(of: part, where: passes) }
            for position in part {
                try show(position) { (event) throws(ViewFault) in
                    if passes(event) { try fold.fold(event, in: context) }
                }
            }
        }
        try fold.settle(in: context)
        var changes: [(key: [UInt8], row: [UInt8]?)] = []
        try fold.takeChanges { key, row in changes.append((key, row)) }
        near.apply(changes)
    }

    /// Folds the interactions that events name up to `start`, all at once: of those under way there
    /// are many, and a fold for each costs more than their events do.
    private func foldEarlier(
        of positions: ArraySlice<Position>, where passes: (borrowing EventView) -> Bool
    ) throws(ViewFault) {
        var new: [String] = []
        for position in positions {
            try show(position) { event in
                guard passes(event), let name = event.text("interaction") else { return }
                if named.insert(Array(name.utf8)).inserted { new.append(name) }
            }
        }
        var theirs: Set<Position> = []
        for name in new { theirs.formUnion(try sources.interaction(name, through: start)) }
        for change in try changes(by: theirs.sorted()) {
            guard let row = change.row,
                case .interaction = try Fold.moment(ofKey: change.key.rawSpan)
            else { continue }
            earlier[change.key] = row
        }
    }

    /// Shows an event that counts.
    private func show(
        _ position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try sources.events.show(position) { (event) throws(ViewFault) in
            if let occurred, event.occurred > occurred { return }
            try body(event)
        }
    }

    /// Puts rows that are kept beside others in the place of what was folded of them.
    func take(kept: PastRows) throws(ViewFault) {
        var rows = try near.filter { key throws(ViewFault) in
            try Fold.moment(ofKey: key.rawSpan) != .kept
        }
        rows.apply(zip(kept.keys, kept.rows).map { (key: $0, row: $1) })
        near = rows
    }

    func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        if let row = near.row(key) { return try body(row.rawSpan) }
        guard start > .zero else { return }
        switch try Fold.moment(ofKey: key.rawSpan) {
        case .kept:
            guard Fold.keptStates != .none else {
                throw .storage("the \(Fold.name) view keeps no state of this kind of row")
            }
        case .present: return
        case .recordedDay(let day):
            guard day < self.day else { return }
            try current?.row(key, body)
        case .interaction(let name):
            let row =
                named.contains(Array(name.utf8)) ? earlier[key] : try interactionRow(key, name)
            if let row { try body(row.rawSpan) }
        }
    }

    /// What rows of a range are read from: those in memory, or a person's.
    ///
    /// - Parameter last: The position the moment reflects.
    func rows(from start: [UInt8], asOf last: Position) throws(ViewFault) -> PastRows {
        guard let customer = Fold.person(ofRange: start.rawSpan) else { return near }
        var rows = PastRows()
        for change in try changes(by: try sources.customers([customer], through: last)) {
            if let row = change.row, Fold.person(ofRange: change.key.rawSpan) == customer {
                rows.append(change.key, row)
            }
        }
        return rows
    }

    /// Rows of the view in use that are as they were.
    func unchangedRows(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        try current?.rows(from: start, below: end) { (key, row) throws(ViewFault) in
            try isUnchanged(key) ? try body(key, row) : true
        }
    }

    /// The same against key order.
    func unchangedRowsBackward(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        try current?.rowsBackward(from: start, below: end) { (key, row) throws(ViewFault) in
            try isUnchanged(key) ? try body(key, row) : true
        }
    }

    private func isUnchanged(_ key: RawSpan) throws(ViewFault) -> Bool {
        if case .recordedDay(let day) = try Fold.moment(ofKey: key) { return day < self.day }
        return false
    }

    /// Folds an interaction's own events up to `start`.
    private func interactionRow(_ key: [UInt8], _ name: String) throws(ViewFault) -> [UInt8]? {
        try changes(by: try sources.interaction(name, through: start))
            .first { $0.key == key }.flatMap { $0.row }
    }

    /// Folds events as if there were no others; rows in key order.
    private func changes(
        by positions: [Position]
    ) throws(ViewFault) -> [(key: [UInt8], row: [UInt8]?)] {
        var fold = Fold()
        let context = AloneContext(sources: sources)
        for position in positions {
            try sources.subjects.show(position) { (event) throws(ViewFault) in
                if let occurred, event.occurred > occurred { return }
                try fold.fold(event, in: context)
            }
        }
        try fold.settle(in: context)
        var changes: [(key: [UInt8], row: [UInt8]?)] = []
        try fold.takeChanges { key, row in changes.append((key, row)) }
        return changes
    }

    /// Shows keys of rows that the fold itself has changed.
    func keys(
        from start: [UInt8], below end: [UInt8],
        _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        for key in near.keys[near.place(atLeast: start)..<near.place(atLeast: end)] {
            try body(key.rawSpan)
        }
    }

    func findCustomers(
        of event: borrowing EventView, into found: inout [CustomerID]
    ) throws(ViewFault) {
        try IdentityView.findCustomers(of: event, sources.people, into: &found, key: &key)
    }

    func findMoves(
        of event: borrowing EventView, into found: inout [PersonMove]
    ) throws(ViewFault) {
        try IdentityView.findMoves(of: event, sources.people, into: &found, key: &key)
    }

    func earlierEvent(
        at position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try sources.earlier.show(position, body)
    }
}

/// The fold of a past moment.
private struct PastContext<Fold: Projection & ~Copyable & SendableMetatype>: FoldContext {
    let state: PastState<Fold>

    func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) { try state.row(key, body) }

    func keys(
        from start: [UInt8], below end: [UInt8],
        _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) { try state.keys(from: start, below: end, body) }

    func findCustomers(
        of event: borrowing EventView, into found: inout [CustomerID]
    ) throws(ViewFault) { try state.findCustomers(of: event, into: &found) }

    func findMoves(
        of event: borrowing EventView, into found: inout [PersonMove]
    ) throws(ViewFault) { try state.findMoves(of: event, into: &found) }

    func earlierEvent(
        at position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(ViewFault) { try state.earlierEvent(at: position, body) }
}

/// The fold of some events from the first of them: there are no rows before.
private struct AloneContext: FoldContext {
    let sources: PastSources

    func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {}

    func keys(
        from start: [UInt8], below end: [UInt8],
        _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {}

    func findCustomers(
        of event: borrowing EventView, into found: inout [CustomerID]
    ) throws(ViewFault) {
        var key: [UInt8] = []
        try IdentityView.findCustomers(of: event, sources.people, into: &found, key: &key)
    }

    func findMoves(
        of event: borrowing EventView, into found: inout [PersonMove]
    ) throws(ViewFault) {
        var key: [UInt8] = []
        try IdentityView.findMoves(of: event, sources.people, into: &found, key: &key)
    }

    func earlierEvent(
        at position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(ViewFault) { try sources.earlier.show(position, body) }
}
