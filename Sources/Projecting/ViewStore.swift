internal import EventLog
internal import EventModel
internal import Glibc
internal import LMDB
internal import Synchronization
internal import Threads
internal import Views

/// One view's file: an LMDB environment of its own. It is disposable; the log makes it again.
///
/// | database | key | value |
/// |---|---|---|
/// | `rows` | the fold's key | the fold's row, then u32 LE CRC-32C over key and row |
/// | `meta` | `checkpoint` | u32 format = 4, u64 position, u32 CRC-32C of the record there, u32 version of the identity projection that the rows were folded with, u64 position of the definition of rules that it was begun with (`IdentityGeneration`); format 3, without the latter, is read too |
/// | `meta` | `scrubbed` | see `note(scrubbed:)` |
/// | `meta` | `copied` | see `noteCopied` |
/// | `snapshots` | u64 position | a kept state, see `SnapshotKeeper` |
///
/// Commits wait for nothing. `<name>.view.rollback` keeps the state that was flushed last, a
/// moment ago (`RollbackPoint`), to which the next start takes the file back unless it was put on
/// disk in the end; the fold goes on from there.
///
/// Damage that is met in a row is remembered by an empty file beside it, `<name>.view.damaged`:
/// the view is not used any more, and the next start makes it anew. The file itself may be what
/// cannot be written any more, so that the mark stands outside of it.
final class ViewStore: Sendable {
    static let format: UInt32 = 4
    private static let formatBefore: UInt32 = 3

    private let damage = Mutex<String?>(nil)
    private let place: Mutex<String>
    /// Which definition of rules its checkpoints name.
    private let generation = Mutex(Position.zero)
    /// What of the file is on disk.
    let flushing: Mutex<Flushing>
    /// Where is waited for the flusher.
    let flushed = Wakeup()

    /// Counts the files that the process has opened.
    let number = ViewStore.opened.add(1, ordering: .relaxed).newValue
    private static let opened = Atomic<UInt64>(0)

    let environment: Environment
    /// The pages that its rows lie in.
    let pages: MappedPages
    let rows: Database
    let meta: Database
    /// Kept states, see `SnapshotKeeper`; nil where only the checkpoint is looked at.
    let snapshots: Database?

    private init(
        environment: Environment, databases: [Database], isBuilt: Bool = true
    ) throws(LMDBError) {
        self.environment = environment
        flushing = Mutex(Flushing(isBuilt: isBuilt))
        place = Mutex(environment.path)
        pages = try MappedPages(of: environment)
        rows = databases[0]
        meta = databases[1]
        snapshots = databases.count > 2 ? databases[2] : nil
    }

    /// Where the file lies now.
    var path: String { place.withLock { $0 } }

    /// Notes that the file has another name.
    func moved(to path: String) { place.withLock { $0 = path } }

    /// Opens a view's file, or makes an empty one when there is none or it is damaged.
    ///
    /// - Parameter isBuilt: False for a view that is folded beside the one in use and worth nothing
    ///   until `settle`.
    static func open(path: String, isBuilt: Bool = true) throws(ViewFault) -> ViewStore {
        if unsafe access(markPath(path), F_OK) == 0 {
            // The mark goes last: a start that is killed in between begins here again.
            try remove(path: path)
            try removeMark(path)
        }
        do throws(LMDBError) {
            return try attempt(path, isBuilt)
        } catch {
            guard error.isCorrupted || Self.isDamage(error.cause) else {
                throw .storage("\(error)")
            }
        }
        try remove(path: path)
        do throws(LMDBError) {
            return try attempt(path, isBuilt)
        } catch {
            throw .storage("\(error)")
        }
    }

    private static func attempt(
        _ path: String, _ isBuilt: Bool
    ) throws(LMDBError) -> ViewStore {
        try Environment.rollBack(path: path, to: rollbackPath(path))
        let environment = try Environment.open(
            path: path,
            options: .init(
                mapBytes: ProjectingLimits.viewMapBytes, maxDatabases: 4,
                durability: isBuilt ? .noMetaSync : .noSync))
        let databases = try environment.openDatabases([
            .init("rows", keys: .bytes), .init("meta", keys: .bytes),
            .init("snapshots", keys: .integer),
        ])
        return try ViewStore(environment: environment, databases: databases, isBuilt: isBuilt)
    }

    private static func isDamage(_ cause: LMDBError.Cause) -> Bool {
        switch cause {
        case .notAnEnvironment, .truncated, .notInitialised: true
        default: false
        }
    }

    private static func markPath(_ path: String) -> String { path + ".damaged" }

    static func removeMark(_ path: String) throws(ViewFault) {
        guard unsafe unlink(markPath(path)) == 0 || errno == ENOENT else {
            throw .storage("remove \(markPath(path)) failed: errno \(errno)")
        }
    }

