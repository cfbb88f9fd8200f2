internal import ContactCentre
internal import EventModel

/// Finds the exact maximum of a level within each line.
struct LevelSweep {
    /// The greatest level of a line, and the first instant at which it was reached.
    struct Peak: Equatable {
        var level: Int64
        var moment: Timestamp
    }

    struct Change {
        var moment: Timestamp
        var net: Int64
    }

    /// Sweeps a level over the window, per group.
    ///
    /// The level at the window's start is the sum of all changes before it: whole days from the
    /// day rows, the rest of the day from the intervals. At one instant all changes count
    /// together, so who leaves is gone when the next comes.
    static func peaks<Reader: ViewReader & ~Copyable>(
        _ level: Level, _ query: MetricsQuery, _ lines: MetricsLines,
        from reader: borrowing Reader
    ) throws(ViewFault) -> [MetricsLineKey: Peak] {
        var (groups, before) = try levelsBefore(level, query, reader)
        var changes: [String: [Change]] = [:]
        try scan(level, query, from: query.from, to: query.to, reader) { group, moment, net in
            changes[group, default: []].append(Change(moment: moment, net: net))
            groups.insert(group)
        }
        if query.grouping == nil { groups.insert("") }
        var peaks: [MetricsLineKey: Peak] = [:]
        for group in groups.sorted() {
            sweep(changes[group] ?? [], from: before[group] ?? 0, lines) { line, peak in
                peaks[MetricsLineKey(line: line, group: group)] = peak
            }
        }
        return peaks
    }

    /// Returns the area under a level within each line, per group: the time that was spent in it.
    ///
    /// - Parameter end: Until when it is known how it goes on.
    static func areas<Reader: ViewReader & ~Copyable>(
        _ level: Level, _ query: MetricsQuery, _ lines: MetricsLines, until end: Timestamp,
        atMost most: Int, from reader: borrowing Reader
    ) throws(ViewFault) -> [MetricsLineKey: Int64] {
        var (groups, before) = try levelsBefore(level, query, reader)
        var changes: [String: [Change]] = [:]
        try scan(level, query, from: query.from, to: query.to, reader) { group, moment, net in
            changes[group, default: []].append(Change(moment: moment, net: net))
            groups.insert(group)
        }
        var areas: [MetricsLineKey: Int64] = [:]
        for group in groups.sorted() where areas.count <= most {
            let sorted = (changes[group] ?? []).sorted { $0.moment < $1.moment }
            var level = before[group] ?? 0
            var next = 0
            for (index, line) in lines.lines.enumerated() where line.from < end {
                var from = line.from
                let to = min(line.to, end)
                var area: Int64 = 0
                while from < to {
                    while next < sorted.count, sorted[next].moment <= from {
                        level &+= sorted[next].net
                        next += 1
                    }
                    let until = next < sorted.count ? min(sorted[next].moment, to) : to
                    area &+= level &* (until - from)
                    from = until
                }
                if area != 0 { areas[MetricsLineKey(line: index, group: group)] = area }
            }
        }
        return areas
    }

