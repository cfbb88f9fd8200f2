internal import EventModel

/// The definitions that the fold itself reads: which attributes contacts are told apart by. They
/// hold for the events behind them in the log.
///
///     key  'n'
///     row  u8 version = 2; num attributes, then each: text; num position of the declaration, the
///          first of that name; in their order of declaration
struct MetricSettings: RowRecord {
    static let key = [UInt8(ascii: "n")]
    private static let version: UInt8 = 2

    /// An attribute, and the event that declared it: whoever folds some events alone, with these settings
    /// of a whole view, has to know which of them came before.
    struct Declared: Equatable {
        let name: String
        let since: Position
    }

    private(set) var attributes: [Declared] = []

    init() {}

    var isEmpty: Bool { attributes.isEmpty }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "metric settings")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("metric settings version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            attributes.append(
                Declared(name: try reader.text(), since: Position(try reader.varint())))
        }
        guard reader.isAtEnd else { throw MalformedBytes("metric settings", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(attributes.count))
        for attribute in attributes {
            row.append(text: attribute.name)
            row.append(varint: attribute.since.rawValue)
        }
    }

    /// Takes a `definition.set`; tells whether it changed anything.
    mutating func take(_ event: borrowing EventView) -> Bool {
        guard event.bytes("kind")?.equals("dimension") == true, let name = event.text("key"),
            !contains(name), attributes.count < MetricLimits.declaredMax
        else { return false }
        attributes.append(Declared(name: name, since: event.position))
        return true
    }

    /// Whether an attribute is declared.
    func contains(_ name: String) -> Bool { attributes.contains { $0.name == name } }
}
