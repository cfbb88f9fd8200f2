internal import EventModel
internal import LMDB
internal import Views
internal import Zstd

/// Keeps states of a view, now and then: all rows that are `.kept`, compressed, under their position
/// in the view's own file, so that they come and go with it.
///
/// One is kept every `ProjectingLimits.snapshotSpacing` events, less often where there are many
/// rows, so that copying them stays a small part of folding.
struct SnapshotKeeper<Fold: Projection & ~Copyable & SendableMetatype> {
    private var next: Position?

    /// Keeps a state if one is due; the view reflects `position`.
    mutating func look(_ store: ViewStore, at position: Position) throws(ViewFault) {
        guard Fold.keptStates != .none, position >= (try nextDue(store)) else { return }
        try keep(try Self.rows(of: ViewSnapshot(store)), store, at: position)
    }

    /// Where a state is to be kept before a checkpoint at `end`, of a fold that goes on at `start`; nil
    /// where none is.
    mutating func due(
        _ store: ViewStore, between start: Position, and end: Position
    ) throws(ViewFault) -> Position? {
        guard Fold.keptStates == .base else { return nil }
        let due = max(try nextDue(store), start)
        return due < end ? due : nil
    }

    private mutating func nextDue(_ store: ViewStore) throws(ViewFault) -> Position {
        if let next { return next }
        // What a process that has died kept behind its last checkpoint may be of another log by now.
        let checkpoint = try ViewSnapshot(store).position
        try store.forgetSnapshots(behind: checkpoint)
        let newest = try store.snapshot(atOrBefore: checkpoint)
        let due = Self.next(after: newest?.position ?? .zero, newest?.rows.count ?? 0)
        next = due
        return due
    }

    /// Keeps a state.
    mutating func keep(
        _ rows: PastRows, _ store: ViewStore, at position: Position
    ) throws(ViewFault) {
        do throws(ViewFault) {
            try store.keep(rows, at: position)
        } catch {
            // Without room the fold goes on, and tries again soon.
            guard error.isPassing else { throw error }
            next = Position(position.rawValue + ProjectingLimits.eventsUnspaced)
            return
        }
        next = Self.next(after: position, rows.count)
    }

    private static func next(after position: Position, _ rows: Int) -> Position {
        let spacing = max(ProjectingLimits.snapshotSpacing, UInt64(rows))
        return Position(position.rawValue + spacing)
    }

    /// The rows that have to be kept; kinds that are not are passed over, not read.
    static func rows(of snapshot: borrowing ViewSnapshot) throws(ViewFault) -> PastRows {
        var rows = PastRows()
        var start: [UInt8]? = [0]
        while let from = start {
            start = nil
            try snapshot.rows(from: from, below: ProjectingLimits.endOfKeys) {
                (key, row) throws(ViewFault) in
                guard try Fold.moment(ofKey: key) == .kept else {
                    start = key[0] < 0xFF ? [key[0] + 1] : nil
                    return false
                }
                rows.append(key.copied(), row.copied())
                return true
            }
        }
        return rows
    }
}

/// States between two checkpoints: the rows of the last one that are kept, with what has changed in
/// them since over them.
struct StatesBetween<Fold: Projection & ~Copyable & SendableMetatype> {
    private var rows: PastRows?
    private var changes: [(key: [UInt8], row: [UInt8]?)] = []
    /// By the first byte of a key, which says what kind of row it is.
    private var isKept = [Bool?](repeating: nil, count: 256)

    /// Takes a changed row, in key order.
    mutating func put(_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) {
        let kind = Int(key[0])
        if isKept[kind] == nil { isKept[kind] = try Fold.moment(ofKey: key.rawSpan) == .kept }
        if isKept[kind] == true { changes.append((key, row)) }
    }

    /// Returns the rows as they are now, over those of the last checkpoint.
    mutating func take(over store: ViewStore) throws(ViewFault) -> PastRows {
        var rows: PastRows
        if let before = self.rows.take() {
            rows = before
        } else {
            rows = try SnapshotKeeper<Fold>.rows(of: ViewSnapshot(store))
        }
        rows.apply(changes)
        changes = []
        self.rows = rows
        return rows
    }
}

/// Where kept states lie: database `snapshots`, u64 position → one zstd frame, checksum included, of
/// `PastRows`.
extension ViewStore {
    /// Keeps a state.
    func keep(_ rows: PastRows, at position: Position) throws(ViewFault) {
        guard let snapshots else { preconditionFailure("a view that is written has snapshots") }
        var bytes: [UInt8] = []
        rows.encode(into: &bytes)
        var frame: [UInt8] = []
        do {
            var compressor = try Compressor(checksum: true)
            try compressor.compress(bytes.rawSpan, into: &frame)
            var transaction = try begin()
            try transaction.put(snapshots, key: position.rawValue, value: frame.rawSpan)
            try transaction.commit()
        } catch {
            throw fault(error)
        }
    }

    /// Removes the states behind a position.
    func forgetSnapshots(behind position: Position) throws(ViewFault) {
        var behind: [Position] = []
        try forEachSnapshot { at, _ in if at > position { behind.append(at) } }
        guard let snapshots, !behind.isEmpty else { return }
        var transaction = try begin()
        do throws(LMDBError) {
            for position in behind { try transaction.delete(snapshots, key: position.rawValue) }
            try transaction.commit()
        } catch {
            throw fault(error)
        }
    }

    /// Shows which states are kept: the position of each and the bytes it takes up, oldest first.
    func forEachSnapshot(
        _ body: (Position, _ bytes: Int) -> Void
    ) throws(ViewFault) {
        guard let snapshots else { return }
        do {
            let transaction = try environment.beginRead()
            var cursor = try transaction.cursor(snapshots)
            var isOnPair = try cursor.first()
            while isOnPair {
                body(Position(cursor.integerKey), cursor.value.byteCount)
                isOnPair = try cursor.next()
            }
        } catch {
            throw fault(error)
        }
    }

    /// The newest state that is kept of a position or before it.
    func snapshot(
        atOrBefore position: Position
    ) throws(ViewFault) -> (position: Position, rows: PastRows)? {
        guard let snapshots else { return nil }
        do {
            let transaction = try environment.beginRead()
            var cursor = try transaction.cursor(snapshots)
            var isOnPair = try cursor.seek(atLeast: position.rawValue)
            if isOnPair ? cursor.integerKey > position.rawValue : true {
                isOnPair = isOnPair ? try cursor.previous() : try cursor.last()
            }
            guard isOnPair else { return nil }
            var bytes: [UInt8] = []
            var decompressor = try Decompressor()
            try decompressor.decompress(
                cursor.value, limit: ProjectingLimits.snapshotBytesMax, into: &bytes)
            let rows = try PastRows(stored: bytes.rawSpan)
            return (Position(cursor.integerKey), rows)
        } catch let error as MalformedBytes {
            noteDamage(error)
            throw .damaged(error)
        } catch {
            throw fault(error)
        }
    }
}