    /// Returns how many contacts agents had when the window began, and how that changed.
    static func agents<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, until end: Timestamp, from reader: borrowing Reader
    ) throws(ViewFault) -> [String: AgentLevel] {
        let ofAgents = query.ofAgents()
        var levels: [String: AgentLevel] = [:]
        for level in [Level.ofAgent, .ringing] {
            let before = try levelsBefore(level, ofAgents, reader, AgentChannel.init).levels
            for (one, count) in before where count != 0 {
                levels[one.agent, default: AgentLevel()].before.append((level, one.channel, count))
            }
            try scan(level, ofAgents, from: query.from, to: query.to, reader, AgentChannel.init) {
                one, moment, net in
                guard moment < end else { return }
                levels[one.agent, default: AgentLevel()].changes.append(
                    (level, one.channel, Change(moment: moment, net: net)))
            }
        }
        return levels
    }

    /// What the levels of agents are told apart by.
    private struct AgentChannel: Hashable {
        let agent: String
        let channel: Channel

        init(_ place: MetricPlace) {
            agent = place.queue
            channel = place.channel
        }
    }

    /// Whether an agent took up a contact behind a moment and by another.
    static func begins<Reader: ViewReader & ~Copyable>(
        _ agent: String, _ query: MetricsQuery, behind start: Timestamp, through end: Timestamp,
        from reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        var found = false
        let last = end.advanced(byMilliseconds: 1)
        // Rows are of whole quarters of an hour.
        let bound = MetricInterval.start(ofQuarter: MetricInterval.quarter(of: end) + 1)
        try scan(.ofAgent, query.ofAgents(only: agent), from: start, to: bound, reader) {
            _, moment, net in
            if net > 0, moment > start, moment < last { found = true }
        }
        return found
    }

    private static func levelsBefore<Reader: ViewReader & ~Copyable>(
        _ level: Level, _ query: MetricsQuery, _ reader: borrowing Reader
    ) throws(ViewFault) -> (groups: Set<String>, levels: [String: Int64]) {
        try levelsBefore(level, query, reader) { query.group(of: $0) }
    }

    private static func levelsBefore<Group: Hashable, Reader: ViewReader & ~Copyable>(
        _ level: Level, _ query: MetricsQuery, _ reader: borrowing Reader,
        _ group: (MetricPlace) -> Group
    ) throws(ViewFault) -> (groups: Set<Group>, levels: [Group: Int64]) {
        var levels: [Group: Int64] = [:]
        let day = MetricInterval.day(of: query.from)
        try MetricPlace.rows(
            LevelDayRow.prefix, level.rawValue, query, from: .min, below: day, reader
        ) { place, row throws(ViewFault) in
            levels[group(place), default: 0] &+= try LevelDayRow.decoded(row).net
        }
        let start = MetricInterval.start(ofDay: day)
        try scan(level, query, from: start, to: query.from, reader, group) { group, _, net in
            levels[group, default: 0] &+= net
        }
        return (Set(levels.filter { $0.value != 0 }.keys), levels)
    }

    private static func scan<Reader: ViewReader & ~Copyable>(
        _ level: Level, _ query: MetricsQuery, from: Timestamp, to: Timestamp,
        _ reader: borrowing Reader,
        _ body: (_ group: String, _ moment: Timestamp, _ net: Int64) -> Void
    ) throws(ViewFault) {
        try scan(level, query, from: from, to: to, reader, { query.group(of: $0) }, body)
    }

    private static func scan<Group: Hashable, Reader: ViewReader & ~Copyable>(
        _ level: Level, _ query: MetricsQuery, from: Timestamp, to: Timestamp,
        _ reader: borrowing Reader, _ group: (MetricPlace) -> Group,
        _ body: (_ group: Group, _ moment: Timestamp, _ net: Int64) -> Void
    ) throws(ViewFault) {
        guard from < to else { return }
        try MetricPlace.rows(
            LevelRow.prefix, level.rawValue, query, from: MetricInterval.quarter(of: from),
            below: MetricInterval.quarter(of: to), reader
        ) { place, row throws(ViewFault) in
            let group = group(place)
            let start = MetricInterval.start(ofQuarter: place.interval)
            for run in try LevelRow.decoded(row).changes.runs {
                body(group, start.advanced(byMilliseconds: run.milliseconds), run.count)
            }
        }
        try MetricPlace.rows(
            ClosedLevels.prefix, level.rawValue, query, from: MetricInterval.day(of: from),
            below: MetricInterval.day(of: to.advanced(byMilliseconds: -1)) + 1, reader
        ) { place, row throws(ViewFault) in
            let group = group(place)
            let midnight = MetricInterval.start(ofDay: place.interval)
            for run in try ClosedLevels.decoded(row).runs {
                let moment = midnight.advanced(byMilliseconds: run.milliseconds)
                if moment >= from, moment < to { body(group, moment, run.count) }
            }
        }
    }

    private static func sweep(
        _ unsorted: [Change], from before: Int64, _ lines: MetricsLines,
        _ found: (Int, Peak) -> Void
    ) {
        let changes = unsorted.sorted { $0.moment < $1.moment }
        var level = before
        var next = 0
        for (index, line) in lines.lines.enumerated() {
            var peak: Peak?
            if next >= changes.count || changes[next].moment > line.from {
                peak = Peak(level: level, moment: line.from)
            }
            while next < changes.count, changes[next].moment < line.to {
                let moment = changes[next].moment
                while next < changes.count, changes[next].moment == moment {
                    level &+= changes[next].net
                    next += 1
                }
                if peak.map({ level > $0.level }) ?? true {
                    peak = Peak(level: level, moment: moment)
                }
            }
            if let peak { found(index, peak) }
        }
    }
}

/// How many contacts an agent had and how many rang when a window began, and how that changed within it.
struct AgentLevel {
    var before: [(level: Level, channel: Channel, count: Int64)] = []
    var changes: [(level: Level, channel: Channel, change: LevelSweep.Change)] = []
}
