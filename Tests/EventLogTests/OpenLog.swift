import EventModel
import LMDB
import Synchronization

@testable import EventLog

/// A store's log, opened as a daemon opens it; it closes when it is let go.
final class OpenLog {
    let folder: StoreFolder
    let log: EventLog
    let writer: LogWriter

    /// Sizes at which tests of hundreds of events fill strides.
    static let sizes: LogSizes = {
        var sizes = LogSizes()
        sizes.journalBytes = 4 << 20
        sizes.strideBytes = 1
        return sizes
    }()

    /// At which events stay in the journal: no stride is ever asked for.
    static let lazySizes: LogSizes = {
        var sizes = OpenLog.sizes
        sizes.strideBytes = 1 << 30
        return sizes
    }()

    init(
        _ path: String, seed: UInt64 = 1, sizes: LogSizes = OpenLog.sizes,
        durability: LogDurability = .always
    ) throws {
        let random = Mutex(SeededRandom(seed: seed))
        let draw: @Sendable () -> UInt64 = { random.withLock { $0.next() } }
        folder = try StoreFolder(path: path, now: OpenLog.noon, randomBytes: draw)
        (log, writer) = try EventLog.open(
            folder: folder, options: .init(durability: durability, sizes: sizes, randomBytes: draw))
    }

    /// 2026-01-01T12:00:00.000Z, when tests begin.
    static let noon = Timestamp(milliseconds: 1_767_268_800_000)

    /// The file of the first segment.
    static func segmentPath(_ store: String) -> String {
        store + "/log/00000000000000000001.segment"
    }

    @discardableResult
    func stage(_ said: Said) throws -> LogWriter.Outcome {
        try writer.stage { (records) throws(Never) in said.encode(into: &records) }
    }

    /// Stages an event, unless that takes reading from a slow disk.
    func stage(_ said: Said, unread: inout [EventIDHash]?) throws -> LogWriter.Outcome? {
        try writer.stage(unread: &unread) { (records) throws(Never) in
            said.encode(into: &records)
        }
    }

    /// Stages an event as the daemon does: what may have to be read from a disk is read ahead.
    func stageAhead(_ said: Said) throws -> LogWriter.Outcome {
        var unread: [EventIDHash]? = []
        if let outcome = try stage(said, unread: &unread) { return outcome }
        var reader = try log.makeReader()
        log.readAhead(unread ?? [], &reader)
        return try stage(said)
    }

    /// Stages events and commits them as one round.
    @discardableResult
    func append(_ all: [Said], after milliseconds: Int64 = 0) throws -> [LogWriter.Outcome] {
        let outcomes = try all.map { try stage($0) }
        try commit(after: milliseconds)
        return outcomes
    }

    /// Commits so many milliseconds after noon.
    @discardableResult
    func commit(after milliseconds: Int64 = 0) throws(EventLogError) -> Position {
        try commit(at: Self.noon.advanced(byMilliseconds: milliseconds))
    }

    /// Commits, waiting for room in the journal where it must.
    @discardableResult
    func commit(at now: Timestamp) throws(EventLogError) -> Position {
        while true {
            switch try writer.commit(now: now) {
            case .done(let head): return head
            case .waitsForStride: log.settle()
            }
        }
    }

    /// Copies of the events of a range that a new reader shows.
    func events(
        from start: UInt64 = 1, through last: UInt64 = .max
    ) throws -> [Event] {
        var reader = try log.makeReader()
        var events: [Event] = []
        try reader.events(from: Position(start), through: Position(last)) {
            (event) throws(Never) in
            events.append(event.copied())
            return true
        }
        return events
    }

    /// The stored records of all events, as they lie in the blocks.
    func records() throws -> [[UInt8]] {
        var reader = try log.makeReader()
        var records: [[UInt8]] = []
        try reader.events(from: Position(1)) { (event) throws(Never) in
            records.append(event.record.copied())
            return true
        }
        return records
    }

    /// The heads of the blocks of all segments. What does not fill a block is in none.
    func blocks() throws -> [BlockHeader] {
        log.settle()
        var blocks: [BlockHeader] = []
        for first in log.segments.firsts {
            let segment = try log.segments.place(of: first).segment
            let transaction = try segment.environment.beginRead()
            var cursor = try transaction.cursor(segment.blocks)
            while try cursor.next() {
                blocks.append(try BlockHeader(checking: cursor.value, key: cursor.integerKey))
            }
        }
        return blocks
    }

    /// The newest segment.
    var segment: Segment { log.segments.newest }
}

/// Runs a body that must fail with an error of the log, and returns the error.
func refusal(_ body: () throws -> Void) throws -> EventLogError? {
    do {
        try body()
        return nil
    } catch let error as EventLogError {
        return error
    }
}
