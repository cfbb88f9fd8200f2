internal import ContactCentre
internal import EventModel

/// Figures of one line, summed.
struct MetricsSum {
    /// By number; no place for any while all are 0, so that a sum of nothing takes no heap.
    private var counts: [Int64] = []
    /// By number, in no order; the same.
    private var runs: [[Distribution.Run]] = []
    /// Which distributions are read of cells, by number; others are passed over.
    private let wanted: UInt64
    /// Set while figures are added that are too young for a repeat to be known.
    var isYoung = false
    /// Contacts left out of first contact resolution because they are too young.
    private(set) var young: Int64 = 0
    /// How many numbers of one distribution are let stand before equal ones are summed.
    private var room = 4_096

    /// Of nothing.
    static let empty = MetricsSum()

    init(wanting wanted: UInt64 = .max) { self.wanted = wanted }

    /// Adds what a cell's row says.
    mutating func add(cell row: RawSpan) throws(ViewFault) {
        do { try MetricCell.read(row, into: &self) } catch { throw .damaged(error) }
    }

    /// Adds a fact, or takes away what it takes back.
    mutating func add(_ fact: MetricFact) {
        switch fact.measure {
        case .count(let which, let number): add(which, fact.isTakenBack ? -number : number)
        case .distribution(let which, let number):
            add(
                which, Distribution.Run(milliseconds: number, count: fact.isTakenBack ? -1 : 1))
        }
    }

    mutating func add(_ which: MetricCount, _ number: Int64) {
        if counts.isEmpty { counts = [Int64](repeating: 0, count: MetricCount.room) }
        counts[Int(which.rawValue)] &+= number
    }

    private mutating func makeRuns() {
        guard runs.isEmpty else { return }
        runs = [[Distribution.Run]](repeating: [], count: MetricDistribution.allCases.count)
    }

    mutating func add(_ which: MetricDistribution, _ run: Distribution.Run) {
        let index = Int(which.rawValue)
        if leavesOut(which) {
            // Every such contact is in the distribution of any reason, once.
            if which == .firstContactAny { young &+= run.count }
            return
        }
        makeRuns()
        runs[index].append(run)
        compact(index)
    }

    /// Adds numbers that are not too young for anything.
    mutating func add(_ which: MetricDistribution, _ settled: [Distribution.Run]) {
        makeRuns()
        runs[Int(which.rawValue)] += settled
        compact(Int(which.rawValue))
    }

    /// Adds a distribution of a cell's row.
    mutating func add(
        _ which: MetricDistribution, from reader: inout ByteReader
    ) throws(MalformedBytes) {
        let byteCount = try reader.count()
        guard wants(which) else {
            _ = try reader.span(byteCount)
            return
        }
        var own = taken(which)
        var number: Int64 = 0
        for _ in 0..<(try reader.count()) {
            number &+= try reader.zigzag()
            own.append(Distribution.Run(milliseconds: number, count: try reader.zigzag()))
        }
        give(own, which)
    }

    /// Adds what a closed day says of a distribution: all of it, or one quarter of an hour.
    mutating func add(
        _ which: MetricDistribution, from numbers: inout ClosedNumbers, form quarter: UInt64? = nil
    ) throws(MalformedBytes) {
        var own = taken(which)
        if let quarter {
            try numbers.read(quarter, into: &own)
        } else {
            while let form = try numbers.next() { try numbers.read(form, into: &own) }
        }
        give(own, which)
    }

    /// Whether a distribution is read.
    func wants(_ which: MetricDistribution) -> Bool { wanted >> UInt64(which.rawValue) & 1 == 1 }

    /// Whether it is left out for being too young.
    private func leavesOut(_ which: MetricDistribution) -> Bool {
        isYoung && (which == .firstContactAny || which == .firstContactReason)
    }