    /// The checksum of a row: over its key too, which lies in LMDB's page and has no other.
    static func checksum(_ row: RawSpan, under key: RawSpan) -> UInt32 {
        CRC32C.checksum(row, continuing: CRC32C.checksum(key))
    }

    /// Whether a value is a row with its checksum.
    static func isRow(_ value: [UInt8], under key: [UInt8]) -> Bool {
        let end = value.count - 4
        guard end >= 0 else { return false }
        let bytes = value.rawSpan
        return checksum(bytes.extracting(0..<end), under: key.rawSpan)
            == bytes.load(littleEndian: UInt32.self, at: end)
    }

    /// What damage has been met, or nil while the view can be used.
    var damageFound: String? { damage.withLock { $0 } }

    /// Returns the fault of a failed access; pages that are no pages are damage too.
    func fault(_ error: any Error) -> ViewFault {
        if let fault = error as? ViewFault { return fault }
        guard let error = error as? LMDBError, error.isCorrupted else {
            if (error as? LMDBError)?.isOfResources == true { return .short("\(error)") }
            if (error as? LMDBError)?.isMapFull == true { return .short(mapIsFull) }
            return hasNoRoom(error) ? .full("\(error)") : .storage("\(error)")
        }
        let what = MalformedBytes("page", at: 0)
        noteDamage(what)
        return .damaged(what)
    }

    /// What the fold waits for: the address space is this process's, and the next may have more.
    private var mapIsFull: String {
        "the view's file fills its map of \(environment.information.mapBytes) bytes"
    }

    /// Whether a write failed for want of room; LMDB makes EIO of a short write.
    private func hasNoRoom(_ error: any Error) -> Bool {
        // What a failed flush has not written the next may pass over.
        guard let error = error as? LMDBError, error.mayBeNoSpace, error.operation != .sync else {
            return false
        }
        guard error.cause == .system(errno: EIO) else { return true }
        guard let free = try? environment.availableBytes() else { return false }
        return free < ProjectingLimits.freeBytesMin
    }

    /// Puts the view out of use, now and for the next start. Where the mark cannot be made, the
    /// next start meets the damage again.
    func noteDamage(_ what: MalformedBytes) {
        damage.withLock { found in
            guard found == nil else { return }
            found = "\(ViewFault.damaged(what)); the next start makes it anew from the log"
            // Who only looks leaves no trace.
            guard !environment.isReadOnly else { return }
            let mark = Self.markPath(path)
            let descriptor = unsafe Glibc.open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            if descriptor >= 0 { close(descriptor) }
        }
    }

    /// What the file takes.
    var fileBytes: UInt64 { environment.information.usedBytes }

    /// What the file can take at most: its address space.
    var mapBytes: UInt64 { environment.information.mapBytes }

    /// Removes a view's file with those beside it that belong to its state.
    static func remove(path: String) throws(ViewFault) {
        do throws(LMDBError) {
            try Environment.remove(path: path)
            // There is no file any more: the point goes.
            try Environment.rollBack(path: path, to: rollbackPath(path))
        } catch {
            throw .storage("\(error)")
        }
    }

    /// How far the rows reflect the log.
    struct Checkpoint: Equatable {
        var position: Position
        /// CRC-32C of the record at the position; the view belongs to a log that has it there.
        var record: UInt32
        /// The version of the identity projection that told whom the events concern.
        var identity = UInt32(IdentityProjection.version)
        /// Where the definition stands that the identity view was begun with; zero = none.
        var generation = Position.zero

        static let zero = Checkpoint(position: .zero, record: 0)

        /// Whether identity was folded as this build folds it, begun with a definition.
        func isOf(_ generation: IdentityGeneration) -> Bool {
            identity == UInt32(IdentityProjection.version)
                && self.generation == generation.position
        }
    }

    private static let checkpointKey = Array("checkpoint".utf8)

    /// Reads the checkpoint; nil when it is damaged or of another format.
    func checkpoint(in transaction: borrowing ReadTransaction) throws(ViewFault) -> Checkpoint? {
        do throws(LMDBError) {
            guard let value = try transaction.get(meta, key: Self.checkpointKey.rawSpan) else {
                return .zero
            }
            guard value.byteCount >= 20 else { return nil }
            var checkpoint = Checkpoint(
                position: Position(value.load(littleEndian: UInt64.self, at: 4)),
                record: value.load(littleEndian: UInt32.self, at: 12),
                identity: value.load(littleEndian: UInt32.self, at: 16))
            switch (value.load(littleEndian: UInt32.self, at: 0), value.byteCount) {
            case (Self.formatBefore, 20): break
            case (Self.format, 28):
                checkpoint.generation = Position(value.load(littleEndian: UInt64.self, at: 20))
            default: return nil
            }
            return checkpoint
        } catch {
            throw .storage("\(error)")
        }
    }

