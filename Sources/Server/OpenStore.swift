internal import Commands
internal import Consumers
internal import EventLog
internal import EventModel
internal import Glibc
internal import Logging
internal import Projecting
internal import Views

/// An opened store: folder, log, writer, views. Opened and owned by the loop.
final class OpenStore: @unchecked Sendable {
    // Unchecked: `writer` is handed to the loop's executor once; the rest is Sendable itself.
    let folder: StoreFolder
    let log: EventLog
    let writer: LogWriter
    let views: ViewSet
    let consumers: ConsumerStore
    let epoch: StoreEpoch
    /// All epochs, this one last.
    let epochs: [StoreEpoch]
    let backups: BackupRunner
    /// What erased persons were called; nil where that is not kept.
    let suppression: SuppressionList?
    private let logger: Logger

    init(_ options: Server.Options, _ logger: Logger) throws(ServerError) {
        self.logger = logger
        do throws(EventLogError) {
            var generator = SystemRandomNumberGenerator()
            folder = try StoreFolder(
                path: options.storePath, now: Self.wallClock(),
                allowsNetworkFileSystem: options.allowsNetworkFileSystem,
                randomBytes: { generator.next() })
        } catch {
            throw .log(error)
        }
        try SuspectFiles.settle(store: folder.path, logger)
        CrashMark.arm(store: folder.path)
        do throws(ConsumerError) {
            consumers = try ConsumerStore(
                store: folder.path,
                options: .init(
                    put: { Failpoint.consumerPut.pass() },
                    flushed: { Failpoint.consumerFlushed.pass() },
                    onFailure: { error in Server.end(after: error, logger) }))
        } catch {
            throw .consumers(error)
        }
        do throws(EventLogError) {
            (log, writer) = try EventLog.open(
                folder: folder,
                options: .init(
                    durability: options.durability, sizes: options.sizes,
                    onFailure: { error in Server.end(after: error, logger) }))
            let now = Self.recordedTime(log, writer)
            epoch = try log.enterEpoch(
                writer, folder: folder,
                recorded: max(
                    ViewSet.recordedPosition(folder: folder.viewsPath), consumers.recordedPosition),
                now: now)
            try log.enterErasures(writer, folder: folder, now: now)
            suppression = try Self.suppression(options, folder, writer)
            let present = epoch
            epochs = try writer.epochs().filter { $0.number < present.number } + [present]
            backups = BackupRunner(
                log: log, store: folder, folder: options.backupFolder, epochs: epochs,
                consumers: consumers,
                now: { Self.wallClock() })
        } catch {
            throw .log(error)
        }
        do throws(ViewFault) {
            views = try ViewSet(log: log, folder: folder.viewsPath)
        } catch {
            throw .view(error)
        }
        views.patrol.observe { finding in
            logger.error(
                "damage found", metadata: ["file": "\(finding.file)", "what": "\(finding.what)"])
        }
        logger.info(
            "store open",
            metadata: [
                "store": "\(folder.storeID)", "head": "\(log.head.position)",
                "epoch": "\(epoch.number)",
            ])
    }

    private static func suppression(
        _ options: Server.Options, _ store: StoreFolder, _ writer: LogWriter
    ) throws(EventLogError) -> SuppressionList? {
        guard options.suppresses else { return nil }
        let slash = store.path.lastIndex(of: "/") ?? store.path.startIndex
        let beside = "\(store.path[..<slash])/throughline-\(store.storeID).suppression"
        var generator = SystemRandomNumberGenerator()
        return try SuppressionList(
            folder: options.suppressionFolder ?? beside, store: store.storeID,
            randomBytes: { generator.next() }
        ) { (surrogate, position) throws(EventLogError) in
            try writer.isErased(surrogate, at: position)
        }
    }

    /// Stops the projectors at a checkpoint, and closes the log.
    func close() {
        backups.stop()
        consumers.close()
        log.head.stop()
        views.stop()
        do throws(EventLogError) {
            try writer.close()
        } catch {
            Server.end(after: error, logger)
        }
        log.close()
        SuspectFiles.forget(store: folder.path)
    }

    private static func clock(_ log: EventLog, _ writer: LogWriter) -> StoreClock {
        let isEmpty = log.head.position == .zero
        return StoreClock(newest: isEmpty ? nil : writer.newestRecorded, reading: clocks)
    }

    /// When what a start says itself is recorded: a clock that appends would be refused by says nothing,
    /// since what it said once would be believed from then on.
    private static func recordedTime(_ log: EventLog, _ writer: LogWriter) -> Timestamp {
        clock(log, writer).refusal == nil ? wallClock() : writer.newestRecorded
    }

    /// The clock by which events are recorded. What it does not follow is told at once.
    func clock() -> StoreClock {
        let clock = Self.clock(log, writer)
        if let refusal = clock.refusal {
            logger.warning("appends are refused", metadata: ["reason": "\(refusal)"])
        }
        return clock
    }

    static func wallClock() -> Timestamp {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(milliseconds: Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000)
    }

    /// Both clocks. The one that is not set goes on while the machine sleeps, so that waking up
    /// is no step.
    static func clocks() -> RecordedClock.Reading {
        var now = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &now)
        return RecordedClock.Reading(
            wall: wallClock(),
            monotonic: Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000)
    }

    static func monotonicClock() -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}
