public import EventModel

/// How other rules divide the same customers into persons: two identity views of one log, held against
/// each other.
public struct PersonDifference: Sendable {
    /// Persons that become one, or the persons that one becomes.
    public struct Example: Sendable, Equatable {
        /// The persons of the view in use; of a split the one.
        public let before: [CustomerID]
        /// The persons by the other rules; of a join the one.
        public let after: [CustomerID]
        /// An identifier of each person on the side that has several.
        public let identifiers: [String]
    }

    /// How many persons there are.
    public private(set) var before = 0
    /// How many there would be.
    public private(set) var after = 0
    /// Persons that would be one with another.
    public private(set) var joined = 0
    /// The persons that they would be.
    public private(set) var joinedInto = 0
    /// Persons that would be several.
    public private(set) var split = 0
    /// Identifiers that would be nobody's.
    public private(set) var nobodys = 0
    /// The first that join, by the oldest customer.
    public private(set) var joins: [Example] = []
    /// The first that split.
    public private(set) var splits: [Example] = []

    /// Whether nobody would be another.
    public var isNone: Bool { joined == 0 && split == 0 && nobodys == 0 }

    /// Holds two views against each other.
    ///
    /// - Parameter examples: How many of each are kept.
    ///
    /// Complexity: some look-ups for each customer, and about 100 bytes of memory.
    public init<Reader: ViewReader & ~Copyable>(
        from inUse: borrowing Reader, to other: borrowing Reader, examples: Int
    ) throws(ViewFault) {
        var becomes: [CustomerID: [CustomerID]] = [:]
        var comesOf: [CustomerID: [CustomerID]] = [:]
        var names: [Pair: String] = [:]
        var (persons, nobodys) = (0, 0)
        try Self.forEachCustomer(inUse) { (customer, identifier) throws(ViewFault) in
            guard let person = try IdentityView.person(ofCustomer: customer, inUse)?.person
            else { return }
            if person == customer { persons += 1 }
            let bytes = Array(identifier.utf8)
            let holder = try unsafe IdentityView.customer(
                of: bytes.span.bytes, asOf: customer.founded, other)
            guard let holder, let now = try IdentityView.person(ofCustomer: holder, other)?.person
            else {
                nobodys += 1
                return
            }
            guard becomes[person]?.contains(now) != true else { return }
            becomes[person, default: []].append(now)
            comesOf[now, default: []].append(person)
            names[Pair(person, now)] = identifier
        }
        self.nobodys = nobodys
        before = persons
        var others = 0
        try Self.forEachCustomer(other) { (customer, _) throws(ViewFault) in
            let match = try IdentityView.person(ofCustomer: customer, other)
            if match?.person == customer { others += 1 }
        }
        after = others
        for (now, persons) in comesOf.filter({ $0.value.count > 1 }).sorted(by: { $0.key < $1.key })
        {
            joinedInto += 1
            joined += persons.count
            guard joins.count < examples else { continue }
            joins.append(
                Example(
                    before: persons.sorted(), after: [now],
                    identifiers: persons.sorted().compactMap { names[Pair($0, now)] }))
        }
        for (person, now) in becomes.filter({ $0.value.count > 1 }).sorted(by: { $0.key < $1.key })
        {
            split += 1
            guard splits.count < examples else { continue }
            splits.append(
                Example(
                    before: [person], after: now.sorted(),
                    identifiers: now.sorted().compactMap { names[Pair(person, $0)] }))
        }
    }

    /// A person, and one by the other rules.
    private struct Pair: Hashable {
        let before: CustomerID
        let after: CustomerID

        init(_ before: CustomerID, _ after: CustomerID) {
            self.before = before
            self.after = after
        }
    }

    /// Shows all customers with the identifier that founded each, `[scope/]kind:value` in its normal
    /// form, oldest first.
    private static func forEachCustomer<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader,
        _ body: (CustomerID, _ identifier: String) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        let start = [FounderRecord.prefix]
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            let customer = CustomerID(packed: try key.keyNumber(at: 1))
            let founder = try FounderRecord.decoded(row)
            let parts = try unsafe IdentifierKey.parts(founder.identifier.span.bytes)
            let scope = parts.scope.isEmpty ? "" : parts.scope + "/"
            try body(customer, "\(scope)\(parts.kind):\(parts.value)")
            return true
        }
    }
}
