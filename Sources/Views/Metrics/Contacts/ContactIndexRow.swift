internal import EventModel

/// Says that an interaction has figures in a quarter of an hour, under whatever anchor: what is
/// told apart by more than queue and channel, and what stands behind a number, is read through it.
///
///     key  't', i32 quarter, text interaction
///     row  u8 version = 2; u64 bits of the queues that the figures are of: `QueueBits`
struct ContactIndexRow: RowRecord {
    static let prefix = UInt8(ascii: "t")
    private static let version: UInt8 = 2

    private(set) var queues = QueueBits.all

    init() {}

    init(_ queues: QueueBits) { self.queues = queues }

    var isEmpty: Bool { false }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "contact index row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("contact index row version", at: 0)
        }
        queues = QueueBits(rawValue: try reader.integer(UInt64.self))
        guard reader.isAtEnd else { throw MalformedBytes("contact index row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(littleEndian: queues.rawValue)
    }

    /// Writes a key; the interaction's name is given as a text part of keys.
    static func writeKey(
        _ quarter: Int32, _ interaction: ArraySlice<UInt8>, of prefix: UInt8 = Self.prefix,
        to key: inout [UInt8]
    ) {
        writeStart(quarter, of: prefix, to: &key)
        key.append(contentsOf: interaction)
    }

    /// Writes the start of all keys of a quarter.
    static func writeStart(
        _ quarter: Int32, of prefix: UInt8 = Self.prefix, to key: inout [UInt8]
    ) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keySigned: quarter)
    }
}

/// Queues, two bits each by the hash of their name: who asks for a queue passes over the contacts of others
/// without reading them. Where the bits of one are there it may be another all the same.
struct QueueBits: OptionSet {
    let rawValue: UInt64

    static let all = QueueBits(rawValue: .max)

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(_ queue: String) {
        let hash = unsafe queue.utf8Span.span.bytes.stableHash
        rawValue = 1 << (hash & 63) | 1 << (hash >> 6 & 63)
    }
}
