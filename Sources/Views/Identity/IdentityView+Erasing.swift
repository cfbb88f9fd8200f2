internal import ContactCentre
public import EventModel

/// What an erasure asks of the identity view.
extension IdentityView {
    /// One own identifier of an event: its number there, its customer and person as of the event.
    public struct Shown: Equatable, Sendable {
        /// The number in the event, from 0.
        public let number: Int
        /// Whose it is.
        public let customer: CustomerID
        /// Their person.
        public let person: CustomerID
        /// Whether it shows a device.
        public let isDevice: Bool
    }

    /// Returns whose an event's own identifiers are, those left out that are nobody's or erased.
    public static func shown<Reader: ViewReader & ~Copyable>(
        by event: borrowing EventView, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Shown] {
        var key: [UInt8] = []
        var found: [Shown] = []
        let position = event.position
        let history = try rules(reader)
        let rules = history.rules(forEventAt: position)
        try forEachHolder(of: event, reader, history, &key) {
            (holder, number) throws(ViewFault) in
            guard case .held(let customer, let group, _) = holder else { return }
            let person = try self.person(customer, group, asOf: position, reader).person
            let kind = event.kind(ofIdentifier: number).flatMap { name in
                unsafe rules.number(ofKind: name.span.bytes)
            }
            found.append(
                Shown(
                    number: number, customer: customer, person: person,
                    isDevice: rules.traits(kind).isDevice))
        }
        return found
    }

