internal import ContactCentre
internal import EventModel

/// The figures of one interval, queue and channel, as recorded on one day.
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

    private(set) var counts = [Int64](repeating: 0, count: MetricCount.allCases.count)
    private(set) var distributions = [Distribution](
        repeating: Distribution(), count: MetricDistribution.allCases.count)

    init() {}

    var isEmpty: Bool {
        counts.allSatisfy { $0 == 0 } && distributions.allSatisfy(\.isEmpty)
    }

    /// Adds or takes back one fact.
    mutating func add(_ measure: MetricMeasure, sign: Int64) {
        switch measure {
        case .count(let which, let count): counts[Int(which.rawValue)] &+= sign &* count
        case .distribution(let which, let milliseconds):
            distributions[Int(which.rawValue)].add(milliseconds, count: sign)
        }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "metric cell")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("metric cell version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            counts[Int(try Self.count(&reader).rawValue)] = try reader.zigzag()
        }
        for _ in 0..<(try reader.count()) {
            let which = try Self.distribution(&reader)
            _ = try reader.count()
            distributions[Int(which.rawValue)] = try Distribution(from: &reader)
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
        row.append(varint: UInt64(counts.count { $0 != 0 }))
        for (which, count) in counts.enumerated() where count != 0 {
            row.append(UInt8(which))
            row.append(zigzag: count)
        }
        row.append(varint: UInt64(distributions.count { !$0.isEmpty }))
        var bytes: [UInt8] = []
        for (which, distribution) in distributions.enumerated() where !distribution.isEmpty {
            row.append(UInt8(which))
            bytes.removeAll(keepingCapacity: true)
            distribution.encode(into: &bytes)
            row.append(varint: UInt64(bytes.count))
            row.append(contentsOf: bytes)
        }
    }
}
