internal import EventIndex
internal import EventModel

/// Brings the indexes up to the log when it is opened: writes runs that are missing, and returns
/// the index in memory of the newest events.
struct IndexRecovery: ~Copyable {
    private let files: IndexSet
    private let key: HashKey
    private var reader: LogReader
    private let head: Position
    private var progress: (Position, Position) -> Void

    init(
        files: IndexSet, key: HashKey, reader: consuming LogReader, head: Position,
        progress: @escaping (Position, Position) -> Void
    ) {
        self.files = files
        self.key = key
        self.reader = reader
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
        let key = key
        if file.end < end { try reader.checkEnd(of: first, end) }
        while file.end < end {
            let runEnd = min(end, Position(file.end.rawValue + IndexLimits.eventsPerRun))
            let tail = TailIndex(first: file.end)
            try read(from: file.end, to: runEnd) { hash, event in
                tail.insert(id: hash, at: event.position)
                EventStreams.forEach(of: event, key) {
                    tail.insert(stream: $0, at: event.position)
                }
            }
            tail.seal()
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
            key: key, files: files, segmentEvents: segmentEvents, segment: segment)
        try read(from: file.end, to: head.next) { hash, event in
            if begins(event.position) { index.beginSegment() }
            index.insert(hash, event, at: event.position)
        }
        index.refresh()
        return index
    }

    private mutating func read(
        from start: Position, to end: Position,
        _ take: (KeyHash, borrowing EventView) -> Void
    ) throws(EventLogError) {
        guard start < end else { return }
        let (key, progress, head) = (key, progress, head)
        do throws(ReadFailure<Never>) {
            try reader.events(from: start, through: Position(end.rawValue - 1)) {
                (event) throws(Never) in
                take(key.id(source: event.source, id: event.id), event)
                if event.position.rawValue % 65_536 == 0 { progress(event.position, head) }
                return true
            }
        } catch {
            switch error {
            case .log(let error): throw error
            }
        }
    }
}
