internal import EventModel

/// How a level changed on one day, as recorded on one day that is over.
///
///     key  'm', u8 level, text queue, u8 channel, i32 day, i32 recorded day
///     row  u8 version = 1; each change by rising moment: num milliseconds since the one before, the
///          first since midnight, << 2 | 0 for a rise by one, 1 for a fall by one, else 2; then int
///          net change
struct ClosedLevels: RowRecord {
    static let prefix = UInt8(ascii: "m")
    private static let version: UInt8 = 1

    /// Milliseconds into the day, and the net change then.
    private(set) var runs: [Distribution.Run] = []

    init() {}

    var isEmpty: Bool { runs.isEmpty }

    /// Adds the changes of a quarter behind those of earlier ones.
    mutating func add(_ row: LevelRow, quarter: Int) {
        let start = Int64(quarter) * MetricInterval.quarterMilliseconds
        for run in row.changes.runs {
            runs.append(
                Distribution.Run(milliseconds: start + run.milliseconds, count: run.count))
        }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "closed levels")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("closed levels version", at: 0)
        }
        var moment: Int64 = 0
        while !reader.isAtEnd {
            let head = try reader.varint()
            moment &+= Int64(head >> 2)
            let net: Int64 = head & 3 == 0 ? 1 : head & 3 == 1 ? -1 : try reader.zigzag()
            guard moment < MetricInterval.dayMilliseconds else {
                throw MalformedBytes("closed levels", at: reader.offset)
            }
            runs.append(Distribution.Run(milliseconds: moment, count: net))
        }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        var last: Int64 = 0
        for run in runs {
            let form: UInt64 = run.count == 1 ? 0 : run.count == -1 ? 1 : 2
            row.append(varint: UInt64(run.milliseconds - last) << 2 | form)
            if form == 2 { row.append(zigzag: run.count) }
            last = run.milliseconds
        }
    }
}
