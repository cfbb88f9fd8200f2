internal import ContactCentre
public import EventModel

/// Which events make the rows that change where some events lose what they say of persons: those
/// events, what makes known of whomever they concern, and who of those is who.
///
/// Rows of customers, interactions and things follow from the events that are named here, where nothing
/// unusual joins them with others. Whoever uses the rows must hold them against a view that has seen
/// all events.
public struct TouchedEvents {
    /// The events.
    public private(set) var positions: Set<Position> = []
    /// Keys of the identity view's rows of identifiers that stand in the events that change.
    public private(set) var identifiers: Set<[UInt8]> = []
    /// Whose rows may change.
    private var concerned: Set<CustomerID> = []
    /// Of whom it has to be known who they are.
    private var known: Set<CustomerID> = []
    private var interactions: Set<String> = []
    private let most: Int
    private var isCutShort = false

    /// Names none.
    ///
    /// - Parameter most: The most events that are looked for.
    public init(most: Int) { self.most = most }

    /// Whether there are more than are looked for.
    public var isTooMuch: Bool { isCutShort || positions.count > most }

    /// Takes an event that has nobody's rows.
    public mutating func take(_ position: Position) { positions.insert(position) }

    /// Takes all that others name, too.
    public mutating func formUnion(_ other: TouchedEvents) {
        positions.formUnion(other.positions)
        identifiers.formUnion(other.identifiers)
        concerned.formUnion(other.concerned)
        known.formUnion(other.known)
        interactions.formUnion(other.interactions)
        isCutShort = isCutShort || other.isCutShort
    }

    /// Takes customers of whom it has to be known who they are.
    public mutating func know(_ customers: Set<CustomerID>) { known.formUnion(customers) }

    /// Takes an event that changes.
    ///
    /// - Parameters:
    ///   - shown: Whose its own identifiers are.
    ///   - people: Who is who.
    ///   - view: The customers view.
    public mutating func take<People: ViewReader & ~Copyable, View: ViewReader & ~Copyable>(
        _ event: borrowing EventView, showing shown: [CustomerID], _ people: borrowing People,
        _ view: borrowing View
    ) throws(ViewFault) {
        positions.insert(event.position)
        concerned.formUnion(shown)
        if let name = event.text("interaction") {
            interactions.insert(name)
            concerned.formUnion(try InteractionLookup.customers(of: name, view))
        }
        try takeThings(of: event, view)
        for name: StaticString in ["customers", "from", "to", "identifier"] {
            try takeNamed(event.text(name) ?? "", at: event.position, people)
        }
        var key: [UInt8] = []
        MovesRow.writeKey(event.position, to: &key)
        for move in try MovesRow.decoded(try people.row(key))?.moves ?? [] {
            known.insert(move.customer)
            known.insert(move.person)
        }
        try IdentityView.forEachKey(of: event, people) { (key) throws(ViewFault) in
            identifiers.insert(key)
            try takeHolders(key, people)
        }
    }

    /// Takes whom a statement names.
    private mutating func takeNamed<People: ViewReader & ~Copyable>(
        _ text: String, at position: Position, _ people: borrowing People
    ) throws(ViewFault) {
        for word in text.split(whereSeparator: { " ,".contains($0) }) {
            let bytes = Array(word.utf8)
            if let customer = unsafe CustomerID(text: bytes.span.bytes) {
                known.insert(customer)
            } else if let key = try unsafe IdentityView.key(
                of: bytes.span.bytes, asOf: position, people)
            {
                try takeHolders(key, people)
            }
        }
    }

    private mutating func takeHolders<People: ViewReader & ~Copyable>(
        _ key: [UInt8], _ people: borrowing People
    ) throws(ViewFault) {
        guard let record = try IdentifierRecord.decoded(try people.row(key)) else { return }
        known.formUnion(record.holdings.compactMap(\.customer))
    }

    private mutating func takeThings<View: ViewReader & ~Copyable>(
        of event: borrowing EventView, _ view: borrowing View
    ) throws(ViewFault) {
        var key: [UInt8] = []
        if let order = event.bytes("order") {
            SubjectRecord.writeKey(.order, to: &key)
            key.append(keyText: order)
            try takeThing(key, view)
        }
        guard let codes = SubjectRule.codes(of: event.type) else { return }
        for code in codes {
            let rule = SubjectRule.all[code]
            guard !rule.kind.isFact, rule.kind != .incident,
                let name = event.bytes(rule.names[0]), name.byteCount > 0
            else { continue }
            SubjectRecord.writeKey(rule.kind, to: &key)
            key.append(keyText: name)
            try takeThing(key, view)
        }
    }

    private mutating func takeThing<View: ViewReader & ~Copyable>(
        _ key: [UInt8], _ view: borrowing View
    ) throws(ViewFault) {
        guard let thing = try SubjectRecord.decoded(try view.row(key)) else { return }
        concerned.formUnion(thing.customers)
        positions.formUnion(thing.early)
    }

