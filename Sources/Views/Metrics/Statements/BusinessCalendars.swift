internal import EventModel

/// The calendars in force, by queue and time.
struct BusinessCalendars {
    private var byQueue: [String: CalendarVersions] = [:]

    /// Reads the definitions of kind `calendar`.
    ///
    /// - Parameter zones: Finds the offsets of a zone by its name.
    init<Reader: ViewReader & ~Copyable>(
        _ zones: (String) -> (any ZoneOffsets)?, in reader: borrowing Reader
    ) throws(MetricsFault) {
        var defined: [(queue: String, versions: CalendarVersions)] = []
        do throws(ViewFault) {
            try MetricsDefinitionKind.calendar.forEach(in: reader) { queue, versions in
                defined.append((queue, CalendarVersions(versions, zones)))
            }
        } catch {
            throw .view(error)
        }
        for (queue, versions) in defined where !versions.isEmpty { byQueue[queue] = versions }
    }

    /// How much of a stretch of time lies within a queue's business hours; all of it where no calendar
    /// is set; nil where its calendar of that time is in a zone that nobody here knows.
    func business(from: Timestamp, to: Timestamp, queue: String) -> Int64? {
        guard from < to else { return 0 }
        guard let versions = byQueue[queue] ?? byQueue[BusinessCalendar.byDefault] else {
            return to - from
        }
        return versions.business(from: from, to: to)
    }
}
