internal import EventLog
public import EventModel
internal import LMDB
public import Views

/// One committed state of a view, read until it is let go. It keeps pages from being reused, so
/// hold it for one burst of reads only.
public struct ViewSnapshot: ~Copyable, ViewReader {
    let store: ViewStore
    private let transaction: ReadTransaction
    let checkpoint: ViewStore.Checkpoint
    private let soundPages = SoundPages()

    /// The last position that the rows reflect.
    public var position: Position { checkpoint.position }

    /// Which rows these are.
    public var state: ViewState { ViewState(file: store.number, position: checkpoint.position) }

    /// The same, for what is kept between readers.
    public var sharedState: ViewState? { state }

    init(_ store: ViewStore) throws(ViewFault) {
        let transaction = try Self.begin(store)
        guard let checkpoint = try store.checkpoint(in: transaction) else {
            throw .damaged(MalformedBytes("checkpoint", at: 0))
        }
        self.init(store, consume transaction, checkpoint)
    }

    private init(
        _ store: ViewStore, _ transaction: consuming ReadTransaction,
        _ checkpoint: ViewStore.Checkpoint
    ) {
        self.store = store
        self.transaction = transaction
        self.checkpoint = checkpoint
    }

    private static func begin(_ store: ViewStore) throws(ViewFault) -> ReadTransaction {
        do throws(LMDBError) {
            return try store.environment.beginRead()
        } catch {
            throw .storage("\(error)")
        }
    }

    /// Shows a row, if there is one.
    public func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        do {
            guard let value = try transaction.get(store.rows, key: key.rawSpan) else {
                return try confirmAbsence(of: key.rawSpan)
            }
            try body(try checked(value, under: key.rawSpan))
        } catch {
            throw store.fault(error)
        }
    }

    /// Shows rows in key order.
    public func rows(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        do {
            var cursor = try transaction.cursor(store.rows)
            var isOnPair = try seek(&cursor, to: start.rawSpan)
            while isOnPair, KeyOrder.bytes.precedes(cursor.key, end.rawSpan) {
                guard try body(cursor.key, try checked(cursor.value, under: cursor.key)) else {
                    return
                }
                isOnPair = try cursor.next()
            }
            if isOnPair { try confirm(cursor.key, cursor.value) }
        } catch {
            throw store.fault(error)
        }
    }

    /// Shows rows against key order.
    public func rowsBackward(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        do {
            var cursor = try transaction.cursor(store.rows)
            if try cursor.seek(atLeast: end.rawSpan) { try confirm(cursor.key, cursor.value) }
            var isOnPair = try cursor.previous()
            while isOnPair, !KeyOrder.bytes.precedes(cursor.key, start.rawSpan) {
                guard try body(cursor.key, try checked(cursor.value, under: cursor.key)) else {
                    return
                }
                isOnPair = try cursor.previous()
            }
            if isOnPair { try confirm(cursor.key, cursor.value) }
        } catch {
            throw store.fault(error)
        }
    }

    /// Tells whether there is no row at all.
    func isEmpty() throws(ViewFault) -> Bool {
        do throws(LMDBError) {
            var cursor = try transaction.cursor(store.rows)
            return try !cursor.first()
        } catch {
            throw store.fault(error)
        }
    }

    /// Moves to the first row whose key is `key` or greater, past the one before it, which is
    /// looked at; returns whether there is one.
    @_lifetime(cursor: copy cursor)
    private func seek(_ cursor: inout Cursor, to key: RawSpan) throws -> Bool {
        if try cursor.seek(atLeast: key), cursor.key.equals(key) { return true }
        if try cursor.previous() {
            try confirm(cursor.key, cursor.value)
            guard KeyOrder.bytes.precedes(cursor.key, key) else {
                throw damaged(MalformedBytes("row order", at: 0))
            }
        }
        return try cursor.next()
    }

    /// Looks at the rows on both sides of a key that was not found.
    private func confirmAbsence(of key: RawSpan) throws {
        var cursor = try transaction.cursor(store.rows)
        guard try seek(&cursor, to: key) else { return }
        try confirm(cursor.key, cursor.value)
        guard KeyOrder.bytes.precedes(key, cursor.key) else {
            throw damaged(MalformedBytes("row order", at: 0))
        }
    }

    /// Looks at a row beside the place of one that is not there, or beside the last of those that
    /// were asked for, and at its page.
    ///
    /// LMDB's pages carry no checksums: a key that has gone wrong, or a page's bounds or offsets,
    /// lead a look-up astray without a word. But every key that has not gone wrong sends it the
    /// right way, so that it ends beside the one that has.
    private func confirm(_ key: RawSpan, _ value: RawSpan) throws(ViewFault) {
        _ = try checked(value, under: key)
        let page = store.pages.place(around: key)
        guard !soundPages.holds(page) else { return }
        guard store.pages.haveSoundLeaf(around: key) else {
            throw damaged(MalformedBytes("page", at: 0))
        }
        soundPages.note(page)
    }

    @_lifetime(copy value)
    private func checked(
        _ value: RawSpan, under key: RawSpan
    ) throws(ViewFault) -> RawSpan {
        let end = value.byteCount - 4
        guard end >= 0 else { throw damaged(MalformedBytes("row", at: 0)) }
        let row = value.extracting(0..<end)
        guard ViewStore.checksum(row, under: key) == value.load(littleEndian: UInt32.self, at: end)
        else {
            throw damaged(MalformedBytes("row checksum", at: end))
        }
        return row
    }

    /// Whoever meets damage puts the view out of use for all.
    private func damaged(_ what: MalformedBytes) -> ViewFault {
        store.noteDamage(what)
        return .damaged(what)
    }
}
