internal import EventIndex
internal import EventModel

/// Makes runs of an index of the events that the log holds, on one thread.
struct IndexBuild: ~Copyable {
    let key: HashKey
    private var reader: LogReader

    init(key: HashKey, reader: consuming LogReader) {
        self.key = key
        self.reader = reader
    }

    /// Checks that a segment which has ended holds everything up to the next one.
    func checkEnd(of first: Position, _ end: Position) throws(EventLogError) {
        try reader.checkEnd(of: first, end)
    }

    /// Reads the events from a position on, at most those of one run, and returns their index.
    mutating func tail(
        from start: Position, to end: Position, seen: (Position) -> Void = { _ in }
    ) throws(EventLogError) -> TailIndex {
        let runEnd = min(end, Position(start.rawValue + IndexLimits.eventsPerRun))
        let tail = TailIndex(first: start)
        let key = key
        try read(from: start, to: runEnd) { id, event in
            tail.insert(id: id, at: event.position)
            EventStreams.forEach(of: event, key) { tail.insert(stream: $0, at: event.position) }
            seen(event.position)
        }
        tail.seal()
        return tail
    }

    /// Shows the events up to an end, each with the hash of its id.
    mutating func read(
        from start: Position, to end: Position,
        _ take: (KeyHash, borrowing EventView) -> Void
    ) throws(EventLogError) {
        guard start < end else { return }
        let key = key
        do throws(ReadFailure<Never>) {
            try reader.events(from: start, through: Position(end.rawValue - 1)) {
                (event) throws(Never) in
                take(key.id(of: event), event)
                return true
            }
        } catch {
            throw error.ofLog
        }
    }
}
