public import EventModel

/// Whom an identifier shows, and how sure that is.
public struct PersonMatch: Sendable, Equatable {
    /// The person: their oldest customer.
    public let person: CustomerID
    /// All customers of the person, the oldest first; a line or device that shows just one person
    /// is among them.
    public let customers: [CustomerID]
    /// How the identifier that was asked for shows the person; nil where the customer was named.
    public let strength: IdentifierStrength?
    /// Who else it may be: the latest seen first, where a line or device shows several persons; the
    /// surest first, where a contact does.
    public let candidates: [Candidate]
    /// The customer whose identifier showed the person; nil where a customer was named.
    public var by: CustomerID?
    /// Which of the customers' identifiers are theirs no more, by rising customer.
    public var ends: [IdentifierEnd] = []

    /// A person whom an identifier was seen with.
    public struct Candidate: Sendable, Equatable {
        /// The person: their oldest customer.
        public let person: CustomerID
        /// Where the two were last seen together; nil where only a contact shows both.
        public let last: Position?
        /// How many events showed them together; nil where only a contact shows both.
        public let count: UInt64?
    }
}

/// From an identifier or a customer to the person.
extension IdentityView {
    /// Returns the person whom an identifier written `kind:value` or `scope/kind:value` shows.
    ///
    /// A line or a device proves nobody: where it was seen with one person, it is taken to show that
    /// one, with its own strength; where with several, they are candidates and it stands for itself.
    ///
    /// - Parameter position: As of which position; nil for the reader's own.
    /// - Returns: nil for other text, and where the identifier is nobody's.
    ///
    /// Complexity: two look-ups; one more for each customer it was seen with.
    public static func person<Reader: ViewReader & ~Copyable>(
        of identifier: RawSpan, asOf position: Position? = nil, _ reader: borrowing Reader
    ) throws(ViewFault) -> PersonMatch? {
        let position = position ?? reader.position
        guard let key = try key(of: identifier, asOf: position, reader),
            let record = try IdentifierRecord.decoded(try reader.row(key)),
            let holding = record.holding(asOf: position), let customer = holding.customer
        else { return nil }
        return try match(customer, record, holding, asOf: position, reader).match
    }

