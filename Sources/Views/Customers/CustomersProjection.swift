internal import ContactCentre
public import EventModel

/// Keeps what is known of each person: identifiers, counts, touchpoints, open interactions, their
/// things and facts, their signals, and
/// the timeline of every person and interaction.
///
/// An event concerns the customers its own identifiers resolve to, and those its interaction, or
/// the thing it is about, is already known to concern. Counts, touchpoints, places and signals are
/// functions of the interaction's or thing's state, so a person who gets known late is given all.
public struct CustomersProjection: ~Copyable, Projection {
    /// The name of the view.
    public static let name = "customers"
    /// The version of the rows.
    public static let version = 14
    /// Holds identifiers as they were given.
    public static let place = PersonalDataPlace.customersView

    var customers = Table<CustomerRecord>()
    /// Whom their events name beside them.
    var related = Table<RelatedRecord>()
    var interactions = InteractionFold<CustomerTraces>()
    /// Timelines, but for the newest part of customers'.
    private var chunks = Table<TimelineChunk>()
    var subjects = SubjectFold()
    private var unclaimed = Table<UnclaimedRow>()
    private var definitions = DefinitionFold()
    /// What was said of customers that few share.
    var likeness = RowChanges()
    /// What has changed of what is kept of customers, which stands together, and is nobody's to read
    /// before it is handed over.
    private var personal = RowChanges()
    /// Where the rows of an interaction stand, by its slot, until the changes are taken: one look-up
    /// finds them all.
    private var places: [InteractionPlaces] = []
    var key: [UInt8] = []
    private var customerKey: [UInt8] = []
    var people: [CustomerID] = []
    var concerned: [CustomerID] = []
    /// Where those who are concerned stand among the customers.
    private var slots: [Int] = []
    /// Whether an event has come.
    private var isBegun = false

    /// Makes a fold with an empty working set.
    public init() {}

