internal import ContactCentre
internal import EventModel

/// Folds events into interactions, for every view that needs their states.
///
/// In-order events are applied to the state as it is. A late one, before the last applied by
/// (occurred, position), makes its interaction be folded anew from the events it kept, so that
/// the state is always that of the order in which things happened.
///
///     key  'i', text interaction        row  InteractionRecord
///
/// Other rows follow from the states. They are not brought along with every event but when the
/// fold settles: what an interaction was for them then, and what it is now. As they are functions
/// of the state, and sums of such, nothing is lost by leaving out what was in between.
struct InteractionFold<Trace: InteractionTrace> {
    private var table = Table<TracedInteraction<Trace>>()
    private var key: [UInt8] = []
    private var unsettled: [Int] = []
    /// The customers of whom the last event showed that its interaction concerns them.
    private(set) var added: [CustomerID] = []

    /// What events did to an interaction since it was settled before.
    struct Step {
        /// The interaction's place in the working set.
        let slot: Int
        let before: Trace
        let after: Trace
    }

    /// What an event means for its interaction.
    enum Kind {
        case lifecycle(LifecycleEvent)
        /// It moves nothing, but the fold's details read it.
        case detail
        /// It moves nothing, but can yet tell whom the interaction concerns.
        case other
    }

    /// Says that the view has no interactions yet.
    mutating func beginEmpty() { table.beginEmpty() }

    /// Finds out what an event means for the interaction it names; nil when it belongs to none.
    mutating func begin(_ event: borrowing EventView) -> Kind? {
        guard let name = event.bytes("interaction") else { return nil }
        let kind = LifecycleEvent(type: event.type)
        // Who is not let in has no interaction, whatever the event names.
        guard kind != .entryRefused else { return nil }
        key.removeAll(keepingCapacity: true)
        key.append(InteractionKey.prefix)
        key.append(keyText: name)
        if let kind { return .lifecycle(kind) }
        return Trace.Details.reads(event.type) ? .detail : .other
    }

    /// Begins an interaction that the event itself does not name.
    mutating func begin(_ interaction: String) {
        key.removeAll(keepingCapacity: true)
        key.append(InteractionKey.prefix)
        key.append(keyText: interaction)
    }

    /// Takes earlier events into an interaction, which did not name it; as far as it keeps events.
    mutating func take<Context: FoldContext & ~Copyable>(
        _ positions: [UInt64], into slot: Int, _ surroundings: Trace.Details.Surroundings,
        _ context: borrowing Context
    ) throws(ViewFault) {
        let own = table[slot].record.positions
        let room = max(0, InteractionLimits.positionsMax - own.count)
        // Whose events are not all kept is not told anew by those that are.
        guard room > 0 else { return }
        noteUnsettled(slot)
        let fresh: DetailedRecord<Trace.Details> = try InteractionRefold.fold(
            own + positions.prefix(room), surroundings, context)
        replace(slot, by: fresh)
        var shown: [CustomerID] = []
        for position in positions.prefix(room) {
            try context.earlierEvent(at: Position(position)) { (earlier) throws(ViewFault) in
                try context.findCustomers(of: earlier, into: &shown)
                add(shown, shown: earlier.occurred, to: slot)
            }
        }
    }

    private mutating func replace(_ slot: Int, by fresh: DetailedRecord<Trace.Details>) {
        table[changing: slot].record.interaction = fresh.interaction
        table[changing: slot].record.positions = fresh.positions
        table[changing: slot].record.details = fresh.details
    }

    /// The name of the interaction that was begun, as a text part of keys.
    var begun: ArraySlice<UInt8> { key.dropFirst() }

    /// Finds the slot of the interaction that was begun, where it is at hand.
    var knownSlot: Int? { table.known(key) }

    /// Finds the slot of the interaction that was begun, of which no event came before.
    mutating func newSlot() -> Int { table.slot(unstored: key) }

    /// Finds the slot of the interaction that was begun.
    @inline(__always)
    mutating func slot<Context: FoldContext & ~Copyable>(
        _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        try table.slot(key, context)
    }

