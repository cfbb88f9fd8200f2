internal import EventModel

/// Whom an identifier belonged to, from which position on, and with whom it was seen without being
/// united.
///
///     row  u8 version = 3; num count of holdings, then each:
///              num position it begins at, as the distance from the one before;
///              num customer, packed; 0 = nobody, then u8 Vacancy, and no more;
///              num group, packed; 0 = none; u8 strength; num position verified, 0 = never;
///              int first seen, ms UTC; int last seen − first seen, coarse;
///              num count of facts, then each: u64 LE; u8 count of events that told it
///          num count of companions, each as Companion draws it
///
/// A holding ends where the next begins; the last is open. Example, founded by event 300 at the
/// epoch by a stated identifier:
///
///     03 01 ac02 c025 00 00 00 00 00 00 00
struct IdentifierRecord: RowRecord {
    static let version: UInt8 = 3
    static var keptRowsMax: Int { ViewLimits.keptSmallRowsMax }

    /// Whose it is from a position on.
    struct Holding: Equatable {
        var since: Position
        /// The customer whom this holding founded; nil = nobody's.
        var customer: CustomerID?
        /// Why it is nobody's.
        var vacancy = Vacancy.released
        /// The group of the customer; nil while it was never united with or kept from another.
        var group: CustomerID?
        /// The best that events showed.
        var strength = IdentifierStrength.stated
        /// When it was first proved; zero = never.
        var verified = Position.zero
        var firstSeen = Timestamp.earliest
        /// When it was last seen, as far as its kind asks for it, at most
        /// `ViewLimits.identifierSeenMilliseconds` too early.
        var lastSeen = Timestamp.earliest
        /// What is known beside contact points: order numbers, names.
        var facts: [Fact] = []
    }

    /// Something in which two can agree.
    struct Fact: Equatable {
        /// See `IdentityProjection.hash`.
        var hash: UInt64
        /// How many events told it, at most 255; 1 for what is not redacted.
        var told: UInt8 = 1

        static let byteCount = 9
    }

    /// Why an identifier is nobody's.
    enum Vacancy: UInt8 {
        /// It was given back: who shows it next is a new customer.
        case released = 0
        /// An operator, or the rules, took it out of use.
        case blocked = 1
        /// Too many persons show it.
        case shared = 2
    }

    /// The holding in force, beside the key in memory: hardly an identifier has another.
    private(set) var current: Holding?
    private(set) var earlier: [Holding] = []
    private(set) var companions: [Companion] = []

    init() {}

    var isEmpty: Bool { current == nil }

    /// Whose it is; nil where it is nobody's.
    var customer: CustomerID? { current?.customer }

    /// All holdings, the oldest first.
    var holdings: [Holding] { earlier + (current.map { [$0] } ?? []) }

    /// The holding in force at a position, or nil before the first.
    func holding(asOf position: Position) -> Holding? {
        if let current, current.since <= position { return current }
        return earlier.last { $0.since <= position }
    }

    /// Ends the holding in force and begins another.
    mutating func begin(_ holding: Holding) {
        if let current { earlier.append(current) }
        current = holding
        companions.removeAll()
    }

    /// Changes the holding that founded a customer.
    mutating func change(_ customer: CustomerID, _ body: (inout Holding) -> Void) {
        if current?.customer == customer {
            body(&current!)
        } else if let place = earlier.firstIndex(where: { $0.customer == customer }) {
            body(&earlier[place])
        }
    }

    /// Forgets the holding of a customer who is erased: who shows the identifier next is new.
    mutating func forget(_ customer: CustomerID, at position: Position) {
        earlier.removeAll { $0.customer == customer }
        guard current?.customer == customer else { return }
        companions.removeAll()
        current = earlier.isEmpty ? nil : Holding(since: position, customer: nil)
    }

    /// Takes note of an event that shows it.
    mutating func see(_ strength: IdentifierStrength, _ position: Position, _ moment: Timestamp) {
        guard current != nil else { return }
        if strength.rank < current!.strength.rank { current!.strength = strength }
        if strength == .verified, current!.verified == .zero { current!.verified = position }
        current!.lastSeen = max(current!.lastSeen, moment)
    }

    /// Takes note of facts, of which the newest are kept.
    ///
    /// - Parameter redactable: The one of them that may be redacted: each event that tells it counts.
    mutating func know(_ facts: [UInt64], _ redactable: UInt64?) {
        guard current != nil else { return }
        for fact in facts {
            guard let place = current!.facts.firstIndex(where: { $0.hash == fact }) else {
                current!.know(Fact(hash: fact))
                continue
            }
            if fact == redactable, current!.facts[place].told < .max {
                current!.facts[place].told += 1
            }
        }
    }