    /// Applies one event.
    public mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in context: borrowing Context
    ) throws(ViewFault) {
        if !isBegun { begin(context) }
        try context.findCustomers(of: event, into: &people)
        concerned.empty()
        concerned.append(contentsOf: people)
        var interaction: Int?
        var contact = ContactPlace()
        if let kind = interactions.begin(event) {
            let slot = try slotOfInteraction(context)
            let isFirst = chunks[places[slot].chunk].isEmpty
            try append(event.position, to: places[slot].chunk, context)
            try interactions.apply(event, kind, people, to: slot, (), context)
            contact = ContactPlace(slot: places[slot].contact, isNew: isFirst)
            for customer in interactions[slot].customers where !concerned.contains(customer) {
                concerned.append(customer)
            }
            if !isFirst, !interactions.added.isEmpty { try giveEarlier(slot, context) }
            try touchAdded(slot, at: event.position, context)
            interaction = slot
        }
        let codes = SubjectRule.codes(of: event.type)
        var kinds: UInt32 = 0
        if let codes {
            try subjects.applyToThings(event, codes, &concerned, &contact, context)
            if let interaction { places[interaction].contact = contact.slot }
            kinds = SubjectRule.kinds(codes)
            if kinds == SubjectKind.household.bit { try addNamed(event, context) }
        }
        let namesOthers = event.namesOthers(beside: people.count)
        if concerned.isEmpty, let interaction,
            kinds & ~SubjectKind.contact.bit != 0 || namesOthers
        {
            UnclaimedRow.writeKey(interactions.name(interaction), to: &key)
            let slot = try unclaimed.slot(key, context)
            unclaimed[changing: slot].add(event.position)
        }
        slots.empty()
        for customer in concerned {
            let slot = try self.slot(customer, at: event.position, context)
            slots.append(slot)
            guard let full = customers[changing: slot].note(event, kinds: kinds) else { continue }
            TimelineChunk.writeStart(customer, to: &key)
            key.append(bigEndian: full.firstPosition)
            personal.put(key, full)
        }
        if let codes {
            if kinds == SubjectKind.household.bit {
                try noteHousehold(event, codes, context)
            } else if kinds & SubjectKind.factBits != 0 {
                for customer in concerned {
                    try subjects.applyToFacts(event, codes, of: customer, context)
                }
                noteLikeness(event, of: concerned)
            }
            if kinds & SubjectKind.incident.bit != 0 { try noteIncident(event, codes, context) }
            if kinds == SubjectKind.stage.bit, let customer = try inferredOf(event, context) {
                try inferStage(event, codes, customer, kinds, context)
            }
        } else if DefinitionFold.reads(event) {
            try definitions.apply(event, context)
        } else if event.type.equals("event.redacted") {
            try redact(event, context)
        } else if event.type.equals("customer.erased") {
            try forget(event, context)
        }
        seeIdentifiers(event)
        guard namesOthers else { return }
        for place in concerned.indices {
            try noteRelated(event, of: concerned[place], in: slots[place], context)
        }
    }

    /// Of a view that this fold begins nothing is looked for that it has not stored itself.
    private mutating func begin<Context: FoldContext & ~Copyable>(_ context: borrowing Context) {
        isBegun = true
        guard context.isEmpty else { return }
        chunks.beginEmpty()
        subjects.beginEmpty()
    }

    /// The daemon names whom it inferred something of by their id, as they have no identifier that
    /// would not be personal.
    private mutating func inferredOf<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> CustomerID? {
        guard let name = event.bytes("customer_id"), let id = CustomerID(text: name) else {
            return nil
        }
        return try customer(meantBy: id, event, context)
    }

    private mutating func inferStage<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ codes: Range<Int>, _ customer: CustomerID,
        _ kinds: UInt32, _ context: borrowing Context
    ) throws(ViewFault) {
        let slot = try self.slot(customer, context)
        guard !customers[slot].isEmpty else { return }
        customers[changing: slot].noteChange(at: event.position)
        customers[changing: slot].note(kinds: kinds)
        try subjects.applyToFacts(event, codes, of: customer, context)
    }

    /// - Parameter position: Of the event at hand: there is no row yet of whom it has founded.
    @inline(__always)
    mutating func slot<Context: FoldContext & ~Copyable>(
        _ customer: CustomerID, at position: Position? = nil, _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        CustomerRecord.writeKey(customer, to: &customerKey)
        guard customer.founded != position else { return customers.slot(unstored: customerKey) }
        return try customers.slot(customerKey, context)
    }

    /// Gives those who get known late what was said in the interaction before: the contact itself,
    /// and things and facts of which nobody knew whom they concern.
    private mutating func giveEarlier<Context: FoldContext & ~Copyable>(
        _ interaction: Int, _ context: borrowing Context
    ) throws(ViewFault) {
        let added = interactions.added
        try subjects.join(added, interactionText: interactions.name(interaction), context)
        guard interactions[interaction].customers.count == added.count else { return }
        UnclaimedRow.writeKey(interactions.name(interaction), to: &key)
        let slot = try unclaimed.slot(key, context)
        guard !unclaimed[slot].isEmpty else { return }
        for position in unclaimed[changing: slot].takeAll() {
            try context.earlierEvent(at: position) { (earlier) throws(ViewFault) in
                let codes = SubjectRule.codes(of: earlier.type)
                if let codes { try subjects.claim(earlier, codes, for: added, context) }
                noteLikeness(earlier, of: added)
                let namesOthers = earlier.namesOthers(beside: 0)
                for customer in added {
                    let slot = try self.slot(customer, context)
                    customers[changing: slot].touch(earlier.occurred)
                    if let codes { customers[changing: slot].note(kinds: SubjectRule.kinds(codes)) }
                    if namesOthers { try noteRelated(earlier, of: customer, in: slot, context) }
                }
            }
        }
    }

    /// Somebody who gets known late had their first contact when the interaction began.
    private mutating func touchAdded<Context: FoldContext & ~Copyable>(
        _ interaction: Int, at position: Position, _ context: borrowing Context
    ) throws(ViewFault) {
        guard !interactions.added.isEmpty,
            interactions.look(interaction, { CustomerShare($0.interaction) != nil })
        else { return }
        let began = interactions[interaction].interaction.created
        for customer in interactions.added {
            let slot = try self.slot(customer, at: position, context)
            customers[changing: slot].touch(began)
        }
    }

    /// Brings counts, touchpoints and open interactions up to the interactions' states.
    public mutating func settle<Context: FoldContext & ~Copyable>(
        in context: borrowing Context
    ) throws(ViewFault) {
        for step in interactions.settle() {
            // Customers are only ever added, so that all of them are in `after`.
            for customer in step.after.customers {
                let isNew = !step.before.customers.contains(customer)
                let oldShare = isNew ? nil : step.before.share
                if oldShare != step.after.share {
                    let slot = try self.slot(customer, context)
                    if let oldShare { customers[changing: slot].add(oldShare, sign: -1) }
                    if let share = step.after.share {
                        customers[changing: slot].add(share, sign: 1)
                    }
                }
                move(
                    isNew ? nil : step.before.touchpoint, step.after.touchpoint, customer,
                    step.slot)
                subjects.move(
                    isNew ? [] : step.before.signals, step.after.signals, customer,
                    interactionText: interactions.name(step.slot))
            }
        }
        try subjects.settle(in: context, &personal)
    }

    private mutating func move(
        _ before: TouchpointRow.Touchpoint?, _ after: TouchpointRow.Touchpoint?,
        _ customer: CustomerID, _ slot: Int
    ) {
        guard before != after else { return }
        let name = interactions.name(slot)
        if let before, before.started != after?.started {
            TouchpointRow.writeKey(customer, before.started, name, to: &key)
            personal.remove(key)
        }
        if let after {
            TouchpointRow.writeKey(customer, after.started, name, to: &key)
            personal.put(key, TouchpointRow(after))
        }
        let wasOpen = before.flatMap { $0.state.isOpen ? $0.started : nil }
        let isOpen = after.flatMap { $0.state.isOpen ? $0.started : nil }
        guard wasOpen != isOpen else { return }
        OpenRow.writeKey(customer, name, to: &key)
        personal.put(key, OpenRow(started: isOpen))
    }

    /// Finds the slot of the interaction that was begun, and the growing chunk of its timeline.
    @inline(__always)
    private mutating func slotOfInteraction<Context: FoldContext & ~Copyable>(
        _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        if let slot = interactions.knownSlot, slot < places.count, places[slot].isKnown {
            return slot
        }
        TimelineChunk.writeStart(interactionText: interactions.begun, to: &key)
        key.append(bigEndian: TimelineChunk.growing)
        let chunk = try chunks.slot(key, context)
        // Every event of an interaction stands in its timeline: without one there is nothing else of
        // it either, and nothing is looked for.
        let isFirst = chunks[chunk].isEmpty
        let slot = isFirst ? interactions.newSlot() : try interactions.slot(context)
        while places.count <= slot { places.append(InteractionPlaces()) }
        places[slot].chunk = chunk
        return slot
    }

    /// Appends a position to the timeline of the interaction that was begun.
    @inline(__always)
    private mutating func append<Context: FoldContext & ~Copyable>(
        _ position: Position, to growing: Int, _ context: borrowing Context
    ) throws(ViewFault) {
        if chunks[growing].isFull {
            TimelineChunk.writeStart(interactionText: interactions.begun, to: &key)
            try put(chunks[growing], context)
            chunks[changing: growing] = TimelineChunk()
        }
        chunks[changing: growing].append(position.rawValue)
    }

    /// Gives a full chunk of the interaction whose start of keys stands in `key` a row of its own.
    private mutating func put<Context: FoldContext & ~Copyable>(
        _ full: TimelineChunk, _ context: borrowing Context
    ) throws(ViewFault) {
        key.append(bigEndian: full.firstPosition)
        let slot = try chunks.slot(key, context)
        chunks[changing: slot] = full
    }

    /// Notes each own identifier with the customer it belongs to.
    ///
    /// The context names the customers in the order of the identifiers, each once. Where that is
    /// fewer, an identifier belongs to who has shown it before, else to the person this event
    /// founded.
    private mutating func seeIdentifiers(_ event: borrowing EventView) {
        guard !people.isEmpty else { return }
        // Of a single one it is known: somebody has been found by it.
        var own = event.identifierCount
        if own > 1 {
            own = 0
            var counting = event.identifiers()
            while let identifier = counting.next() { own += identifier.role == .own ? 1 : 0 }
        }
        var index = 0
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard identifier.role == .own else { continue }
            guard !event.isSurrogate(identifier) else {
                index += 1
                continue
            }
            // Who is concerned by their own identifiers comes first among all who are.
            let slot = people.count == own ? slots[index] : owner(of: identifier, event.position)
            index += 1
            customers[changing: slot].see(identifier, event.occurred, event.position)
        }
    }

    /// The slot of whom an identifier belongs to.
    private func owner(of identifier: borrowing IdentifierView, _ position: Position) -> Int {
        for index in people.indices {
            let slot = slots[index]
            if customers[slot].hasIdentifier(identifier.kind, identifier.value) { return slot }
        }
        let founded = people.firstIndex { $0.rawValue == position.rawValue }
        return slots[founded ?? 0]
    }

    /// Hands over the changed rows in key order: the prefixes c, d, e, g, i, k, l, s, u.
    public mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        places.removeAll(keepingCapacity: true)
        customers.takeChanges(into: &personal)
        related.takeChanges(into: &personal)
        subjects.takePersonal(into: &personal)
        try personal.take(body)
        try definitions.takeChanges(body)
        try subjects.takeSignals(body)
        try interactions.takeChanges(body)
        try chunks.takeChanges(body)
        try likeness.take(body)
        try subjects.takeThings(body)
        try unclaimed.takeChanges(body)
    }
}

/// Slots of what belongs to one interaction.
private struct InteractionPlaces {
    /// That of the growing chunk of its timeline; below 0 where none is known.
    var chunk = -1
    /// That of what is kept of it as a thing.
    var contact: Int?

    var isKnown: Bool { chunk >= 0 }
}

/// What an interaction leaves with the people it concerns.
final class CustomerTraces: InteractionTrace {
    let customers: [CustomerID]
    let share: CustomerShare?
    let touchpoint: TouchpointRow.Touchpoint?
    let signals: [Signal]

    init(_ record: borrowing InteractionRecord) {
        customers = record.customers
        signals = ContactSignals.of(record.interaction)
        share = CustomerShare(record.interaction)
        touchpoint = TouchpointRow.Touchpoint(record.interaction)
    }
}
