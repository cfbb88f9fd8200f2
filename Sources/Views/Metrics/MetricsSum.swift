internal import ContactCentre
internal import EventModel

/// Figures of one line, summed over cells.
struct MetricsSum {
    var counts = [Int64](repeating: 0, count: MetricCount.allCases.count)
    private var runs = [[Distribution.Run]](
        repeating: [], count: MetricDistribution.allCases.count)
    private var room = [Int](repeating: 4_096, count: MetricDistribution.allCases.count)

    mutating func add(_ cell: MetricCell) {
        for index in counts.indices { counts[index] &+= cell.counts[index] }
        for index in runs.indices {
            runs[index] += cell.distributions[index].runs
            if runs[index].count > room[index] { compact(index) }
        }
    }

    /// Sums equal numbers, so that a long window takes the room of its distinct numbers.
    private mutating func compact(_ index: Int) {
        runs[index] = Distribution(summing: runs[index]).runs
        room[index] = max(room[index], 2 * runs[index].count)
    }

    subscript(_ which: MetricCount) -> Int64 { counts[Int(which.rawValue)] }

    subscript(_ which: MetricDistribution) -> Distribution {
        Distribution(summing: runs[Int(which.rawValue)])
    }

    /// Sums the cells that a query asks for, by line and group.
    static func sums<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ lines: MetricsLines, from reader: borrowing Reader
    ) throws(ViewFault) -> [MetricsLineKey: MetricsSum] {
        var sums: [MetricsLineKey: MetricsSum] = [:]
        var line = 0
        try reader.rows(
            from: MetricPlace.start(
                MetricCell.prefix, query.anchor.rawValue, MetricInterval.quarter(of: query.from)),
            below: MetricPlace.start(
                MetricCell.prefix, query.anchor.rawValue, MetricInterval.quarter(of: query.to))
        ) { key, row throws(ViewFault) in
            let place = try MetricPlace(key: key)
            guard query.counts(place.queue, place.channel) else { return true }
            line = lines.index(
                of: MetricInterval.start(ofQuarter: place.interval), after: line)
            let key = MetricsLineKey(line: line, group: query.group(of: place))
            sums[key, default: MetricsSum()].add(try MetricCell.decoded(row))
            return true
        }
        return sums
    }
}

/// Which line of a document: its interval and its group, by name.
struct MetricsLineKey: Hashable, Comparable {
    var line: Int
    var group: String

    static func < (left: MetricsLineKey, right: MetricsLineKey) -> Bool {
        (left.line, left.group) < (right.line, right.group)
    }
}

extension MetricsQuery {
    /// The group a figure belongs to; empty when lines are not told apart.
    func group(of place: MetricPlace) -> String {
        switch grouping {
        case .none: ""
        case .queue: place.queue
        case .channel: "\(place.channel.word)"
        }
    }
}
