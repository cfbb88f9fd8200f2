internal import EventLog
internal import EventModel
internal import Views

/// Some events in memory, by rising position, as they are or as a round of erasures leaves them.
struct TouchedLog {
    private var records: [UInt8] = []
    private var entries: [(position: Position, recordEnd: Int, outline: EventOutline)] = []

    /// How many there are.
    var count: Int { entries.count }

    /// What the records take.
    var byteCount: Int { records.count }

    /// Adds an event behind the others.
    mutating func append(_ event: borrowing EventView) {
        precondition(entries.last.map { $0.position < event.position } ?? true)
        records.append(event.record)
        entries.append((event.position, records.count, EventOutline(of: event)))
    }

    /// Where an event stands; nil where it is none of them.
    func place(of position: Position) -> Int? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].position == position ? low : nil
    }

    /// The position of the event in a place.
    func position(_ place: Int) -> Position { entries[place].position }

    /// Shows the event in a place.
    func show<Failure: Error>(
        _ place: Int, _ body: (borrowing EventView) throws(Failure) -> Void
    ) throws(Failure) {
        let start = place == 0 ? 0 : entries[place - 1].recordEnd
        let entry = entries[place]
        let event = unsafe EventView(
            records.span.bytes.extracting(start..<entry.recordEnd), checked: entry.outline)
        try body(event)
    }
}
