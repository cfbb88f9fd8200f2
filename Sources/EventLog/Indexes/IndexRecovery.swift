internal import EventIndex
internal import EventModel

/// Brings the indexes up to the log when it is opened: writes runs that are missing, and returns
/// the index in memory of the newest events.
struct IndexRecovery: ~Copyable {
    private let files: IndexSet
    private var build: IndexBuild
    private let head: Position
    private var progress: (Position, Position) -> Void

    init(
        files: IndexSet, build: consuming IndexBuild, head: Position,
        progress: @escaping (Position, Position) -> Void
    ) {
        self.files = files
        self.build = build
        self.head = head
        self.progress = progress
    }

    /// Completes the index of a segment that has ended.
    mutating func complete(first: Position, end: Position) throws(EventLogError) {
        if try files.takeSealed(first: first, end: end) {
            files.indexed.publish(Position(end.rawValue - 1))
            return
        }
        let file = try files.open(first: first, end: end)
        if file.end < end { try build.checkEnd(of: first, end) }
        let (head, progress) = (head, progress)
        while file.end < end {
            let tail = try build.tail(from: file.end, to: end) {
                if $0.rawValue % 65_536 == 0 { progress($0, head) }
            }
            try files.write(tail, of: first)
        }
        files.indexed.publish(Position(end.rawValue - 1))
    }

    /// Reads what no file of the newest segment holds into memory.
    ///
    /// - Parameter begins: Whether a round that starts at a position begins a segment.
    mutating func readTail(
        segment: Position, segmentEvents: UInt64, begins: (Position) -> Bool
    ) throws(EventLogError) -> LogIndex {
        let file = try files.open(first: segment, end: head.next)
        files.indexed.publish(Position(file.end.rawValue - 1))
        let index = LogIndex(
            key: build.key, files: files, segmentEvents: segmentEvents, segment: segment)
        let (head, progress) = (head, progress)
        try build.read(from: file.end, to: head.next) { hash, event in
            if begins(event.position) { index.beginSegment() }
            index.insert(hash, event, at: event.position)
            if event.position.rawValue % 65_536 == 0 { progress(event.position, head) }
        }
        index.refresh()
        return index
    }
}
