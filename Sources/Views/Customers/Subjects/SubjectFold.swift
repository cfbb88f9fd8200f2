internal import ContactCentre
internal import EventModel

/// Where what is kept of an event's interaction as a thing stands.
struct ContactPlace {
    /// Its slot; nil where it is not known yet.
    var slot: Int?
    /// Whether no event came before that named the interaction, so that there is no row.
    var isNew = false
}

/// Folds events into the subjects they are about, and what follows from those: which person has
/// which things, what signals they give, what was bought.
///
/// A thing is found by its own name, so that a parcel's event concerns the person who placed the
/// order without naming them; a fact lies with the person. Nothing is ever folded anew: see
/// `SubjectRecord`. Rows that follow are brought along when the fold settles.
struct SubjectFold {
    private var things = Table<TracedSubject>()
    private var facts = Table<SubjectRecord>()
    private var purchases = Table<PurchasesRecord>()
    private var signals = RowChanges()
    private var unsettled: [Int] = []
    private var key: [UInt8] = []
    private var room = SubjectRoom()

    init() {}

    /// Says that the view has no things yet.
    mutating func beginEmpty() { things.beginEmpty() }

    /// Applies an event to the things it is about.
    ///
    /// - Parameters:
    ///   - codes: The rules of its type.
    ///   - concerned: Whom it concerns; whoever a thing is known to concern is added.
    ///   - contact: The event's interaction as a thing; its slot is told when it is found.
    @inline(__always)
    mutating func applyToThings<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ codes: Range<Int>, _ concerned: inout [CustomerID],
        _ contact: inout ContactPlace, _ context: borrowing Context
    ) throws(ViewFault) {
        if concerned.isEmpty { try findByOrder(event, &concerned, context) }
        for code in codes {
            let rule = SubjectRule.all[code]
            guard !rule.kind.isFact, Self.keeps(event, rule),
                let slot = try slot(event, rule, &contact, context)
            else { continue }
            apply(event, code, rule, to: slot)
            // An incident may touch thousands: that lies with them.
            guard rule.kind != .incident else { continue }
            add(concerned, to: slot)
            let people = things.look(slot) { $0.row.customerCount }
            if people == 0 { things[changing: slot].row.addEarly(event.position) }
            addPeople(of: slot, to: &concerned)
        }
    }

    private static func keeps(_ event: borrowing EventView, _ rule: SubjectRule) -> Bool {
        guard let required = rule.required else { return true }
        return event.bytes(required) != nil
    }

    /// Finds the thing that an event is about by a rule; nil where it does not name one.
    @inline(__always)
    private mutating func slot<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ rule: SubjectRule, _ contact: inout ContactPlace,
        _ context: borrowing Context
    ) throws(ViewFault) -> Int? {
        let isContact = rule.kind == .contact
        if isContact, let known = contact.slot { return known }
        guard writeThingKey(event, rule) else { return nil }
        let isNew = isContact && contact.isNew
        let slot = isNew ? things.slot(unstored: key) : try things.slot(key, context)
        if isContact { contact.slot = slot }
        return slot
    }

    /// An event that names nobody but an order, as surveys do, concerns whom the order concerns.
    @inline(__always)
    private mutating func findByOrder<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ concerned: inout [CustomerID],
        _ context: borrowing Context
    ) throws(ViewFault) {
        guard let order = event.bytes("order") else { return }
        SubjectRecord.writeKey(.order, to: &key)
        key.append(keyText: order)
        let slot = try things.slot(key, context)
        addPeople(of: slot, to: &concerned)
    }

    /// Applies an event to the facts it states of a person.
    @inline(__always)
    mutating func applyToFacts<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ codes: Range<Int>, of customer: CustomerID,
        _ context: borrowing Context
    ) throws(ViewFault) {
        for code in codes {
            let rule = SubjectRule.all[code]
            guard rule.kind.isFact, rule.kind != .household, Self.keeps(event, rule) else {
                continue
            }
            SubjectRecord.writeKey(customer, rule.kind, to: &key)
            for name in rule.names { appendName(event, name) }
            let slot = try facts.slot(key, context)
            facts[changing: slot].apply(event, UInt8(code), rule, part: nil, in: &room.values)
        }
    }

    /// Applies what an event says of a customer's household to the fact of who is in it.
    mutating func applyToHousehold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ codes: Range<Int>, of customer: CustomerID,
        with other: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) {
        for code in codes {
            SubjectRecord.writeKey(customer, .household, to: &key)
            other.withText { key.append(keyText: $0) }
            let slot = try facts.slot(key, context)
            let rule = SubjectRule.all[code]
            facts[changing: slot].apply(event, UInt8(code), rule, part: nil, in: &room.values)
        }
    }

    /// Returns whom an order is known to concern.
    mutating func customers<Context: FoldContext & ~Copyable>(
        ofOrder order: String, _ context: borrowing Context
    ) throws(ViewFault) -> [CustomerID] {
        SubjectRecord.writeKey(.order, to: &key)
        key.append(keyText: order)
        let slot = try things.slot(key, context)
        return things.look(slot) { thing in
            (0..<thing.row.customerCount).map { thing.row.customer($0) }
        }
    }

    /// Tells a contact whom its interaction turned out to concern.
    @inline(__always)
    mutating func join<Context: FoldContext & ~Copyable>(
        _ customers: [CustomerID], interactionText: ArraySlice<UInt8>,
        _ context: borrowing Context
    ) throws(ViewFault) {
        SubjectRecord.writeKey(.contact, to: &key)
        unsafe key.append(interactionText.span.bytes)
        let slot = try things.slot(key, context)
        if !things.look(slot, { $0.isEmpty }) { add(customers, to: slot) }
    }

    /// Gives an event from before they were known to those whom it turned out to concern: its things
    /// concern them, what it states as facts is theirs.
    @inline(__always)
    mutating func claim<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ codes: Range<Int>, for customers: [CustomerID],
        _ context: borrowing Context
    ) throws(ViewFault) {
        for code in codes {
            let rule = SubjectRule.all[code]
            guard !rule.kind.isFact, Self.keeps(event, rule), writeThingKey(event, rule)
            else { continue }
            guard rule.kind != .incident else { continue }
            let slot = try things.slot(key, context)
            add(customers, to: slot)
        }
        for customer in customers {
            try applyToFacts(event, codes, of: customer, context)
        }
    }

    /// Puts an event of which something was redacted in its own place, where it is kept.
    ///
    /// - Parameter concerned: Whom it may concern; those that its things concern are added.
    mutating func replace<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ codes: Range<Int>, for concerned: inout [CustomerID],
        _ context: borrowing Context
    ) throws(ViewFault) {
        for code in codes {
            let rule = SubjectRule.all[code]
            guard !rule.kind.isFact, Self.keeps(event, rule), writeThingKey(event, rule)
            else { continue }
            let slot = try things.slot(key, context)
            noteUnsettled(slot)
            things[changing: slot].row.replace(event, UInt8(code))
            addPeople(of: slot, to: &concerned)
        }
        for customer in concerned {
            for code in codes {
                let rule = SubjectRule.all[code]
                guard rule.kind.isFact, Self.keeps(event, rule) else { continue }
                SubjectRecord.writeKey(customer, rule.kind, to: &key)
                for name in rule.names { appendName(event, name) }
                let slot = try facts.slot(key, context)
                facts[changing: slot].replace(event, UInt8(code))
            }
        }
    }

    private mutating func writeThingKey(_ event: borrowing EventView, _ rule: SubjectRule) -> Bool {
        guard let name = event.bytes(rule.names[0]), name.byteCount > 0 else { return false }
        SubjectRecord.writeKey(rule.kind, to: &key)
        key.append(keyText: name)
        return true
    }

    private mutating func appendName(_ event: borrowing EventView, _ name: StaticString) {
        if let text = event.bytes(name) {
            key.append(keyText: text)
        } else {
            key.append(keyText: "")
        }
    }

    private mutating func apply(
        _ event: borrowing EventView, _ code: Int, _ rule: SubjectRule, to slot: Int
    ) {
        noteUnsettled(slot)
        if let part = rule.part {
            guard let name = event.bytes(part.attribute), name.byteCount > 0 else { return }
            things[changing: slot].row.apply(event, UInt8(code), rule, part: name, in: &room)
        } else {
            things[changing: slot].row.apply(event, UInt8(code), rule, part: nil, in: &room)
        }
    }

    private mutating func add(_ customers: [CustomerID], to slot: Int) {
        for customer in customers where !things.look(slot, { $0.row.concerns(customer) }) {
            noteUnsettled(slot)
            things[changing: slot].row.add(customer)
        }
    }

    /// Adds those whom a thing concerns and who are not there yet.
    private mutating func addPeople(of slot: Int, to people: inout [CustomerID]) {
        for place in 0..<things.look(slot, { $0.row.customerCount }) {
            let customer = things.look(slot) { $0.row.customer(place) }
            if !people.contains(customer) { people.append(customer) }
        }
    }

    private mutating func noteUnsettled(_ slot: Int) {
        guard !things.look(slot, { $0.isUnsettled }) else { return }
        // Of a thing that nothing is known of, no row knows anything.
        if !things.look(slot, { $0.isEmpty }) {
            let kind = kind(of: slot)
            let before = things.look(slot) { TracedSubject.Before($0.row, kind) }
            things[unstored: slot].before = before
        }
        things[unstored: slot].isUnsettled = true
        unsettled.append(slot)
    }

    private func kind(of slot: Int) -> SubjectKind {
        let key = things.key(slot)
        guard let kind = SubjectKind(rawValue: key[key.startIndex + 1]) else {
            preconditionFailure("a thing's key has its kind")
        }
        return kind
    }

    /// Brings the rows that follow up to the things.
    ///
    /// - Parameter personal: Takes those that stand among what is kept of a customer.
    @inline(__always)
    mutating func settle<Context: FoldContext & ~Copyable>(
        in context: borrowing Context, _ personal: inout RowChanges
    ) throws(ViewFault) {
        for slot in unsettled {
            let kind = kind(of: slot)
            let after = things.look(slot) { SubjectTrace($0.row, kind) }
            let before = things[unstored: slot].takeBefore()
            // Customers are only ever added, so that all of them are there now.
            for place in 0..<things.look(slot, { $0.row.customerCount }) {
                let customer = things.look(slot) { $0.row.customer(place) }
                let known = before.flatMap { $0.customers.contains(customer) ? $0.trace : nil }
                movePlace(known, after, customer, kind, slot, &personal)
                moveSignals(known, after, customer, kind, slot)
                guard known?.purchase != after.purchase else { continue }
                PurchasesRecord.writeKey(customer, to: &key)
                let purchaseSlot = try purchases.slot(key, context)
                exchange(known?.purchase, after.purchase, customer, purchaseSlot)
            }
        }
        unsettled.removeAll(keepingCapacity: true)
    }

    private mutating func movePlace(
        _ before: SubjectTrace?, _ after: SubjectTrace, _ customer: CustomerID,
        _ kind: SubjectKind, _ slot: Int, _ personal: inout RowChanges
    ) {
        guard before?.place != after.place else { return }
        let name = things.key(slot).dropFirst(2)
        if let place = before?.place {
            PlaceRow.writeKey(customer, kind, place, name, to: &key)
            personal.remove(key)
        }
        if let place = after.place {
            PlaceRow.writeKey(customer, kind, place, name, to: &key)
            personal.put(key, PlaceRow(place))
        }
    }

    private mutating func moveSignals(
        _ before: SubjectTrace?, _ after: SubjectTrace, _ customer: CustomerID,
        _ kind: SubjectKind, _ slot: Int
    ) {
        if before == nil, after.signals.isEmpty { return }
        guard before?.signals ?? [] != after.signals else { return }
        let name = things.key(slot).dropFirst(2)
        for signal in before?.signals ?? [] {
            SignalRow.writeKey(signal, customer, kind, name, to: &key)
            signals.remove(key)
        }
        for signal in after.signals {
            SignalRow.writeKey(signal, customer, kind, name, to: &key)
            signals.put(key, SignalRow(position: signal.position))
        }
    }

    /// Exchanges a purchase of a person, and the signals that follow from all of them.
    private mutating func exchange(
        _ before: Purchase?, _ after: Purchase?, _ customer: CustomerID, _ slot: Int
    ) {
        put(PurchaseSignals.of(purchases[slot].purchases), customer, isThere: false)
        if let before { purchases[changing: slot].remove(before) }
        if let after { purchases[changing: slot].insert(after) }
        put(PurchaseSignals.of(purchases[slot].purchases), customer, isThere: true)
    }

    private mutating func put(_ list: [Signal], _ customer: CustomerID, isThere: Bool) {
        for signal in list {
            SignalRow.writeKey(signal, customer, .order, [0, 0], to: &key)
            if isThere {
                signals.put(key, SignalRow(position: signal.position))
            } else {
                signals.remove(key)
            }
        }
    }

    /// Notes a signal of an interaction, or takes it back.
    mutating func move(
        _ before: [Signal], _ after: [Signal], _ customer: CustomerID,
        interactionText: ArraySlice<UInt8>
    ) {
        guard before != after else { return }
        for signal in before {
            SignalRow.writeKey(signal, customer, .contact, interactionText, to: &key)
            signals.remove(key)
        }
        for signal in after {
            SignalRow.writeKey(signal, customer, .contact, interactionText, to: &key)
            signals.put(key, SignalRow(position: signal.position))
        }
    }

    /// Puts the changed facts and purchases among what else is kept of their customers.
    mutating func takePersonal(into rows: inout RowChanges) {
        facts.takeChanges(into: &rows)
        purchases.takeChanges(into: &rows)
    }

    /// Hands over the changed rows with prefix g.
    mutating func takeSignals(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) { try signals.take(body) }

    /// Hands over the changed rows with prefix s.
    mutating func takeThings(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        precondition(unsettled.isEmpty, "changes are taken of a fold that has settled")
        try things.takeChanges(body)
    }
}
