internal import EventModel

/// When a queue was said to be closed, and open again.
///
///     key  'o', text queue, i32 which thirty days since 1970
///     row  u8 version = 1; num words, then each, by when it happened: int moment, num position,
///          u8 1 where it closes, until: 0, or 1 and int
///
/// As in the view of queues the last word comes before the calendar while it holds: `queue.closed` until
/// its `until` or the next word, `queue.opened` with `until` until then; without it the calendar decides.
/// Figures within business hours are computed when they are asked for, so that a closure that is told
/// late moves no row. Rows are of thirty days, so that a queue that is opened and closed every day keeps
/// what was said of any season.
struct ClosureRow: RowRecord, Equatable {
    static let prefix = UInt8(ascii: "o")
    private static let version: UInt8 = 1

    private struct Word: Equatable {
        var moment: Timestamp
        var position: Position
        var closes: Bool
        var until: Timestamp?

        /// Until when it holds whatever the calendar says; nil where it leaves that to the calendar.
        func end(next: Timestamp) -> Timestamp? {
            guard closes || until != nil else { return nil }
            return min(next, until ?? .latest)
        }
    }

    private static let spanMilliseconds = 30 * MetricInterval.dayMilliseconds

    /// In the order in which they happened.
    private var words: [Word] = []

    init() {}

    var isEmpty: Bool { words.isEmpty }

    /// Writes the key of the queue that an event opens or closes; tells whether it does.
    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard event.type.equals("queue.closed") || event.type.equals("queue.opened"),
            let queue = event.bytes("queue")
        else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: queue)
        key.append(
            keySigned: Int32(
                clamping: event.occurred.rawValue.flooredQuotient(spanMilliseconds)))
        return true
    }

    /// Takes a word, in whatever order they come.
    mutating func take(_ event: borrowing EventView) {
        guard words.count < MetricLimits.closuresMax else { return }
        let word = Word(
            moment: event.occurred, position: event.position,
            closes: event.type.equals("queue.closed"), until: event.time("until"))
        let place =
            words.firstIndex { ($0.moment, $0.position) > (word.moment, word.position) }
            ?? words.count
        words.insert(word, at: place)
    }

    /// Adds the words of the time behind.
    mutating func append(_ later: ClosureRow) { words += later.words }

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
        var (low, high) = (0, words.count)
        while low < high {
            let middle = (low + high) / 2
            if words[middle].moment <= from { low = middle + 1 } else { high = middle }
        }
        for index in max(0, low - 1)..<max(words.count, max(0, low - 1)) {
            let word = words[index]
            guard word.moment < to else { break }
            let next = index + 1 < words.count ? words[index + 1].moment : .latest
            show(until: word.moment, nil)
            if let end = word.end(next: next) { show(until: end, !word.closes) }
        }
        show(until: .latest, nil)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "closure row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("closure row version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            let moment = try reader.moment()
            let position = Position(try reader.varint())
            let closes = try reader.byte() == 1
            words.append(
                Word(
                    moment: moment, position: position, closes: closes,
                    until: try reader.optionalMoment()))
        }
        guard reader.isAtEnd else { throw MalformedBytes("closure row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(words.count))
        for word in words {
            row.append(zigzag: word.moment.rawValue)
            row.append(varint: word.position.rawValue)
            row.append(word.closes ? 1 : 0)
            row.append(optionalMoment: word.until)
        }
    }
}
