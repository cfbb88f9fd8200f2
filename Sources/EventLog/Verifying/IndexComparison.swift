internal import EventIndex
internal import EventModel

/// Holds a segment's index against its events, both ways: each event is found by its id and by
/// each of its streams, and each entry points at an event that has it.
final class IndexComparison {
    /// The index, and the filter beside it where there is one.
    let index: IndexFile
    let filter: SegmentFilter?
    let key: HashKey
    let file: String
    private(set) var faults = FaultList()
    /// How many entries were compared.
    private(set) var entries: UInt64 = 0
    private var log = EntrySums()
    private var streams: [KeyHash] = []

    init(_ index: IndexFile, filter: SegmentFilter?, key: HashKey, file: String) {
        self.index = index
        self.filter = filter
        self.key = key
        self.file = file
    }

    private var first: UInt64 { index.first.rawValue }

    /// Takes an event of the log.
    func take(_ event: borrowing EventView) {
        guard event.position < index.end else { return }
        let offset = event.position.rawValue - first
        let (key, hash) = (key, key.id(of: event))
        log.add(id: hash.high, at: offset)
        // An event that names a stream twice is in it once.
        streams.removeAll(keepingCapacity: true)
        Self.streams(of: event, key, into: &streams)
        for stream in streams { log.add(stream: stream, at: offset) }
    }

    private static func streams(
        of event: borrowing EventView, _ key: HashKey, into list: inout [KeyHash]
    ) {
        EventStreams.forEach(of: event, key) { stream in
            if !list.contains(stream) { list.append(stream) }
        }
    }

    /// Compares what the index holds with what was taken.
    ///
    /// - Parameters:
    ///   - range: The positions that were taken: whole windows of `EntrySums`, or up to the end.
    ///   - isHidden: Whether damage has kept events of a window from being taken.
    ///   - read: Shows the events of a range once more.
    func compare(
        _ range: Range<UInt64>, isHidden: (ClosedRange<Position>) -> Bool,
        read: (ClosedRange<Position>, (borrowing EventView) -> Void) -> Void
    ) {
        do throws(IndexError) {
            try filter?.check()
        } catch {
            add(error)
        }
        let audit = IndexAudit(index, filter: filter)
        for run in 0..<audit.runCount {
            let positions = audit.positions(ofRun: run).clamped(to: range)
            guard !positions.isEmpty else { continue }
            var sums = EntrySums()
            let first = first
            var (idsAreRead, streamsAreRead) = (false, false)
            do throws(IndexError) {
                try audit.ids(ofRun: run) { sums.add(id: $0, at: $1.rawValue - first) }
                idsAreRead = true
            } catch {
                add(error)
            }
            do throws(IndexError) {
                try audit.streams(ofRun: run) { sums.add(stream: $0, at: $1.rawValue - first) }
                streamsAreRead = true
            } catch {
                add(error)
            }
            for window in windows(positions) {
                if idsAreRead { entries += sums.ids(window).count }
                if streamsAreRead { entries += sums.streams(window).count }
                let differs = (
                    ids: idsAreRead && sums.ids(window) != log.ids(window),
                    streams: streamsAreRead && sums.streams(window) != log.streams(window)
                )
                let positions = self.positions(ofWindow: window)
                guard differs.ids || differs.streams, !isHidden(positions) else { continue }
                tell(positions, run, audit, differs, read)
            }
        }
    }

    private func windows(_ positions: Range<UInt64>) -> Range<Int> {
        let size = EntrySums.positionsPerWindow
        let low = Int((positions.lowerBound - first) / size)
        return low..<Int((positions.upperBound - first + size - 1) / size)
    }

    private func positions(ofWindow window: Int) -> ClosedRange<Position> {
        let size = EntrySums.positionsPerWindow
        let low = first + UInt64(window) * size
        return Position(low)...Position(min(low + size, index.end.rawValue) - 1)
    }

    private func add(_ error: IndexError) {
        switch error {
        case .damaged(let name, let what):
            let isFilter = name == filter?.name
            let file = isFilter ? Self.filterFile(of: file) : file
            faults.add(VerificationFault(isFilter ? .filter : .index, file, what))
        default: faults.add(VerificationFault(.index, file, "\(error)"))
        }
    }

    static func file(_ first: Position) -> String { "log/" + IndexFile.fileName(first: first) }

    static func filterFile(of index: String) -> String {
        String(index.dropLast(".index".count)) + ".filter"
    }
}

/// Naming what differs.
extension IndexComparison {
    private struct Entry: Hashable {
        let hash: KeyHash
        let position: Position
    }

    private func tell(
        _ positions: ClosedRange<Position>, _ run: Int, _ audit: borrowing IndexAudit,
        _ differs: (ids: Bool, streams: Bool),
        _ read: (ClosedRange<Position>, (borrowing EventView) -> Void) -> Void
    ) {
        var ids: Set<Entry> = []
        var streams: Set<Entry> = []
        let key = key
        read(positions) { event in
            let id = key.id(of: event)
            ids.insert(Entry(hash: KeyHash(high: id.high, low: 0), position: event.position))
            EventStreams.forEach(of: event, key) {
                streams.insert(Entry(hash: $0, position: event.position))
            }
        }
        var extra: Set<Position> = []
        // What the first pass has read is read again; a failure now was told then.
        if differs.ids {
            try? audit.ids(ofRun: run) { hash, position in
                guard positions.contains(position) else { return }
                let entry = Entry(hash: KeyHash(high: hash, low: 0), position: position)
                if ids.remove(entry) == nil { extra.insert(position) }
            }
            tell("id", ids, extra)
        }
        extra = []
        if differs.streams {
            try? audit.streams(ofRun: run) { stream, position in
                guard positions.contains(position) else { return }
                if streams.remove(Entry(hash: stream, position: position)) == nil {
                    extra.insert(position)
                }
            }
            tell("stream", streams, extra)
        }
    }

    private func tell(_ what: String, _ missing: Set<Entry>, _ extra: Set<Position>) {
        if let range = Self.range(missing.map(\.position)) {
            faults.add(
                VerificationFault(
                    .index, file, positions: range,
                    "\(Set(missing.map(\.position)).count) events are not found by their \(what)"))
        }
        if let range = Self.range(Array(extra)) {
            faults.add(
                VerificationFault(
                    .index, file, positions: range,
                    "it names \(extra.count) events by a \(what) that they do not have"))
        }
    }

    private static func range(_ positions: [Position]) -> ClosedRange<Position>? {
        guard let low = positions.min(), let high = positions.max() else { return nil }
        return low...high
    }
}
