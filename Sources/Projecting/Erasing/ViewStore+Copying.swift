internal import EventLog
internal import EventModel
internal import LMDB
internal import Threads
internal import Views

/// Writing a view beside the one in use, row by row, with some rows replaced: what is replaced never
/// comes into the file.
extension ViewStore {
    private static let copiedKey = Array("copied".utf8)

    /// Writes all rows of a state of another view behind each other.
    ///
    /// - Returns: Whether all are written; not where the thread is to end.
    func copy(
        _ view: borrowing ViewSnapshot, replacing replacements: RowReplacements, pace: Rebuilder
    ) throws(ViewFault) -> Bool {
        var writer = CopyWriting(replacements, to: self)
        var growth = FileGrowth(environment)
        var start: [UInt8]? = [0]
        while let from = start {
            let begun = Wakeup.nanoseconds()
            try pace.turn { () throws(ViewFault) in
                start = try writer.piece(of: view, from: from)
            }
            Failpoint.erasureCopying.pass()
            do throws(LMDBError) {
                try growth.writeOut()
            } catch {
                throw fault(error)
            }
            guard pace.restAtWork(after: Wakeup.nanoseconds() - begun) else { return false }
        }
        return true
    }

    /// Writes the kept states of another view up to a position, with what is replaced of them.
    ///
    /// - Returns: False where a state does not hold what is to be replaced, or the work is to end.
    func copySnapshots(
        of other: ViewStore, through last: Position, replacing replacements: RowReplacements,
        pace: Rebuilder
    ) throws(ViewFault) -> Bool {
        var nanoseconds: UInt64 = 0
        for position in try other.snapshotPositions(through: last) {
            guard pace.restAtWork(after: nanoseconds) else { return false }
            let begun = Wakeup.nanoseconds()
            defer { nanoseconds = Wakeup.nanoseconds() - begun }
            guard let changes = replacements.states[position] else {
                try copyFrame(of: other, at: position)
                continue
            }
            guard var rows = try other.snapshot(atOrBefore: position)?.rows,
                changes.allSatisfy({ rows.row($0.key) == $0.before })
            else { return false }
            rows.apply(changes.map { (key: $0.key, row: $0.after) })
            try keep(rows, at: position)
        }
        return true
    }

    private func copyFrame(of other: ViewStore, at position: Position) throws(ViewFault) {
        guard let snapshots, let theirs = other.snapshots else { return }
        do throws(LMDBError) {
            let reading = try other.environment.beginRead()
            guard let frame = try reading.get(theirs, key: position.rawValue) else { return }
            var transaction = try environment.beginWrite()
            try transaction.put(snapshots, key: position.rawValue, value: frame)
            try transaction.commit()
        } catch {
            throw fault(error)
        }
    }

    /// Where states are kept.
    func snapshotPositions(through last: Position) throws(ViewFault) -> [Position] {
        var found: [Position] = []
        try forEachSnapshot { position, _ in if position <= last { found.append(position) } }
        return found
    }

    /// Notes that the view was not folded from the log: what it was copied from is gone from there.
    func noteCopied() throws(ViewFault) {
        var transaction = try begin()
        do throws(LMDBError) {
            try transaction.put(meta, key: Self.copiedKey.rawSpan, value: Self.copiedKey.rawSpan)
            try transaction.commit()
        } catch {
            throw fault(error)
        }
    }

    /// Whether that was noted.
    func isCopied() throws(ViewFault) -> Bool {
        do throws(LMDBError) {
            let transaction = try environment.beginRead()
            return try transaction.get(meta, key: Self.copiedKey.rawSpan) != nil
        } catch {
            throw fault(error)
        }
    }
}

/// The way through the rows of a view, a piece in each transaction.
private struct CopyWriting {
    private let target: ViewStore
    private let replacements: [RowReplacements.Replacement]
    private var next = 0

    init(_ replacements: RowReplacements, to target: ViewStore) {
        self.target = target
        self.replacements = replacements.rows
    }

    /// Writes some rows from a key on.
    ///
    /// - Returns: Where the next piece begins; nil behind the last.
    mutating func piece(
        of view: borrowing ViewSnapshot, from start: [UInt8]
    ) throws(ViewFault) -> [UInt8]? {
        var writing = try RowAppending(target)
        var next = next
        let replacements = replacements
        var byteCount = 0
        var last: [UInt8]?
        try view.rows(from: start, below: ProjectingLimits.endOfKeys) {
            (key, row) throws(ViewFault) in
            var isReplaced = false
            while next < replacements.count, !isReplaced {
                let replaced = replacements[next].key
                isReplaced = replaced.rawSpan.equals(key)
                guard isReplaced || KeyOrder.bytes.precedes(replaced.rawSpan, key) else { break }
                try writing.append(replacements[next])
                next += 1
            }
            if !isReplaced { try writing.append(key, row) }
            byteCount += key.byteCount + row.byteCount
            if byteCount >= ProjectingLimits.copiedBytesPerStep { last = key.copied() }
            return last == nil
        }
        if last == nil {
            for replacement in replacements[next...] { try writing.append(replacement) }
        }
        self.next = next
        try writing.finish()
        return last.map { $0 + [0] }
    }
}

/// A write transaction that rows are put through behind all others.
private struct RowAppending: ~Copyable {
    private var rows: OrderedWriting
    private let store: ViewStore

    init(_ store: ViewStore) throws(ViewFault) {
        self.store = store
        let transaction = try store.begin()
        do throws(LMDBError) {
            rows = try OrderedWriting(transaction, store.rows)
        } catch {
            throw store.fault(error)
        }
    }

    mutating func append(_ replacement: RowReplacements.Replacement) throws(ViewFault) {
        guard let row = replacement.after else { return }
        let key = replacement.key
        try append(key.rawSpan, row.rawSpan)
    }

    mutating func append(_ key: RawSpan, _ row: RawSpan) throws(ViewFault) {
        do throws(LMDBError) {
            try rows.put(
                key: key, value: row, followedBy: ViewStore.checksum(row, under: key), .append)
        } catch {
            throw store.fault(error)
        }
    }

    mutating func finish() throws(ViewFault) {
        let transaction = rows.end()
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            throw store.fault(error)
        }
    }
}