    /// Returns the numbers of an event's own identifiers that are nobody's as of then and were these
    /// customers' at some time.
    public static func vacated<Reader: ViewReader & ~Copyable>(
        in event: borrowing EventView, by customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> [Int] {
        var found: [Int] = []
        var (key, form): ([UInt8], [UInt8]) = ([], [])
        let rules = try rules(reader).rules(forEventAt: event.position)
        var number = -1
        var walk = event.identifiers()
        while let identifier = walk.next() {
            number += 1
            guard identifier.role == .own, !event.isSurrogate(identifier) else { continue }
            beginKey(event, by: rules, &key)
            _ = IdentifierKey.write(identifier.kind, identifier.value, by: rules, &form, to: &key)
            guard let record = try IdentifierRecord.decoded(try reader.row(key)),
                record.holding(asOf: event.position)?.customer == nil,
                record.holdings.contains(where: { holding in
                    holding.customer.map { customers.contains($0) } ?? false
                })
            else { continue }
            found.append(number)
        }
        return found
    }

    /// A union that the facts of an event may have made.
    public struct FactUnion: Hashable, Sendable {
        /// The event that united the two.
        public let position: Position
        /// One of the customers, the stronger.
        public let left: CustomerID
        /// The other.
        public let right: CustomerID
    }

    /// Whether two persons can have become one because they agree in what an event tells in its `value`.
    public static func tellsFact(_ event: borrowing EventView) -> Bool {
        factKind(of: event) != nil && !event.isErased
    }

    /// Finds the unions that the facts of an event may have made, those that ended since included, and
    /// whoever is in the groups that these are in.
    ///
    /// - Parameters:
    ///   - found: Takes them.
    ///   - concerned: Whoever was looked at before is not looked at again: the first event of each group
    ///     comes first.
    public static func findUnions<Reader: ViewReader & ~Copyable>(
        byFactsOf event: borrowing EventView, _ reader: borrowing Reader,
        into found: inout Set<FactUnion>, _ concerned: inout Set<CustomerID>
    ) throws(ViewFault) {
        for shown in try shown(by: event, reader)
        where concerned.insert(shown.customer).inserted {
            guard let name = try founder(of: shown.customer, reader)?.holding.group else {
                continue
            }
            let group = try group(name, reader)
            concerned.formUnion(group.members)
            for union in group.unions
            where union.position >= event.position && [.fact, .linked].contains(union.rule) {
                found.insert(
                    FactUnion(position: union.position, left: union.left, right: union.right))
            }
        }
    }

    private static func beginKey(
        _ event: borrowing EventView, by rules: IdentityRules, _ key: inout [UInt8]
    ) {
        var scope: [UInt8] = []
        if rules.hasScopes, let brand = event.bytes("brand") { scope = rules.scope(ofBrand: brand) }
        IdentifierKey.begin(scope, &key)
    }

    /// Where a statement names somebody.
    public struct Mention: Equatable, Sendable {
        /// The attribute.
        public let attribute: String
        /// The bytes of its text.
        public let range: Range<Int>
        /// Whether it is one of those who were asked for; nil for somebody else.
        public let isTheirs: Bool
        /// Whether the statement founded their customer.
        public let isFounded: Bool
    }

    /// Returns whom a statement about identity names, identifiers and ids, and who of them are these
    /// customers: as of before it, and where an identifier was nobody's then, whose it was last or first.
    public static func mentions<Reader: ViewReader & ~Copyable>(
        in event: borrowing EventView, of customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> [Mention] {
        var found: [Mention] = []
        let rules = try rules(reader).rules(forEventAt: event.position)
        for name in ["identifier", "from", "to", "customers"] {
            guard let text = event.copiedText(name) else { continue }
            let isList = name == "customers"
            var start = 0
            for end in 0...text.count {
                let isEnd =
                    end == text.count
                    || isList && (text[end] == UInt8(ascii: " ") || text[end] == UInt8(ascii: ","))
                guard isEnd else { continue }
                let range = start..<end
                start = end + 1
                guard !range.isEmpty else { continue }
                let word = Array(text[range])
                var (isTheirs, isFounded) = (false, false)
                if let customer = unsafe CustomerID(text: word.span.bytes) {
                    isTheirs = customers.contains(customer)
                } else if let record = try record(named: word, event, by: rules, reader),
                    let holder = record.founded(at: event.position)
                        ?? record.lastHolder(before: event.position)
                {
                    isTheirs = customers.contains(holder)
                    isFounded = isTheirs && holder.founded == event.position
                }
                found.append(
                    Mention(
                        attribute: name, range: range, isTheirs: isTheirs, isFounded: isFounded))
            }
        }
        return found
    }

    private static func record<Reader: ViewReader & ~Copyable>(
        named word: [UInt8], _ event: borrowing EventView, by rules: IdentityRules,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> IdentifierRecord? {
        guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var (key, form): ([UInt8], [UInt8]) = ([], [])
        beginKey(event, by: rules, &key)
        let name = unsafe word.span.bytes
        _ = IdentifierKey.write(
            name.extracting(0..<colon), name.extracting(colon + 1..<name.byteCount), by: rules,
            &form, to: &key)
        return try IdentifierRecord.decoded(try reader.row(key))
    }

    /// Returns the positions of statements that name an identifier of these customers.
    public static func statements<Reader: ViewReader & ~Copyable>(
        naming customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> [Position] {
        var found: Set<Position> = []
        for customer in customers {
            guard let founder = try founder(of: customer, reader) else { continue }
            let row = try reader.row(NamedRecord.key(of: founder.key))
            found.formUnion(try NamedRecord.decoded(row)?.positions ?? [])
        }
        return found.sorted()
    }

    /// Returns the positions of statements that united or separated nobody but these customers:
    /// they say why in an operator's words.
    public static func statements<Reader: ViewReader & ~Copyable>(
        about customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> [Position] {
        var found: Set<Position> = []
        var others: Set<Position> = []
        for customer in customers {
            guard let name = try founder(of: customer, reader)?.holding.group else { continue }
            for union in try group(name, reader).unions {
                let positions = [union.position, union.ended].filter { $0 != .zero }
                let isOurs = customers.contains(union.left) && customers.contains(union.right)
                if isOurs { found.formUnion(positions) } else { others.formUnion(positions) }
            }
        }
        return found.subtracting(others).sorted()
    }

    /// The identifiers that founded customers, in their normal form.
    public static func identifiers<Reader: ViewReader & ~Copyable>(
        of customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> [(kind: String, value: String)] {
        var found: [(kind: String, value: String)] = []
        for customer in customers {
            guard let founder = try founder(of: customer, reader) else { continue }
            let parts = try unsafe IdentifierKey.parts(founder.key.span.bytes)
            found.append((parts.kind, parts.value))
        }
        return found
    }

    /// Tells whether an identifier is out of use because several persons share it.
    public static func isShared<Reader: ViewReader & ~Copyable>(
        _ identifier: RawSpan, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        guard let key = try key(of: identifier, asOf: reader.position, reader),
            let record = try IdentifierRecord.decoded(try reader.row(key)),
            let holding = record.current
        else { return false }
        return holding.customer == nil && holding.vacancy == .shared
    }
}

extension IdentifierRecord {
    /// Whom an event founded by it.
    func founded(at position: Position) -> CustomerID? {
        holdings.first { $0.since == position && $0.customer != nil }?.customer
    }

    /// Whose it was last before a position; where it was nobody's until then, whose it was first.
    func lastHolder(before position: Position) -> CustomerID? {
        let held = holdings.filter { $0.customer != nil }
        return (held.last { $0.since < position } ?? held.first)?.customer
    }
}

extension EventView {
    /// The kind of the identifier of a number.
    fileprivate func kind(ofIdentifier number: Int) -> [UInt8]? {
        var walk = identifiers()
        var index = 0
        while let identifier = walk.next() {
            if index == number { return identifier.kind.copied() }
            index += 1
        }
        return nil
    }

    /// An attribute's text.
    fileprivate func copiedText(_ name: String) -> [UInt8]? {
        var walk = attributes()
        while let attribute = walk.next() {
            guard attribute.name.equals(name), attribute.isText else { continue }
            return attribute.bytes.copied()
        }
        return nil
    }
}