    /// Adds what else makes the rows of whom the events concern, until there are too many.
    ///
    /// - Parameters:
    ///   - figures: The metrics view.
    ///   - interaction: The name of the interaction that an event is of.
    public mutating func close<
        People: ViewReader & ~Copyable, View: ViewReader & ~Copyable,
        Figures: ViewReader & ~Copyable
    >(
        _ people: borrowing People, _ view: borrowing View, _ figures: borrowing Figures,
        interaction: (Position) throws(ViewFault) -> String?
    ) throws(ViewFault) {
        var key: [UInt8] = []
        for customer in concerned {
            var theirs = try Timeline.positions(
                of: .customer(customer), count: most + 1, view)
            theirs += try Timeline.early(of: customer, view)
            theirs += try Self.facts(of: customer, view)
            // The daemon infers a stage of whom it names by their id alone.
            StageRow.writeKey(customer, to: &key)
            theirs += try StageRow.decoded(try figures.row(key))?.positions ?? []
            for position in theirs {
                positions.insert(position)
                if let name = try interaction(position) { interactions.insert(name) }
            }
            guard !isTooMuch else { return }
        }
        for name in interactions {
            positions.formUnion(
                try Timeline.positions(of: .interaction(name), count: most + 1, view))
            // What is told of a survey may belong to it without naming it.
            try figures.row(InteractionKey.of(name)) { row throws(ViewFault) in
                let record = try DetailedRecord<ContactDetails>.decoded(row)
                positions.formUnion(record.positions.map { Position($0) })
            }
            guard !isTooMuch else { return }
        }
        try takePersons(people, view)
        let definitions = try IdentityDefinitions.decoded(
            try people.row(IdentityDefinitions.key))
        positions.formUnion(
            (definitions?.all ?? []).filter { $0.state != .overAll }.map(\.position))
    }

    /// The events that are kept with a person's facts: some say of them what stands in no timeline.
    private static func facts<View: ViewReader & ~Copyable>(
        of customer: CustomerID, _ view: borrowing View
    ) throws(ViewFault) -> [Position] {
        var found: [Position] = []
        let start = CustomerKey.start(customer, SubjectRecord.factKind)
        try view.rows(from: start, below: start.keyAfterPrefix) { _, row throws(ViewFault) in
            for trail in try SubjectRecord.decoded(row).trails {
                found += trail.marks.map(\.position)
            }
            return true
        }
        return found
    }

    /// Adds what makes known who is who of those.
    private mutating func takePersons<People: ViewReader & ~Copyable, View: ViewReader & ~Copyable>(
        _ people: borrowing People, _ view: borrowing View
    ) throws(ViewFault) {
        var all = known.union(concerned)
        var seenWith: Set<CustomerID> = []
        for customer in all {
            guard let founder = try IdentityView.founder(of: customer, people) else { continue }
            seenWith.formUnion(founder.record.companions.map(\.customer))
            for holding in founder.record.holdings {
                if let holder = holding.customer { all.insert(holder) }
            }
            guard let name = founder.holding.group else { continue }
            let group = try IdentityView.group(name, people)
            all.formUnion(group.members)
            for union in group.unions {
                positions.formUnion([union.position, union.ended].filter { $0 != .zero })
            }
            guard all.count + positions.count <= most else {
                isCutShort = true
                return
            }
        }
        for customer in all where !concerned.contains(customer) && !customer.isSurrogate {
            positions.formUnion(
                try Timeline.positions(of: .customer(customer), count: most + 1, view))
            guard !isTooMuch else { return }
        }
        positions.formUnion(try IdentityView.statements(naming: Array(all), people))
        // Whoever was seen with them is to have their name.
        for customer in all.union(seenWith) where !customer.isSurrogate {
            positions.insert(customer.founded)
        }
        positions.remove(.zero)
    }
}

extension IdentityView {
    /// Shows the keys of rows of an event's own identifiers.
    static func forEachKey<Reader: ViewReader & ~Copyable>(
        of event: borrowing EventView, _ reader: borrowing Reader,
        _ body: (_ key: [UInt8]) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        let rules = try rules(reader).rules(forEventAt: event.position)
        var (key, form, scope): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        if rules.hasScopes, let brand = event.bytes("brand") { scope = rules.scope(ofBrand: brand) }
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard identifier.role == .own, !event.isSurrogate(identifier) else { continue }
            IdentifierKey.begin(scope, &key)
            _ = IdentifierKey.write(identifier.kind, identifier.value, by: rules, &form, to: &key)
            try body(key)
        }
    }

    /// The key of the row of a group that an identifier's row names; nil where it names none.
    public static func groupKeys(ofIdentifier row: [UInt8]) throws(ViewFault) -> [[UInt8]] {
        guard let record = try IdentifierRecord.decoded(row) else { return [] }
        return record.holdings.compactMap(\.group).map { group in
            var key: [UInt8] = []
            GroupRecord.writeKey(group, to: &key)
            return key
        }
    }
}

/// What a copy of a view has to know of its rows.
extension Projection where Self: ~Copyable {
    /// Whether rows that begin so are settings, which folds read and which say nothing of anybody.
    static func isSetting(prefix: UInt8) -> Bool {
        switch Self.name {
        case MetricsProjection.name: prefix == MetricSettings.key[0]
        case QueuesProjection.name: prefix == QueuesDefinitionKind.prefix
        default: false
        }
    }

    /// Whether a row is a setting.
    public static func isSetting(key: [UInt8]) -> Bool {
        key.first.map { isSetting(prefix: $0) } ?? false
    }

    /// Where the rows begin and end that are one customer's alone.
    public static func rows(of customer: CustomerID) -> (start: [UInt8], end: [UInt8]) {
        let start = start(ofRowsOf: customer)
        var end = start
        while end.last == 0xFF { end.removeLast() }
        return (start, end.keyAfterPrefix)
    }

    private static func start(ofRowsOf customer: CustomerID) -> [UInt8] {
        var key: [UInt8] = []
        switch Self.name {
        case IdentityProjection.name: FounderRecord.writeKey(customer, to: &key)
        case MetricsProjection.name: ChainKey.write(person: customer, to: &key)
        case QueuesProjection.name:
            key = [PersonRow.prefix]
            key.append(bigEndian: customer.rawValue)
        default:
            key = [CustomerKey.prefix]
            key.append(bigEndian: customer.rawValue)
        }
        return key
    }
}
