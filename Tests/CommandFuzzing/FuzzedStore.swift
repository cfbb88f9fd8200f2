import Commands
import Consumers
import EventLog
import EventModel
import Foundation
public import Projecting
import Threads
import Views

/// A store in a folder, the commands on it, and a clock that stands until somebody waits. Views are
/// folded when a request waits for them, so that the same requests find the same.
@safe
public final class FuzzedStore {
    let path: String
    let clock = StandingClock()
    private let touchedEvents: Int
    private var present: Opened?

    var opened: Opened {
        guard let present else { preconditionFailure("the store is closed") }
        return present
    }

    /// What is open of the store.
    struct Opened {
        let folder: StoreFolder
        let log: EventLog
        let writer: LogWriter
        let views: ViewSet
        let consumers: ConsumerStore
        let executor: CommandExecutor
    }

    /// Events after which a store has grown enough: what comes later begins with an empty one.
    static let eventsMax: UInt64 = 2_048

    /// Makes a store in a folder of its own within one.
    ///
    /// - Parameter touched: Events that are folded by themselves at a time where views are copied.
    public init(
        within folder: String, foldingAtATime touched: Int = ProjectingLimits.touchedEventsMax
    ) throws {
        path = "\(folder)/fuzzed-\(UUID().uuidString)"
        touchedEvents = touched
        present = try Self.open(path, clock, touched)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private static func open(
        _ path: String, _ clock: StandingClock, _ touched: Int
    ) throws -> Opened {
        let folder = try StoreFolder(path: path, now: clock.now, randomBytes: { 7 })
        var sizes = LogSizes()
        sizes.journalBytes = LogLimits.journalBytesMin
        sizes.segmentEvents = 512
        let (log, writer) = try EventLog.open(
            folder: folder,
            options: .init(durability: .os, sizes: sizes, randomBytes: { 7 }))
        let views = try ViewSet(
            stillOn: log, folder: folder.viewsPath, foldingAtATime: touched)
        let consumers = try ConsumerStore(store: path)
        let isEmpty = log.head.position == .zero
        let environment = CommandEnvironment(
            clock: StoreClock(newest: isEmpty ? nil : writer.newestRecorded) { clock.reading },
            nanoseconds: { UInt64(clock.milliseconds) * 1_000_000 },
            zone: { $0 == "UTC" ? UTCOffsets() : nil }, version: "1", storeID: folder.storeID,
            storePath: path, socketPath: "", connections: { ConnectionCounts(open: 1) },
            consumers: consumers)
        let executor = try CommandExecutor(
            log: log, writer: writer, views: views, environment: environment)
        return Opened(
            folder: folder, log: log, writer: writer, views: views, consumers: consumers,
            executor: executor)
    }

    /// Folds the views up to the head, and anew where that was asked for.
    func catchUp() throws(FuzzFailure) { try Self.catchUp(opened.views) }

    private static func catchUp(_ views: ViewSet) throws(FuzzFailure) {
        do throws(ViewFault) {
            try views.catchUp()
        } catch {
            throw FuzzFailure("a fold stands still: \(error)")
        }
        for status in views.status where status.fault != nil {
            throw FuzzFailure("\(status.name) stands still: \(status.fault ?? "")")
        }
    }

    /// Whether the store has grown enough.
    public var isFull: Bool { opened.log.head.position.rawValue >= Self.eventsMax }

    /// Carries out what is still to be erased, closes the store, looks whether all of it is there
    /// when it is opened again, and whether views folded anew hold what those do that grew with it;
    /// then goes on with an empty one.
    public func renew() throws {
        try carryOutErasures()
        try catchUp()
        let head = opened.log.head.position
        try close()
        present = try Self.open(path, clock, touchedEvents)
        guard opened.log.head.position == head else {
            throw FuzzFailure("of \(head) events there are \(opened.log.head.position)")
        }
        try holdViews()
        try close()
        try FileManager.default.removeItem(atPath: path)
        present = try Self.open(path, clock, touchedEvents)
    }

    /// Looks whether views that are folded anew of the log hold what those do that grew with it.
    public func holdViews() throws {
        try catchUp()
        let beside = path + "/anew"
        try FileManager.default.createDirectory(
            atPath: beside, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: beside) }
        let anew = try ViewSet(stillOn: opened.log, folder: beside)
        try Self.catchUp(anew)
        let grown = opened.views
        try hold(grown.identity.snapshot(), anew.identity.snapshot(), of: "identity")
        try hold(grown.queues.snapshot(), anew.queues.snapshot(), of: "queues")
        try hold(grown.metrics.snapshot(), anew.metrics.snapshot(), of: "metrics")
        try hold(grown.customers.snapshot(), anew.customers.snapshot(), of: "customers")
    }

    /// Has a view folded anew from the first event.
    public func foldAnew(_ view: String) throws {
        guard opened.views.rebuild(view) else { throw FuzzFailure("no view \(view)") }
        try catchUp()
    }

    private func close() throws {
        opened.executor.past.stop()
        opened.consumers.close()
        opened.log.head.stop()
        opened.views.stop()
        try opened.writer.close()
        opened.log.close()
        // With the last reference goes the store's lock.
        present = nil
    }
}

/// A clock that stands, noon of a day in 2026, until it is moved.
final class StandingClock {
    private(set) var milliseconds: Int64 = 1_767_268_800_000

    var now: Timestamp { Timestamp(milliseconds: milliseconds) }

    var reading: RecordedClock.Reading {
        RecordedClock.Reading(wall: now, monotonic: milliseconds)
    }

    func pass(milliseconds: Int64) { self.milliseconds += milliseconds }
}
