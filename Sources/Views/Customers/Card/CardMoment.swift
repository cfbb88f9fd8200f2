internal import EventModel

/// The reader's now of one document, and until when the document would be the same but for the ages
/// in it: whatever is decided by the clock is asked here.
final class CardMoment {
    let now: Timestamp
    /// The first moment at which something would be decided otherwise, or an age has one more digit.
    private(set) var changes = Timestamp.latest
    /// Where ages stand.
    private(set) var ages: [Age] = []

    /// Milliseconds since a moment, written as a number of so many digits.
    struct Age {
        /// Where the digits end.
        let end: Int
        let digits: Int
        let since: Timestamp

        func moved(back count: Int) -> Age { Age(end: end - count, digits: digits, since: since) }
    }

    init(_ now: Timestamp) { self.now = now }

    /// Whether a moment has come.
    func hasCome(_ moment: Timestamp) -> Bool {
        if moment <= now { return true }
        changes = min(changes, moment)
        return false
    }

    /// Whether a moment is over.
    func isPast(_ moment: Timestamp) -> Bool { hasCome(moment.advanced(byMilliseconds: 1)) }

    /// Whether more than a time has gone by since a moment.
    func isOlder(_ moment: Timestamp, than milliseconds: Int64) -> Bool {
        isPast(moment.advanced(byMilliseconds: milliseconds))
    }

    /// The whole days since a moment that has come.
    func days(since moment: Timestamp) -> Int64 {
        let days = (now - moment) / Self.day
        _ = hasCome(moment.advanced(byMilliseconds: (days + 1) * Self.day))
        return days
    }

    private static let day: Int64 = 86_400_000

    /// Writes a key and how many milliseconds ago a moment was that has come.
    func write(_ key: StaticString, ageSince moment: Timestamp, to json: inout JSONWriter) {
        let age = now - moment
        json.field(key, age)
        var (digits, bound) = (1, Int64(10))
        while age >= bound, digits < 18 {
            digits += 1
            bound *= 10
        }
        _ = hasCome(moment.advanced(byMilliseconds: bound))
        ages.append(Age(end: json.count, digits: digits, since: moment))
    }

    /// Forgets ages that were taken back.
    func takeBack(to count: Int) {
        while let last = ages.last, last.end > count { ages.removeLast() }
    }
}
