internal import Commands
internal import EventLog
internal import EventModel
internal import Projecting
internal import ReferenceEvents
internal import Simulation
internal import Threads

/// A store in this process, without a daemon: for measuring what lies behind the socket.
final class ReferenceStore {
    let log: EventLog
    let folder: StoreFolder
    private let writer: LogWriter

    private static let now = Timestamp(milliseconds: 1_756_800_000_000)
    private static let roundEvents = 4_096

    /// Opens a store, or makes an empty one. The same events give the same views in any of them.
    init(path: String) throws {
        // As the daemon does.
        LargeBlocks.giveBack()
        folder = try StoreFolder(path: path, now: Self.now, randomBytes: { 1 })
        (log, writer) = try EventLog.open(folder: folder, options: .init(durability: .os))
    }

    deinit {
        log.head.stop()
        log.close()
    }

    /// Stores reference events, `Self.roundEvents` a round; recorded times are those of the events.
    func append(_ events: inout ReferenceEvents) throws {
        var intake = EventIntake()
        var last = Self.now
        while let event = events.next() {
            let outcome = try writer.stage { (records) throws(EventRefusal) in
                try event.encode(with: &intake, into: &records)
            }
            guard case .new = outcome else { throw BenchFailure("an event came twice") }
            last = event.occurred ?? last
            if writer.stagedCount == Self.roundEvents || writer.roundIsFull {
                try commit(at: last)
            }
        }
        if writer.stagedCount > 0 { try commit(at: last) }
        log.settle()
    }

    /// Stores events; recorded times are those of the events.
    func append(_ drafts: some Sequence<EventDraft>) throws {
        var intake = EventIntake()
        var last = Self.now
        for draft in drafts {
            let outcome = try writer.stage { (records) throws(EventRefusal) in
                try draft.encode(with: &intake, into: &records)
            }
            guard case .new = outcome else { throw BenchFailure("an event came twice") }
            last = draft.occurred ?? last
            if writer.stagedCount == Self.roundEvents || writer.roundIsFull {
                try commit(at: last)
            }
        }
        if writer.stagedCount > 0 { try commit(at: last) }
        log.settle()
    }

    /// Makes who runs commands on it. Its clock stands behind every reference event.
    func executor(_ views: ViewSet) throws -> CommandExecutor {
        let moment = RecordedClock.Reading(
            wall: Timestamp(milliseconds: 1_767_268_800_000), monotonic: 0)
        return try CommandExecutor(
            log: log, writer: writer, views: views,
            environment: CommandEnvironment(
                clock: StoreClock(newest: nil, reading: { moment }), nanoseconds: { 0 },
                zone: { _ in nil }, version: "", storeID: folder.storeID, storePath: folder.path,
                socketPath: "", connections: { ConnectionCounts(open: 1) }))
    }

    /// Begins so many segments anew, each with a few events, and has them sealed: what a log is that was
    /// sealed or erased from again and again.
    func appendSegments(_ count: Int, of events: inout ReferenceEvents) throws {
        for _ in 0..<count {
            var drafts: [EventDraft] = []
            while drafts.count < Self.eventsOfSmallSegment, let event = events.next() {
                drafts.append(event)
            }
            try append(drafts)
            // One after the other: an index that is not merged has a map of its own.
            seal()
        }
        guard log.segmentCount > count else {
            throw BenchFailure("\(log.segmentCount) segments instead of \(count)")
        }
    }

    /// The events of each of many small segments.
    static let eventsOfSmallSegment = 16

    /// Ends the newest segment, and waits until all have their final form.
    func seal() {
        writer.endSegment()
        log.settleSealing()
    }

    private func commit(at now: Timestamp) throws {
        while case .waitsForStride = try writer.commit(now: now) { log.settle() }
    }
}
