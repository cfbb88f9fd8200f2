internal import EventIndex
internal import EventModel

/// Finds events by id and by stream over the whole history: the newest in memory, the others in
/// the index files. One thread owns it: the one that owns the order.
final class LogIndex {
    /// The index in memory of one run of positions, and the segment they belong to.
    struct Tail: Sendable {
        let segment: Position
        let index: TailIndex
    }

    let key: HashKey
    private let files: IndexSet
    private let segmentEvents: UInt64
    /// Oldest first; the last one grows.
    private(set) var tails: [Tail]
    /// One for each segment, in order.
    private(set) var cursors: [IndexCursor] = []
    /// How often a file was read in.
    private var uses: UInt64 = 0
    private var seen: UInt64 = .max
    /// Whether a look-up has failed since `seen`.
    private var hasMetDamage = false
    /// Those of the thread that owns it.
    private var faults = MajorFaults()
    /// How many tails have been handed over to be written.
    private var handedOver = 0

    /// Begins behind what the files hold.
    ///
    /// - Parameter segment: The first position of the newest segment.
    init(key: HashKey, files: IndexSet, segmentEvents: UInt64, segment: Position) {
        self.key = key
        self.files = files
        self.segmentEvents = segmentEvents
        tails = [Tail(segment: segment, index: TailIndex(first: files.indexed.position.next))]
    }

    /// The memory of the tails, in bytes.
    var byteCount: Int { tails.reduce(0) { $0 + $1.index.byteCount } }

    /// The first position of the segment that the next event belongs to, as far as is known.
    var segment: Position { newest.segment }

    /// Whether damage has been met in the file that its runs are written to.
    var isSegmentDamaged: Bool { files.isDamaged(segment) }

    private var newest: Tail {
        guard let tail = tails.last else { preconditionFailure("there is always one that grows") }
        return tail
    }

    /// Whether a segment begins at a position because something but its count of events ended the
    /// one before.
    func begins(segmentAt position: Position) -> Bool {
        tails.contains { $0.segment == position && position > Position(1) }
    }

    /// Has the next event begin a segment.
    func beginSegment() {
        let next = newest.index.end
        guard newest.segment < next else { return }
        if newest.index.count == 0, handedOver < tails.count { tails.removeLast() }
        tails.append(Tail(segment: next, index: TailIndex(first: next)))
    }

    /// Adds the next event.
    func insert(_ hash: KeyHash, _ event: borrowing EventView, at position: Position) {
        if position.rawValue - newest.segment.rawValue == segmentEvents {
            beginSegment()
        } else if newest.index.isFull {
            tails.append(Tail(segment: newest.segment, index: TailIndex(first: position)))
        }
        let tail = newest.index
        tail.insert(id: hash, at: position)
        EventStreams.forEach(of: event, key) { tail.insert(stream: $0, at: position) }
    }

    /// Forgets the events behind a position.
    func takeBack(to position: Position) {
        while tails.count > 1, newest.index.first > position.next { tails.removeLast() }
        newest.index.takeBack(to: position)
    }

    /// Hands over the tails that will not change any more: every event of theirs is committed, and
    /// a later one has begun.
    func takeFinished(through head: Position) -> [Tail] {
        var finished: [Tail] = []
        while handedOver < tails.count - 1, tails[handedOver].index.end <= head.next {
            tails[handedOver].index.seal()
            finished.append(tails[handedOver])
            handedOver += 1
        }
        return finished
    }

    /// Sees an index that has been made anew since damage was met in it.
    func look() {
        if hasMetDamage { refresh() }
    }

    /// Sees what has been written to the files, and lets go of it here, both at once.
    func refresh() {
        guard seen != files.generation else { return }
        seen = files.generation
        hasMetDamage = false
        let parts = files.all
        for (cursor, part) in zip(cursors, parts) { cursor.refresh(part) }
        for part in parts[cursors.count...] { cursors.append(IndexCursor(part)) }
        // Of the moment at which the parts were taken: a run that came since is not seen.
        let end = cursors.last?.end ?? Position(1)
        while handedOver > 0, tails[0].index.end <= end {
            tails.removeFirst()
            handedOver -= 1
        }
    }

    /// Finds the positions whose id may have this hash, newest first.
    func candidates(_ hash: KeyHash, into list: inout [Position]) throws(EventLogError) {
        recentCandidates(hash, into: &list)
        try storedCandidates(hash, into: &list)
    }

    /// Finds the positions in memory whose id may have this hash, newest first.
    func recentCandidates(_ hash: KeyHash, into list: inout [Position]) {
        // By index: an array that is walked while others may change it is held on to.
        for number in stride(from: tails.count - 1, through: 0, by: -1) {
            let tail = tails[number].index
            var found = tail.newest(id: hash)
            while let position = found {
                list.append(position)
                found = tail.older(than: position)
            }
        }
    }

    /// Whether look-ups in merged indexes, and be it in their filters, wait for the disk.
    var isCold: Bool { files.lookUps.areCold && cursors.first?.isMerged == true }

    /// Runs a look-up in index files, of which it notes whether that waited for the disk.
    func timing<Result>(
        _ body: () throws(EventLogError) -> Result
    ) throws(EventLogError) -> Result {
        guard cursors.first?.isMerged == true else { return try body() }
        return try files.lookUps.timing(&faults, body)
    }

    /// Finds the positions in index files whose id may have this hash, newest first.
    func storedCandidates(_ hash: KeyHash, into list: inout [Position]) throws(EventLogError) {
        look()
        for number in stride(from: cursors.count - 1, through: 0, by: -1) {
            let cursor = cursors[number]
            guard cursor.end > cursor.part.first, try mayContain(cursor, id: hash) else { continue }
            try read(cursor) { reader throws(IndexError) in
                try reader.candidates(id: hash, into: &list)
            }
        }
    }

    /// Reads in the index of one segment.
    func read<Result>(
        _ cursor: IndexCursor, _ body: (inout IndexReader) throws(IndexError) -> Result
    ) throws(EventLogError) -> Result {
        uses += 1
        defer { closeOldest(but: cursor) }
        do throws(EventLogError) {
            return try cursor.read(files, use: uses, body)
        } catch {
            hasMetDamage = true
            throw error
        }
    }

    /// Whether events with this id may be in the index of one segment.
    func mayContain(_ cursor: IndexCursor, id: KeyHash) throws(EventLogError) -> Bool {
        do throws(EventLogError) {
            return try cursor.mayContain(id: id, files)
        } catch {
            hasMetDamage = true
            throw error
        }
    }

    /// Whether events of a stream may be in the index of one segment.
    func mayContain(_ cursor: IndexCursor, stream: KeyHash) throws(EventLogError) -> Bool {
        do throws(EventLogError) {
            return try cursor.mayContain(stream: stream, files)
        } catch {
            hasMetDamage = true
            throw error
        }
    }

    /// Lets go of the file of a merged index that was asked longest ago, when as many are open as
    /// may be.
    private func closeOldest(but kept: IndexCursor) {
        guard kept.wasOpened else { return }
        let open = cursors.filter(\.holdsSealedFile)
        guard open.count > LogLimits.indexesOpenMax else { return }
        open.filter { $0 !== kept }.min { $0.lastUse < $1.lastUse }?.close()
    }
}
