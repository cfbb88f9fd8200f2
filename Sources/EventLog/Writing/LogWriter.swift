internal import EventIndex
public import EventModel
internal import LMDB

/// Appends to the log. One thread owns it: the one that owns the order.
///
/// A round stages any number of events, then `commit` makes them durable together with one
/// write. Staged events have provisional positions, which are final once `commit` returns;
/// a round that cannot be committed is given up whole.
public final class LogWriter {
    /// What became of a staged event.
    public enum Outcome: Equatable, Sendable {
        /// It is new and will have this position.
        case new(Position)
        /// (source, id) is known with the same content, at this position.
        case repeated(Position)
        /// (source, id) is known with other content, at this position.
        case conflicting(Position)
        /// (source, id) was known at this position, whose event is erased since.
        case erased(Position)
    }

    /// What became of a round.
    public enum Commit: Equatable, Sendable {
        /// It is durable, and this is the head.
        case done(Position)
        /// The journal is full; everything stays staged.
        case waitsForStride
    }

    /// A point in a round to which staging can be taken back.
    public struct Mark {
        let entries: Int
        let bytes: Int
    }

    private struct Entry {
        let offset: Int
    }

    let head: HeadSignal
    private let recent: RecentRounds
    let strides: StrideWriter
    let options: EventLog.Options
    private var reader: LogReader
    let index: LogIndex
    let erasures: Erasures
    /// What is known of the erasures and redactions that the log has, as of the last look.
    var knownErasures: [Erasure.Kind: KnownErasures] = [:]
    /// Positions that a look-up has found; kept for their room.
    var candidates: [Position] = []
    var journal: Journal
    private var staged: [UInt8] = []
    private var entries: [Entry] = []
    private var lastRecorded: Timestamp
    /// What was committed since a stride was asked for: bytes of events, and of the ring.
    private var unasked = (events: 0, ring: 0)
    /// Whether the segment is to end behind the round that is staged.
    var endsSegment = false
    /// How many repeats were recognised since the start.
    public private(set) var repeats: UInt64 = 0
    /// How many rounds were committed since the start.
    public private(set) var commits: UInt64 = 0

    init(
        reader: consuming LogReader, journal: consuming Journal, recent: RecentRounds,
        head: HeadSignal, strides: StrideWriter, recorded: Timestamp, index: LogIndex,
        erasures: Erasures, options: EventLog.Options
    ) throws(EventLogError) {
        self.reader = reader
        self.journal = journal
        self.recent = recent
        self.head = head
        self.strides = strides
        lastRecorded = recorded
        self.index = index
        self.erasures = erasures
        self.options = options
    }

    /// The recorded time of the newest event.
    public var newestRecorded: Timestamp { lastRecorded }

    /// The memory that the index of the newest events takes, in bytes.
    public var indexBytes: Int { index.byteCount }

    /// How many events wait for `commit`.
    public var stagedCount: Int { entries.count }

    /// Whether the round has reached its bound and must be committed before more is staged.
    public var roundIsFull: Bool {
        entries.count >= LogLimits.roundEventsMax || staged.count >= LogLimits.roundBytesMax
    }

    /// Whether the round is one that can be committed: what must be in one round can be too much.
    private var roundFits: Bool {
        staged.count + drawnSeedBytesMax <= LogLimits.roundBytesHardMax
    }

    /// Bytes of the seeds that a round takes with it, at most.
    private var drawnSeedBytesMax: Int {
        (entries.count / Int(LogLimits.positionsPerSeed) + 2) * JournalRecord.seedBytes
    }

    /// Stages the one record that `write` appends.
    ///
    /// - Returns: `.new` when it was staged; otherwise nothing was.
    /// - Throws: What `write` throws; nothing was staged then. `.log` when an earlier event with
    ///   the same id could not be read to compare, or with `roundFull`: commit first, if anything
    ///   is staged.
    public func stage<Failure: Error>(
        _ write: (inout [UInt8]) throws(Failure) -> Void
    ) throws(ReadFailure<Failure>) -> Outcome {
        var none: [EventIDHash]?
        guard let outcome = try stage(unread: &none, write) else {
            preconditionFailure("what is to be read is read")
        }
        return outcome
    }

