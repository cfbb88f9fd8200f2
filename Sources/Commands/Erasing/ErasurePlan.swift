internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// What an erasure would take: found in the views and in the log as they stand, beside the loop.
struct ErasurePlan: Sendable {
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
    /// All events up to here have been looked at.
    private(set) var through = Position.zero
    private var positions: Set<UInt64> = []
    /// Interactions of theirs that events behind the view began.
    private var interactions: Set<[UInt8]> = []

    /// Finds a person's events.
    ///
    /// - Parameters:
    ///   - people: Who is who; what it and `view` have not seen yet is looked at in the log.
    ///   - reader: Shows the log as it lies.
    init(
        of match: PersonMatch, _ people: borrowing ViewSnapshot, _ view: borrowing ViewSnapshot,
        _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        person = match.person
        customers = match.customers
        do throws(ViewFault) {
            try takeTimelines(people, view)
        } catch {
            throw .body(error)
        }
        through = min(people.position, view.position)
        try lookAt(people, view, &reader) { _ in }
        for position in positions.sorted() { try read(Position(position), people, &reader) }
    }

    /// Takes the positions that the customers view knows, and those of an operator's statements.
    private mutating func takeTimelines(
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

    /// Takes what has been committed since the plan was found.
    mutating func catchUp(
        _ people: borrowing ViewSnapshot, _ view: borrowing ViewSnapshot,
        _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        var others: [Position] = []
        let known = positions
        try lookAt(people, view, &reader) { others.append($0) }
        for position in positions.subtracting(known).sorted() {
            try read(Position(position), people, &reader)
        }
        try readQuotes(at: others, &reader)
    }

    /// Looks at the events behind those that have been looked at, up to the head.
    ///
    /// - Parameter others: Takes those that are not theirs.
    private mutating func lookAt(
        _ people: borrowing ViewSnapshot, _ view: borrowing ViewSnapshot,
        _ reader: inout LogReader, _ others: (Position) -> Void
    ) throws(ReadFailure<ViewFault>) {
        let end = try reader.events(from: through.next) { (event) throws(ViewFault) in
            if !(try take(unseen: event, people, view)) { others(event.position) }
            return true
        }
        through = Position(end.rawValue - 1)
    }

    /// Takes an event that the customers view may not have seen yet, if it is the person's.
    private mutating func take(
        unseen event: borrowing EventView, _ people: borrowing ViewSnapshot,
        _ view: borrowing ViewSnapshot
    ) throws(ViewFault) -> Bool {
        let interaction = event.bytes("interaction")?.copied()
        let shown = try IdentityView.shown(by: event, people)
        var isOurs = shown.contains { customers.contains($0.customer) }
        if let interaction, !isOurs {
            isOurs = interactions.contains(interaction)
            if !isOurs {
                isOurs = try InteractionLookup.customers(
                    of: String(decoding: interaction, as: UTF8.self), view
                ).contains { customers.contains($0) }
            }
        }
        guard isOurs else { return false }
        positions.insert(event.position.rawValue)
        if let interaction { interactions.insert(interaction) }
        return true
    }

    /// Reads one of the person's events: which of its identifiers are theirs.
    private mutating func read(
        _ position: Position, _ people: borrowing ViewSnapshot, _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        var pattern = ErasedPositions.Pattern()
        var isShared = false
        var names: [[UInt8]] = []
        let customers = customers
        _ = try reader.event(at: position) { (event) throws(ViewFault) in
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
        erased.add(position, pattern)
        if isShared { shared += 1 }
    }

    /// Reads those of some events, by rising position, that others have and that name one of the
    /// identifiers.
    mutating func readQuotes(
        at others: [Position], _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        let identifiers = identifiers
        for position in others where !positions.contains(position.rawValue) {
            var pattern = ErasedPositions.Pattern()
            _ = try reader.event(at: position) { (event) throws(ViewFault) in
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
