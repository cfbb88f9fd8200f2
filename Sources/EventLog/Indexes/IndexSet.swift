internal import EventIndex
internal import EventModel
internal import LMDB
internal import Synchronization

/// The index files of a log's segments. They are made from the log and may be deleted while no
/// process has the store open.
final class IndexSet: Sendable {
    /// The index of one segment.
    enum Part: Sendable {
        /// It grows, or has not been merged yet: its file is open.
        case runs(IndexFile)
        /// It never changes: the filter tells what is not there, the file is opened when asked.
        case sealed(SegmentFilter, first: Position, end: Position)

        /// The first position of the segment.
        var first: Position {
            switch self {
            case .runs(let file): file.first
            case .sealed(_, let first, _): first
            }
        }

        /// The position behind the last one that is indexed.
        var end: Position {
            switch self {
            case .runs(let file): file.end
            case .sealed(_, _, let end): end
            }
        }
    }

    private let folder: String
    let store: StoreID
    private let parts = Mutex<[Part]>([])
    private let changes = Atomic<UInt64>(0)
    let damage = Mutex(Damage())
    /// The last position up to which everything is in an index file.
    let indexed = HeadSignal()
    /// Whether merged indexes wait for the disk.
    let lookUps: ColdLookUps
    private let open = Mutex<[Position: OpenFile]>([:])
    /// Indexes and filters that were written anew.
    let replaced = ReplacedFiles()

    /// The file of a merged index that somebody reads. One process opens a file once.
    private struct OpenFile {
        weak var file: IndexFile?
        /// Of which index it is: one that has been made anew has another.
        weak var filter: SegmentFilter?
    }

    struct Damage {
        /// The first positions of the segments whose index is damaged.
        var segments: Set<Position> = []
        var observer: (@Sendable () -> Void)?
    }

    /// Behind the name of an index that is being made anew.
    static let repairEnding = ".repair"

    init(folder: String, store: StoreID, sizes: LogSizes = LogSizes()) {
        self.folder = folder
        self.store = store
        lookUps = ColdLookUps(nanosecondsMax: sizes.coldLookUpNanoseconds)
    }

    /// Moves whenever a run is written or an index is merged: what was read before may be old.
    var generation: UInt64 { changes.load(ordering: .sequentiallyConsistent) }

    /// The indexes of all segments, in order.
    var all: [Part] { parts.withLock { $0 } }

    func path(_ name: String) -> String { folder + "/" + name }

    /// Takes the index of a segment that has ended as it is, when it is merged and has its filter.
    ///
    /// - Returns: False when it has to be opened, looked through and merged.
    func takeSealed(first: Position, end: Position) throws(EventLogError) -> Bool {
        try discardIfMarked(first)
        let filter: SegmentFilter
        do throws(IndexError) {
            filter = try SegmentFilter.open(
                path: path(SegmentFilter.fileName(first: first)), store: store, first: first)
            let index = try IndexFile.openSealed(
                path: path(IndexFile.fileName(first: first)), store: store, first: first)
            guard index.end == end, UInt64(filter.count) == end.rawValue - first.rawValue else {
                return false
            }
        } catch {
            if case .storage(let error) = error, !error.isMissing, !error.isCorrupted {
                throw .storage(error)
            }
            return false
        }
        parts.withLock { $0.append(.sealed(filter, first: first, end: end)) }
        changes.add(1, ordering: .sequentiallyConsistent)
        return true
    }

    /// Opens the index of the next segment, or makes it; one that cannot be trusted, or that ends
    /// behind the log, is made anew.
    ///
    /// - Parameter end: The position behind the last event that the segment can hold now.
    func open(first: Position, end: Position) throws(EventLogError) -> IndexFile {
        try discardIfMarked(first)
        do throws(IndexError) {
            let file = try reopened(path(IndexFile.fileName(first: first)), first, end)
            parts.withLock { $0.append(.runs(file)) }
            changes.add(1, ordering: .sequentiallyConsistent)
            return file
        } catch {
            throw Self.failure(error)
        }
    }

    private func reopened(
        _ path: String, _ first: Position, _ end: Position
    ) throws(IndexError) -> IndexFile {
        do throws(IndexError) {
            let file = try IndexFile.open(path: path, store: store, first: first)
            if file.end <= end { return file }
        } catch {
            if case .storage = error { throw error }
        }
        try IndexFile.remove(path: path)
        return try IndexFile.open(path: path, store: store, first: first)
    }

    /// Returns the file of an index that never changes, for any thread: opened, unless somebody reads
    /// it.
    ///
    /// - Throws: `damagedIndex` when it is not the whole index of that segment.
    func sharedSealed(
        _ filter: SegmentFilter, first: Position, end: Position
    ) throws(EventLogError) -> IndexFile {
        try open.withLock { (open) throws(EventLogError) in
            if let known = open[first], known.filter === filter, let file = known.file {
                return file
            }
            let file = try openSealed(first: first, end: end)
            open[first] = OpenFile(file: file, filter: filter)
            return file
        }
    }

