internal import EventIndex
internal import EventModel
internal import LMDB

/// Brings a log up when it is opened: what the segments hold, what the journal holds beyond them,
/// and the indexes of both.
struct LogRecovery: ~Copyable {
    let segments: SegmentSet
    let indexes: IndexSet
    let recent: RecentRounds
    let head: HeadSignal
    let stored: Position
    private let digest: Digest
    private var journal: Journal?
    /// What of the journal is on disk; nil where each write is a flush.
    let flush: JournalFlush?
    private let rounds: [CommittedRound]
    let key: HashKey
    let erasures: Erasures
    private let options: EventLog.Options

    /// Reads what a store holds.
    static func read(
        _ folder: StoreFolder, options: EventLog.Options
    ) throws(EventLogError) -> LogRecovery {
        let segments = try SegmentSet.open(folder: folder.logPath)
        let newest = segments.newest
        let block = try newest.newestBlock()
        let stored = block?.last ?? Position(newest.first.rawValue - 1)
        let file = try JournalFile(
            path: folder.journalPath, store: folder.storeID,
            isNew: block == nil && newest.first == Position(1) && !folder.hasViews,
            ringBytes: options.sizes.journalBytes, durability: options.durability,
            randomBytes: options.randomBytes)
        let found = try JournalRecovery(
            ring: try file.readRing(), key: file.key, stored: stored, path: folder.journalPath)
        if !found.dropped.isEmpty {
            // Before they go: the next start could not tell any more that there were any.
            try PendingEpoch.announce(
                folder.path, .logShorter, lastCommon: found.rounds.last?.last ?? stored)
        }
        try file.settle(without: found.dropped)
        return LogRecovery(
            folder, segments, found, stored: stored, digest: block?.digest ?? newest.start,
            journal: try Journal(
                file: file, sequence: found.sequence, next: found.next, live: found.live),
            options: options)
    }

    private init(
        _ folder: StoreFolder, _ segments: SegmentSet, _ found: JournalRecovery, stored: Position,
        digest: Digest, journal: consuming Journal, options: EventLog.Options
    ) {
        self.segments = segments
        self.stored = stored
        self.digest = digest
        self.options = options
        flush = journal.flush
        self.journal = consume journal
        rounds = found.rounds
        recent = RecentRounds(found.rounds)
        head = HeadSignal()
        head.publish(found.rounds.last?.last ?? stored)
        indexes = IndexSet(
            folder: folder.logPath,
            store: StoreID(Hexadecimal.bytes(of: folder.storeID).rawSpan), sizes: options.sizes)
        key = HashKey(Hexadecimal.bytes(of: folder.indexKey).rawSpan)
        erasures = Erasures(
            writer: RemnantWriter(key: key, randomBytes: options.randomBytes))
    }

    /// Brings the indexes up to the log. What they hold is not read again.
    ///
    /// - Throws: `damaged` when events that no index holds cannot be read: appending would no
    ///   longer be once.
    func readIndexes() throws(EventLogError) -> LogIndex {
        var recovery = IndexRecovery(
            files: indexes, build: IndexBuild(key: key, reader: try makeReader()),
            head: head.position, progress: options.progress)
        let firsts = segments.firsts
        for (first, end) in zip(firsts, firsts.dropFirst()) {
            try recovery.complete(first: first, end: end)
        }
        let begins = Set(rounds.filter(\.beginsSegment).map(\.first.rawValue))
        return try recovery.readTail(
            segment: segments.newest.first, segmentEvents: options.sizes.segmentEvents
        ) { begins.contains($0.rawValue) }
    }

    func makeReader() throws(EventLogError) -> LogReader {
        try LogReader(segments: segments, recent: recent, head: head)
    }

    /// When the newest event was recorded.
    private func newestRecorded() throws(EventLogError) -> Timestamp {
        var reader = try makeReader()
        var recorded = Timestamp.earliest
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: head.position) { (event) throws(Never) in
                recorded = event.recorded
            }
        } catch {
            switch error {
            case .log(let error): throw error
            }
        }
        return recorded
    }

    /// Where packing committed events into blocks goes on.
    func packingStart() throws(EventLogError) -> BlockPacker.Start {
        let group = stored.next.rawValue / LogLimits.positionsPerSeed
        return .init(
            stored: stored, digest: digest,
            seed: try segments.newest.seed(ofGroup: group))
    }

    /// Makes the writer.
    consuming func finish(
        _ strides: StrideWriter, _ index: LogIndex
    ) throws(EventLogError) -> LogWriter {
        strides.index(index.takeFinished(through: head.position))
        guard let journal = journal.take() else { preconditionFailure("finished once") }
        return try LogWriter(
            reader: try makeReader(), journal: journal, recent: recent, head: head,
            strides: strides, recorded: try newestRecorded(), index: index, erasures: erasures,
            options: options)
    }
}
