internal import EventModel
internal import Glibc
internal import LMDB
internal import Synchronization
internal import Zstd

/// The segments of a log, in order, for all threads. The newest is open for writing; the others are
/// opened when they are read, so many at a time.
final class SegmentSet: Sendable {
    private struct Entry {
        let first: Position
        var segment: Segment? { didSet { known = segment ?? known } }
        /// The same after it was let go of here, while readers that are at it keep it: a file cannot
        /// be opened twice.
        weak var known: Segment?
        var lastUse: UInt64 = 0
        /// What its file takes; of the newest, which grows, nothing is kept.
        var fileBytes: UInt64 = 0

        /// Names a segment that is open.
        init(first: Position, open segment: Segment) {
            self.first = first
            self.segment = segment
            // An observer is not told of what an initializer stores.
            known = segment
        }

        /// Names a segment that is not open.
        init(first: Position) { self.first = first }

        /// Another file has taken its place.
        ///
        /// - Returns: The segment as it was, where somebody has it open.
        mutating func replaced() -> Segment? {
            defer {
                segment = nil
                known = nil
            }
            return known
        }
    }

    private struct State {
        var entries: [Entry]
        /// What the next segment begins with; nil for what the newest has.
        var dictionary: [UInt8]?
        var openCount = 1
        var uses: UInt64 = 0
    }

    /// A segment and the positions for which it is asked.
    struct Place {
        let segment: Segment
        /// The first position of the next segment, or the greatest there is.
        let end: Position
        /// See `generation`.
        let generation: UInt64
    }

    /// The folder the files lie in.
    let folder: String
    private let state: Mutex<State>
    private let changes = Atomic<UInt64>(0)
    /// Segments that were written anew.
    let replaced = ReplacedFiles()

    private init(_ folder: String, _ entries: [Entry]) {
        self.folder = folder
        var entries = entries
        for index in entries.indices.dropLast() {
            entries[index].fileBytes = Self.fileBytes(of: entries[index].first, in: folder)
        }
        state = Mutex(State(entries: entries))
    }

    /// Names the segments of a folder; the newest is open.
    convenience init(_ folder: String, firsts: [Position], newest: Segment) {
        var entries = firsts.map { Entry(first: $0) }
        entries[entries.count - 1].segment = newest
        self.init(folder, entries)
    }

    /// Moves whenever a segment begins or is replaced: what `place` answered before may be old.
    var generation: UInt64 { changes.load(ordering: .sequentiallyConsistent) }

    /// The first positions of all segments.
    var firsts: [Position] { state.withLock { $0.entries.map(\.first) } }

    /// The segments that have ended, oldest first: the first position of each, and of the one
    /// behind it.
    var ended: [(first: Position, end: Position)] {
        let firsts = firsts
        return Array(zip(firsts, firsts.dropFirst()))
    }

    /// How many there are.
    var count: Int { state.withLock { $0.entries.count } }

    /// How many have ended, from the one that holds a position on.
    func endedCount(from position: Position) -> Int {
        state.withLock { $0.entries.count - 1 - Self.index(of: position, $0.entries) }
    }

    /// Where the file of a segment lies.
    func path(of first: Position) -> String { folder + "/" + Segment.fileName(first: first) }

    /// The bytes that all files take. Only the newest is asked.
    var fileBytes: UInt64 {
        let (kept, newest) = state.withLock { state in
            (state.entries.reduce(0) { $0 + $1.fileBytes }, state.entries.last?.first)
        }
        return kept + (newest.map(fileBytes(of:)) ?? 0)
    }

    /// The bytes that a segment's file takes; 0 where it cannot be asked.
    func fileBytes(of first: Position) -> UInt64 { Self.fileBytes(of: first, in: folder) }

    private static func fileBytes(of first: Position, in folder: String) -> UInt64 {
        var status = stat()
        guard unsafe stat(folder + "/" + Segment.fileName(first: first), &status) == 0 else {
            return 0
        }
        return UInt64(max(0, status.st_size))
    }

    /// Opens the segments of a folder, making the first when there is none.
    ///
    /// - Throws: `missingSegment`, and what opening the newest throws.
    static func open(folder: String) throws(EventLogError) -> SegmentSet {
        var firsts = try SegmentFiles.list(folder)
        if firsts.isEmpty {
            let first = Position(1)
            try Segment.create(
                path: folder + "/" + Segment.fileName(first: first), first: first, start: .zero,
                dictionary: FirstDictionary.bytes, seed: nil)
            firsts = [first]
        }
        guard let oldest = firsts.first, let newest = firsts.last else {
            preconditionFailure("there is a segment now")
        }
        guard oldest == Position(1) else {
            throw .missingSegment(
                first: Position(1), last: Position(oldest.rawValue - 1))
        }
        var entries = firsts.map { Entry(first: $0) }
        let segment = try Segment.open(
            path: folder + "/" + Segment.fileName(first: newest), first: newest)
        if let end = segment.end {
            // Sealing waits for the next segment, so that one has been there.
            throw .missingSegment(first: end.last.next, last: end.last.next)
        }
        entries[entries.count - 1].segment = segment
        return SegmentSet(folder, entries)
    }

