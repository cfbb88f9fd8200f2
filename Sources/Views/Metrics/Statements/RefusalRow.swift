internal import ContactCentre
internal import EventModel

/// A customer who was not let in: what lost demand is told apart by, and opens to.
///
///     key  'r', i32 quarter, u64 position, big endian
///     row  u8 version = 1; int occurred; text queue, u8 channel; text? provider,
///          brand, site; num declared attributes, each: text name, text value
struct RefusalRow: RowRecord {
    static let prefix = UInt8(ascii: "r")
    private static let version: UInt8 = 1

    private(set) var occurred = Timestamp(milliseconds: 0)
    private(set) var queue = ""
    private(set) var channel = Channel.unknown
    /// What contacts are told apart by, as far as it is said of who never became one.
    private(set) var details = ContactDetails()

    init() {}

    var isEmpty: Bool { false }

    init(_ event: borrowing EventView, _ settings: MetricSettings) {
        occurred = event.occurred
        queue = event.text("queue") ?? ""
        channel = event.word("channel", Channel.self) ?? .unknown
        details.note(event, settings)
    }

    static func writeKey(_ occurred: Timestamp, _ position: Position, to key: inout [UInt8]) {
        ContactIndexRow.writeStart(MetricInterval.quarter(of: occurred), of: prefix, to: &key)
        key.append(bigEndian: position.rawValue)
    }

    /// The position that a key says.
    static func position(ofKey key: RawSpan) throws(ViewFault) -> Position {
        guard key.byteCount == 13 else { throw .damaged(MalformedBytes("refusal key", at: 0)) }
        return Position(key.load(bigEndian: UInt64.self, at: 5))
    }

    /// What it adds to figures.
    var fact: MetricFact {
        MetricFact(
            measure: .count(.refused, 1), queue: queue, channel: channel, created: occurred,
            offered: occurred, ended: occurred)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "refusal row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("refusal row version", at: 0)
        }
        occurred = try reader.moment()
        queue = try reader.text()
        guard let channel = Channel(rawValue: try reader.byte()) else {
            throw MalformedBytes("refusal row channel", at: reader.offset)
        }
        self.channel = channel
        details.provider = try reader.optionalText()
        details.brand = try reader.optionalText()
        details.site = try reader.optionalText()
        for _ in 0..<(try reader.count()) {
            let name = try reader.text()
            details.declared.append(
                ContactDetails.Declared(name: name, value: try reader.text()))
        }
        guard reader.isAtEnd else { throw MalformedBytes("refusal row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(zigzag: occurred.rawValue)
        row.append(text: queue)
        row.append(channel.rawValue)
        row.append(optionalText: details.provider)
        row.append(optionalText: details.brand)
        row.append(optionalText: details.site)
        row.append(varint: UInt64(details.declared.count))
        for one in details.declared {
            row.append(text: one.name)
            row.append(text: one.value)
        }
    }
}
