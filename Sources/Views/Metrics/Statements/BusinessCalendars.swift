internal import EventModel

/// The calendars in force, by queue and time.
struct BusinessCalendars {
    private struct Piece {
        var from: Timestamp
        var to: Timestamp
        var calendar: BusinessCalendar
        /// nil: nobody here knows the zone.
        var zone: (any ZoneOffsets)?
    }

    private var byQueue: [String: [Piece]] = [:]

    /// Reads the definitions of kind `calendar`.
    ///
    /// - Parameter zones: Finds the offsets of a zone by its name.
    init<Reader: ViewReader & ~Copyable>(
        _ zones: (String) -> (any ZoneOffsets)?, in reader: borrowing Reader
    ) throws(MetricsFault) {
        var defined: [(queue: String, versions: [DefinitionVersions.Version])] = []
        do throws(ViewFault) {
            try MetricsDefinitionKind.calendar.forEach(in: reader) { queue, versions in
                defined.append((queue, versions.versions))
            }
        } catch {
            throw .view(error)
        }
        for (queue, versions) in defined {
            for version in versions {
                // What was recorded before bodies were checked may be unreadable: it changes nothing.
                guard
                    let calendar = try? unsafe BusinessCalendar(version.body.utf8Span.span.bytes)
                else { continue }
                var pieces = byQueue[queue] ?? []
                // The first one also holds before it was defined.
                let from = pieces.isEmpty ? .earliest : version.effectiveFrom
                if let last = pieces.indices.last { pieces[last].to = from }
                pieces.append(
                    Piece(
                        from: from, to: .latest, calendar: calendar,
                        zone: zones(calendar.zone)))
                byQueue[queue] = pieces
            }
        }
    }

    /// How much of a stretch of time lies within a queue's business hours; all of it where no calendar
    /// is set; nil where its calendar of that time is in a zone that nobody here knows.
    func business(from: Timestamp, to: Timestamp, queue: String) -> Int64? {
        guard from < to else { return 0 }
        guard let pieces = byQueue[queue] ?? byQueue[BusinessCalendar.byDefault] else {
            return to - from
        }
        var sum: Int64 = 0
        for piece in pieces {
            let (start, end) = (max(from, piece.from), min(to, piece.to))
            guard start < end else { continue }
            guard let zone = piece.zone else { return nil }
            sum += piece.calendar.business(from: start, to: end, zone)
        }
        return sum
    }
}