    /// As `stage`, for who keeps others waiting.
    ///
    /// - Parameter unread: Where it is an array: gets the id of an event of which only a look at a disk
    ///   that is slow could tell whether it is known. `EventLog.readAhead` that first.
    /// - Returns: Nil for such an event, which is not staged.
    public func stage<Failure: Error>(
        unread: inout [EventIDHash]?, _ write: (inout [UInt8]) throws(Failure) -> Void
    ) throws(ReadFailure<Failure>) -> Outcome? {
        let offset = staged.count
        do throws(Failure) {
            try write(&staged)
        } catch {
            staged.removeSubrange(offset...)
            throw .body(error)
        }
        let outcome: Outcome?
        do throws(EventLogError) {
            outcome = try settle(stagedAt: offset, &unread)
        } catch {
            staged.removeSubrange(offset...)
            throw .log(met(error))
        }
        guard case .new = outcome else {
            staged.removeSubrange(offset...)
            return outcome
        }
        entries.append(Entry(offset: offset))
        guard roundFits else {
            let before = Mark(entries: entries.count - 1, bytes: offset)
            takeBack(to: before)
            throw .log(.roundFull(most: LogLimits.roundBytesHardMax))
        }
        return outcome
    }

    /// Tells whether the record behind the staged ones is known; what is new enters the index.
    private func settle(
        stagedAt offset: Int, _ unread: inout [EventIDHash]?
    ) throws(EventLogError) -> Outcome? {
        try withStaged(at: offset) { event throws(EventLogError) in
            let hash = index.key.id(source: event.source, id: event.id)
            var found = try recent(hash, like: event)
            if found == nil {
                guard unread == nil || !index.isCold else {
                    unread?.append(EventIDHash(hash: hash))
                    return nil
                }
                found = try stored(hash, like: event)
            }
            if let known = found {
                switch try removal(at: known) {
                case .whole: return .erased(known)
                // What is gone of it cannot be compared.
                case .part: break
                case .none:
                    guard try sameContent(known, as: event) else { return .conflicting(known) }
                }
                repeats += 1
                return .repeated(known)
            }
            let position = Position(head.position.rawValue + UInt64(entries.count) + 1)
            index.insert(hash, event, at: position)
            return .new(position)
        }
    }

    /// Returns a point to take staging back to.
    public func mark() -> Mark { Mark(entries: entries.count, bytes: staged.count) }

    /// Forgets what was staged since a mark.
    public func takeBack(to mark: Mark) {
        let base = head.position.rawValue
        index.takeBack(to: Position(base + UInt64(mark.entries)))
        entries.removeLast(entries.count - mark.entries)
        staged.removeSubrange(mark.bytes...)
    }

    /// Makes the staged events durable and publishes the new head.
    ///
    /// - Parameter now: The wall clock; recorded times never decrease, whatever it says.
    /// - Returns: Whether it was done. If not, everything stays staged until a stride has made room
    ///   in the journal; see `EventLog.observeStrides`.
    /// - Throws: `full` when there is no room on the disk, another error when it fails. Nothing of
    ///   the round is stored then, and nothing stays staged.
    @discardableResult
    public func commit(now: Timestamp) throws(EventLogError) -> Commit {
        guard !entries.isEmpty else { return .done(head.position) }
        journal.release(through: strides.stored.position)
        index.refresh()
        do throws(EventLogError) {
            if let refusal = strides.refusal {
                askForStride()
                throw refusal
            }
            let seeds = drawSeeds()
            guard journal.hasRoom(records: staged.count, seeds: seeds.count), indexIsNear else {
                askForStride()
                return .waitsForStride
            }
            return .done(try commit(max(now, lastRecorded), seeds))
        } catch {
            takeBack(to: Mark(entries: 0, bytes: 0))
            throw error
        }
    }

