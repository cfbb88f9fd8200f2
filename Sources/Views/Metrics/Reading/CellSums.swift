internal import EventModel

/// Sums what cells and closed days say, by anchor, line and group.
///
/// A closed day's row has the figures of all anchors, and is read once for all of them.
struct CellSums {
    /// An anchor under which metrics are asked for.
    struct Asked {
        let anchor: MetricAnchor
        /// The distributions that are read, a bit each.
        let wanted: UInt64

        init(_ anchor: MetricAnchor, of query: MetricsQuery) {
            self.anchor = anchor
            wanted = query.wantedDistributions(anchor)
        }

        /// Of counts alone.
        init(counting anchor: MetricAnchor) {
            self.anchor = anchor
            wanted = 0
        }
    }

    private let asked: [Asked]
    private let lines: MetricsLines
    private let window: Range<Timestamp>
    private let settledUntil: Timestamp
    /// By group, then by what is asked, then by line.
    private var sums: [[MetricsSum]] = []
    private var groups: [String] = []
    private var byName: [String: Int] = [:]
    /// The group of the queue and channel at hand.
    private var group = 0
    /// Of the days that rows were met of, in the order of meeting them; a window may be centuries.
    private var days: [DayLines] = []
    private var placesOfDays: [Int32: Int] = [:]
    /// The day met last for the first time, and its last line: mostly the next one is behind it.
    private var newest = (day: Int32.min, line: 0)
    /// Counts of whole days of one group and line, by what is asked and by number, which are not among
    /// the sums yet: most of what a row says is a few counts.
    private var tally: [Int64]
    /// Numbers of the same, by what is asked and distribution.
    private var tallyRuns: [[Distribution.Run]]
    private var tallied: (group: Int, line: Int)?
    /// The distributions that any that is asked reads, a bit each.
    private let wanted: UInt64
    /// By part of a column: what is asked that it counts for, a bit each.
    private let askedByPart: [UInt64]
    private static let tallyRoom = Int(ClosedFigures.firstDistribution)
    /// How many numbers of a distribution wait there at most.
    private static let tallyRunsMax = 4_096
    private static let allCounts = MetricCount.allCases.filter { !$0.isTime }
    /// The counts that there are, a bit each.
    private static let knownCounts = allCounts.reduce(0 as UInt64) { $0 | 1 << UInt64($1.rawValue) }
    private static let knownNumbers = MetricDefinition.Uses.bits(MetricDistribution.allCases)

    private init(
        _ query: MetricsQuery, _ asked: [Asked], _ lines: MetricsLines, _ settledUntil: Timestamp
    ) {
        self.asked = asked
        self.lines = lines
        self.settledUntil = settledUntil
        window = query.from..<query.to
        tally = [Int64](repeating: 0, count: asked.count * Self.tallyRoom)
        tallyRuns = [[Distribution.Run]](repeating: [], count: asked.count * Self.tallyRoom)
        wanted = asked.reduce(0) { $0 | $1.wanted }
        askedByPart = (0..<ClosedFigures.partCount).map { part in
            var bits: UInt64 = 0
            for (place, one) in asked.enumerated()
            where part == 0 || part == Int(one.anchor.rawValue) + 1 {
                bits |= 1 << UInt64(place)
            }
            return bits
        }
    }

