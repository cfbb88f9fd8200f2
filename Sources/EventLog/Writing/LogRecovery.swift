internal import EventModel

/// Brings a log up when it is opened: what the segments hold, what the journal holds beyond them,
/// and which (source, id) there are.
struct LogRecovery: ~Copyable {
    let segments: SegmentSet
    let recent: RecentRounds
    let head: HeadSignal
    let stored: Position
    private let digest: Digest
    private var journal: Journal?
    private var once: OnceTable
    private var recorded = Timestamp.earliest

    init(
        segments: SegmentSet, journalPath: String, store: String, options: EventLog.Options
    ) throws(EventLogError) {
        self.segments = segments
        let newest = segments.newest
        let block = try newest.newestBlock()
        let stored = block?.last ?? Position(newest.first.rawValue - 1)
        let file = try JournalFile(
            path: journalPath, store: store, ringBytes: options.sizes.journalBytes,
            durability: options.durability, randomBytes: options.randomBytes)
        let found = try JournalRecovery(
            ring: try file.readRing(), key: file.key, stored: stored, path: journalPath)
        journal = Journal(
            file: file, sequence: found.sequence, next: found.next, live: found.live)
        recent = RecentRounds(found.rounds)
        head = HeadSignal()
        head.publish(found.rounds.last?.last ?? stored)
        digest = block?.digest ?? newest.start
        self.stored = stored
        once = OnceTable(minimumCapacity: Int(head.position.rawValue))
    }

    /// Reads the log through: the writer must know every (source, id).
    mutating func run(progress: (Position, Position) -> Void) throws(EventLogError) {
        let last = head.position
        var reader = try LogReader(segments: segments, recent: recent, head: head)
        var next = Position(1)
        while next <= last {
            let chunkEnd = min(last, Position(next.rawValue + 65_535))
            do throws(ReadFailure<Never>) {
                next = try reader.events(from: next, through: chunkEnd) { (event) throws(Never) in
                    take(event)
                    return true
                }
            } catch {
                switch error {
                case .log(let error): throw error
                }
            }
            progress(chunkEnd, last)
        }
    }

    private mutating func take(_ event: borrowing EventView) {
        recorded = max(recorded, event.recorded)
        guard !event.isErased else { return }
        once.insert(OnceTable.hash(source: event.source, id: event.id), at: event.position)
    }

    /// Where packing committed events into blocks goes on.
    func packingStart() throws(EventLogError) -> BlockPacker.Start {
        let group = stored.next.rawValue / LogLimits.positionsPerSeed
        return .init(
            segment: segments.newest, stored: stored, digest: digest,
            seed: try segments.newest.seed(ofGroup: group))
    }

    /// Makes the writer.
    consuming func finish(
        _ strides: StrideWriter, options: EventLog.Options
    ) throws(EventLogError) -> LogWriter {
        guard let journal = journal.take() else { preconditionFailure("finished once") }
        return try LogWriter(
            reader: try LogReader(segments: segments, recent: recent, head: head),
            journal: journal, recent: recent, head: head, strides: strides, recorded: recorded,
            once: once, options: options)
    }
}
