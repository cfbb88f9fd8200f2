internal import ContactCentre
internal import EventModel

/// Figures of one line, summed.
struct MetricsSum {
    private(set) var counts = [Int64](repeating: 0, count: MetricCount.allCases.count)
    private var runs = [[Distribution.Run]](
        repeating: [], count: MetricDistribution.allCases.count)
    /// Which distributions are read of cells, by number; others are passed over.
    private let wanted: UInt64
    /// Set while figures are added that are too young for a repeat to be known.
    var isYoung = false
    /// Contacts left out of first contact resolution because they are too young.
    private(set) var young: Int64 = 0
    private var room = [Int](repeating: 4_096, count: MetricDistribution.allCases.count)

    /// Of nothing.
    static let empty = MetricsSum()

    init(wanting wanted: UInt64 = .max) { self.wanted = wanted }

    /// Adds what a cell's row says.
    mutating func add(cell row: RawSpan) throws(ViewFault) {
        do { try MetricCell.read(row, into: &self) } catch { throw .damaged(error) }
    }

    mutating func add(_ measure: MetricMeasure) {
        switch measure {
        case .count(let which, let number): add(which, number)
        case .distribution(let which, let number):
            add(which, Distribution.Run(milliseconds: number, count: 1))
        }
    }

    mutating func add(_ which: MetricCount, _ number: Int64) {
        counts[Int(which.rawValue)] &+= number
    }

    mutating func add(_ which: MetricDistribution, _ run: Distribution.Run) {
        let index = Int(which.rawValue)
        if isYoung {
            // Every such contact is in the distribution of any reason, once.
            if which == .firstContactAny { young &+= run.count }
            if which == .firstContactAny || which == .firstContactReason { return }
        }
        runs[index].append(run)
        if runs[index].count > room[index] { compact(index) }
    }

    /// Adds a distribution of a cell's row.
    mutating func add(
        _ which: MetricDistribution, from reader: inout ByteReader
    ) throws(MalformedBytes) {
        let index = Int(which.rawValue)
        let byteCount = try reader.count()
        guard wanted >> UInt64(index) & 1 == 1 else {
            _ = try reader.span(byteCount)
            return
        }
        // Taken out for so long: each number would ask anew whose the array is.
        var own: [Distribution.Run] = []
        swap(&own, &runs[index])
        var number: Int64 = 0
        let isLeftOut =
            isYoung && (which == .firstContactAny || which == .firstContactReason)
        for _ in 0..<(try reader.count()) {
            number &+= try reader.zigzag()
            let count = try reader.zigzag()
            if isLeftOut {
                if which == .firstContactAny { young &+= count }
            } else {
                own.append(Distribution.Run(milliseconds: number, count: count))
            }
        }
        swap(&own, &runs[index])
        if runs[index].count > room[index] { compact(index) }
    }

    /// Adds the figures of another line.
    mutating func add(_ other: MetricsSum) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        for index in runs.indices {
            runs[index] += other.runs[index]
            if runs[index].count > room[index] { compact(index) }
        }
        young &+= other.young
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

    /// Whether everything adds up to nothing.
    var isEmpty: Bool {
        counts.allSatisfy { $0 == 0 }
            && runs.allSatisfy { $0.isEmpty || Distribution(summing: $0).isEmpty }
            && young == 0
    }

    /// Whether the contacts themselves have figures in it, whatever their customers' other contacts
    /// add: only then a line is one of the document that a past moment has, too.
    var hasContacts: Bool {
        MetricCount.allCases.contains { !$0.isOfPersons && self[$0] != 0 }
            || MetricDistribution.allCases.contains { !$0.isOfPersons && !self[$0].isEmpty }
    }

    /// Whether there is nothing in it but what agents answered.
    var isOfAgents: Bool {
        let own = Int(MetricDistribution.esatAnswers.rawValue)
        return counts.indices.allSatisfy {
            $0 == Int(MetricCount.esatNamed.rawValue) || counts[$0] == 0
        }
            && runs.indices.allSatisfy {
                $0 == own || runs[$0].isEmpty || Distribution(summing: runs[$0]).isEmpty
            }
            && young == 0
    }

    /// How many numbers a distribution has.
    func count(of which: MetricDistribution) -> Int64 {
        runs[Int(which.rawValue)].reduce(0) { $0 &+ $1.count }
    }

    /// What cells say of a distribution, in no order: the counts of a number, which may stand there
    /// several times, add up.
    func unsummed(_ which: MetricDistribution) -> [Distribution.Run] { runs[Int(which.rawValue)] }