    /// Applies the event that was begun to its interaction.
    ///
    /// - Parameter customers: Whom the event concerns.
    @inline(__always)
    mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ kind: Kind, _ customers: [CustomerID], to slot: Int,
        _ surroundings: Trace.Details.Surroundings, _ context: borrowing Context
    ) throws(ViewFault) {
        switch kind {
        case .lifecycle(let moving):
            try apply(event, moving, to: slot, surroundings, context)
        case .detail: try apply(event, nil, to: slot, surroundings, context)
        case .other: break
        }
        add(customers, shown: event.occurred, to: slot)
    }

    /// Applies the event that was begun, and returns the slot of its interaction.
    @inline(__always)
    mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ kind: Kind, _ customers: [CustomerID],
        _ surroundings: Trace.Details.Surroundings, _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        let slot = try slot(context)
        try apply(event, kind, customers, to: slot, surroundings, context)
        return slot
    }

    @inline(__always)
    private mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ kind: LifecycleEvent?, to slot: Int,
        _ surroundings: Trace.Details.Surroundings, _ context: borrowing Context
    ) throws(ViewFault) {
        if applyInOrder(event, kind, slot, surroundings) { return }
        let fresh: DetailedRecord<Trace.Details> = try InteractionRefold.fold(
            event, kind, into: table[slot].record.positions, surroundings, context)
        replace(slot, by: fresh)
    }

    /// Whom the interaction concerns that was begun.
    mutating func customers<Context: FoldContext & ~Copyable>(
        _ context: borrowing Context
    ) throws(ViewFault) -> [CustomerID] {
        let slot = try table.slot(key, context)
        return table[slot].record.customers
    }

    private mutating func applyInOrder(
        _ event: borrowing EventView, _ kind: LifecycleEvent?, _ slot: Int,
        _ surroundings: Trace.Details.Surroundings
    ) -> Bool {
        noteUnsettled(slot)
        return table[changing: slot].record.applyInOrder(event, kind, surroundings)
    }

    private mutating func add(
        _ customers: [CustomerID], shown occurred: Timestamp, to slot: Int
    ) {
        added.empty()
        for customer in customers
        where table[slot].record.isNews(customer, shown: occurred) {
            noteUnsettled(slot)
            if table[changing: slot].record.show(customer, at: occurred) { added.append(customer) }
        }
    }

    private mutating func noteUnsettled(_ slot: Int) {
        guard !table[slot].isUnsettled else { return }
        table[unstored: slot].isUnsettled = true
        unsettled.append(slot)
    }

    /// Returns what has changed since the last call, in the order of first changes.
    mutating func settle() -> [Step] {
        var steps: [Step] = []
        steps.reserveCapacity(unsettled.count)
        for slot in unsettled {
            let traces = table[unstored: slot].settle()
            steps.append(Step(slot: slot, before: traces.before, after: traces.after))
        }
        unsettled.removeAll(keepingCapacity: true)
        return steps
    }

    /// The interaction's name in a slot, as a text part of keys.
    func name(_ slot: Int) -> ArraySlice<UInt8> { table.key(slot).dropFirst() }

    /// Asks something of the interaction in a slot, where it stands: see `Table.look`.
    @inline(__always)
    mutating func look<Answer>(
        _ slot: Int, _ question: (borrowing DetailedRecord<Trace.Details>) -> Answer
    ) -> Answer {
        table.look(slot) { question($0.record) }
    }

    /// The interaction in a slot.
    subscript(_ slot: Int) -> DetailedRecord<Trace.Details> {
        _read { yield table[slot].record }
    }

    /// Hands over the changed rows in key order.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        precondition(unsettled.isEmpty, "changes are taken of a fold that has settled")
        try table.takeChanges(body)
    }
}

/// Where an interaction's row stands.
enum InteractionKey {
    static let prefix = UInt8(ascii: "i")

    /// Returns the key of an interaction's row.
    static func of(_ interaction: String) -> [UInt8] {
        var key = [prefix]
        key.append(keyText: interaction)
        return key
    }
}
