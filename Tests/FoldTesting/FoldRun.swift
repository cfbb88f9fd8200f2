public import EventModel
public import Views

/// What a fold asks, answered from memory.
public struct MemoryContext: FoldContext {
    private let rows: MemoryRows
    private let log: MemoryLog
    private let people: MemoryRows
    private let moves: [PersonMove]

    init(
        rows: MemoryRows, log: MemoryLog, people: MemoryRows = MemoryRows(),
        moves: [PersonMove] = []
    ) {
        self.rows = rows
        self.log = log
        self.people = people
        self.moves = moves
    }

    /// Whether no changes have been taken yet.
    public var isEmpty: Bool { rows.position == .zero }

    /// Shows a row of the view as it was when the changes were last taken.
    public func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try rows.row(key, body)
    }

    /// Shows keys of the view as it was then.
    public func keys(
        from start: [UInt8], below end: [UInt8],
        _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try rows.rows(from: start, below: end) { (key, _) throws(ViewFault) in
            try body(key)
            return true
        }
    }

    /// Gives the customers that an event concerns, as of its own position.
    public func findCustomers(
        of event: borrowing EventView, into found: inout [CustomerID]
    ) throws(ViewFault) {
        var key: [UInt8] = []
        try IdentityView.findCustomers(of: event, people, into: &found, key: &key)
    }

    /// Gives whose person the event has made another.
    public func findMoves(
        of event: borrowing EventView, into found: inout [PersonMove]
    ) throws(ViewFault) {
        found = moves
    }

    /// Shows an earlier event.
    public func earlierEvent(
        at position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try log.read(position, body)
    }
}

/// Folds a log into rows in memory, taking the changes when told.
public struct FoldRun<Fold: Projection & ~Copyable>: ~Copyable {
    private var fold = Fold()
    private var identity = IdentityProjection()
    private var identityRows = MemoryRows()
    /// The rows as of the last time the changes were taken.
    public private(set) var rows = MemoryRows()
    private var applied = Position.zero

    /// Starts with an empty view.
    ///
    /// - Parameter generation: By which rules identity reads all events.
    public init(under generation: IdentityGeneration = .none) {
        guard let first = generation.firstRow else { return }
        identityRows.apply(first.key, first.row)
        if Fold.name == IdentityProjection.name { rows.apply(first.key, first.row) }
    }

    /// Folds a log to its head, or to a position, and takes the changes at the end.
    ///
    /// - Parameter drains: Tells after which positions the changes are taken, and the working set
    ///   is given up for a fresh one where it says so.
    public mutating func run(
        _ log: MemoryLog, to last: Position? = nil,
        drains: (Position) -> Drain = { _ in .none }
    ) throws {
        while applied < last ?? log.head {
            applied = applied.next
            try log.read(applied) { event throws(ViewFault) in
                try identity.fold(
                    event, in: MemoryContext(rows: identityRows, log: log))
                try Self.take(&identity, into: &identityRows, at: applied, log)
                var moves: [PersonMove] = []
                var key: [UInt8] = []
                try IdentityView.findMoves(of: event, identityRows, into: &moves, key: &key)
                precondition(moves == identity.moves, "the view says what the fold did")
                try fold.fold(
                    event,
                    in: MemoryContext(
                        rows: rows, log: log, people: identityRows, moves: moves))
            }
            switch drains(applied) {
            case .none: break
            case .take: try Self.take(&fold, into: &rows, at: applied, log)
            case .restart:
                try Self.take(&fold, into: &rows, at: applied, log)
                fold = Fold()
            }
        }
        try Self.take(&fold, into: &rows, at: applied, log)
    }

    private static func take<Some: Projection & ~Copyable>(
        _ fold: inout Some, into rows: inout MemoryRows, at position: Position, _ log: MemoryLog
    ) throws(ViewFault) {
        try fold.settle(in: MemoryContext(rows: rows, log: log))
        var previous: [UInt8] = []
        var changed = rows
        try fold.takeChanges { key, row throws(ViewFault) in
            precondition(previous.lexicographicallyPrecedes(key), "changes come in key order")
            previous = key
            changed.apply(key, row)
        }
        changed.position = position
        rows = changed
    }
}

/// What to do after an event.
public enum Drain: Sendable {
    /// Nothing.
    case none
    /// Take the changes.
    case take
    /// Take the changes and go on with a fold that knows only the rows.
    case restart
}
