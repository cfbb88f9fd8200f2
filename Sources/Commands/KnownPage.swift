internal import EventLog
internal import EventModel
internal import Synchronization
internal import Views

/// A page of TIMELINE of which the positions are known: what is left is to read events that lie
/// scattered over the log, which any thread can.
struct KnownPage: Sendable {
    let query: TimelineQuery
    /// As of which position it is.
    let position: Position
    /// Whose it is: `stream` or `customer`, and the name of it.
    let subject: (field: StaticString, name: String)
    /// How many events the stream has; nil for a customer.
    let version: UInt64?
    /// In the order wanted.
    let positions: [Position]
    /// Whether others may follow.
    let goesOn: Bool

    /// How many positions of a query are to be found: one more than its page can have tells whether
    /// it is the last.
    static func limit(_ query: TimelineQuery) -> Int {
        let most = CommandLimits.timelineEventsReadMax
        return (query.isSelective ? most : min(query.count, most)) + 1
    }

    /// Reads the events and writes the document.
    func document(_ reader: inout LogReader) throws(CommandError) -> [UInt8] {
        var json = JSONWriter()
        query.begin(subject, version: version, at: position, &json)
        json.beginArray()
        var page = TimelinePage()
        var start = query.start
        var next: Position?
        for position in positions {
            if page.isFull(query, json) {
                next = start.bound(beginningWith: position)
                break
            }
            start = start.behind(position)
            page.read += 1
            if try write(position, &reader, &json) { page.shown += 1 }
        }
        if next == nil, goesOn, let last = positions.last { next = start.bound(behind: last) }
        json.endArray()
        query.end(next, &json)
        return json.bytes
    }

    private func write(
        _ position: Position, _ reader: inout LogReader, _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        var isShown = false
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: position) { (event) throws(Never) in
                guard query.mayWant(event) else { return }
                EventDocument.write(event, to: &json)
                isShown = true
            }
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            }
        }
        return isShown
    }
}

/// The readers of those threads that read pages beside the loop, which hide what is erased.
final class PageReaders: Sendable {
    /// A reader; one thread at a time has it.
    private final class Seat: @unchecked Sendable {
        // Unchecked: it lies with the others, or one thread has taken it.
        var reader: LogReader

        init(_ reader: consuming LogReader) { self.reader = reader }
    }

    private let log: EventLog
    private let free = Mutex<[Seat]>([])

    init(_ log: EventLog) { self.log = log }

    /// Writes a page.
    func document(_ page: KnownPage) throws(CommandError) -> [UInt8] {
        try reading { (reader) throws(CommandError) in try page.document(&reader) }
    }

    /// Reads what staging events with these ids takes.
    func readAhead(_ ids: [EventIDHash]) throws(CommandError) {
        try reading { (reader) throws(CommandError) in log.readAhead(ids, &reader) }
    }

    private func reading<Result>(
        _ body: (inout LogReader) throws(CommandError) -> Result
    ) throws(CommandError) -> Result {
        let seat: Seat
        if let taken = free.withLock({ $0.popLast() }) {
            seat = taken
        } else {
            do throws(EventLogError) {
                seat = Seat(
                    try log.makeHidingReader(BlockMemory(bytes: CommandLimits.pageBlockBytesMax)))
            } catch {
                throw .log(error)
            }
        }
        defer { free.withLock { $0.append(seat) } }
        return try body(&seat.reader)
    }
}
