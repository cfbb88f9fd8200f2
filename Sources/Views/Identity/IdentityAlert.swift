internal import EventModel

/// A person who has grown so that a rule or a source may be wrong.
///
///     key  'm', u64 group, packed
///     row  u8 version = 1; num position it was raised at; num identifiers of the greatest person;
///          num most unions of one person within a day
struct IdentityAlert: RowRecord {
    static let prefix = UInt8(ascii: "m")
    static let version: UInt8 = 1

    var raised = Position.zero
    var identifiers = 0
    var unionsInDay = 0

    init() {}

    var isEmpty: Bool { raised == .zero }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "alert row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("alert row version", at: 0)
        }
        raised = Position(try reader.varint())
        identifiers = Int(clamping: try reader.varint())
        unionsInDay = Int(clamping: try reader.varint())
        guard reader.isAtEnd else { throw MalformedBytes("alert row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: raised.rawValue)
        row.append(varint: UInt64(identifiers))
        row.append(varint: UInt64(unionsInDay))
    }

    static func writeKey(_ group: CustomerID, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(bigEndian: group.packed)
    }

    /// Holds a group against the bounds; it stays raised until the group is within them again.
    mutating func look(at group: GroupRecord, _ position: Position) {
        var sizes: [CustomerID: Int] = [:]
        for person in group.persons { sizes[person, default: 0] += 1 }
        identifiers = sizes.values.max() ?? 0
        unionsInDay = group.mostUnionsInDay
        let isWithin =
            identifiers <= ViewLimits.personIdentifiersUnalarming
            && unionsInDay <= ViewLimits.personUnionsInDayUnalarming
        if isWithin {
            self = IdentityAlert()
        } else if raised == .zero {
            raised = position
        }
    }
}

extension GroupRecord {
    /// Whether it is too small for any bound to be passed.
    var isUnalarming: Bool {
        members.count <= ViewLimits.personIdentifiersUnalarming
            && unions.count <= ViewLimits.personUnionsInDayUnalarming
    }

    /// The most standing unions of one person within a day.
    fileprivate var mostUnionsInDay: Int {
        var times: [CustomerID: [Timestamp]] = [:]
        for union in unions where union.stands(asOf: Position(.max)) {
            times[person(of: union.left), default: []].append(union.recorded)
        }
        var most = 0
        for times in times.values {
            // Recorded time never goes back.
            var first = 0
            for (last, time) in times.enumerated() {
                while time - times[first] >= 86_400_000 { first += 1 }
                most = max(most, last - first + 1)
            }
        }
        return most
    }
}
