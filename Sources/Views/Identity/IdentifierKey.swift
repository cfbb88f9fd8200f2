internal import EventModel

/// Where an identifier's row stands.
///
///     key  'i', text scope, text kind, text value
///
/// All three in their normal form; the scope without a name is the empty text.
enum IdentifierKey {
    static let prefix = UInt8(ascii: "i")

    /// Begins a key with its scope.
    static func begin(_ scope: [UInt8], _ key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        unsafe key.append(keyText: scope.span.bytes)
    }

    /// The parts of a key.
    struct Parts: Equatable {
        let scope: String
        let kind: String
        let value: String
    }

    /// Reads a key.
    static func parts(_ key: RawSpan) throws(ViewFault) -> Parts {
        let scope = try key.keyText(at: 1)
        let kind = try key.keyText(at: scope.end)
        let value = try key.keyText(at: kind.end)
        return Parts(scope: scope.text, kind: kind.text, value: value.text)
    }
}

/// Which identifier founded a customer.
///
///     key  'f', u64 customer, packed          row  the identifier's key
struct FounderRecord: RowRecord {
    static let prefix = UInt8(ascii: "f")
    static var keptRowsMax: Int { ViewLimits.keptSmallRowsMax }

    private(set) var identifier: [UInt8] = []

    init() {}

    init(identifier: [UInt8]) { self.identifier = identifier }

    init(row: RawSpan) throws(MalformedBytes) {
        guard row.byteCount > 0, row[0] == IdentifierKey.prefix else {
            throw MalformedBytes("founder row", at: 0)
        }
        identifier = row.copied()
    }

    var isEmpty: Bool { identifier.isEmpty }

    func encode(into row: inout [UInt8]) { row.append(contentsOf: identifier) }

    static func writeKey(_ customer: CustomerID, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(bigEndian: customer.packed)
    }
}
