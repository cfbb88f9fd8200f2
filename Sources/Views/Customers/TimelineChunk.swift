internal import EventModel

/// Up to 64 positions of one stream, rising.
///
///     key  'k', 'c', u64 customer, u64 first position
///          'k', 'i', text interaction, u64 first position
///     row  u8 version = 1; num count, then each: num position, as the distance from the one before
///
/// The chunk that still grows stands under the greatest number instead of its first position, so
/// that one look-up finds it.
struct TimelineChunk: RowRecord {
    static let prefix = UInt8(ascii: "k")
    static let version: UInt8 = 1
    /// Stands for the first position while the chunk grows.
    static let growing = UInt64.max

    var positions: [UInt64] = []

    init() {}

    var isEmpty: Bool { positions.isEmpty }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "timeline row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("timeline row version", at: 0)
        }
        let count = try reader.count()
        positions.reserveCapacity(ViewLimits.timelineChunkPositionsMax)
        var last: UInt64 = 0
        for _ in 0..<count {
            last &+= try reader.varint()
            positions.append(last)
        }
        guard reader.isAtEnd else { throw MalformedBytes("timeline row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(positions.count))
        var last: UInt64 = 0
        for position in positions {
            row.append(varint: position - last)
            last = position
        }
    }

    /// Writes the start of a customer's keys.
    static func writeStart(_ customer: CustomerID, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(UInt8(ascii: "c"))
        key.append(bigEndian: customer.rawValue)
    }

    /// Writes the start of an interaction's keys.
    static func writeStart(_ interaction: RawSpan, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(UInt8(ascii: "i"))
        key.append(keyText: interaction)
    }
}