    private func openSealed(first: Position, end: Position) throws(EventLogError) -> IndexFile {
        do throws(IndexError) {
            let file = try IndexFile.openSealed(
                path: path(IndexFile.fileName(first: first)), store: store, first: first)
            guard file.end == end else {
                throw IndexError.damaged(
                    file: file.name, what: "it ends before \(file.end), not before \(end)")
            }
            return file
        } catch {
            throw note(error)
        }
    }

    /// Writes the next run.
    ///
    /// - Parameter segment: The first position of the segment it belongs to.
    func write(_ tail: TailIndex, of segment: Position) throws(EventLogError) {
        let known = runs(of: segment)
        let file: IndexFile
        if let known { file = known } else { file = try open(first: segment, end: tail.end) }
        do throws(IndexError) {
            try file.write(tail)
        } catch {
            // The next start makes it anew.
            throw note(error)
        }
        Failpoint.indexWritten.pass()
        // The position first: whoever sees the change sees a run for everything up to it.
        indexed.publish(Position(tail.end.rawValue - 1))
        changes.add(1, ordering: .sequentiallyConsistent)
    }

    private func runs(of segment: Position) -> IndexFile? {
        parts.withLock { parts in
            guard case .runs(let file)? = parts.last(where: { $0.first == segment }) else {
                return nil
            }
            return file
        }
    }

    /// Whether the index of a segment that has ended holds all of it: nobody writes it any more.
    ///
    /// - Parameter end: The first position of the next segment.
    func isComplete(first: Position, end: Position) -> Bool {
        all.contains { $0.first == first && $0.end == end }
    }

    /// Merges the index of a segment that has ended, unless it is incomplete or has been merged.
    ///
    /// - Parameter end: The first position of the next segment.
    /// - Returns: Whether it is merged now.
    func seal(first: Position, end: Position) throws(EventLogError) -> Bool {
        guard let runs = runs(of: first) else { return all.contains { $0.first == first } }
        guard runs.end == end else { return false }
        try merge(runs, end: end)
        return true
    }

    /// Writes the merged index of a segment anew with other entries of streams.
    ///
    /// - Returns: False where it has to be made anew from the log.
    func change(
        first: Position, end: Position, _ other: IndexChanges
    ) throws(EventLogError) -> Bool {
        guard !isDamaged(first),
            case .sealed(let filter, _, end)? = all.first(where: { $0.first == first })
        else { return false }
        try merge(try sharedSealed(filter, first: first, end: end), end: end, other)
        return true
    }

    /// Merges the runs of a segment that has ended, puts index and filter into the place of what
    /// there is, and has everybody read them.
    ///
    /// - Parameter other: What is to be otherwise than in the runs.
    func merge(
        _ runs: IndexFile, end: Position, _ other: IndexChanges = IndexChanges()
    ) throws(EventLogError) {
        let first = runs.first
        let (index, filter) = (
            path(IndexFile.fileName(first: first)), path(SegmentFilter.fileName(first: first))
        )
        for file in [index, filter] { try StoreFiles.removeLeftovers(file + ".new") }
        do throws(IndexError) {
            try IndexMerge.merge(
                runs, other, index: index + ".new", filter: filter + ".new")
        } catch {
            throw note(error)
        }
        Failpoint.indexMerged.pass()
        // The filter last: where it is, the index is whole, even after a power cut.
        try StoreFiles.replace(index, with: index + ".new")
        Failpoint.indexReplaced.pass()
        try StoreFiles.replace(filter, with: filter + ".new")
        let opened: SegmentFilter
        do throws(IndexError) {
            opened = try SegmentFilter.open(path: filter, store: store, first: first)
        } catch {
            throw Self.failure(error)
        }
        let old = parts.withLock { parts -> Part? in
            guard let place = parts.firstIndex(where: { $0.first == first }) else { return nil }
            defer { parts[place] = .sealed(opened, first: first, end: end) }
            return parts[place]
        }
        // Appends are not to wait while it is closed.
        replaced.take(runs)
        if case .sealed(let filter, _, _)? = old { replaced.take(filter) }
        changes.add(1, ordering: .sequentiallyConsistent)
    }

    /// Removes an index in which damage was met, or which a process died of.
    private func discardIfMarked(_ first: Position) throws(EventLogError) {
        let index = path(IndexFile.fileName(first: first))
        guard IndexMark.isPut(index) else { return }
        do throws(IndexError) {
            try IndexFile.remove(path: index + Self.repairEnding)
            try IndexFile.remove(path: index)
        } catch {
            throw Self.failure(error)
        }
        try IndexMark.remove(index)
    }

    static func failure(_ error: IndexError) -> EventLogError {
        if case .storage(let error) = error { return .storage(error) }
        return .damagedIndex("\(error)")
    }
}