    /// Sums equal numbers of answered waits: percentiles and means ask for them again and again.
    private mutating func sumWaits() {
        let index = Int(MetricDistribution.waitAnswered.rawValue)
        if runs[index].count > 1 { compact(index) }
    }

    /// The sum of all numbers of a distribution.
    func total(of which: MetricDistribution) -> Int128 {
        runs[Int(which.rawValue)].reduce(0) {
            $0 &+ Int128($1.milliseconds) &* Int128($1.count)
        }
    }

    /// How many numbers of a distribution are below a bound.
    func count(of which: MetricDistribution, below bound: Int64) -> Int64 {
        runs[Int(which.rawValue)].reduce(0) { $0 &+ ($1.milliseconds < bound ? $1.count : 0) }
    }

    /// Sums what a query asks for, by line and group.
    static func sums<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ anchor: MetricAnchor, _ lines: MetricsLines,
        settledUntil: Timestamp = .latest, from reader: borrowing Reader
    ) throws(MetricsFault) -> [MetricsLineKey: MetricsSum] {
        if anchor == .overlap { return try OverlapSums.sums(query, lines, from: reader) }
        guard !query.readsContacts else {
            return try ContactScan.sums(
                query, anchor, lines, settledUntil: settledUntil, from: reader)
        }
        do throws(ViewFault) {
            return try cellSums(query, anchor, lines, settledUntil, from: reader)
        } catch {
            throw .view(error)
        }
    }

    private static func cellSums<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ anchor: MetricAnchor, _ lines: MetricsLines,
        _ settledUntil: Timestamp, from reader: borrowing Reader
    ) throws(ViewFault) -> [MetricsLineKey: MetricsSum] {
        var sums: [MetricsLineKey: MetricsSum] = [:]
        // The sum that cells are being added to; a queue's cells come in the order of time.
        let wanted = query.wantedDistributions
        var current = MetricsSum(wanting: wanted)
        var currentKey: MetricsLineKey?
        var line = 0
        var group = ""
        func next(_ key: MetricsLineKey) {
            if let currentKey {
                current.sumWaits()
                sums[currentKey] = current
            }
            current = sums.removeValue(forKey: key) ?? MetricsSum(wanting: wanted)
            currentKey = key
        }
        try MetricPlace.rows(
            MetricCell.prefix, anchor.rawValue, query,
            from: MetricInterval.quarter(of: query.from),
            below: MetricInterval.quarter(of: query.to), reader,
            starts: { place in
                line = 0
                group = query.group(of: place)
            }
        ) { place, row throws(ViewFault) in
            let start = MetricInterval.start(ofQuarter: place.interval)
            line = lines.index(of: start, after: line)
            if currentKey?.line != line || currentKey?.group != group {
                next(MetricsLineKey(line: line, group: group))
            }
            current.isYoung = start >= settledUntil
            try current.add(cell: row)
        }
        if let currentKey {
            current.sumWaits()
            sums[currentKey] = current
        }
        // What was corrected away on a later day leaves cells that add up to nothing.
        return sums.filter { !$0.value.isEmpty }
    }
}

/// Why figures cannot be given.
public enum MetricsFault: Error {
    /// The view cannot be read.
    case view(ViewFault)
    /// The question cannot be answered.
    case refused(MetricsRefusal)
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
    /// The distributions that the metrics asked for read, a bit each; all where none is named.
    fileprivate var wantedDistributions: UInt64 {
        guard !only.isEmpty else { return .max }
        var wanted: [MetricDistribution] = []
        for name in only {
            guard let definition = MetricDefinition.named(name) else { continue }
            wanted += definition.uses.distributions
            if !definition.surveys.isEmpty { wanted.append(.answerMoments) }
            // What is left out for being young is counted there.
            if definition.window != nil { wanted.append(.firstContactAny) }
        }
        return wanted.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }

    /// Tells whether a figure of that queue and channel counts.
    func counts(_ queue: String, _ channel: Channel) -> Bool {
        guard (self.channel ?? channel) == channel, queues?.contains(queue) ?? true else {
            return false
        }
        return filters.allSatisfy { filter in
            switch filter.dimension {
            case .queue: filter.names.contains(queue)
            case .channel: filter.names.contains("\(channel.word)")
            default: true
            }
        }
    }

    /// The group a cell's figure belongs to; empty when lines are not told apart.
    func group(of place: MetricPlace) -> String {
        switch grouping {
        case .queue: place.queue
        case .channel: "\(place.channel.word)"
        default: ""
        }
    }
}
