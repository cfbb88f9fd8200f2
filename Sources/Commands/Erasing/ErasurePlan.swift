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
    private(set) var erased = ErasedPortions()
    /// Events of others that name an identifier of theirs.
    private(set) var quoted = ErasedPortions()
    /// Events of theirs that another person had a part in.
    private(set) var shared = 0
    /// All events up to here have been looked at.
    private(set) var through = Position.zero
    /// What they are called, and their interactions in which nobody else had a part.
    private(set) var names = ErasedNames()
    /// Where the log's indexes are still to be asked for their identifiers.
    var lookUp = IdentifierLookUp()
    /// Others' texts that quote them; nil where they were not looked for.
    private(set) var texts: RedactionPlan?
    private var positions: Set<UInt64> = []
    /// Interactions of theirs that events behind the view began.
    private var interactions: Set<[UInt8]> = []
    /// What goes of others' events.
    private var quotes: [UInt64: ErasedPositions.Pattern] = [:]
    /// Those of them that are not in `quoted` yet, in no order.
    private var unsettled: [UInt64] = []

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
        try read(positions.sorted(), people, view, &reader)
        lookUp = IdentifierLookUp(identifiers)
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

    /// Whether an event is the person's.
    func isTheirs(_ position: Position) -> Bool { positions.contains(position.rawValue) }

    /// Takes what has been committed since.
    ///
    /// - Complexity: That of the events since, whatever was found before.
    mutating func catchUp(
        _ views: ViewSet, _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        let people = try Self.snapshot { () throws(ViewFault) in try views.identity.snapshot() }
        let view = try Self.snapshot { () throws(ViewFault) in try views.customers.snapshot() }
        var others: [Position] = []
        let theirs = try lookAt(people, view, &reader) { others.append($0) }
        let known = identifiers
        try read(theirs, people, view, &reader)
        // None is new as a rule: a set is compared in no time with itself.
        if identifiers != known { lookUp.add(identifiers.subtracting(known)) }
        try readQuotes(at: others, &reader)
        settleQuotes()
    }

    private static func snapshot(
        _ take: () throws(ViewFault) -> ViewSnapshot
    ) throws(ReadFailure<ViewFault>) -> ViewSnapshot {
        do throws(ViewFault) {
            return try take()
        } catch {
            throw .body(error)
        }
    }

    /// Looks at the events behind those that have been looked at, up to the head.
    ///
    /// - Parameter others: Takes those that are not theirs.
    /// - Returns: Those that are.
    @discardableResult
    private mutating func lookAt(
        _ people: borrowing ViewSnapshot, _ view: borrowing ViewSnapshot,
        _ reader: inout LogReader, _ others: (Position) -> Void
    ) throws(ReadFailure<ViewFault>) -> [UInt64] {
        var theirs: [UInt64] = []
        let end = try reader.events(from: through.next) { (event) throws(ViewFault) in
            if try take(unseen: event, people, view) {
                theirs.append(event.position.rawValue)
            } else {
                others(event.position)
            }
            return true
        }
        through = Position(end.rawValue - 1)
        return theirs
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

    /// Reads some of the person's events, by rising position: which of their identifiers are theirs.
    private mutating func read(
        _ positions: [UInt64], _ people: borrowing ViewSnapshot, _ view: borrowing ViewSnapshot,
        _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        let customers = customers
        let rules: IdentityRulesHistory
        var persons: [Int] = []
        do throws(ViewFault) {
            rules = try IdentityView.rules(people)
            for (number, customer) in customers.enumerated() {
                let person = try IdentityView.person(ofCustomer: customer, people)?.person
                persons.append(person.flatMap { customers.firstIndex(of: $0) } ?? number)
            }
        } catch {
            throw .body(error)
        }
        var found: [(position: Position, pattern: ErasedPositions.Pattern)] = []
        for position in positions {
            var pattern = ErasedPositions.Pattern()
            var isShared = false
            _ = try reader.event(at: Position(position)) { (event) throws(ViewFault) in
                for shown in try IdentityView.shown(by: event, people) {
                    guard let customer = customers.firstIndex(of: shown.customer) else {
                        isShared = true
                        continue
                    }
                    // A person of then who is another now has a name of their own.
                    let person = customers.firstIndex(of: shown.person) ?? customer
                    pattern.entries.append(
                        .init(identifier: shown.number, customer: customer, person: person))
                    if let name = event.name(ofIdentifier: shown.number) {
                        identifiers.insert(name)
                    }
                }
                names.take(
                    event, Set(pattern.entries.map(\.identifier)), isShared: isShared,
                    by: rules, now: people.position.next)
            }
            found.append((Position(position), pattern))
            if isShared { shared += 1 }
        }
        for (position, pattern) in Self.united(found, persons) { erased.add(position, pattern) }
        do throws(ViewFault) {
            try names.settle(customers, view)
        } catch {
            throw .body(error)
        }
    }

    /// Has the last event of each customer say who the person is now: a statement that united them
    /// behind it goes, and figures by person would take them for two again.
    ///
    /// - Parameter persons: Whose each customer is, by number.
    private static func united(
        _ found: [(position: Position, pattern: ErasedPositions.Pattern)], _ persons: [Int]
    ) -> [(position: Position, pattern: ErasedPositions.Pattern)] {
        var found = found
        var seen: Set<Int> = []
        for index in found.indices.reversed() {
            for place in found[index].pattern.entries.indices
            where seen.insert(found[index].pattern.entries[place].customer).inserted {
                let entry = found[index].pattern.entries[place]
                found[index].pattern.entries[place] = .init(
                    identifier: entry.identifier, customer: entry.customer,
                    person: persons[entry.customer])
            }
        }
        return found
    }

    /// Reads those of some events that others have and that name one of the identifiers.
    mutating func readQuotes(
        at others: [Position], _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        let identifiers = identifiers
        // Whose later events are is not known yet: they are looked at when the plan catches up.
        for position in others
        where position <= through && quotes[position.rawValue] == nil && !isTheirs(position) {
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
            guard !pattern.entries.isEmpty else { continue }
            quotes[position.rawValue] = pattern
            unsettled.append(position.rawValue)
        }
    }

    /// Puts what was found of others' events into order.
    mutating func settleQuotes() {
        let last = quoted.all.last?.bounds?.upperBound ?? 0
        if let first = unsettled.min(), first < last {
            // An identifier that was found late stands in earlier events.
            quoted = ErasedPortions()
            unsettled = Array(quotes.keys)
        }
        for position in unsettled.sorted() {
            guard let pattern = quotes[position] else { continue }
            quoted.add(Position(position), pattern)
        }
        unsettled.removeAll()
    }
}

/// Texts.
extension ErasurePlan {
    /// Looks for the identifiers in others' texts.
    ///
    /// - Parameter reader: Shows the log as whoever asks may see it.
    mutating func findTexts(
        from first: Position, _ reader: inout LogReader
    ) throws(EventLogError) {
        guard let pattern = QuotedIdentifiers.pattern(of: identifiers) else {
            texts = RedactionPlan()
            return
        }
        let query = RedactionQuery(pattern: pattern, fields: [])
        let range = min(first, through)...through
        texts = try RedactionPlan.find(
            query, in: range, words: [], steps: CommandLimits.erasureTextStepsMax, &reader
        ) { position, field in
            field.map { isQuoted(position, field: $0) } ?? isTheirs(position)
        }
    }

    /// Whether an identifier of another's event goes with the person.
    private func isQuoted(_ position: Position, field: String) -> Bool {
        quotes[position.rawValue]?.entries.contains {
            RedactedParts.Field.identifier($0.identifier) == field
        } == true
    }

    /// Whether a text says one of the identifiers' values.
    func isNamed(in text: String) -> Bool {
        let text = text.lowercased()
        return QuotedIdentifiers.values(of: identifiers).contains {
            text.contains($0.lowercased())
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