    /// Sums a window, for each that is asked; lines without figures have none.
    ///
    /// - Parameter settledUntil: From here on contacts are too young to know of a repeat.
    static func sums<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ asked: [Asked], _ lines: MetricsLines, _ settledUntil: Timestamp,
        from reader: borrowing Reader
    ) throws(ViewFault) -> [[MetricsLineKey: MetricsSum]] {
        var sums = CellSums(query, asked, lines, settledUntil)
        try sums.readDays(query, reader)
        for index in asked.indices { try sums.readCells(index, query, reader) }
        return asked.indices.map { sums.found($0) }
    }

    private func found(_ asked: Int) -> [MetricsLineKey: MetricsSum] {
        var found: [MetricsLineKey: MetricsSum] = [:]
        found.reserveCapacity(groups.count * lines.lines.count)
        for (place, group) in groups.enumerated() {
            // What was corrected away on a later day leaves sums of nothing.
            for (line, sum) in sums[place * self.asked.count + asked].enumerated()
            where !sum.isEmpty {
                found[MetricsLineKey(line: line, group: group)] = sum
            }
        }
        return found
    }

    /// Begins with the rows of a queue and channel.
    private mutating func begin(_ name: String) {
        if let known = byName[name] {
            group = known
            return
        }
        group = groups.count
        byName[name] = group
        groups.append(name)
        for one in asked {
            sums.append(
                [MetricsSum](
                    repeating: MetricsSum(wanting: one.wanted), count: lines.lines.count))
        }
    }

    // --- Quarters of days that are not over ---------------------------------------------------

    private mutating func readCells<Reader: ViewReader & ~Copyable>(
        _ asked: Int, _ query: MetricsQuery, _ reader: borrowing Reader
    ) throws(ViewFault) {
        var name: String?
        var line = 0
        try MetricPlace.rows(
            MetricCell.prefix, self.asked[asked].anchor.rawValue, query,
            from: MetricInterval.quarter(of: query.from),
            below: MetricInterval.quarter(of: query.to), reader,
            starts: { place in
                line = 0
                name = query.group(of: place)
            }
        ) { place, row throws(ViewFault) in
            if let begun = name.take() { begin(begun) }
            let start = MetricInterval.start(ofQuarter: place.interval)
            line = lines.index(of: start, after: line)
            let index = group * self.asked.count + asked
            sums[index][line].isYoung = start >= settledUntil
            try sums[index][line].add(cell: row)
        }
    }

    // --- Closed days ----------------------------------------------------------------------------

    private mutating func readDays<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ reader: borrowing Reader
    ) throws(ViewFault) {
        let last = MetricInterval.day(of: query.to.advanced(byMilliseconds: -1))
        var name: String?
        try MetricPlace.rows(
            ClosedFigures.prefix, 0, query, from: MetricInterval.day(of: query.from),
            below: last + 1, reader,
            starts: { name = query.group(of: $0) }
        ) { place, row throws(ViewFault) in
            if let begun = name.take() { begin(begun) }
            do throws(MalformedBytes) {
                try add(row, place.interval)
            } catch {
                throw .damaged(error)
            }
        }
        addTally()
    }

    private mutating func add(_ row: RawSpan, _ day: Int32) throws(MalformedBytes) {
        let start = MetricInterval.start(ofDay: day)
        // From which quarter of the day on contacts are too young: those that begin at or after it.
        let young = max(
            0,
            -(start - settledUntil).flooredQuotient(MetricInterval.quarterMilliseconds))
        let dayPlace = place(ofDay: day)
        let only = days[dayPlace].only
        if let only, tallied?.group != group || tallied?.line != only {
            addTally()
            tallied = (group, only)
        }
        // Numbers of days of which some are too young for a repeat are told apart by quarter.
        let isSettled = young >= Int64(MetricInterval.quartersOfDay)
        let (counts, numbers) = (Self.knownCounts, Self.knownNumbers)
        var reader = try ClosedFiguresReader(row, wanting: wanted)
        while let entries = try reader.next() {
            let column = reader.column
            var places = askedByPart[reader.part]
            guard column < ClosedFigures.firstDistribution else {
                let which = column & ~ClosedFigures.firstDistribution
                guard numbers >> UInt64(which) & 1 == 1 else {
                    throw MalformedBytes("closed figures", at: 0)
                }
                while places != 0 {
                    let place = places.trailingZeroBitCount
                    places &= places - 1
                    guard asked[place].wanted >> UInt64(which) & 1 == 1 else { continue }
                    if only != nil, isSettled {
                        try tallyNumbers(entries, place * Self.tallyRoom + Int(which))
                    } else {
                        try addNumbers(entries, column, place, dayPlace, young)
                    }
                }
                continue
            }
            guard counts >> UInt64(column) & 1 == 1 else {
                throw MalformedBytes("closed figures", at: 0)
            }
            let sum = only != nil ? try ClosedCounts.sum(of: entries) : 0
            while places != 0 {
                let place = places.trailingZeroBitCount
                places &= places - 1
                if only != nil {
                    tally[place * Self.tallyRoom + Int(column)] &+= sum
                } else {
                    try addCounts(entries, column, place, dayPlace)
                }
            }
        }
    }

    /// Reads numbers of a whole day, none of which is too young for anything.
    private mutating func tallyNumbers(_ entries: RawSpan, _ index: Int) throws(MalformedBytes) {
        var numbers = ClosedNumbers(entries)
        while let form = try numbers.next() { try numbers.read(form, into: &tallyRuns[index]) }
        if tallyRuns[index].count > Self.tallyRunsMax, let (group, line) = tallied {
            addTallyRuns(group, line)
        }
    }

    /// Where the lines of a day stand in `days`.
    private mutating func place(ofDay day: Int32) -> Int {
        if let known = placesOfDays[day] { return known }
        var line = day > newest.day ? newest.line : 0
        placesOfDays[day] = days.count
        days.append(DayLines(day, window, lines, &line))
        newest = (day, line)
        return days.count - 1
    }

    /// Puts counts of whole days among the sums of their line.
    private mutating func addTally() {
        guard let (group, line) = tallied.take() else { return }
        for place in asked.indices {
            for which in Self.allCounts {
                let index = place * Self.tallyRoom + Int(which.rawValue)
                guard tally[index] != 0 else { continue }
                sums[group * asked.count + place][line].add(which, tally[index])
                tally[index] = 0
            }
        }
        addTallyRuns(group, line)
    }

    private mutating func addTallyRuns(_ group: Int, _ line: Int) {
        for place in asked.indices where asked[place].wanted != 0 {
            var bits = wanted & asked[place].wanted
            while bits != 0 {
                let which = bits.trailingZeroBitCount
                bits &= bits - 1
                let index = place * Self.tallyRoom + which
                guard !tallyRuns[index].isEmpty,
                    let distribution = MetricDistribution(rawValue: UInt8(which))
                else { continue }
                sums[group * asked.count + place][line].add(distribution, tallyRuns[index])
                tallyRuns[index].removeAll(keepingCapacity: true)
            }
        }
    }

    private mutating func addCounts(
        _ entries: RawSpan, _ column: UInt8, _ place: Int, _ day: Int
    ) throws(MalformedBytes) {
        guard let which = MetricCount(rawValue: column) else {
            throw MalformedBytes("closed figures", at: 0)
        }
        let index = group * asked.count + place
        var counts = try ClosedCounts(entries)
        while let count = try counts.next() {
            let line = days[day].line(ofQuarter: counts.quarter)
            if line >= 0 { sums[index][line].add(which, count) }
        }
    }

    private mutating func addNumbers(
        _ entries: RawSpan, _ column: UInt8, _ place: Int, _ day: Int, _ young: Int64
    ) throws(MalformedBytes) {
        guard let which = MetricDistribution(rawValue: column & ~ClosedFigures.firstDistribution)
        else { throw MalformedBytes("closed figures", at: 0) }
        let index = group * asked.count + place
        var numbers = ClosedNumbers(entries)
        if let line = days[day].only, young == 0 || young >= Int64(MetricInterval.quartersOfDay) {
            sums[index][line].isYoung = young == 0
            try sums[index][line].add(which, from: &numbers)
            return
        }
        var outside: [Distribution.Run] = []
        while let form = try numbers.next() {
            let line = days[day].line(ofQuarter: numbers.quarter)
            guard line >= 0 else {
                try numbers.read(form, into: &outside)
                continue
            }
            sums[index][line].isYoung = Int64(numbers.quarter) >= young
            try sums[index][line].add(which, from: &numbers, form: form)
        }
    }
}

/// Which lines the quarters of a day belong to.
private struct DayLines {
    /// The one that all of them belong to; nil where they do not.
    let only: Int?
    /// By quarter of the day; -1 outside of the window.
    private let lines: [Int32]

    /// - Parameter line: A line at or before those of the day; its last one afterwards.
    init(_ day: Int32, _ window: Range<Timestamp>, _ all: MetricsLines, _ line: inout Int) {
        let start = MetricInterval.start(ofDay: day)
        let end = start.advanced(byMilliseconds: MetricInterval.dayMilliseconds)
        if window.lowerBound <= start, end <= window.upperBound {
            line = all.index(of: start, after: line)
            if end <= all.lines[line].to {
                only = line
                lines = []
                return
            }
        }
        only = nil
        lines = (0..<MetricInterval.quartersOfDay).map { quarter in
            let moment = start.advanced(
                byMilliseconds: Int64(quarter) * MetricInterval.quarterMilliseconds)
            guard window.contains(moment) else { return -1 }
            line = all.index(of: moment, after: line)
            return Int32(line)
        }
    }

    func line(ofQuarter quarter: UInt64) -> Int { only ?? Int(lines[Int(quarter)]) }
}
