internal import EventModel

/// The definitions that the fold itself reads: which attributes contacts are told apart by. They
/// hold for the events behind them in the log.
///
///     key  'n'
///     row  u8 version = 1; num attributes, then each: text, in their order of declaration
struct MetricSettings: RowRecord {
    static let key = [UInt8(ascii: "n")]
    private static let version: UInt8 = 1

    private(set) var attributes: [String] = []

    init() {}

    var isEmpty: Bool { attributes.isEmpty }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "metric settings")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("metric settings version", at: 0)
        }
        for _ in 0..<(try reader.count()) { attributes.append(try reader.text()) }
        guard reader.isAtEnd else { throw MalformedBytes("metric settings", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(attributes.count))
        for attribute in attributes { row.append(text: attribute) }
    }

    /// Takes a `definition.set`; tells whether it changed anything.
    mutating func take(_ event: borrowing EventView) -> Bool {
        guard event.bytes("kind")?.equals("dimension") == true, let name = event.text("key"),
            !attributes.contains(name), attributes.count < MetricLimits.declaredMax
        else { return false }
        attributes.append(name)
        return true
    }
}
