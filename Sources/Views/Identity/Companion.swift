internal import EventModel

/// A customer that an identifier was seen with and not united, and why.
///
///     num customer, packed; u8 strength; u8 UnionRefusal; num first position;
///     num last position − first position; num count
struct Companion: Equatable {
    var customer: CustomerID
    /// The strength of the other identifier, as the last event showed it.
    var strength: IdentifierStrength
    var refusal: UnionRefusal
    var first: Position
    var last: Position
    var count: UInt64 = 1

    init(
        _ customer: CustomerID, _ strength: IdentifierStrength, _ refusal: UnionRefusal,
        at position: Position
    ) {
        self.customer = customer
        self.strength = strength
        self.refusal = refusal
        first = position
        last = position
    }

    mutating func `repeat`(_ other: Companion) {
        strength = other.strength
        refusal = other.refusal
        last = other.last
        count += 1
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        customer = CustomerID(packed: try reader.varint())
        guard let strength = IdentifierStrength(rawValue: try reader.byte()),
            let refusal = UnionRefusal(rawValue: try reader.byte())
        else { throw MalformedBytes("companion of an identifier", at: reader.offset) }
        self.strength = strength
        self.refusal = refusal
        first = Position(try reader.varint())
        last = Position(first.rawValue &+ (try reader.varint()))
        count = try reader.varint()
    }

    func encode(into row: inout [UInt8]) {
        row.append(varint: customer.packed)
        row.append(strength.rawValue)
        row.append(refusal.rawValue)
        row.append(varint: first.rawValue)
        row.append(varint: last.rawValue &- first.rawValue)
        row.append(varint: count)
    }
}

/// Why two identifiers that an event shows together do not make one person. The raw value is
/// stored: never renumber.
public enum UnionRefusal: UInt8, Sendable, CaseIterable {
    /// A line proves no person.
    case line = 1
    /// A device is another's already, or meets a device.
    case device = 2
    /// One person would have too many identifiers of a kind.
    case limit = 3
    /// The identifier is somebody's who proved it.
    case verifiedElsewhere = 4
    /// A guest joins an account only when something beside the address agrees.
    case guest = 5
    /// Two stated identifiers of which nothing beside them agrees: perhaps one household.
    case household = 6
    /// Several people read the address.
    case roleAddress = 7
    /// Somebody has said that they are two.
    case separated = 8

    /// The word in documents.
    var word: StaticString {
        switch self {
        case .line: "line"
        case .device: "device"
        case .limit: "limit"
        case .verifiedElsewhere: "verified_elsewhere"
        case .guest: "guest"
        case .household: "household"
        case .roleAddress: "role_address"
        case .separated: "separated"
        }
    }
}

/// Why two customers are one person, or are not. The raw value is stored: never renumber.
public enum UnionRule: UInt8, Sendable, CaseIterable {
    /// Both identifiers were proved in one event.
    case verified = 1
    /// An identifier nobody had shown came with a proved one.
    case attached = 2
    /// Seen together, and an order number or a name agrees.
    case fact = 3
    /// A device that was nobody's came with the person.
    case device = 4
    /// A source said that they are linked.
    case linked = 5
    /// Somebody has said that they are one.
    case merged = 6
    /// Somebody has said that they are two: no rule unites them.
    case separated = 7

    /// The word in documents.
    var word: StaticString {
        switch self {
        case .verified: "verified"
        case .attached: "attached"
        case .fact: "fact"
        case .device: "device"
        case .linked: "linked"
        case .merged: "merged"
        case .separated: "separated"
        }
    }
}
