internal import EventLog
internal import EventModel
internal import Views

/// What a projector's thread owns: the fold, its reader of the log, and the way from one
/// checkpoint to the next.
struct ProjectorWorker<Fold: Projection & ~Copyable & SendableMetatype>: ~Copyable {
    private let store: ViewStore
    private let customers: CustomerLookup?
    private let flusher: ViewFlusher?
    private var fold = Fold()
    private var reader: LogReader
    private let history: EventHistory
    private var snapshots = SnapshotKeeper<Fold>()
    /// What the fold has changed up to a state that was kept since the last checkpoint.
    private let uncommitted = UncommittedRows()
    private let known = KnownCustomers()
    /// Events count that had happened by this moment; nil when all do.
    private let occurred: Timestamp?
    /// Where the events begin that could not be read.
    private(set) var damageBegins: Position?

    /// - Parameter flusher: Who puts on disk what is committed; nil for the calling thread.
    init(
        log: LogSource, store: ViewStore, customers: CustomerLookup?,
        flushedBy flusher: ViewFlusher? = nil, occurredBy: Timestamp? = nil
    ) throws(ViewFault) {
        let reader = try Self.makeReader(log)
        let history = EventHistory(try Self.makeReader(log))
        self.init(store, customers, flusher, consume reader, history, occurredBy)
    }

    private init(
        _ store: ViewStore, _ customers: CustomerLookup?, _ flusher: ViewFlusher?,
        _ reader: consuming LogReader, _ history: EventHistory, _ occurred: Timestamp?
    ) {
        self.flusher = flusher
        self.occurred = occurred
        self.store = store
        self.customers = customers
        self.reader = reader
        self.history = history
    }

    /// Whether it folds into that view.
    func folds(into store: ViewStore) -> Bool { self.store === store }

    private static func makeReader(_ log: LogSource) throws(ViewFault) -> LogReader {
        do throws(EventLogError) {
            return try log.makeReader()
        } catch {
            throw ViewFault(error)
        }
    }

    /// Folds the events after `start` up to `end` and commits rows and checkpoint.
    ///
    /// - Parameter trail: Takes them, with whom they concern, for the folds behind this one.
    mutating func advance(
        from start: Position, through end: Position, leaving trail: Projector<Fold>.LeftTrail?
    ) throws(ViewFault) {
        precondition(start < end)
        var left = trail.flatMap { TrailPieces($0.trail, from: start.next, through: end) }
        let checkpoint = try foldBatch(from: start.next, through: end) { event, fold in
            if let trail {
                left?.append(event, trail.customers(fold), moves: trail.moves(fold))
            }
        }
        left?.finish()
        precondition(checkpoint.position == end)
        try commit(checkpoint)
        try snapshots.look(store, at: end)
    }

    private mutating func foldBatch(
        from start: Position, through end: Position,
        _ folded: (borrowing EventView, borrowing Fold) -> Void
    ) throws(ViewFault) -> ViewStore.Checkpoint {
        let context = BatchContext(
            rows: try ViewSnapshot(store), uncommitted: uncommitted,
            people: try People(customers, known), history: history)
        var states = StatesBetween<Fold>()
        var next = start
        // States that the past is folded from need no checkpoint, which costs more than they do.
        while let due = try snapshots.due(store, between: next, and: end) {
            _ = try read(context, from: next, through: due, folded)
            try fold.takeChanges { (key, row) throws(ViewFault) in
                uncommitted.put(key, row)
                try states.put(key, row)
            }
            try snapshots.keep(states.take(over: store), store, at: due)
            next = due.next
        }
        return try read(context, from: next, through: end, folded)
    }

    private mutating func read(
        _ context: borrowing BatchContext, from start: Position, through end: Position,
        _ folded: (borrowing EventView, borrowing Fold) -> Void
    ) throws(ViewFault) -> ViewStore.Checkpoint {
        let checkpoint: ViewStore.Checkpoint
        do throws(ReadFailure<ViewFault>) {
            checkpoint = try Self.read(
                customers?.trail, &reader, &fold, context, from: start, through: end,
                occurred, folded)
        } catch {
            switch error {
            case .log(let error):
                if case .damaged(let events) = error { damageBegins = events.first }
                throw ViewFault(error)
            case .body(let fault): throw fault
            }
        }
        try fold.settle(in: context)
        return checkpoint
    }

    /// Folds events that lie in the trail from there, the others from the log.
    private static func read(
        _ trail: ResolvedTrail?, _ reader: inout LogReader, _ fold: inout Fold,
        _ context: borrowing BatchContext, from start: Position, through end: Position,
        _ occurred: Timestamp?,
        _ folded: (borrowing EventView, borrowing Fold) -> Void
    ) throws(ReadFailure<ViewFault>) -> ViewStore.Checkpoint {
        var checkpoint = ViewStore.Checkpoint.zero
        func take(_ event: borrowing EventView) throws(ViewFault) {
            if occurred.map({ event.occurred <= $0 }) ?? true {
                try fold.fold(event, in: context)
                folded(event, fold)
            }
            if event.position == end {
                checkpoint = ViewStore.Checkpoint(
                    position: end, record: CRC32C.checksum(event.record))
            }
        }
        var position = start
        while position <= end {
            let found = trail?.find(position)
            if let batch = found?.batch {
                let last = min(end, batch.last)
                do throws(ViewFault) {
                    try context.show(batch, position...last, take)
                } catch {
                    throw .body(error)
                }
                position = last.next
            } else {
                let last = found?.begins.map { min(end, Position($0.rawValue - 1)) } ?? end
                try reader.events(from: position, through: last) { (event) throws(ViewFault) in
                    try take(event)
                    return true
                }
                position = last.next
            }
        }
        return checkpoint
    }