    /// Reads the position of a file's checkpoint without opening it for use.
    static func recordedPosition(path: String) throws -> Position {
        let environment = try Environment.openReadOnlyLockless(path: path, maxDatabases: 4)
        let store = try reading(environment, withSnapshots: false)
        return try store.checkpoint(in: environment.beginRead())?.position ?? .zero
    }

    /// Opens a file that another process may be writing, or nobody, for reading only.
    static func openReadOnly(
        path: String, withSnapshots: Bool = false
    ) throws(ViewFault) -> ViewStore {
        // Without a lock file nobody writes, and none is made.
        let isShared = unsafe access(path + "-lock", R_OK | W_OK) == 0
        do throws(LMDBError) {
            return try reading(
                isShared
                    ? Environment.openReadOnlyShared(
                        path: path, mapBytes: ProjectingLimits.viewMapBytes, maxDatabases: 4)
                    : Environment.openReadOnlyLockless(path: path, maxDatabases: 4),
                withSnapshots: withSnapshots)
        } catch {
            throw .storage("\(error)")
        }
    }

    private static func reading(
        _ environment: Environment, withSnapshots: Bool
    ) throws(LMDBError) -> ViewStore {
        let databases = try environment.openDatabases(
            [.init("rows", keys: .bytes), .init("meta", keys: .bytes)]
                + (withSnapshots ? [.init("snapshots", keys: .integer)] : []))
        return try ViewStore(environment: environment, databases: databases)
    }

    /// Has rows that are folded from now on named after a generation; an identity view that nothing has
    /// been folded into yet is begun with its definition.
    func fold(under generation: IdentityGeneration, isIdentity: Bool) throws(ViewFault) {
        self.generation.withLock { $0 = generation.position }
        guard isIdentity, let first = generation.firstRow else { return }
        let snapshot = try ViewSnapshot(self)
        guard snapshot.position == .zero, try snapshot.isEmpty() else { return }
        var writing = try RowWriting(transaction: try begin(), of: self)
        try writing.put(first.key, first.row)
        try writing.end()
    }

    /// Writes changed rows and the checkpoint they belong to in one transaction.
    ///
    /// - Parameters:
    ///   - flusher: Who flushes it when it is time; nil for the calling thread.
    ///   - changes: Calls its argument for every changed row in key order.
    func commit(
        _ checkpoint: Checkpoint, flushedBy flusher: ViewFlusher? = nil,
        changes: (_ put: ([UInt8], [UInt8]?) throws(ViewFault) -> Void) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        var writing = try RowWriting(transaction: try begin(), of: self)
        try changes { (key, row) throws(ViewFault) in try writing.put(key, row) }
        var value: [UInt8] = []
        value.append(littleEndian: Self.format)
        value.append(littleEndian: checkpoint.position.rawValue)
        value.append(littleEndian: checkpoint.record)
        value.append(littleEndian: checkpoint.identity)
        value.append(littleEndian: generation.withLock { $0 }.rawValue)
        Failpoint.viewPut.pass()
        try writing.finish(meta, Self.checkpointKey, value)
        Failpoint.viewCommitted.pass()
        try flushIfDue(checkpoint.position, by: flusher)
    }

    /// Begins a transaction that writes.
    func begin() throws(ViewFault) -> WriteTransaction {
        try prepareCommit()
        do throws(LMDBError) {
            return try environment.beginWrite()
        } catch {
            throw .storage("\(error)")
        }
    }
}

/// A write transaction that rows are put through, each with its checksum.
private struct RowWriting: ~Copyable {
    /// A fold hands its rows over by kind, in key order within one.
    private var rows: OrderedWriting
    private let store: ViewStore

    init(transaction: consuming WriteTransaction, of store: ViewStore) throws(ViewFault) {
        self.store = store
        do throws(LMDBError) {
            rows = try OrderedWriting(transaction, store.rows)
        } catch {
            throw store.fault(error)
        }
    }

    mutating func put(_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) {
        do throws(LMDBError) {
            guard let row else {
                try rows.delete(key: key.rawSpan)
                return
            }
            try rows.put(
                key: key.rawSpan, value: row.rawSpan,
                followedBy: ViewStore.checksum(row.rawSpan, under: key.rawSpan))
        } catch {
            throw store.fault(error)
        }
    }

    mutating func end() throws(ViewFault) {
        let transaction = rows.end()
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            throw store.fault(error)
        }
    }

    mutating func finish(
        _ meta: Database, _ key: [UInt8], _ checkpoint: [UInt8]
    ) throws(ViewFault) {
        var transaction = rows.end()
        do throws(LMDBError) {
            try transaction.put(meta, key: key.rawSpan, value: checkpoint.rawSpan)
            try transaction.commit()
        } catch {
            throw store.fault(error)
        }
    }
}