    /// Takes the numbers of a distribution out while some are added: each would ask anew whose the array
    /// is. Where these are left out there are none.
    private mutating func taken(_ which: MetricDistribution) -> [Distribution.Run] {
        guard !leavesOut(which) else { return [] }
        makeRuns()
        var own: [Distribution.Run] = []
        swap(&own, &runs[Int(which.rawValue)])
        return own
    }

    private mutating func give(_ own: [Distribution.Run], _ which: MetricDistribution) {
        guard !leavesOut(which) else {
            if which == .firstContactAny { young &+= own.reduce(0) { $0 &+ $1.count } }
            return
        }
        runs[Int(which.rawValue)] = own
        compact(Int(which.rawValue))
    }

    /// Whether contacts were left out for what they are.
    var hasExcluded: Bool {
        !counts.isEmpty
            && (MetricCount.excludedTest.rawValue...MetricCount.excludedSilent.rawValue)
                .contains { counts[Int($0)] != 0 }
    }

    /// Adds the figures of another line.
    mutating func add(_ other: MetricsSum) {
        if counts.isEmpty {
            counts = other.counts
        } else {
            for index in other.counts.indices { counts[index] &+= other.counts[index] }
        }
        if !other.runs.isEmpty { makeRuns() }
        for index in other.runs.indices {
            runs[index] += other.runs[index]
            compact(index)
        }
        young &+= other.young
    }

    /// Sums equal numbers once there are many, so that a long window takes the room of its distinct
    /// numbers.
    private mutating func compact(_ index: Int) {
        guard runs[index].count > room else { return }
        runs[index] = Distribution(summing: runs[index]).runs
        room = max(room, 2 * runs[index].count)
    }

    subscript(_ which: MetricCount) -> Int64 {
        counts.isEmpty ? 0 : counts[Int(which.rawValue)]
    }

    subscript(_ which: MetricDistribution) -> Distribution {
        Distribution(summing: unsummed(which))
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
        unsummed(which).reduce(0) { $0 &+ $1.count }
    }

    /// What cells say of a distribution, in no order: the counts of a number, which may stand there
    /// several times, add up.
    func unsummed(_ which: MetricDistribution) -> [Distribution.Run] {
        runs.isEmpty ? [] : runs[Int(which.rawValue)]
    }

    /// The sum of all numbers of a distribution.
    func total(of which: MetricDistribution) -> Int128 {
        unsummed(which).reduce(0) {
            $0 &+ Int128($1.milliseconds) &* Int128($1.count)
        }
    }

    /// How many numbers of a distribution are below a bound.
    func count(of which: MetricDistribution, below bound: Int64) -> Int64 {
        unsummed(which).reduce(0) { $0 &+ ($1.milliseconds < bound ? $1.count : 0) }
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
            let sums = try CellSums.sums(
                query, [.init(anchor, of: query)], lines, settledUntil, from: reader)
            return sums[0]
        } catch {
            throw .view(error)
        }
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

    /// Most documents have one group without a name, which is not worth hashing.
    func hash(into hasher: inout Hasher) {
        hasher.combine(line)
        if !group.isEmpty { hasher.combine(group) }
    }

    static func < (left: MetricsLineKey, right: MetricsLineKey) -> Bool {
        (left.line, left.group) < (right.line, right.group)
    }
}

extension MetricsQuery {
    /// The distributions that the metrics asked for read under an anchor, a bit each; all where none is
    /// named.
    func wantedDistributions(_ anchor: MetricAnchor) -> UInt64 {
        guard !only.isEmpty else { return .max }
        var wanted: UInt64 = 0
        for name in only {
            guard let definition = MetricDefinition.named(name),
                self.anchor(of: definition) == anchor
            else { continue }
            wanted |= definition.uses.bits
            if !definition.surveys.isEmpty {
                wanted |= MetricDefinition.Uses.bits([.answerMoments])
            }
            // What is left out for being young is counted there.
            if definition.window == .asked {
                wanted |= MetricDefinition.Uses.bits([.firstContactAny])
            }
        }
        return wanted
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