    private mutating func commit(_ checkpoint: ViewStore.Checkpoint) throws(ViewFault) {
        guard !uncommitted.isEmpty else {
            return try store.commit(checkpoint, flushedBy: flusher) { (put) throws(ViewFault) in
                try fold.takeChanges(put)
            }
        }
        try fold.takeChanges { uncommitted.put($0, $1) }
        try store.commit(checkpoint, flushedBy: flusher) { (put) throws(ViewFault) in
            try uncommitted.take(put)
        }
    }
}

extension ViewFault {
    /// The log could not be read.
    init(_ error: EventLogError) {
        self = error.isOfResources ? .short("\(error)") : .storage("\(error)")
    }
}

/// Reads single earlier events, for subjects that are folded anew.
final class EventHistory {
    private var reader: LogReader

    init(_ reader: consuming LogReader) { self.reader = reader }

    func show(
        _ position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        let found: Bool
        do throws(ReadFailure<ViewFault>) {
            found = try reader.event(at: position, body)
        } catch {
            switch error {
            case .log(let error): throw ViewFault(error)
            case .body(let fault): throw fault
            }
        }
        guard found else { throw .storage("the log has no event at position \(position)") }
    }
}

/// Whom identifiers belong to, as far as it has been looked up in the identity view in use.
private final class KnownCustomers {
    private weak var store: ViewStore?
    private var memo = HolderMemo()

    /// What is known of a view: nothing of one that has taken another's place.
    func memo(of store: ViewStore) -> HolderMemo {
        if self.store !== store {
            self.store = store
            memo = HolderMemo()
        }
        return memo
    }
}

/// The identity view in one state, with the rules that the log set until then.
private struct People: ~Copyable {
    let snapshot: ViewSnapshot
    let rules: IdentityRulesHistory
    let memo: HolderMemo

    /// Takes up the newest state; nil for the identity fold itself.
    init?(_ lookup: CustomerLookup?, _ known: KnownCustomers) throws(ViewFault) {
        guard let snapshot = try lookup?.snapshot() else { return nil }
        rules = try IdentityView.rules(snapshot)
        memo = known.memo(of: snapshot.store)
        self.snapshot = snapshot
    }
}

/// What a fold may ask, for one batch.
struct BatchContext: ~Copyable, FoldContext {
    private let rows: ViewSnapshot
    private let uncommitted: UncommittedRows
    private let people: People?
    private let history: EventHistory
    private let scratch = Scratch()

    private final class Scratch {
        var key: [UInt8] = []
        /// Whom the event at hand concerns, where the trail says it; of those before it does not.
        var known: Known?
    }

    /// Whom an event concerns, as it stands in a batch of the trail.
    private struct Known {
        let position: Position
        let customers: ArraySlice<CustomerID>
        let moves: ArraySlice<PersonMove>
    }

    /// Puts them into `found` instead of what was there: mostly one instead of another.
    private static func put(
        _ known: ArraySlice<CustomerID>, into found: inout [CustomerID]
    ) {
        if found.count == 1, known.count == 1 {
            found[0] = known[known.startIndex]
        } else {
            found.removeAll(keepingCapacity: true)
            found.append(contentsOf: known)
        }
    }

    fileprivate init(
        rows: consuming ViewSnapshot, uncommitted: UncommittedRows, people: consuming People?,
        history: EventHistory
    ) {
        self.rows = rows
        self.uncommitted = uncommitted
        self.people = people
        self.history = history
    }

    /// Shows events of the trail; what `body` asks of them is known.
    func show(
        _ batch: ResolvedBatch, _ range: ClosedRange<Position>,
        _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        let scratch = scratch
        defer { scratch.known = nil }
        try batch.show(range) { (event, customers, moves) throws(ViewFault) in
            scratch.known = Known(
                position: event.position, customers: customers, moves: moves)
            try body(event)
        }
    }

    func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        if try !uncommitted.show(key, body) { try rows.row(key, body) }
    }

    var isEmpty: Bool { rows.position == .zero && uncommitted.isEmpty }

    func keys(
        from start: [UInt8], below end: [UInt8],
        _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try uncommitted.keys(from: start, below: end, body)
        try rows.rows(from: start, below: end) { (key, _) throws(ViewFault) in
            if !uncommitted.knows(key.copied()) { try body(key) }
            return true
        }
    }

    func earlierEvent(
        at position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try history.show(position, body)
    }

    func findCustomers(
        of event: borrowing EventView, into found: inout [CustomerID]
    ) throws(ViewFault) {
        if let known = scratch.known, known.position == event.position {
            return Self.put(known.customers, into: &found)
        }
        switch people {
        case .some(let people):
            // The memo knows who holds an identifier from here on.
            try IdentityView.findCustomers(
                of: event, people.snapshot, by: people.rules,
                knowing: event.position > rows.position ? people.memo : nil, into: &found,
                key: &scratch.key)
        case .none: found.removeAll(keepingCapacity: true)
        }
    }

    func findMoves(
        of event: borrowing EventView, into found: inout [PersonMove]
    ) throws(ViewFault) {
        if let known = scratch.known, known.position == event.position {
            found.removeAll(keepingCapacity: true)
            return found.append(contentsOf: known.moves)
        }
        switch people {
        case .some(let people):
            try IdentityView.findMoves(
                of: event, people.snapshot, into: &found, key: &scratch.key)
        case .none: found.removeAll(keepingCapacity: true)
        }
    }
}
