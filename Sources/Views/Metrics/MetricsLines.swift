internal import EventModel

/// The window of a query cut into lines of local time.
struct MetricsLines {
    struct Line: Equatable {
        var from: Timestamp
        var to: Timestamp
    }

    let lines: [Line]

    /// Walks the quarters of the window; where the label of local time changes, a line begins.
    ///
    /// Hours and quarters are told apart by UTC, so that the hour that comes twice in autumn is
    /// two lines; days, weeks and months by the local date, so that they have 23 to 25 hours.
    /// Complexity: O(quarters in the window).
    init(_ query: MetricsQuery, _ zone: some ZoneOffsets) {
        guard query.step != .none else {
            lines = [Line(from: query.from, to: query.to)]
            return
        }
        var found: [Line] = []
        var last: Int64?
        var moment = query.from
        while moment < query.to {
            let label = Self.label(of: moment, query.step, zone)
            if label != last {
                if let index = found.indices.last { found[index].to = moment }
                found.append(Line(from: moment, to: query.to))
                last = label
            }
            moment = moment.advanced(byMilliseconds: MetricInterval.quarterMilliseconds)
        }
        lines = found
    }

    private static func label(
        of moment: Timestamp, _ step: MetricsStep, _ zone: some ZoneOffsets
    ) -> Int64 {
        if step == .quarter { return moment.rawValue }
        let offset = zone.offsetMilliseconds(at: moment)
        let local = moment.rawValue &+ offset
        let day = local.flooredQuotient(MetricInterval.dayMilliseconds)
        switch step {
        case .none, .quarter: return 0
        case .hour: return local.flooredQuotient(3_600_000) * 3_600_000 - offset
        case .day: return day
        // 1970-01-01 was a Thursday: day −3 a Monday.
        case .week: return (day + 3).flooredQuotient(7)
        case .month:
            let date = Timestamp.civil(days: Int(day))
            return Int64(date.year * 12 + date.month)
        }
    }

    /// Returns the line a moment of the window belongs to, looking on from an earlier answer.
    func index(of moment: Timestamp, after start: Int) -> Int {
        var index = start
        while index + 1 < lines.count, lines[index].to <= moment { index += 1 }
        return index
    }
}
