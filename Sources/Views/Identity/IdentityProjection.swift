internal import ContactCentre
public import EventModel

/// Finds out who is who.
///
/// An identifier seen for the first time founds a customer, named after the position of the event.
/// What an event shows of several identifiers together unites their customers by the rules, or is
/// noted as a reason not to. Unions, their ends and what was kept apart are all kept by position, so
/// that nothing an operator does is lost, and every position has its persons. The other folds keep
/// what they hold by customer and are told whose person becomes another: see `PersonMove`.
///
/// Only identifiers with the role `own` count.
public struct IdentityProjection: ~Copyable, Projection {
    /// The name of the view.
    public static let name = "identity"
    /// The version of the rows.
    public static let version = 10
    /// Holds identifiers.
    public static let place = PersonalDataPlace.identityView

    /// Whom the last event's own identifiers belong to as of its position, in the order of the
    /// identifiers, each once.
    public private(set) var customers: [CustomerID] = []
    /// Whose person the last event has made another, by its unions and their ends.
    var united: [PersonMove] = []
    /// The same of all events since changes were taken.
    var moved = RowChanges()

    /// Who may live together by an event since changes were taken.
    var households = RowChanges()
    var householdCount = 0

    var identifiers = Table<IdentifierRecord>()
    var founders = Table<FounderRecord>()
    var groups = Table<GroupRecord>()
    var alerts = Table<IdentityAlert>()
    var definitions = Table<IdentityDefinitions>()
    var erased = Table<ErasedRecord>()
    var named = Table<NamedRecord>()
    var rules = IdentityRules.shipped
    /// Since when the rules hold; zero for what is shipped.
    var rulesSince = Position.zero
    /// Whether the view was begun with rules for all events, so that ids may be gone which earlier rules
    /// gave out.
    var isOverAll = false
    private var isReady = false

    /// What the event at hand shows: identifiers that are somebody's, each once.
    var sights: [Sight] = []
    /// Identifiers that it shows again and that nobody had before it.
    var repeated: [(slot: Int, kind: Int?, strength: IdentifierStrength)] = []
    /// Erased identifiers of it, each with how many sights came before it, and how far it proved the
    /// person.
    var surrogates: [(place: Int, holder: SurrogateHolder, strength: IdentifierStrength)] = []
    /// Whose persons it made customers who are erased.
    var movedErased: [PersonMove] = []
    /// Whom it united by facts that are redacted: it unites them again.
    var toldUnions: [(left: CustomerID, right: CustomerID)] = []
    /// What it tells of who stays, behind the unions that it makes.
    var toldLate: [PersonMove] = []
    /// Whether the view holds whose somebody was who stays, by who is erased.
    var tellsOfLiving = false
    /// What it says beside them.
    var facts: [UInt64] = []
    /// The one of that which may be redacted.
    var redactableFact: UInt64?
    /// Where identifiers stand that events have just shown.
    var memo = SightMemo()
    var foundedCount = 0
    /// Numbers of the event's founded customers who have been erased, a bit each.
    var takenNumbers: UInt16 = 0
    var unionCount = 0
    var key: [UInt8] = []
    var form: [UInt8] = []

    /// Makes a fold with an empty working set.
    public init() {}

    /// Applies one event. Complexity: one look-up per own identifier; where there are several, one
    /// per pair, and one per identifier of the persons they may unite.
    public mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in context: borrowing Context
    ) throws(ViewFault) {
        customers.empty()
        united.empty()
        sights.empty()
        surrogates.empty()
        movedErased.empty()
        toldUnions.empty()
        toldLate.empty()
        foundedCount = 0
        takenNumbers = 0
        unionCount = 0
        householdCount = 0
        if !isReady {
            if context.isEmpty { identifiers.beginEmpty() }
            try takeRules(context)
            tellsOfLiving = try findsTold(context)
        }
        try look(event, context)
        if event.hasRemnant {
            findToldUnions(event)
            try noteErased(event, context)
        }
        if !sights.isEmpty {
            findFacts(event)
            // Who lives together is not the same person, whatever proves each of them.
            let unites = !event.type.starts(with: "household.")
            if unites, sights.count > 1 { try passOn(event, context) }
            try foundNew(event, context)
            if unites, sights.count + surrogates.count > 1 { try uniteSights(event, context) }
            if !facts.isEmpty { noteFacts() }
        }
        try apply(statementOf: event, context)
        if tellsOfLiving { for move in united { try end(toldOf: move, context) } }
        for move in toldLate { try note(move, context) }
        noteMoves(at: event.position)
        findCustomers()
        if event.type.equals("customer.erased") {
            try forget(event, context)
        } else if event.type.equals("event.redacted") {
            try forgetRedacted(event, context)
        }
    }

    /// Every row is brought along with its event.
    public mutating func settle<Context: FoldContext & ~Copyable>(
        in context: borrowing Context
    ) throws(ViewFault) {}

    /// Hands over the changed rows in key order: the prefixes e, f, g, h, i, m, n, r, s.
    public mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        memo.removeAll()
        try erased.takeChanges(body)
        try founders.takeChanges(body)
        try groups.takeChanges(body)
        try households.take(body)
        try identifiers.takeChanges(body)
        try alerts.takeChanges(body)
        try moved.take(body)
        try definitions.takeChanges(body)
        try named.takeChanges(body)
    }

    /// Takes up the rules that the log set last.
    mutating func takeRules<Context: FoldContext & ~Copyable>(
        _ context: borrowing Context
    ) throws(ViewFault) {
        let slot = try definitions.slot(IdentityDefinitions.key, context)
        let history = try IdentityRulesHistory(definitions[slot])
        rules = history.rules(forEventAt: Position(.max))
        rulesSince = history.since(forEventAt: Position(.max))
        isOverAll = definitions[slot].all.contains { $0.state == .overAll }
        memo.removeAll()
        isReady = true
    }

    /// Whose the identifiers are now that the event is applied.
    private mutating func findCustomers() {
        for place in sights.indices {
            addSurrogates(before: place)
            let holder = identifiers.look(sights[place].slot) { $0.customer }
            if let holder { customers.append(holder) }
        }
        addSurrogates(before: sights.count)
    }

    private mutating func addSurrogates(before place: Int) {
        for surrogate in surrogates
        where surrogate.place == place && !customers.contains(surrogate.holder.customer) {
            customers.append(surrogate.holder.customer)
        }
    }

    /// The person to whom the holder of the identifier in a slot belongs; it has one.
    func person(
        of customer: CustomerID, in group: Int?
    ) -> CustomerID {
        group.map { groups[$0].person(of: customer) } ?? customer
    }

    /// The slot of the group of the identifier's holder; nil where it is in none.
    @inline(__always)
    mutating func group<Context: FoldContext & ~Copyable>(
        ofHolderIn slot: Int, _ context: borrowing Context
    ) throws(ViewFault) -> Int? {
        guard let group = identifiers[slot].current?.group else { return nil }
        GroupRecord.writeKey(group, to: &key)
        return try groups.slot(key, context)
    }

    /// The person to whom the holder of the identifier in a slot belongs; it has one.
    @inline(__always)
    mutating func person<Context: FoldContext & ~Copyable>(
        ofHolderIn slot: Int, _ context: borrowing Context
    ) throws(ViewFault) -> CustomerID {
        guard let customer = identifiers[slot].customer else {
            preconditionFailure("a sight's identifier has a holder")
        }
        // Looked for first: a call's own `self` is read before its arguments.
        let group = try group(ofHolderIn: slot, context)
        return person(of: customer, in: group)
    }
}
