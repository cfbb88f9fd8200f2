internal import EventLog
internal import EventModel
internal import LMDB
internal import Threads
internal import Views

/// A successor that is not folded from the first event: the view in use without what a round of erasures
/// takes. It is made before the log is scrubbed, and folded on when it is.
extension Projector where Fold: ~Copyable {
    /// A state of the view in use, and its file.
    func hold() throws(ViewFault) -> ViewInUse {
        let store = store
        return ViewInUse(store: store, view: HeldView(try ViewSnapshot(store)))
    }

    /// Folds the events of a round as they are and as it leaves them, each by themselves, and returns
    /// which rows differ.
    ///
    /// - Returns: nil where the view in use does not have the rows that follow from the events as they
    ///   are: something else has a part in them; and where the work is to end.
    func replacements(
        _ events: RoundEvents, _ left: RoundEvents, in use: ViewInUse, of erased: Set<CustomerID>,
        holding keys: Set<[UInt8]> = [], pace: Rebuilder
    ) throws(ViewFault) -> RowReplacements? {
        let isIdentity = customers == nil
        let first = isIdentity ? generation.firstRow : nil
        let last = use.view.rows.position
        var before = ScratchFold<Fold>(events, view: use.view, first: first)
        var after = ScratchFold<Fold>(left, view: use.view, first: first)
        var states = try keepsAll ? use.store.snapshotPositions(through: last)[...] : []
        var found: [(position: Position, rows: [RowReplacements.Replacement])] = []
        var kept = KeptPairs()
        var rests = CopyRests(pace)
        for place in 0..<events.log.count where events.log.position(place) <= last {
            guard rests.goesOn() else { return nil }
            while let state = states.first, state < events.log.position(place) {
                states.removeFirst()
                found.append((state, kept.replacements))
            }
            try before.apply(place)
            try after.apply(place)
            if keepsAll {
                try before.settle { (key, row) throws(ViewFault) in
                    if try Fold.moment(ofKey: key.rawSpan) == .kept {
                        kept.put(before: row, under: key)
                    }
                }
                try after.settle { (key, row) throws(ViewFault) in
                    if try Fold.moment(ofKey: key.rawSpan) == .kept {
                        kept.put(after: row, under: key)
                    }
                }
            } else if (place + 1) % ProjectingLimits.touchedEventsPerStep == 0 {
                try before.settle()
                try after.settle()
            }
        }
        for state in states { found.append((state, kept.replacements)) }
        try before.settle()
        try after.settle()
        let rows = try before.take()
        guard try hold(keys, rows, use.view.rows) else { return nil }
        var replacements = RowReplacements(rows, try after.take())
        for (state, rows) in found where !rows.isEmpty { replacements.take(rows, at: state) }
        guard try replacements.fit(use.view.rows),
            try replacements.takeAll(of: erased, use.view.rows, Fold.self)
        else { return nil }
        return replacements
    }

    /// Whether states are kept of all rows that may say of whom they are.
    private var keepsAll: Bool { Fold.keptStates == .base }

    /// Whether rows of identifiers are those of the view in use, and the groups that they name.
    private func hold(
        _ keys: Set<[UInt8]>, _ rows: PastRows, _ view: borrowing ViewSnapshot
    ) throws(ViewFault) -> Bool {
        for key in keys {
            let row = rows.row(key)
            guard try view.row(key) == row else { return false }
            guard let row else { continue }
            for group in try IdentityView.groupKeys(ofIdentifier: row) {
                guard try view.row(group) == rows.row(group) else { return false }
            }
        }
        return true
    }

    /// Writes the view in use beside itself with some rows replaced.
    ///
    /// - Returns: Whether it is there; not where the work is to end or a kept state does not fit.
    func copy(
        _ use: ViewInUse, replacing replacements: RowReplacements, scrubbed position: Position,
        pace: Rebuilder
    ) throws(ViewFault) -> Bool {
        try files.removeBuilding()
        do throws(ViewFault) {
            let isWhole = try write(use, replacements, position, pace)
            if !isWhole { try files.removeBuilding() }
            return isWhole
        } catch {
            try files.removeBuilding()
            throw error
        }
    }

    private func write(
        _ use: ViewInUse, _ replacements: RowReplacements, _ position: Position, _ pace: Rebuilder
    ) throws(ViewFault) -> Bool {
        let copy = try ViewStore.open(path: files.building, isBuilt: false)
        // The row that identity is begun with is among those that are copied.
        try copy.fold(under: generation, isIdentity: false)
        try copy.noteCopied()
        guard try copy.copy(use.view.rows, replacing: replacements, pace: pace),
            try copy.copySnapshots(
                of: use.store, through: use.view.rows.position, replacing: replacements,
                pace: pace)
        else { return false }
        try copy.commit(use.view.rows.checkpoint) { _ in }
        try copy.note(scrubbed: position)
        return true
    }
}

/// A view in use as it was when a round of erasures began.
struct ViewInUse {
    let store: ViewStore
    let view: HeldView
}

extension ViewFiles {
    /// Removes a copy that a process has left which died before it took its place.
    func removeCopied() throws(ViewFault) {
        guard isBeingBuilt else { return }
        let isCopied = try ViewStore.open(path: building, isBuilt: false).isCopied()
        if isCopied { try removeBuilding() }
    }
}
