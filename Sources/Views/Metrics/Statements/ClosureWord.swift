internal import EventModel

/// That a queue was closed, or opened again (`queue.closed`, `queue.opened`).
///
///     word  u8 1 where it closes, until: 0, or 1 and int
///
/// As in the view of queues the last word comes before the calendar while it holds: `queue.closed` until
/// its `until` or the next word, `queue.opened` with `until` until then; without it the calendar decides.
struct ClosureWord: DatedWord {
    static let prefix = UInt8(ascii: "o")
    static let rowName: StaticString = "closure row"
    static let subject: StaticString = "queue"
    static let keptMax = MetricLimits.closuresMax

    private let closes: Bool
    private let until: Timestamp?

    init?(_ event: borrowing EventView) {
        closes = event.type.equals("queue.closed")
        guard closes || event.type.equals("queue.opened") else { return nil }
        until = event.time("until")
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        closes = try reader.byte() == 1
        until = try reader.optionalMoment()
    }

    func encode(into row: inout [UInt8]) {
        row.append(closes ? 1 : 0)
        row.append(optionalMoment: until)
    }

    /// What it says of the queue.
    var isOpen: Bool { !closes }

    /// Until when it holds whatever the calendar says; nil where it leaves that to the calendar.
    func end(next: Timestamp) -> Timestamp? {
        guard closes || until != nil else { return nil }
        return min(next, until ?? .latest)
    }
}

extension DatedWords<ClosureWord> {
    /// Shows the stretches of a time, each with whether words say that the queue was open; nil where the
    /// calendar decides. Complexity: O(log words), and one step for each within it.
    func walk(
        from: Timestamp, to: Timestamp,
        _ body: (_ from: Timestamp, _ to: Timestamp, _ isOpen: Bool?) -> Void
    ) {
        var at = from
        func show(until end: Timestamp, _ isOpen: Bool?) {
            let end = min(end, to)
            guard at < end else { return }
            body(at, end, isOpen)
            at = end
        }
        // Each word ends at the next one: of those before the last alone may hold.
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].moment <= from { low = middle + 1 } else { high = middle }
        }
        let first = max(0, low - 1)
        for index in first..<max(entries.count, first) {
            let entry = entries[index]
            guard entry.moment < to else { break }
            let next = index + 1 < entries.count ? entries[index + 1].moment : .latest
            show(until: entry.moment, nil)
            if let end = entry.word.end(next: next) { show(until: end, entry.word.isOpen) }
        }
        show(until: .latest, nil)
    }
}
