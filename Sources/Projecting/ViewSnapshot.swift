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

    /// The last position that the rows reflect.
    public var position: Position { checkpoint.position }

    /// Which rows these are.
    public var state: ViewState { ViewState(file: store.number, position: checkpoint.position) }

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
            guard let value = try transaction.get(store.rows, key: key.rawSpan) else { return }
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
            var isOnPair = try cursor.seek(atLeast: start.rawSpan)
            while isOnPair, Self.precedes(cursor.key, end) {
                guard try body(cursor.key, try checked(cursor.value, under: cursor.key)) else {
                    return
                }
                isOnPair = try cursor.next()
            }
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
            _ = try cursor.seek(atLeast: end.rawSpan)
            var isOnPair = cursor.isOnPair ? try cursor.previous() : try cursor.last()
            while isOnPair, !Self.precedes(cursor.key, start) {
                guard try body(cursor.key, try checked(cursor.value, under: cursor.key)) else {
                    return
                }
                isOnPair = try cursor.previous()
            }
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

    private static func precedes(_ key: RawSpan, _ bound: [UInt8]) -> Bool {
        let other = bound.rawSpan
        for offset in 0..<min(key.byteCount, other.byteCount)
        where key[offset] != other[offset] {
            return key[offset] < other[offset]
        }
        return key.byteCount < other.byteCount
    }
}
