internal import EventModel

/// When something was last said, in the order in which things happened.
///
///     moment occurred, ms UTC as int; num position, 0 where nothing was said
struct Stamp: Comparable {
    var occurred = Timestamp.earliest
    var position = Position.zero

    init() {}

    init(_ event: borrowing EventView) {
        occurred = event.occurred
        position = event.position
    }

    /// Whether anything was said at all.
    var isSaid: Bool { position != .zero }

    static func < (left: Stamp, right: Stamp) -> Bool {
        (left.occurred, left.position) < (right.occurred, right.position)
    }

    func encode(into row: inout [UInt8]) {
        row.append(varint: position.rawValue)
        if isSaid { row.append(zigzag: occurred.rawValue) }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        position = Position(try reader.varint())
        guard isSaid else { return }
        occurred = try reader.moment()
    }
}

extension ByteReader {
    /// Reads a moment that an event can have, so that differences cannot overflow.
    @_lifetime(self: copy self)
    mutating func moment() throws(MalformedBytes) -> Timestamp {
        let moment = Timestamp(milliseconds: try zigzag())
        guard moment >= .earliest, moment <= .latest else {
            throw MalformedBytes("moment", at: offset)
        }
        return moment
    }
}
