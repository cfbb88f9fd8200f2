internal import EventModel

/// Two customers whom an event was the first to name together, each by what was only said, while nothing
/// beside that agrees: perhaps they live together.
///
///     key  'h', u64 position, u8 which of the event's
///     row  u8 version = 1; num customer, packed; num customer, packed; int occurred, ms UTC
struct HouseholdRow: RowRecord {
    static let prefix = UInt8(ascii: "h")
    static let version: UInt8 = 1

    private(set) var left = CustomerID(rawValue: 0)
    private(set) var right = CustomerID(rawValue: 0)
    private(set) var occurred = Timestamp.earliest

    init() {}

    /// The older one comes first.
    init(_ one: CustomerID, _ other: CustomerID, _ occurred: Timestamp) {
        left = min(one, other)
        right = max(one, other)
        self.occurred = occurred
    }

    var isEmpty: Bool { left.rawValue == 0 }

    static func writeKey(_ position: Position, _ number: Int, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(bigEndian: position.rawValue)
        key.append(UInt8(truncatingIfNeeded: number))
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "row of a household")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("version of a row of a household", at: 0)
        }
        left = CustomerID(packed: try reader.varint())
        right = CustomerID(packed: try reader.varint())
        occurred = Timestamp(milliseconds: try reader.zigzag())
        guard reader.isAtEnd else { throw MalformedBytes("row of a household", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: left.packed)
        row.append(varint: right.packed)
        row.append(zigzag: occurred.rawValue)
    }
}

extension IdentityProjection {
    /// Takes note that two may live together, unless an earlier event that is still known of said so.
    mutating func noteHousehold(_ first: Sight, _ second: Sight, _ event: borrowing EventView) {
        guard let left = identifiers[first.slot].customer,
            let right = identifiers[second.slot].customer,
            !identifiers[first.slot].companions.contains(where: {
                $0.customer == right && $0.refusal == .household
            })
        else { return }
        HouseholdRow.writeKey(event.position, householdCount, to: &key)
        householdCount += 1
        households.put(key, HouseholdRow(left, right, event.occurred))
    }
}