    private func commit(
        _ recorded: Timestamp, _ seeds: [SaltSeed]
    ) throws(EventLogError) -> Position {
        let base = head.position
        var starts: [Int] = []
        starts.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            EventCodec.stamp(
                &staged, at: entry.offset, position: Position(base.rawValue + UInt64(index) + 1),
                recorded: recorded)
            starts.append(entry.offset)
        }
        Failpoint.logStaged.pass()
        let ringBefore = journal.liveBytes
        let records = staged
        let beginsSegment = index.begins(segmentAt: base.next)
        try journal.write(
            records.rawSpan, first: base.next, count: UInt32(entries.count), seeds: seeds,
            beginsSegment: beginsSegment)
        Failpoint.logCommitted.pass()
        unasked.events += staged.count
        unasked.ring += journal.liveBytes - ringBefore
        let round = CommittedRound(
            first: base.next, starts: starts, records: records, seeds: seeds,
            beginsSegment: beginsSegment)
        entries.removeAll(keepingCapacity: true)
        // The round keeps the old buffer. The next one is likely to be as large.
        let bytes = staged.count
        staged = []
        staged.reserveCapacity(bytes + bytes / 8)
        lastRecorded = recorded
        commits += 1
        recent.append(round)
        head.publish(round.last)
        strides.index(index.takeFinished(through: round.last))
        endSegmentIfLarge()
        endSegmentIfAsked()
        if unasked.events >= options.sizes.strideBytes || unasked.ring >= options.sizes.strideBytes
        {
            askForStride()
        }
        return round.last
    }

    /// Gives back the journal's room of what segments hold.
    func releaseJournal() { journal.release(through: strides.stored.position) }

    /// Whether the index files are near enough to the head for the tails to stay small.
    private var indexIsNear: Bool {
        let indexed = strides.indexed.position.rawValue
        return head.position.rawValue - min(indexed, head.position.rawValue)
            <= LogLimits.unindexedEventsMax
    }

    private func askForStride() {
        unasked = (0, 0)
        strides.ask(through: head.position)
    }

    /// Draws the seeds of the groups of positions that begin with the staged events. A segment begins
    /// with a seed of its own, so that erasing in one does not concern the next.
    private func drawSeeds() -> [SaltSeed] {
        let first = head.position.rawValue + 1
        let last = head.position.rawValue + UInt64(entries.count)
        let size = LogLimits.positionsPerSeed
        let isFirst = first % size == 0 || first == 1 || index.begins(segmentAt: Position(first))
        var groups = first / size + (isFirst ? 0 : 1)..<last / size + 1
        var seeds: [SaltSeed] = []
        while let group = groups.first {
            seeds.append(SaltSeed(group: group, drawing: options.randomBytes))
            groups = group + 1..<groups.upperBound
        }
        return seeds
    }

    /// Notes in the journal that the log was closed in order, so that the next opening knows that
    /// nothing is missing at its end, and has what fills blocks moved into segments.
    public func close() throws(EventLogError) {
        precondition(entries.isEmpty, "what is staged is committed before")
        askForStride()
        journal.release(through: strides.stored.position)
        guard journal.hasRoom(records: 0, seeds: 0) else { return }
        let nothing: [UInt8] = []
        do throws(EventLogError) {
            try journal.write(nothing.rawSpan, first: head.position.next, count: 0, seeds: [])
        } catch {
            // Without the mark the next opening takes the end for that of a killed process.
            guard case .full = error else { throw error }
        }
    }
}

/// Reading what is staged and stored.
extension LogWriter {
    /// Shows a staged record; its bytes were made by an encoder, so they have their form.
    private func withStaged<Result>(
        at offset: Int, _ body: (borrowing EventView) throws(EventLogError) -> Result
    ) throws(EventLogError) -> Result {
        let staged = staged
        let bytes = staged.rawSpan
        let length = Int(bytes.load(littleEndian: UInt32.self, at: offset))
        let event: EventView
        do throws(MalformedBytes) {
            event = try EventView(checking: bytes.extracting(offset..<offset + length))
        } catch {
            preconditionFailure("an encoder made a malformed \(error.what)")
        }
        return try body(event)
    }

    /// Shows an event that is staged or stored.
    func withEvent(
        at position: Position, _ body: (borrowing EventView) -> Void
    ) throws(EventLogError) {
        let base = head.position
        if position > base {
            let entry = entries[Int(position.rawValue - base.rawValue) - 1]
            try withStaged(at: entry.offset) { event in body(event) }
            return
        }
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: position) { (event) throws(Never) in body(event) }
        } catch {
            switch error {
            case .log(let error): throw error
            }
        }
    }
}
