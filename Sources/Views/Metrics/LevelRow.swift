internal import EventModel

/// How a level changed within one quarter of an hour, by moment.
///
///     key  'l', u8 level, text queue, u8 channel, i32 interval, i32 recorded day
///     row  u8 version = 1; Distribution: milliseconds into the interval → net change
struct LevelRow: RowRecord {
    static let prefix = UInt8(ascii: "l")
    static let version: UInt8 = 1

    var changes = Distribution()

    init() {}

    var isEmpty: Bool { changes.isEmpty }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "level row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("level row version", at: 0)
        }
        changes = try Distribution(from: &reader)
        guard reader.isAtEnd else { throw MalformedBytes("level row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        changes.encode(into: &row)
    }
}

/// How much a level changed on one day altogether, so that a sweep need not begin at the first
/// event ever.
///
///     key  'd', u8 level, text queue, u8 channel, i32 day, i32 recorded day
///     row  u8 version = 1; int net change
struct LevelDayRow: RowRecord {
    static let prefix = UInt8(ascii: "d")
    static let version: UInt8 = 1

    var net: Int64 = 0

    init() {}

    var isEmpty: Bool { net == 0 }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "level day row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("level day row version", at: 0)
        }
        net = try reader.zigzag()
        guard reader.isAtEnd else { throw MalformedBytes("level day row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(zigzag: net)
    }
}