    /// The newest segment, the one that is written.
    var newest: Segment {
        state.withLock { state in
            guard let segment = state.entries.last?.segment else {
                preconditionFailure("the newest segment stays open")
            }
            return segment
        }
    }

    /// Begins the next segment.
    ///
    /// - Parameter seed: The salt seed of the newest group of positions, which may go on here.
    func begin(first: Position, start: Digest, seed: SaltSeed?) throws(EventLogError) -> Segment {
        let path = path(of: first)
        let dictionary = state.withLock { $0.dictionary } ?? newest.dictionary?.bytes ?? []
        try Segment.create(
            path: path, first: first, start: start, dictionary: dictionary, seed: seed)
        let segment = try Segment.open(path: path, first: first)
        state.withLock { state in
            let last = state.entries.count - 1
            state.entries[last].fileBytes = fileBytes(of: state.entries[last].first)
            state.entries.append(Entry(first: first, open: segment))
            state.openCount += 1
        }
        changes.add(1, ordering: .sequentiallyConsistent)
        Failpoint.segmentBegun.pass()
        return segment
    }

    /// Finds the segment that a position belongs to, and opens it when it is not.
    ///
    /// - Throws: What `Segment.openUnchanging` throws.
    func place(of position: Position) throws(EventLogError) -> Place {
        let generation = generation
        return try state.withLock { (state) throws(EventLogError) -> Place in
            let index = Self.index(of: position, state.entries)
            let end =
                index + 1 < state.entries.count ? state.entries[index + 1].first : Position(.max)
            state.uses += 1
            state.entries[index].lastUse = state.uses
            if let segment = state.entries[index].segment {
                return Place(segment: segment, end: end, generation: generation)
            }
            let segment = try open(state.entries[index])
            Self.closeOldest(&state)
            state.entries[index].segment = segment
            state.openCount += 1
            return Place(segment: segment, end: end, generation: generation)
        }
    }

    private func open(_ entry: Entry) throws(EventLogError) -> Segment {
        if SetAside.isMarked(path(of: entry.first)) {
            throw .notAStore(path: path(of: entry.first), found: SetAside.reason)
        }
        var tries = 0
        while true {
            if let known = entry.known { return known }
            do throws(EventLogError) {
                return try Segment.openUnchanging(path: path(of: entry.first), first: entry.first)
            } catch {
                // The last one who was at it is closing it at this moment.
                guard case .storage(let reason) = error, reason.isAlreadyOpen,
                    tries < LogLimits.closingSegmentTries
                else { throw error }
                tries += 1
                usleep(100)
            }
        }
    }

    /// Puts the sealed form of a segment into its place; whoever reads the old one goes on with it
    /// until it looks at `generation`.
    ///
    /// - Parameters:
    ///   - temporary: The new file, which is on disk.
    ///   - dictionary: What it is compressed with, for the next segment to begin with; nil leaves that
    ///     as it is.
    func replace(
        _ first: Position, with temporary: String, dictionary: [UInt8]?
    ) throws(EventLogError) {
        let path = path(of: first)
        let folder = try OpenFolder(of: path)
        // Both at once: the old file's segment must not be asked for when its name is gone.
        let old = try state.withLock { (state) throws(EventLogError) in
            try StoreFiles.move(temporary, to: path)
            let index = Self.index(of: first, state.entries)
            if state.entries[index].segment != nil { state.openCount -= 1 }
            let old = state.entries[index].replaced()
            state.entries[index].fileBytes = fileBytes(of: first)
            if let dictionary { state.dictionary = dictionary }
            return old
        }
        if let old { replaced.take(old) }
        changes.add(1, ordering: .sequentiallyConsistent)
        Failpoint.segmentReplaced.pass()
        try StoreFiles.finishReplacing(path, temporary, folder)
    }

    /// The first position of the segment that a position belongs to, and that of the next one or the
    /// greatest there is.
    func bounds(of position: Position) -> (first: Position, end: Position) {
        state.withLock { state in
            let index = Self.index(of: position, state.entries)
            let isNewest = index + 1 == state.entries.count
            return (
                state.entries[index].first,
                isNewest ? Position(.max) : state.entries[index + 1].first
            )
        }
    }

    private static func index(of position: Position, _ entries: [Entry]) -> Int {
        var low = 0
        var high = entries.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if entries[middle].first <= position { low = middle } else { high = middle }
        }
        return low
    }

    /// Lets go of the segment that was asked for longest ago, when as many are open as may be.
    /// Readers that are at it keep it until they go on.
    private static func closeOldest(_ state: inout State) {
        guard state.openCount >= LogLimits.segmentsOpenMax else { return }
        var oldest: Int?
        for index in state.entries.indices.dropLast() where state.entries[index].segment != nil {
            if let found = oldest, state.entries[found].lastUse <= state.entries[index].lastUse {
                continue
            }
            oldest = index
        }
        guard let oldest else { return }
        state.entries[oldest].segment = nil
        state.openCount -= 1
    }
}
