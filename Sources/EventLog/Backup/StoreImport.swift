public import EventModel
internal import Glibc

/// Makes a new store of events that another has had, with the times at which that one recorded them,
/// so that views have the same rows.
///
/// The store lies under `<path>.importing` until all of it is on disk. Given up before, it is removed
/// there; what a killed process has left is removed by the next.
public final class StoreImport {
    private let path: String
    private let beside: String
    private let log: EventLog
    private let writer: LogWriter
    /// Holds the lock.
    private let folder: StoreFolder
    /// When the newest event was recorded.
    private var recorded = Timestamp(milliseconds: .min)
    /// When the store is made.
    private let now: Timestamp
    /// Whether it lies in its place.
    public private(set) var isDone = false

    /// Begins a store.
    ///
    /// - Parameters:
    ///   - path: A folder that is missing or empty.
    ///   - now: When the store is made.
    /// - Throws: `inTheWay`, `log`.
    @available(*, noasync)
    public init(path: String, now: Timestamp) throws(BackupError) {
        let path = path.hasSuffix("/") ? String(path.dropLast()) : path
        guard !BackupFiles.exists(path) || BackupFiles.isEmptyFolder(path) else {
            throw .inTheWay(path: path)
        }
        self.path = path
        self.now = now
        beside = path + ".importing"
        do throws(EventLogError) {
            try Self.removeLeftOver(beside)
            var generator = SystemRandomNumberGenerator()
            folder = try StoreFolder(path: beside, now: now, randomBytes: { generator.next() })
            // All of it is flushed at the end.
            (log, writer) = try EventLog.open(folder: folder, options: .init(durability: .os))
        } catch {
            throw .log(error)
        }
    }

    deinit {
        guard !isDone else { return }
        log.close()
        // Who cannot remove it leaves it to the next, who says so.
        try? BackupFiles.removeUnfinished(beside)
    }

    private static func removeLeftOver(_ path: String) throws(EventLogError) {
        guard BackupFiles.exists(path) else { return }
        guard BackupFiles.exists(path + "/store.json") || BackupFiles.isEmptyFolder(path) else {
            throw .notAStore(path: path, found: "an import would be made there, and it is none")
        }
        // Another process may be at it.
        let lock = try StoreLock(folder: path)
        try withExtendedLifetime(lock) { () throws(EventLogError) in
            try BackupFiles.removeUnfinished(path)
        }
    }

    /// What became of an event.
    public enum Outcome: Equatable, Sendable {
        /// It is in the store.
        case stored(LogWriter.Outcome)
        /// It was recorded before the event in front of it: the order is not the other store's.
        case outOfOrder
        /// It was recorded later than now: no clock would be believed behind it.
        case ahead
    }

    /// Stores the one record that `write` appends.
    ///
    /// - Parameter moment: When the other store recorded it.
    /// - Throws: What `write` throws, or `.log`.
    public func store<Failure: Error>(
        recorded moment: Timestamp, _ write: (inout [UInt8]) throws(Failure) -> Void
    ) throws(ReadFailure<Failure>) -> Outcome {
        guard moment >= recorded else { return .outOfOrder }
        guard moment - now <= LogLimits.clockBehindMillisecondsMax else { return .ahead }
        // A round has one time.
        if moment != recorded || writer.roundIsFull {
            do throws(EventLogError) {
                try commit()
            } catch {
                throw .log(error)
            }
        }
        let outcome = try writer.stage(write)
        if case .new = outcome { recorded = moment }
        return .stored(outcome)
    }

    private func commit() throws(EventLogError) {
        while case .waitsForStride = try writer.commit(now: recorded) { log.settle() }
    }

    /// Makes the store durable and moves it into its place.
    ///
    /// - Returns: The last position.
    public func finish() throws(EventLogError) -> Position {
        try commit()
        try writer.close()
        log.close()
        try StoreFolder.syncFile(folder.journalPath)
        try StoreFolder.syncFolder(folder.logPath)
        try StoreFolder.syncFolder(beside)
        try BackupFiles.move(beside, to: path) { isDone = true }
        return log.head.position
    }
}
