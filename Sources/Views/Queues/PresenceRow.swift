internal import EventModel

/// The last presence an agent was said to have, by (occurred, position).
///
///     key  'p', text agent
///     row  u8 version = 1; int occurred, ms UTC; num position; text presence; text? reason
struct PresenceRow: RowRecord {
    static let prefix = UInt8(ascii: "p")
    static let version: UInt8 = 1

    var occurred = Timestamp.earliest
    var position = Position.zero
    var presence = ""
    var reason: String?

    init() {}

    var isEmpty: Bool { position == .zero }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "presence row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("presence row version", at: 0)
        }
        occurred = Timestamp(milliseconds: try reader.zigzag())
        position = Position(try reader.varint())
        presence = try reader.text()
        reason = try reader.optionalText()
        guard reader.isAtEnd, occurred >= .earliest, occurred <= .latest else {
            throw MalformedBytes("presence row", at: reader.offset)
        }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(zigzag: occurred.rawValue)
        row.append(varint: position.rawValue)
        row.append(text: presence)
        row.append(optionalText: reason)
    }
}
