internal import EventLog
internal import EventModel
internal import Glibc
internal import LMDB
internal import Views

/// One view's file: an LMDB environment of its own. It is disposable; the log makes it again.
///
/// | database | key | value |
/// |---|---|---|
/// | `rows` | the fold's key | the fold's row, then u32 LE CRC-32C over the row |
/// | `meta` | `checkpoint` | u32 format = 1, u64 position, u32 CRC-32C of the record there |
///
/// Commits use NOMETASYNC: a power cut may take the last commits back, rows and checkpoint
/// together, and the fold goes on from there.
final class ViewStore: Sendable {
    static let format: UInt32 = 1

    let environment: Environment
    let rows: Database
    private let meta: Database

    private init(environment: Environment, databases: [Database]) {
        self.environment = environment
        rows = databases[0]
        meta = databases[1]
    }

    /// Opens a view's file, or makes an empty one when there is none or it is damaged.
    static func open(path: String) throws(ViewFault) -> ViewStore {
        do throws(LMDBError) {
            return try attempt(path)
        } catch {
            guard error.isCorrupted || Self.isDamage(error.cause) else {
                throw .storage("\(error)")
            }
        }
        try remove(path: path)
        do throws(LMDBError) {
            return try attempt(path)
        } catch {
            throw .storage("\(error)")
        }
    }

    private static func attempt(_ path: String) throws(LMDBError) -> ViewStore {
        let environment = try Environment.open(
            path: path,
            options: .init(
                mapBytes: ProjectingLimits.viewMapBytes, maxDatabases: 4, durability: .noMetaSync))
        let databases = try environment.openDatabases([
            .init("rows", keys: .bytes), .init("meta", keys: .bytes),
        ])
        return ViewStore(environment: environment, databases: databases)
    }

    private static func isDamage(_ cause: LMDBError.Cause) -> Bool {
        switch cause {
        case .notAnEnvironment, .truncated, .notInitialised: true
        default: false
        }
    }

    /// What the file takes.
    var fileBytes: UInt64 { environment.information.usedBytes }

    /// Removes a view's file with its lock file.
    static func remove(path: String) throws(ViewFault) {
        do throws(LMDBError) {
            try Environment.remove(path: path)
        } catch {
            throw .storage("\(error)")
        }
    }

    /// How far the rows reflect the log.
    struct Checkpoint: Equatable {
        var position: Position
        /// CRC-32C of the record at the position; the view belongs to a log that has it there.
        var record: UInt32

        static let zero = Checkpoint(position: .zero, record: 0)
    }

    private static let checkpointKey = Array("checkpoint".utf8)

    /// Reads the checkpoint; nil when it is damaged or of another format.
    func checkpoint(in transaction: borrowing ReadTransaction) throws(ViewFault) -> Checkpoint? {
        do throws(LMDBError) {
            guard let value = try transaction.get(meta, key: Self.checkpointKey.rawSpan) else {
                return .zero
            }
            guard value.byteCount == 16, value.load(littleEndian: UInt32.self, at: 0) == Self.format
            else { return nil }
            return Checkpoint(
                position: Position(value.load(littleEndian: UInt64.self, at: 4)),
                record: value.load(littleEndian: UInt32.self, at: 12))
        } catch {
            throw .storage("\(error)")
        }
    }

    /// Writes changed rows and the checkpoint they belong to in one transaction.
    ///
    /// - Parameter changes: Calls its argument for every changed row in key order.
    func commit(
        _ checkpoint: Checkpoint,
        changes: (_ put: ([UInt8], [UInt8]?) throws(ViewFault) -> Void) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        let writing = RowWriting(transaction: try begin(), rows: rows)
        try changes { (key, row) throws(ViewFault) in try writing.put(key, row) }
        var value: [UInt8] = []
        value.append(littleEndian: Self.format)
        value.append(littleEndian: checkpoint.position.rawValue)
        value.append(littleEndian: checkpoint.record)
        Failpoint.viewPut.pass()
        try writing.finish(meta, Self.checkpointKey, value)
        Failpoint.viewCommitted.pass()
    }

    private func begin() throws(ViewFault) -> WriteTransaction {
        do throws(LMDBError) {
            return try environment.beginWrite()
        } catch {
            throw .storage("\(error)")
        }
    }
}

/// A write transaction that a closure can put rows through.
private final class RowWriting {
    private var transaction: WriteTransaction?
    private let rows: Database
    private var value: [UInt8] = []

    init(transaction: consuming WriteTransaction, rows: Database) {
        self.transaction = consume transaction
        self.rows = rows
    }

    func put(_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) {
        do throws(LMDBError) {
            guard let row else {
                _ = try transaction!.delete(rows, key: key.rawSpan)
                return
            }
            value.removeAll(keepingCapacity: true)
            value.append(contentsOf: row)
            value.append(littleEndian: CRC32C.checksum(row.rawSpan))
            let value = value
            try transaction!.put(rows, key: key.rawSpan, value: value.rawSpan)
        } catch {
            throw .storage("\(error)")
        }
    }

    func finish(_ meta: Database, _ key: [UInt8], _ checkpoint: [UInt8]) throws(ViewFault) {
        guard var transaction = transaction.take() else {
            preconditionFailure("a view's transaction is finished once")
        }
        do throws(LMDBError) {
            try transaction.put(meta, key: key.rawSpan, value: checkpoint.rawSpan)
            try transaction.commit()
        } catch {
            throw .storage("\(error)")
        }
    }
}
