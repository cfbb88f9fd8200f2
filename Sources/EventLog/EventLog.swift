public import EventModel
internal import LMDB
internal import Synchronization
internal import Threads

/// The log of a store: every event once, in order, for good.
///
/// One writer appends; any number of readers, each on its own thread, read what is committed.
public final class EventLog: Sendable {
    /// What an operator chooses when opening.
    public struct Options: Sendable {
        /// When appends are answered.
        public var durability: LogDurability
        /// Sizes; a seam for tests.
        public var sizes: LogSizes
        /// Draws 64 random bits: for seeds of the digest chain. A seam for tests.
        public var randomBytes: @Sendable () -> UInt64
        /// Tells how far opening has come, in positions read of the newest position.
        public var progress: @Sendable (_ read: Position, _ newest: Position) -> Void
        /// Hears of a failure behind the scenes after which nothing can be stored any more. Until
        /// the process ends, every commit throws it too.
        public var onFailure: @Sendable (EventLogError) -> Void

        /// Makes the options of a daemon.
        public init(
            durability: LogDurability = .always, sizes: LogSizes = LogSizes(),
            randomBytes: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) },
            progress: @escaping @Sendable (Position, Position) -> Void = { _, _ in },
            onFailure: @escaping @Sendable (EventLogError) -> Void = { _ in }
        ) {
            self.durability = durability
            self.sizes = sizes
            self.randomBytes = randomBytes
            self.progress = progress
            self.onFailure = onFailure
        }
    }

    /// How far segments that have ended have got their final form.
    public struct Sealing: Sendable {
        /// Everything up to here is sealed, or in a segment that cannot be.
        public let through: Position
        /// The first position of the one being sealed.
        public let segment: Position?
        /// How many segments have ended and wait for it, that one included.
        public let unsealed: Int
        /// Why the last one that could not be sealed was left as it is.
        public let trouble: EventLogError?
    }

    /// How far erasures are carried out in segments and indexes.
    public struct Scrubbing: Sendable {
        /// Those up to here are, in all segments that have ended.
        public var through = Position.zero
        /// How many segments were written anew since the start.
        public var segments: UInt64 = 0
        /// Why the last attempt ended before it was done; nil while all goes well.
        public var trouble: EventLogError?
    }

    /// Moves when events are committed.
    public let head: HeadSignal
    /// When appends are answered.
    public let durability: LogDurability
    /// What is erased and not yet carried out.
    public let erasures: Erasures
    let segments: SegmentSet
    let sizes: LogSizes
    private let recent: RecentRounds
    let indexes: IndexSet
    private let strides: StrideWriter
    /// Where the journal is flushed at intervals.
    private let flusher: JournalFlusher?
    /// The last position when it was opened, when all of it was on disk.
    private let opened: Position
    let sealer: Sealer
    private let threads: Mutex<[PlainThread]>

    private init(
        _ recovery: borrowing LogRecovery, _ strides: StrideWriter, _ options: Options
    ) throws(EventLogError) {
        head = recovery.head
        segments = recovery.segments
        recent = recovery.recent
        durability = options.durability
        erasures = recovery.erasures
        sizes = options.sizes
        journalBytes = options.sizes.journalBytes
        self.strides = strides
        opened = head.position
        flusher =
            if case .interval(let milliseconds) = options.durability, let flush = recovery.flush {
                JournalFlusher(flush, head: head, milliseconds: milliseconds)
            } else {
                nil
            }
        let start = try recovery.packingStart()
        let (segments, recent, head) = (recovery.segments, recovery.recent, recovery.head)
        let (indexes, key) = (recovery.indexes, recovery.key)
        self.indexes = indexes
        let repair = IndexRepair(indexes: indexes) { () throws(EventLogError) in
            IndexBuild(
                key: key,
                reader: try LogReader(segments: segments, recent: recent, head: head))
        }
        let sealer = Sealer(
            segments, indexes, repair, recovery.erasures, onFailure: options.onFailure)
        self.sealer = sealer
        // Weak: the sealer holds the indexes.
        indexes.observeDamage { [weak sealer] in sealer?.look() }
        strides.seals { sealer.look() }
        threads = Mutex([
            PlainThread(name: "log-writer", nice: LogLimits.threadNice) { strides.run(start) },
            PlainThread(name: "log-sealer", nice: LogLimits.sealerNice) { sealer.run() },
        ])
        if let flusher {
            let thread = PlainThread(name: "journal-flush", nice: LogLimits.threadNice) {
                flusher.run(onFailure: options.onFailure)
            }
            threads.withLock { $0.append(thread) }
        }
        sealer.look()
    }

    deinit { close() }

    /// Bounds the address space of every file that this process opens from now on, segments, indexes
    /// and views: see `Environment.limitMaps`. A file that reaches it is full.
    ///
    /// - Parameter bytes: At least `LogLimits.mapBytesMin`.
    public static func limitMaps(toBytes bytes: Int) {
        precondition(bytes >= LogLimits.mapBytesMin, "a map of \(bytes) bytes holds too little")
        Environment.limitMaps(toBytes: bytes)
    }

    /// Opens the log of a store, making an empty one when there is none.
    ///
    /// Events are only read where no index holds them: the newest, and those of an index that is
    /// missing or cannot be trusted, which is made anew.
    ///
    /// - Returns: The log and its one writer.
    /// - Throws: `damaged` when one of those cannot be read: appending would no longer be once.
    ///   `damagedJournal`, `missingSegment`.
    public static func open(
        folder: StoreFolder, options: Options = Options()
    ) throws(EventLogError) -> (log: EventLog, writer: LogWriter) {
        let recovery = try LogRecovery.read(folder, options: options)
        let index = try recovery.readIndexes()
        let strides = StrideWriter(
            .init(
                segments: recovery.segments, indexes: recovery.indexes, recent: recovery.recent,
                head: recovery.head,
                sizes: options.sizes, flush: recovery.flush,
                onFailure: options.onFailure), stored: recovery.stored)
        let log = try EventLog(recovery, strides, options)
        let writer = try recovery.finish(strides, index)
        try writer.loadErasures(mending: log.segments.firsts.count) { log.settleSealing() }
        return (log, writer)
    }

    /// The rounds that are not yet in a segment, oldest first, as they are at one moment.
    var recentRounds: [CommittedRound] { recent.all }

    /// Makes a reader for one thread, which shows the log as it lies: for folds.
    public func makeReader() throws(EventLogError) -> LogReader {
        try LogReader(segments: segments, recent: recent, head: head)
    }

    /// Makes a reader for one thread, which hides what is erased: for all who ask.
    ///
    /// - Parameter memory: Where it keeps blocks of which it has shown single events.
    public func makeHidingReader(
        _ memory: BlockMemory? = nil
    ) throws(EventLogError) -> LogReader {
        try LogReader(
            segments: segments, recent: recent, head: head, hiding: erasures, memory: memory)
    }

    /// Makes a reader for one thread, which hides what is redacted and shows who is erased: for folds
    /// of the past, which leave out the erased themselves.
    ///
    /// - Parameter memory: Where it keeps blocks, together with other readers of its thread.
    func makeRedactedReader(_ memory: BlockMemory) throws(EventLogError) -> LogReader {
        try LogReader(
            segments: segments, recent: recent, head: head, hiding: erasures, showsErased: true,
            memory: memory)
    }

    /// Makes what looks at segments and indexes that nobody asks for, for one thread.
    public func makePatrol() -> LogPatrol { LogPatrol(segments, indexes) }

    /// Has the erasures up to a position carried out in the segments that have ended and in their
    /// indexes; see `scrubbing`.
    public func scrub(through position: Position) { sealer.scrub(through: position) }

    /// Whether the segment that holds a position has ended.
    public func hasEnded(_ position: Position) -> Bool {
        stored >= position && segments.bounds(of: position).end < Position(.max)
    }

    /// How far segments and indexes are scrubbed.
    public var scrubbing: Scrubbing { sealer.scrubbing }

    /// The last position that segments hold; what lies behind it is in the journal and in memory.
    public var stored: Position { strides.stored.position }

    /// The last position that is known to be on disk.
    public var durable: Position {
        durability == .always
            ? head.position : max(flusher?.flushed.position ?? opened, stored)
    }

    /// Whether no more room is left on the disk than sealing and erasing need: nothing more is to be
    /// appended then but what the daemon says itself.
    public var reserveIsReached: Bool { strides.reserveIsReached }

    /// The bytes that have to stay free for that not to be so.
    public var reserveBytes: UInt64 { strides.reserveBytes }

    /// How many transactions, each of which ends with a flush, segments have taken since the start.
    public var segmentCommits: UInt64 { strides.transactionCount }

    /// How many slots of readers that were killed have been cleared in segments and indexes since the
    /// start.
    public var staleReadersCleared: UInt64 { strides.staleReadersCleared }

    /// How often the journal was flushed at intervals since the start; 0 where commits flush it.
    public var journalFlushes: UInt64 { flusher?.count ?? 0 }

    /// The bytes that the segments' files take.
    public var fileBytes: UInt64 { segments.fileBytes }

    /// The bytes of the journal's file, whatever is in it.
    public let journalBytes: Int

    /// How many segments there are.
    public var segmentCount: Int { segments.count }

    /// Has a closure called after each stride, on a thread of the log's.
    public func observeStrides(_ observer: @escaping @Sendable () -> Void) {
        strides.observe(observer)
    }

    /// Moves what fills blocks into the newest segment, and waits for it or for a failure.
    public func settle() {
        strides.settle(strides.ask(through: head.position))
    }

    /// Why the last stride failed, until one succeeds again; nil while all is well.
    public var writingTrouble: EventLogError? { strides.failure }

    /// How far segments that have ended are sealed.
    public var sealing: Sealing {
        let status = sealer.status
        return Sealing(
            through: status.sealed, segment: status.segment,
            unsealed: segments.endedCount(from: status.sealed.next), trouble: status.trouble)
    }

    /// Waits until all segments that have ended are sealed, or cannot be.
    public func settleSealing() {
        settle()
        sealer.settle()
    }

    /// Ends the threads of the log's own, after the stride and the portion they are at. Nothing is
    /// lost without it.
    public func close() {
        strides.stop()
        sealer.stop()
        flusher?.stop()
        for thread in threads.withLock({ threads in
            defer { threads = [] }
            return threads
        }) { thread.join() }
    }
}
