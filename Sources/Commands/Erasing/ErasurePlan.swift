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
    var erased = ErasedPortions()
    /// Events of others that name an identifier of theirs.
    var quoted = ErasedPortions()
    /// Statements about others that name an identifier of theirs: what goes of them is redacted.
    var statements = RedactedParts()
    /// Events from before anybody was known whom they concern, now them and others: they stay.
    var unattributed: Set<UInt64> = []
    /// Events of theirs that another person had a part in.
    private(set) var shared = 0
    /// Those of them that told the other something in which two can agree.
    private(set) var facts: [Position] = []
    /// Whom that may have united; nil where that was not looked for.
    private(set) var unions: FactUnions?
    /// All events up to here have been looked at.
    private(set) var through = Position.zero
    /// What they are called, and their interactions in which nobody else had a part.
    var names = ErasedNames()
    /// Where the log's indexes are still to be asked for their identifiers.
    var lookUp = IdentifierLookUp()
    /// Others' texts that quote them; nil where they were not looked for.
    var texts: RedactionPlan?
    /// What goes of the person's events.
    var patterns: [UInt64: ErasedPositions.Pattern] = [:]
    /// Those of them that are not in `erased` yet, in no order.
    var unplaced: [UInt64] = []
    /// Whose each customer is, by number.
    private var persons: [Int] = []
    /// Whom an event made whose person, of them and of those who were one with them, by position.
    private(set) var moves: [UInt64: [ErasedPositions.Pattern.Entry]] = [:]
    /// What events behind the view say of interactions.
    var tails: [[UInt8]: InteractionTail] = [:]
    /// Interactions of theirs that events behind the view began.
    private var interactions: Set<[UInt8]> = []
    /// What goes of others' events.
    var quotes: [UInt64: ErasedPositions.Pattern] = [:]
    /// Those of them that are not in `quoted` yet, in no order.
    var unsettled: [UInt64] = []

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
        unsettled += othersMoves.keys
        through = min(people.position, view.position)
        try takeStatements(people, &reader)
        try lookAt(people, view, &reader) { _ in }
        try read(patterns.keys.sorted(), people, &reader)
        try takeEarlier(people, view, &reader)
        settle()
        try findUnions(people, &reader)
        lookUp = IdentifierLookUp(identifiers)
    }

    /// What goes of statements about others, and whom events tell of that they united, if it was by what
    /// goes.
    var said: RedactedParts {
        var said = statements
        unions?.tell(in: &said, but: customers)
        return said
    }

    private mutating func findUnions(
        _ people: borrowing ViewSnapshot, _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        guard !facts.isEmpty else { return }
        facts.sort()
        unions = try FactUnions(byFactsAt: facts, people, &reader)
    }

    /// Takes the positions that the customers view knows, and those of an operator's statements.
    private mutating func takeTimelines(
        _ people: borrowing ViewSnapshot, _ view: borrowing ViewSnapshot
    ) throws(ViewFault) {
        for customer in customers {
            let found = try Timeline.positions(of: .customer(customer), count: .max, view)
            for position in found { take(position) }
        }
        for position in try IdentityView.statements(about: customers, people) { take(position) }
        for (position, theirs) in try IdentityView.moves(of: customers, people) {
            moves[position.rawValue] = entries(of: theirs)
        }
        var earlier = EarlierEvents()
        try earlier.takeThings(of: customers, view)
        for position in earlier.own { take(position) }
        unattributed.formUnion(earlier.others.map(\.rawValue))
        for (kind, value) in try IdentityView.identifiers(of: customers, people) {
            identifiers.insert(Array("\(kind):\(value)".utf8))
        }
    }

    /// Whether an event is the person's.
    func isTheirs(_ position: Position) -> Bool { patterns[position.rawValue] != nil }

    /// Takes an event as the person's: what stands for its identifiers is still to be read.
    mutating func take(_ position: Position) {
        guard !isTheirs(position) else { return }
        patterns[position.rawValue] = ErasedPositions.Pattern()
        unplaced.append(position.rawValue)
    }

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
        let (known, knownFacts) = (identifiers, facts.count)
        try read(theirs, people, &reader)
        try takeEarlier(people, view, &reader)
        settle()
        // None is new as a rule: a set is compared in no time with itself.
        if identifiers != known { lookUp.add(identifiers.subtracting(known)) }
        try readQuotes(at: others, people, &reader)
        settleQuotes()
        var isBehind = facts.count > knownFacts
        if let unions, !isBehind { isBehind = try unions.mayGrow(people, &reader) }
        if isBehind { try findUnions(people, &reader) }
    }

    /// Who is who.
    static func people(_ views: ViewSet) throws(ReadFailure<ViewFault>) -> ViewSnapshot {
        try snapshot { () throws(ViewFault) in try views.identity.snapshot() }
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
        guard isOurs else {
            if let interaction {
                tails[interaction, default: InteractionTail()].note(
                    event.position, showsSomebody: !shown.isEmpty)
            }
            guard try takes(statement: event, people) else { return false }
            take(event.position)
            return true
        }
        take(event.position)
        if let interaction { interactions.insert(interaction) }
        return true
    }

    /// Reads some of the person's events, by rising position: which of their identifiers are theirs.
    mutating func read(
        _ positions: [UInt64], _ people: borrowing ViewSnapshot, _ reader: inout LogReader
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
        self.persons = persons
        for position in positions {
            var pattern = ErasedPositions.Pattern()
            var (isShared, tellsFact) = (false, false)
            _ = try reader.event(at: Position(position)) { (event) throws(ViewFault) in
                tellsFact = IdentityView.tellsFact(event)
                for shown in try IdentityView.shown(by: event, people) {
                    guard let customer = customers.firstIndex(of: shown.customer) else {
                        isShared = true
                        continue
                    }
                    let isFounder = shown.customer.founded == event.position
                    pattern.entries.append(
                        .init(
                            identifier: shown.number,
                            holder: .init(
                                customer: .theirs(customer), person: name(of: shown.person),
                                founded: isFounder ? shown.customer.number : nil,
                                isDevice: shown.isDevice)))
                    if let name = event.name(ofIdentifier: shown.number) {
                        identifiers.insert(name)
                    }
                }
                try takeVacated(in: event, people, to: &pattern)
                names.take(
                    event, Set(pattern.entries.map(\.identifier)), isShared: isShared,
                    by: rules, now: people.position.next)
            }
            pattern.entries += told(at: position, beside: pattern.entries)
            patterns[position] = pattern
            if isShared { shared += 1 }
            if tellsFact, isShared { facts.append(Position(position)) }
        }
    }

    /// Takes an event's own identifiers that are nobody's any more and were theirs.
    mutating func takeVacated(
        in event: borrowing EventView, _ people: borrowing ViewSnapshot,
        to pattern: inout ErasedPositions.Pattern
    ) throws(ViewFault) {
        for number in try IdentityView.vacated(in: event, by: customers, people) {
            pattern.entries.append(.init(identifier: number, holder: nil))
            if let name = event.name(ofIdentifier: number) { identifiers.insert(name) }
        }
        pattern.entries.sort { $0.identifier < $1.identifier }
    }

    /// Puts what was found of the person's events into order.
    mutating func settle() {
        let last = erased.all.last?.bounds?.upperBound ?? 0
        if let first = unplaced.min(), first < last {
            // What turned out later to be theirs lies before.
            erased = ErasedPortions()
            unplaced = Array(patterns.keys)
        }
        let found = unplaced.sorted().map { position in
            (Position(position), patterns[position] ?? ErasedPositions.Pattern())
        }
        for (position, pattern) in Self.united(found, persons, others: othersMoves) {
            erased.add(position, pattern)
        }
        unplaced.removeAll()
    }

    /// Has the last event of a customer say who the person is now where that would not follow: what
    /// united or parted them behind it is not in the view yet.
    ///
    /// - Parameters:
    ///   - persons: Whose each customer is, by number.
    ///   - others: What others' events say of moves, by position.
    private static func united(
        _ found: [(position: Position, pattern: ErasedPositions.Pattern)], _ persons: [Int],
        others: [UInt64: [ErasedPositions.Pattern.Entry]]
    ) -> [(position: Position, pattern: ErasedPositions.Pattern)] {
        var found = found
        var seen: Set<Int> = []
        var said: [ErasedPositions.Pattern.Name: ErasedPositions.Pattern.Name] = [:]
        let all = found.map { ($0.position.rawValue, $0.pattern.entries) }
        for (_, entries) in (all + others.map { ($0.key, $0.value) }).sorted(by: { $0.0 < $1.0 }) {
            for entry in entries {
                if let holder = entry.holder { said[holder.customer] = holder.person }
            }
        }
        for index in found.indices.reversed() {
            for place in found[index].pattern.entries.indices {
                guard let holder = found[index].pattern.entries[place].holder,
                    case .theirs(let customer) = holder.customer,
                    said[holder.customer] != .theirs(persons[customer]),
                    seen.insert(customer).inserted
                else { continue }
                found[index].pattern.entries[place].holder?.person = .theirs(persons[customer])
            }
        }
        return found
    }
}

extension IdentifierView {
    /// The identifier as it is written, `kind:value`.
    var name: [UInt8] { kind.copied() + [UInt8(ascii: ":")] + value.copied() }
}

extension EventView {
    /// The identifier of a number as it is written.
    func name(ofIdentifier number: Int) -> [UInt8]? {
        var walk = identifiers()
        var index = 0
        while let identifier = walk.next() {
            if index == number { return identifier.name }
            index += 1
        }
        return nil
    }
}
