public import EventModel
internal import Glibc

/// Where events are read from: a log that is written, or one that lies there.
public struct LogSource: Sendable {
    /// The last position there is.
    public let head: HeadSignal
    private let make: @Sendable () throws(EventLogError) -> LogReader
    private let redacted: (@Sendable (BlockMemory) throws(EventLogError) -> LogReader)?
    private let patrol: (@Sendable () -> LogPatrol)?
    private let reserve: @Sendable () -> UInt64

    /// - Parameters:
    ///   - redacted: Makes a reader that hides what is redacted; nil where none does.
    ///   - patrol: Makes what looks for damage; nil where nobody does.
    ///   - reserve: See `reserveBytes`.
    init(
        head: HeadSignal,
        redacted: (@Sendable (BlockMemory) throws(EventLogError) -> LogReader)? = nil,
        patrol: (@Sendable () -> LogPatrol)? = nil,
        reserve: @escaping @Sendable () -> UInt64 = { 0 },
        make: @escaping @Sendable () throws(EventLogError) -> LogReader
    ) {
        self.head = head
        self.redacted = redacted
        self.patrol = patrol
        self.reserve = reserve
        self.make = make
    }

    /// Bytes that have to stay free on the disk, or appends are refused; 0 for a log that only lies
    /// there.
    public var reserveBytes: UInt64 { reserve() }

    /// Makes what looks at segments and indexes that nobody asks for, for one thread; nil for a log
    /// that only lies there.
    public func makePatrol() -> LogPatrol? { patrol?() }

    /// Makes a reader for one thread.
    public func makeReader() throws(EventLogError) -> LogReader { try make() }

    /// Makes a reader for one thread that hides what is redacted, but not who is erased: for folds
    /// of the past, which leave the erased out themselves.
    ///
    /// - Parameter memory: Where it keeps blocks, together with other readers of its thread.
    public func makeRedactedReader(_ memory: BlockMemory) throws(EventLogError) -> LogReader {
        guard let redacted else { return try make() }
        return try redacted(memory)
    }
}

extension EventLog {
    /// This log to read from.
    public var source: LogSource {
        let redacted = { @Sendable (memory: BlockMemory) throws(EventLogError) in
            try self.makeRedactedReader(memory)
        }
        let patrol = { @Sendable in self.makePatrol() }
        let reserve = { @Sendable in self.reserveBytes }
        return LogSource(head: head, redacted: redacted, patrol: patrol, reserve: reserve) {
            () throws(EventLogError) in try self.makeReader()
        }
    }
}

/// A store's log as it is at one moment, for reading only: beside a daemon that goes on appending,
/// which hears nothing of it, or where there is none. A backup's log is one too.
public struct StoredLog: Sendable {
    /// The log to read from; its head does not move.
    public let source: LogSource
    /// The store's name.
    public let storeID: String
    /// The store's folder.
    let path: String
    let segments: SegmentSet
    let recent: RecentRounds

    /// Opens the log of a store or a backup.
    ///
    /// The journal is read twice before the segments are looked for: a record that the first look
    /// found was whole before the second began, so what is missing of it then lies in a segment.
    ///
    /// - Parameter last: Where the log is to end, if it goes on behind that.
    public static func open(
        store: String, through last: Position? = nil
    ) throws(EventLogError) -> StoredLog {
        guard unsafe access(store + "/log", F_OK) == 0 else {
            throw .notAStore(path: store, found: "it has no log")
        }
        let description = try StoreFolder.readDescription(store)
        let journal = store + "/journal"
        var ring: JournalRing?
        if unsafe access(journal, F_OK) == 0 {
            let head = try JournalFile.readHead(journal, description.store)
            let before = try JournalFile.readRing(journal, ringBytes: head.ringBytes)
            ring = JournalRing(
                bytes: try JournalFile.readRing(journal, ringBytes: head.ringBytes),
                key: head.key, newest: JournalRecovery.newestSequence(before, key: head.key))
        }
        let segments = try SegmentSet.openReadOnly(folder: store + "/log")
        let newest = segments.newest
        let stored = try newest.newestBlock()?.last ?? Position(newest.first.rawValue - 1)
        var rounds: [CommittedRound] = []
        if let ring {
            rounds = try JournalRecovery(
                ring: ring.bytes, key: ring.key, stored: stored, path: journal,
                through: ring.newest
            ).rounds
        }
        let recent = RecentRounds(rounds)
        let head = HeadSignal()
        head.publish(min(last ?? Position(.max), rounds.last?.last ?? stored))
        let source = LogSource(head: head) { () throws(EventLogError) in
            try LogReader(segments: segments, recent: recent, head: head)
        }
        return StoredLog(
            source: source, storeID: description.store, path: store, segments: segments,
            recent: recent)
    }
}

extension SegmentSet {
    /// Opens the segments of a folder, of which another process may be writing the newest.
    static func openReadOnly(folder: String) throws(EventLogError) -> SegmentSet {
        let firsts = try SegmentFiles.firsts(folder)
        guard let oldest = firsts.first, let newest = firsts.last else {
            throw .notAStore(path: folder, found: "it has no segment")
        }
        guard oldest == Position(1) else {
            throw .missingSegment(first: Position(1), last: Position(oldest.rawValue - 1))
        }
        let path = folder + "/" + Segment.fileName(first: newest)
        // Without a lock file nobody writes, and none is made.
        let isShared = unsafe access(path + "-lock", R_OK | W_OK) == 0
        return SegmentSet(
            folder, firsts: firsts,
            newest: isShared
                ? try Segment.openShared(path: path, first: newest)
                : try Segment.openUnchanging(path: path, first: newest))
    }
}
