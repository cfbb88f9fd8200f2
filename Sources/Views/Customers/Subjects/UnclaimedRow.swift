internal import EventModel

/// What was said in an interaction of things and facts while nobody knew whom it concerns.
///
///     key  'u', text interaction
///     row  u8 version = 1; num count, then each: num position, as the distance from the one before
///
/// When the person gets known, these events are looked at again and the row goes.
struct UnclaimedRow: RowRecord {
    static let prefix = UInt8(ascii: "u")
    static let version: UInt8 = 1

    private(set) var positions: [Position] = []

    init() {}

    var isEmpty: Bool { positions.isEmpty }

    /// Writes a key; `interaction` is the text part of the interaction's own key.
    static func writeKey(_ interaction: ArraySlice<UInt8>, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(contentsOf: interaction)
    }

    /// Adds an event; beyond the limit none.
    mutating func add(_ position: Position) {
        guard positions.count < ViewLimits.unclaimedEventsMax else { return }
        positions.append(position)
    }

    /// Returns the events and forgets them.
    mutating func takeAll() -> [Position] {
        let all = positions
        positions = []
        return all
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "unclaimed row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("unclaimed row version", at: 0)
        }
        var last: UInt64 = 0
        for _ in 0..<(try reader.count()) {
            last &+= try reader.varint()
            positions.append(Position(last))
        }
        guard reader.isAtEnd else { throw MalformedBytes("unclaimed row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(positions.count))
        var last: UInt64 = 0
        for position in positions {
            row.append(varint: position.rawValue &- last)
            last = position.rawValue
        }
    }
}
