internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// What an erasure would take: found in the views and in the log as they stand.
struct ErasurePlan {
    /// The person.
    let person: CustomerID
    /// All their customers, the oldest first: the order in which surrogates are counted.
    let customers: [CustomerID]
    /// Their identifiers, `kind:value`, as events write them and in their normal form.
    private(set) var identifiers: Set<[UInt8]> = []
    /// Events of theirs.
    private(set) var erased = ErasedPositions()
    /// Events of others that name an identifier of theirs.
    private(set) var quoted = ErasedPositions()
    /// Events of theirs that another person had a part in.
    private(set) var shared = 0
    private var positions: Set<UInt64> = []
    /// Interactions of theirs that events behind the view began.
    private var interactions: Set<[UInt8]> = []

    init(_ match: PersonMatch) {
        person = match.person
        customers = match.customers
    }

    /// Takes the positions that the customers view knows, and those of an operator's statements.
    mutating func takeTimelines(
        _ people: borrowing ViewSnapshot, _ view: borrowing ViewSnapshot
    ) throws(ViewFault) {
        for customer in customers {
            let found = try Timeline.positions(of: .customer(customer), count: .max, view)
            positions.formUnion(found.map(\.rawValue))
        }
        let statements = try IdentityView.statements(about: customers, people)
        positions.formUnion(statements.map(\.rawValue))
        for (kind, value) in try IdentityView.identifiers(of: customers, people) {
            identifiers.insert(Array("\(kind):\(value)".utf8))
        }
    }

    /// Takes an event that the customers view has not seen yet, if it is the person's.
    mutating func take(
        unseen event: borrowing EventView, _ people: borrowing ViewSnapshot,
        _ isTheirs: ([UInt8]) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        let interaction = event.bytes("interaction")?.copied()
        let shown = try IdentityView.shown(by: event, people)
        var isOurs = shown.contains { customers.contains($0.customer) }
        if let interaction, !isOurs {
            isOurs = interactions.contains(interaction)
            if !isOurs { isOurs = try isTheirs(interaction) }
        }
        guard isOurs else { return }
        positions.insert(event.position.rawValue)
        if let interaction { interactions.insert(interaction) }
    }

    /// Reads the person's events: which identifiers of each are theirs.
    mutating func read(
        _ people: borrowing ViewSnapshot, _ show: ErasureSource
    ) throws(CommandError) {
        for position in positions.sorted() {
            var pattern = ErasedPositions.Pattern()
            var isShared = false
            var names: [[UInt8]] = []
            let customers = customers
            try show.event(Position(position)) { (event) throws(ViewFault) in
                for shown in try IdentityView.shown(by: event, people) {
                    guard let customer = customers.firstIndex(of: shown.customer) else {
                        isShared = true
                        continue
                    }
                    // A person of then who is another now has a name of their own.
                    let person = customers.firstIndex(of: shown.person) ?? customer
                    pattern.entries.append(
                        .init(identifier: shown.number, customer: customer, person: person))
                    if let name = event.name(ofIdentifier: shown.number) { names.append(name) }
                }
            }
            identifiers.formUnion(names)
            erased.add(Position(position), pattern)
            if isShared { shared += 1 }
        }
    }

    /// Reads the events of others that name one of the identifiers.
    mutating func readQuotes(_ show: ErasureSource) throws(CommandError) {
        var others: Set<Position> = []
        for name in identifiers { others.formUnion(try show.positions(ofIdentifier: name)) }
        for position in others.sorted() where !positions.contains(position.rawValue) {
            var pattern = ErasedPositions.Pattern()
            let identifiers = identifiers
            try show.event(position) { (event) throws(ViewFault) in
                var number = -1
                var walk = event.identifiers()
                while let identifier = walk.next() {
                    number += 1
                    guard identifier.role != .own, !event.isSurrogate(identifier),
                        identifiers.contains(identifier.name)
                    else { continue }
                    pattern.entries.append(.init(identifier: number, customer: 0, person: 0))
                }
            }
            if !pattern.entries.isEmpty { quoted.add(position, pattern) }
        }
    }

    /// Whether a text says one of the identifiers' values.
    func isNamed(in text: String) -> Bool {
        let text = text.lowercased()
        return identifiers.contains { name in
            guard let colon = name.firstIndex(of: UInt8(ascii: ":")) else { return false }
            let value = String(decoding: name[(colon + 1)...], as: UTF8.self)
            return value.utf8.count >= CommandLimits.identifierBytesRecognised
                && text.contains(value.lowercased())
        }
    }
}

/// Where a plan reads: the log as it lies, and its indexes.
struct ErasureSource {
    let show:
        (Position, (borrowing EventView) throws(ViewFault) -> Void) throws(CommandError) -> Void
    let find: ([UInt8]) throws(CommandError) -> [Position]

    func event(
        _ position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(CommandError) { try show(position, body) }

    func positions(ofIdentifier name: [UInt8]) throws(CommandError) -> [Position] {
        try find(name)
    }
}

extension IdentifierView {
    /// The identifier as it is written, `kind:value`.
    var name: [UInt8] { kind.copied() + [UInt8(ascii: ":")] + value.copied() }
}

extension EventView {
    /// The identifier of a number as it is written.
    fileprivate func name(ofIdentifier number: Int) -> [UInt8]? {
        var walk = identifiers()
        var index = 0
        while let identifier = walk.next() {
            if index == number { return identifier.name }
            index += 1
        }
        return nil
    }
}
