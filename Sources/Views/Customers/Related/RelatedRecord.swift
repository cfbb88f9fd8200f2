internal import EventModel

/// Whom a customer's events name in another role than the customer's own: who receives the parcel,
/// pays, is called for, lives or works with them. They resolve to nobody and unite nobody.
///
///     key  'c', u64 customer, 'r'
///     row  u8 version = 2; num count, then each:
///          u8 role; text kind, value; u8 strength; int first seen, ms UTC; num first position;
///          int last seen − first seen; num last position − first position (signed);
///          num position that proved it, 0 = none
///
/// Those seen last by (occurred, position) are kept, `ViewLimits.relatedKept` of them.
struct RelatedRecord: RowRecord {
    static let kind = UInt8(ascii: "r")
    static let version: UInt8 = 2

    /// One of them, as the events write the identifier.
    struct Party: Equatable {
        let role: IdentifierRole
        var identifier: CustomerRecord.SeenIdentifier

        func isSame(as other: Party) -> Bool {
            role == other.role && identifier.kind == other.identifier.kind
                && identifier.value == other.identifier.value
        }

        /// Whether it was seen last before another; no two are seen last alike, or their names tell.
        static func precedes(_ left: Party, _ right: Party) -> Bool {
            let (first, second) = (left.identifier, right.identifier)
            let moments = (first.lastSeen, first.lastPosition)
            guard moments == (second.lastSeen, second.lastPosition) else {
                return moments < (second.lastSeen, second.lastPosition)
            }
            return (left.role.rawValue, first.kind, first.value)
                < (right.role.rawValue, second.kind, second.value)
        }
    }

    /// In the order in which they were first told of.
    private(set) var parties: [Party] = []

    init() {}

    var isEmpty: Bool { parties.isEmpty }

    static func writeKey(_ customer: CustomerID, to key: inout [UInt8]) {
        CustomerKey.begin(customer, kind, to: &key)
    }

    /// Takes note of an identifier in a role that is not the customer's own.
    mutating func see(
        _ identifier: borrowing IdentifierView, _ occurred: Timestamp, _ position: Position
    ) {
        for index in parties.indices
        where parties[index].role == identifier.role
            && parties[index].identifier.see(identifier, occurred, position)
        {
            return
        }
        parties.append(
            Party(
                role: identifier.role,
                identifier: CustomerRecord.SeenIdentifier(identifier, occurred, position)))
        guard parties.count > ViewLimits.relatedKept else { return }
        let oldest = parties.indices.min { Party.precedes(parties[$0], parties[$1]) }
        if let oldest { parties.remove(at: oldest) }
    }

    /// Forgets one: their identifier was redacted, or is an erased person's.
    mutating func forget(_ identifier: borrowing IdentifierView) {
        for index in parties.indices.reversed()
        where parties[index].role == identifier.role
            && identifier.kind.equals(parties[index].identifier.kind)
            && identifier.value.equals(parties[index].identifier.value)
        {
            parties.remove(at: index)
        }
    }

    /// Adds what another member of the same person has.
    mutating func merge(_ other: RelatedRecord) {
        for party in other.parties {
            if let index = parties.firstIndex(where: { $0.isSame(as: party) }) {
                parties[index].identifier.merge(party.identifier)
            } else {
                parties.append(party)
            }
        }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "related row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("related row version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            guard let role = IdentifierRole(rawValue: try reader.byte()), role != .own else {
                throw MalformedBytes("role of a related party", at: reader.offset)
            }
            parties.append(
                Party(role: role, identifier: try CustomerRecord.SeenIdentifier(from: &reader)))
        }
        guard reader.isAtEnd else { throw MalformedBytes("related row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(parties.count))
        for party in parties {
            row.append(party.role.rawValue)
            party.identifier.encode(into: &row)
        }
    }
}

extension EventView {
    /// Whether an identifier stands in it in another role than the customer's own.
    ///
    /// - Parameter resolved: How many of the own ones are somebody's: where that is all, no role is
    ///   looked at.
    func namesOthers(beside resolved: Int) -> Bool {
        guard identifierCount > resolved else { return false }
        var walk = identifiers()
        while let identifier = walk.next() { if identifier.role != .own { return true } }
        return false
    }
}
