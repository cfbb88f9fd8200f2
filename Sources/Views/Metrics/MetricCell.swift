internal import ContactCentre
internal import EventModel

/// The figures of one interval, queue and channel, as recorded on one day, while that day lasts:
/// then they go into the rows of its `ClosedFigures`.
///
///     key  'c', u8 anchor, text queue, u8 channel, i32 interval, i32 recorded day
///     row  u8 version = 2; num counts that are not 0, then each: u8 which, int count;
///          num distributions that are not empty, then each: u8 which, num bytes, Distribution
///
/// An interval is a quarter of an hour UTC, numbered from 1970. As recorded on a day: figures as
/// of day d are the sums over the rows of all days to d.
struct MetricCell: RowRecord {
    static let prefix = UInt8(ascii: "c")
    static let version: UInt8 = 2

    /// One of the counts; never 0.
    private struct Count {
        let which: MetricCount
        var number: Int64
    }

    /// One of the distributions; never empty.
    private struct Spread {
        let which: MetricDistribution
        var distribution: Distribution
    }

    /// By rising number. Few of all there are: a cell without figures takes no heap.
    private var counts: [Count] = []
    private var spreads: [Spread] = []

    init() {}

    var isEmpty: Bool { counts.isEmpty && spreads.isEmpty }

    /// Adds or takes back one fact.
    mutating func add(_ measure: MetricMeasure, sign: Int64) {
        switch measure {
        case .count(let which, let count): add(which, sign &* count)
        case .distribution(let which, let milliseconds):
            add(which, milliseconds, count: sign)
        }
    }

    private mutating func add(_ which: MetricCount, _ number: Int64) {
        let place = counts.firstIndex { $0.which.rawValue >= which.rawValue } ?? counts.count
        guard place < counts.count, counts[place].which == which else {
            if number != 0 { counts.insert(Count(which: which, number: number), at: place) }
            return
        }
        counts[place].number &+= number
        if counts[place].number == 0 { counts.remove(at: place) }
    }

    private mutating func add(
        _ which: MetricDistribution, _ milliseconds: Int64, count: Int64
    ) {
        let place = spreads.firstIndex { $0.which.rawValue >= which.rawValue } ?? spreads.count
        if place == spreads.count || spreads[place].which != which {
            spreads.insert(Spread(which: which, distribution: Distribution()), at: place)
        }
        spreads[place].distribution.add(milliseconds, count: count)
        if spreads[place].distribution.isEmpty { spreads.remove(at: place) }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "metric cell")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("metric cell version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            let which = try Self.count(&reader)
            counts.append(Count(which: which, number: try reader.zigzag()))
        }
        for _ in 0..<(try reader.count()) {
            let which = try Self.distribution(&reader)
            _ = try reader.count()
            spreads.append(
                Spread(which: which, distribution: try Distribution(from: &reader)))
        }
        guard reader.isAtEnd else { throw MalformedBytes("metric cell", at: reader.offset) }
    }

    /// Adds a row to a sum without making a cell of it.
    static func read(_ row: RawSpan, into sum: inout MetricsSum) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "metric cell")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("metric cell version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            let which = try count(&reader)
            sum.add(which, try reader.zigzag())
        }
        for _ in 0..<(try reader.count()) {
            try sum.add(try distribution(&reader), from: &reader)
        }
        guard reader.isAtEnd else { throw MalformedBytes("metric cell", at: reader.offset) }
    }

    private static func count(
        _ reader: inout ByteReader
    ) throws(MalformedBytes) -> MetricCount {
        guard let which = MetricCount(rawValue: try reader.byte()) else {
            throw MalformedBytes("metric cell", at: reader.offset)
        }
        return which
    }

    private static func distribution(
        _ reader: inout ByteReader
    ) throws(MalformedBytes) -> MetricDistribution {
        guard let which = MetricDistribution(rawValue: try reader.byte()) else {
            throw MalformedBytes("metric cell", at: reader.offset)
        }
        return which
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(counts.count))
        for count in counts {
            row.append(count.which.rawValue)
            row.append(zigzag: count.number)
        }
        row.append(varint: UInt64(spreads.count))
        var bytes: [UInt8] = []
        for spread in spreads {
            row.append(spread.which.rawValue)
            bytes.removeAll(keepingCapacity: true)
            spread.distribution.encode(into: &bytes)
            row.append(varint: UInt64(bytes.count))
            row.append(contentsOf: bytes)
        }
    }

    /// What it says, by rising measure and number.
    var figures: [ClosedFigures.Figure] {
        var figures: [ClosedFigures.Figure] = []
        for count in counts {
            figures.append(
                ClosedFigures.Figure(
                    column: count.which.rawValue, number: 0, count: count.number))
        }
        for spread in spreads {
            let column = ClosedFigures.column(of: spread.which)
            for run in spread.distribution.runs {
                figures.append(
                    ClosedFigures.Figure(
                        column: column, number: run.milliseconds, count: run.count))
            }
        }
        return figures
    }
}
