internal import EventModel

/// The calendars in force, by queue and time, and when queues were closed all the same.
struct BusinessCalendars {
    private var byQueue: [String: CalendarVersions] = [:]
    private var closures: [String: DatedWords<ClosureWord>] = [:]

    /// Reads the definitions of kind `calendar`, and what was said of queues.
    ///
    /// - Parameter zones: Finds the offsets of a zone by its name.
    init<Reader: ViewReader & ~Copyable>(
        _ zones: (String) -> (any ZoneOffsets)?, with choices: [DefinitionChoice] = [],
        in reader: borrowing Reader
    ) throws(MetricsFault) {
        var defined: [(queue: String, versions: CalendarVersions)] = []
        do throws(ViewFault) {
            try MetricsDefinitionKind.calendar.forEach(with: choices, in: reader) {
                queue, versions in
                defined.append((queue, CalendarVersions(versions, zones)))
            }
            closures = try DatedWords.all(in: reader)
        } catch {
            throw .view(error)
        }
        for (queue, versions) in defined where !versions.isEmpty { byQueue[queue] = versions }
    }

    /// How much of a stretch of time lies within a queue's business hours, without closures by event;
    /// all of it where no calendar is set; nil where its calendar of that time is in a zone that nobody
    /// here knows.
    func business(from: Timestamp, to: Timestamp, queue: String) -> Int64? {
        guard let words = closures[queue] else {
            return byCalendar(from: from, to: to, queue: queue)
        }
        var sum: Int64? = 0
        words.walk(from: from, to: to) { start, end, isOpen in
            let part =
                switch isOpen {
                case nil: byCalendar(from: start, to: end, queue: queue)
                case true?: end - start
                case false?: Int64(0)
                }
            sum = sum.flatMap { sum in part.map { sum + $0 } }
        }
        return sum
    }

    private func byCalendar(from: Timestamp, to: Timestamp, queue: String) -> Int64? {
        guard from < to else { return 0 }
        guard let versions = byQueue[queue] ?? byQueue[BusinessCalendar.byDefault] else {
            return to - from
        }
        return versions.business(from: from, to: to)
    }
}
