internal import ContactCentre
internal import EventModel

/// Folds events into interactions, for every view that needs their states.
///
/// In-order events are applied to the state as it is. A late one, before the last applied by
/// (occurred, position), makes its interaction be folded anew from the events it kept, so that
/// the state is always that of the order in which things happened.
///
///     key  'i', text interaction        row  InteractionRecord
struct InteractionFold<Trace: InteractionTrace> {
    private var table = Table<TracedInteraction<Trace>>()
    private var scratch: [UInt8] = []

    /// What an event did to its interaction.
    struct Step {
        /// The interaction's place in the working set.
        let slot: Int
        let before: Trace
        let after: Trace
    }

    /// Applies an event to its interaction; nil when it belongs to none.
    ///
    /// An event of a type that moves no interaction can yet tell whom the interaction concerns.
    @inline(__always)
    mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> Step? {
        guard let kind = startFinding(event) else { return nil }
        let slot = try table.slot(scratch, context)
        let customers = context.customers
        guard case .lifecycle(let moving) = kind else {
            return step(slot) { $0.add(customers) }
        }
        if let step = applyInOrder(event, moving, slot, customers) { return step }
        let fresh = try InteractionRefold.fold(
            event, moving, into: table[slot].record.positions, context)
        return step(slot) { record in
            record.add(customers)
            record.interaction = fresh.interaction
            record.positions = fresh.positions
        }
    }

    private enum Kind {
        case lifecycle(LifecycleEvent)
        case other
    }

    /// Puts the key of the event's interaction into the scratch buffer.
    private mutating func startFinding(_ event: borrowing EventView) -> Kind? {
        guard let name = event.bytes("interaction") else { return nil }
        let kind = LifecycleEvent(type: event.type)
        // Who is not let in has no interaction, whatever the event names.
        guard kind != .entryRefused else { return nil }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(InteractionKey.prefix)
        scratch.append(keyText: name)
        return kind.map { .lifecycle($0) } ?? .other
    }

    /// Applies an event that can be applied to the state as it is; nil for a late one.
    private mutating func applyInOrder(
        _ event: borrowing EventView, _ kind: LifecycleEvent, _ slot: Int,
        _ customers: [CustomerID]
    ) -> Step? {
        var traces: (before: Trace, after: Trace)?
        table.change(slot) { traced in
            guard traced.record.applyInOrder(event, kind) else { return }
            traced.record.add(customers)
            traces = traced.retrace()
        }
        return traces.map { Step(slot: slot, before: $0.before, after: $0.after) }
    }

    private mutating func step(
        _ slot: Int, _ body: (inout InteractionRecord) -> Void
    ) -> Step {
        var traces: (before: Trace, after: Trace)?
        table.change(slot) { traced in
            body(&traced.record)
            traces = traced.retrace()
        }
        guard let traces else { preconditionFailure("a change is made at once") }
        return Step(slot: slot, before: traces.before, after: traces.after)
    }

    /// The key of the interaction in a slot.
    func key(_ slot: Int) -> [UInt8] { table.key(slot) }

    /// Hands over the changed rows in key order.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
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