    /// Returns the person whom a contact shows, as one of its identifiers shows them: first one that
    /// stands for a person, what is proved before what is said, then a line or device that was seen with
    /// one person alone, then one that was seen with several; nil where it concerns nobody who is known.
    ///
    /// Other persons for whom an identifier of the contact stands are candidates.
    ///
    /// - Parameter customers: Whom the contact concerns, who was shown first in it first.
    ///
    /// Complexity: as many look-ups for each as an identifier takes, and one more.
    public static func person<Reader: ViewReader & ~Copyable>(
        ofContactOf customers: [CustomerID], asOf position: Position? = nil,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> PersonMatch? {
        let position = position ?? reader.position
        var shown: [(match: PersonMatch, sureness: Sureness)] = []
        for customer in customers {
            guard let founder = try founder(of: customer, reader),
                founder.holding.since <= position
            else { continue }
            let found = try match(
                customer, founder.record, founder.holding, asOf: position, reader)
            // Who is as sure as another comes behind whoever was shown before.
            let place = shown.firstIndex { isSurer(found, than: $0) }
            shown.insert(found, at: place ?? shown.count)
        }
        guard let (surest, sureness) = shown.first else { return nil }
        guard sureness == .standsFor else { return surest }
        var known = [surest.person]
        var others: [PersonMatch.Candidate] = []
        for (match, sureness) in shown
        where sureness == .standsFor && !known.contains(match.person) {
            known.append(match.person)
            others.append(PersonMatch.Candidate(person: match.person, last: nil, count: nil))
        }
        guard !others.isEmpty else { return surest }
        return PersonMatch(
            person: surest.person, customers: surest.customers, strength: surest.strength,
            candidates: others, by: surest.by, ends: surest.ends)
    }

    private static func isSurer(
        _ one: (match: PersonMatch, sureness: Sureness),
        than other: (match: PersonMatch, sureness: Sureness)
    ) -> Bool {
        guard one.sureness == other.sureness else {
            return one.sureness.rawValue < other.sureness.rawValue
        }
        guard one.sureness == .standsFor else { return false }
        return one.match.strength?.rank ?? .max < other.match.strength?.rank ?? .max
    }

    /// How an identifier leads to a person; the least is the surest.
    private enum Sureness: Int {
        /// It stands for the person, or is one with others that do.
        case standsFor
        /// A line or device that was seen with one person.
        case seenWith
        /// One that was seen with several.
        case seenWithSeveral
        /// One that was seen with nobody else.
        case alone
    }

    /// The person whom the identifier of a customer shows.
    private static func match<Reader: ViewReader & ~Copyable>(
        _ customer: CustomerID, _ record: IdentifierRecord, _ holding: IdentifierRecord.Holding,
        asOf position: Position, _ reader: borrowing Reader
    ) throws(ViewFault) -> (match: PersonMatch, sureness: Sureness) {
        let own = try person(customer, record, holding, asOf: position, reader)
        let isProved = holding.verified != .zero && holding.verified <= position
        let strength = isProved ? IdentifierStrength.verified : holding.strength
        func match(
            _ person: CustomerID, _ customers: [CustomerID],
            _ candidates: [PersonMatch.Candidate] = [], ends: [IdentifierEnd] = own.ends
        ) -> PersonMatch {
            PersonMatch(
                person: person, customers: customers, strength: strength, candidates: candidates,
                by: customer, ends: ends)
        }
        guard own.customers.count == 1, strength.rank >= IdentifierStrength.line.rank,
            record.customer == customer
        else { return (match(own.person, own.customers), .standsFor) }
        let candidates = try candidates(of: record, asOf: position, reader)
        // Somebody who is erased was seen with it, too: whoever is left alone is not the one for that.
        let isOthers = record.wasSeenWithErased(asOf: position)
        guard candidates.count == 1, !isOthers, let only = candidates.first else {
            return (
                match(own.person, own.customers, candidates),
                candidates.isEmpty ? .alone : .seenWithSeveral
            )
        }
        let shown = try person(ofCustomer: only.person, asOf: position, reader)
        let customers = ((shown?.customers ?? []) + own.customers).sorted()
        let ends = ((shown?.ends ?? []) + own.ends).sorted { $0.customer < $1.customer }
        return (match(only.person, customers, ends: ends), .seenWith)
    }

    /// Returns the person to whom a customer belongs; nil for an id that nobody has.
    public static func person<Reader: ViewReader & ~Copyable>(
        ofCustomer customer: CustomerID, asOf position: Position? = nil,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> PersonMatch? {
        let position = position ?? reader.position
        guard let founder = try founder(of: customer, reader), founder.holding.since <= position
        else { return nil }
        let person = try person(
            customer, founder.record, founder.holding, asOf: position, reader)
        return PersonMatch(
            person: person.person, customers: person.customers, strength: nil, candidates: [],
            ends: person.ends)
    }

    /// Returns all customers of the person to whom a customer belongs; at least that one.
    public static func customers<Reader: ViewReader & ~Copyable>(
        ofPersonOf customer: CustomerID, asOf position: Position, _ reader: borrowing Reader
    ) throws(ViewFault) -> [CustomerID] {
        try person(ofCustomer: customer, asOf: position, reader)?.customers ?? [customer]
    }

    /// The key of an identifier's row; nil for text that is none.
    static func key<Reader: ViewReader & ~Copyable>(
        of identifier: RawSpan, asOf position: Position, _ reader: borrowing Reader
    ) throws(ViewFault) -> [UInt8]? {
        guard let colon = identifier.firstOffset(of: UInt8(ascii: ":")), colon > 0,
            identifier.byteCount - colon - 1 <= EventLimits.identifierValueBytesMax
        else { return nil }
        let name = identifier.extracting(0..<colon)
        let slash = name.firstOffset(of: UInt8(ascii: "/"))
        let kind = name.extracting((slash ?? -1) + 1..<colon)
        guard kind.byteCount <= EventLimits.identifierKindBytesMax,
            slash ?? 0 <= EventLimits.identifierKindBytesMax
        else { return nil }
        var key: [UInt8] = []
        var form: [UInt8] = []
        IdentifierKey.begin(name.extracting(0..<(slash ?? 0)).copied(), &key)
        let rules = try rules(reader).rules(forEventAt: position.next)
        _ = IdentifierKey.write(
            kind, identifier.extracting(colon + 1..<identifier.byteCount), by: rules, &form,
            to: &key)
        return key
    }

    /// The identifier that founded a customer, and its holding of then.
    static func founder<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, _ reader: borrowing Reader
    ) throws(ViewFault) -> (
        key: [UInt8], record: IdentifierRecord, holding: IdentifierRecord.Holding
    )? {
        var key: [UInt8] = []
        FounderRecord.writeKey(customer, to: &key)
        guard let founder = try FounderRecord.decoded(try reader.row(key)) else { return nil }
        guard let record = try IdentifierRecord.decoded(try reader.row(founder.identifier)),
            let holding = record.holdings.first(where: { $0.customer == customer })
        else { throw .damaged(MalformedBytes("identifier of a customer", at: 0)) }
        return (founder.identifier, record, holding)
    }

    /// The group that a customer was ever in.
    static func group<Reader: ViewReader & ~Copyable>(
        _ name: CustomerID, _ reader: borrowing Reader
    ) throws(ViewFault) -> GroupRecord {
        var key: [UInt8] = []
        GroupRecord.writeKey(name, to: &key)
        guard let group = try GroupRecord.decoded(try reader.row(key)) else {
            throw .damaged(MalformedBytes("group of a customer", at: 0))
        }
        return group
    }

    /// The person to whom the holder of an identifier belongs, all their customers, and which of these
    /// hold their identifiers no more.
    private static func person<Reader: ViewReader & ~Copyable>(
        _ customer: CustomerID, _ record: IdentifierRecord, _ holding: IdentifierRecord.Holding,
        asOf position: Position, _ reader: borrowing Reader
    ) throws(ViewFault) -> (
        person: CustomerID, customers: [CustomerID], ends: [IdentifierEnd]
    ) {
        guard holding.group == nil else {
            return try person(customer, holding.group, asOf: position, reader)
        }
        let end = record.end(of: customer).flatMap { $0.position <= position ? $0 : nil }
        return (customer, [customer], end.map { [$0] } ?? [])
    }

    /// - Parameter name: The customer's group; nil for none, of which no end is known.
    static func person<Reader: ViewReader & ~Copyable>(
        _ customer: CustomerID, _ name: CustomerID?, asOf position: Position,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> (
        person: CustomerID, customers: [CustomerID], ends: [IdentifierEnd]
    ) {
        guard let name else { return (customer, [customer], []) }
        let group = try group(name, reader)
        let persons = group.persons(asOf: position)
        guard let place = group.members.firstIndex(of: customer) else {
            throw .damaged(MalformedBytes("member of a group", at: 0))
        }
        let customers = group.members.indices.filter { persons[$0] == persons[place] }
            .map { group.members[$0] }
        let ends = group.ends.filter {
            $0.position <= position && customers.contains($0.customer)
        }
        return (persons[place], customers, ends)
    }

    /// The persons an identifier was seen with who are more than a line or a device themselves, the
    /// latest seen first.
    private static func candidates<Reader: ViewReader & ~Copyable>(
        of record: IdentifierRecord, asOf position: Position, _ reader: borrowing Reader
    ) throws(ViewFault) -> [PersonMatch.Candidate] {
        var found: [PersonMatch.Candidate] = []
        let latest = record.companions.filter { $0.standsForPerson(asOf: position) }
            .sorted { ($1.last, $1.customer) < ($0.last, $0.customer) }
        for companion in latest {
            guard let match = try person(ofCustomer: companion.customer, asOf: position, reader)
            else { continue }
            if let place = found.firstIndex(where: { $0.person == match.person }) {
                found[place] = PersonMatch.Candidate(
                    person: match.person, last: found[place].last,
                    count: (found[place].count ?? 0) + companion.count)
            } else {
                found.append(
                    PersonMatch.Candidate(
                        person: match.person, last: min(companion.last, position),
                        count: companion.count))
            }
        }
        return found
    }
}

extension IdentifierRecord {
    /// Whether somebody was seen with it who is erased by now.
    fileprivate func wasSeenWithErased(asOf position: Position) -> Bool {
        companions.contains { $0.customer.isSurrogate && $0.standsForPerson(asOf: position) }
    }
}

extension Companion {
    /// Whether it had been seen by a position, by an identifier that stands for a person.
    fileprivate func standsForPerson(asOf position: Position) -> Bool {
        first <= position && strength.rank <= IdentifierStrength.stated.rank
    }
}