    /// Takes note that an event does not tell a fact any more, but that it told something.
    ///
    /// - Parameters:
    ///   - fact: What it told of the holding in force at a position, its own.
    ///   - gone: What stands for it; where that is there already, nothing is left to do.
    mutating func lose(_ fact: UInt64, leaving gone: UInt64, at position: Position) {
        guard let customer = holding(asOf: position)?.customer else { return }
        change(customer) { holding in
            guard !holding.facts.contains(where: { $0.hash == gone }),
                let place = holding.facts.firstIndex(where: { $0.hash == fact })
            else { return }
            if holding.facts[place].told > 1 {
                holding.facts[place].told -= 1
                holding.know(Fact(hash: gone))
            } else {
                holding.facts[place] = Fact(hash: gone)
            }
        }
    }

    /// Takes note of a customer it was seen with and not united.
    mutating func accompany(_ companion: Companion, keeping most: Int) {
        if let place = companions.firstIndex(where: { $0.customer == companion.customer }) {
            return companions[place].repeat(companion)
        }
        if companions.count >= most,
            let oldest = companions.indices.min(by: {
                (companions[$0].last, companions[$0].customer)
                    < (companions[$1].last, companions[$1].customer)
            })
        {
            companions.remove(at: oldest)
        }
        companions.append(companion)
    }

    /// Calls a customer it was seen with by their surrogate.
    mutating func rename(_ customer: CustomerID, to surrogate: CustomerID) {
        for place in companions.indices where companions[place].customer == customer {
            companions[place].customer = surrogate
        }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "identifier row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("identifier row version", at: 0)
        }
        var since: UInt64 = 0
        for _ in 0..<(try reader.count()) {
            since &+= try reader.varint()
            if let current { earlier.append(current) }
            current = try Holding(since: Position(since), from: &reader)
        }
        for _ in 0..<(try reader.count()) { companions.append(try Companion(from: &reader)) }
        guard reader.isAtEnd else { throw MalformedBytes("identifier row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(earlier.count + (current == nil ? 0 : 1)))
        var last: UInt64 = 0
        for holding in earlier {
            holding.encode(after: last, into: &row)
            last = holding.since.rawValue
        }
        current?.encode(after: last, into: &row)
        row.append(varint: UInt64(companions.count))
        for companion in companions { companion.encode(into: &row) }
    }
}

extension IdentifierRecord.Holding {
    /// Reads what stands behind the position it begins at.
    init(since: Position, from reader: inout ByteReader) throws(MalformedBytes) {
        self.since = since
        let packed = try reader.varint()
        guard packed > 0 else {
            guard let vacancy = IdentifierRecord.Vacancy(rawValue: try reader.byte()) else {
                throw MalformedBytes("vacancy of an identifier", at: reader.offset)
            }
            self.vacancy = vacancy
            return
        }
        customer = CustomerID(packed: packed)
        let group = try reader.varint()
        self.group = group == 0 ? nil : CustomerID(packed: group)
        guard let strength = IdentifierStrength(rawValue: try reader.byte()) else {
            throw MalformedBytes("strength of an identifier", at: reader.offset)
        }
        self.strength = strength
        verified = Position(try reader.varint())
        firstSeen = Timestamp(milliseconds: try reader.zigzag())
        lastSeen = firstSeen.advanced(byMilliseconds: try reader.zigzag())
        for _ in 0..<(try reader.count()) {
            let hash = try reader.integer(UInt64.self)
            facts.append(IdentifierRecord.Fact(hash: hash, told: try reader.byte()))
        }
    }

    func encode(after last: UInt64, into row: inout [UInt8]) {
        row.append(varint: since.rawValue - last)
        guard let customer else {
            row.append(0)
            return row.append(vacancy.rawValue)
        }
        row.append(varint: customer.packed)
        row.append(varint: group?.packed ?? 0)
        row.append(strength.rawValue)
        row.append(varint: verified.rawValue)
        row.append(zigzag: firstSeen.rawValue)
        row.append(zigzag: lastSeen - firstSeen)
        row.append(varint: UInt64(facts.count))
        for fact in facts {
            row.append(littleEndian: fact.hash)
            row.append(fact.told)
        }
    }

    fileprivate mutating func know(_ fact: IdentifierRecord.Fact) {
        if facts.count == ViewLimits.factsMax { facts.removeFirst() }
        facts.append(fact)
    }
}

extension IdentifierStrength {
    /// Which is the stronger; the least is the strongest.
    var rank: Int {
        switch self {
        case .verified: 0
        case .stated: 1
        case .line: 2
        case .device: 3
        }
    }
}
