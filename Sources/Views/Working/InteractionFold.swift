internal import ContactCentre
internal import EventModel

/// Folds events into interactions, for every view that needs their states.
///
/// In-order events are applied to the state as it is. A late one, before the last applied by
/// (occurred, position), makes its interaction be folded anew from the events it kept, so that
/// the state is always that of the order in which things happened.
///
///     key  'i', text interaction        row  InteractionRecord
struct InteractionFold {
    static let prefix = UInt8(ascii: "i")

    private var table = Table<InteractionRecord>()
    private var scratch: [UInt8] = []

    /// An event's interaction: where it stands, and how the event moves it; an event of another
    /// type moves nothing, yet can tell whom the interaction concerns.
    typealias Found = (slot: Int, kind: LifecycleEvent?)

    /// Finds the interaction an event belongs to, or nil when it belongs to none.
    mutating func find<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> Found? {
        guard let name = event.bytes("interaction") else { return nil }
        // Who is not let in has no interaction, whatever the event names.
        let kind = LifecycleEvent(type: event.type)
        guard kind != .entryRefused else { return nil }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(Self.prefix)
        scratch.append(keyText: name)
        return (try table.slot(scratch, context), kind)
    }

    /// The interaction in a slot, as it stands.
    subscript(_ slot: Int) -> InteractionRecord {
        _read { yield table[slot] }
    }

    /// The key of the interaction in a slot.
    func key(_ slot: Int) -> [UInt8] { table.key(slot) }

    /// Applies the event to the interaction that `find` found for it.
    mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ found: Found, _ context: borrowing Context
    ) throws(ViewFault) {
        let customers = context.customers
        if table[found.slot].lacks(customers) {
            table.change(found.slot) { $0.add(customers) }
        }
        guard let kind = found.kind else { return }
        let isInOrder = table[found.slot].interaction.follows(event.occurred, event.position)
        let isFull = table[found.slot].positions.count >= InteractionLimits.positionsMax
        if isInOrder || isFull {
            table.change(found.slot) { record in
                if isInOrder {
                    record.interaction.apply(event, as: kind)
                } else {
                    record.interaction.noteOverLimit(event, as: kind)
                }
                if !isFull { record.positions.append(event.position.rawValue) }
            }
        } else {
            try foldAnew(event, found.slot, kind, context)
        }
    }

    private mutating func foldAnew<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ slot: Int, _ kind: LifecycleEvent,
        _ context: borrowing Context
    ) throws(ViewFault) {
        var positions = table[slot].positions
        let place = try Self.place(
            of: (event.occurred, event.position), among: positions, context)
        var fresh = Interaction()
        for position in positions[..<place] { try Self.apply(position, to: &fresh, context) }
        fresh.apply(event, as: kind)
        for position in positions[place...] { try Self.apply(position, to: &fresh, context) }
        positions.insert(event.position.rawValue, at: place)
        table.change(slot) { record in
            record.interaction = fresh
            record.positions = positions
        }
    }

    /// Finds how many of the kept events come before a late one, looking from the end.
    private static func place<Context: FoldContext & ~Copyable>(
        of late: (occurred: Timestamp, position: Position), among positions: [UInt64],
        _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        var place = positions.count
        while place > 0 {
            let position = Position(positions[place - 1])
            var occurred = Timestamp.earliest
            try context.earlierEvent(at: position) { earlier in occurred = earlier.occurred }
            if (occurred, position) < late { break }
            place -= 1
        }
        return place
    }

    private static func apply<Context: FoldContext & ~Copyable>(
        _ position: UInt64, to interaction: inout Interaction, _ context: borrowing Context
    ) throws(ViewFault) {
        var fresh = Interaction()
        swap(&fresh, &interaction)
        try context.earlierEvent(at: Position(position)) { earlier in
            guard let kind = LifecycleEvent(type: earlier.type) else { return }
            fresh.apply(earlier, as: kind)
        }
        swap(&fresh, &interaction)
    }

    /// Hands over the changed rows in key order.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try table.takeChanges(body)
    }

    /// Returns the key of an interaction's row.
    static func key(_ interaction: String) -> [UInt8] {
        var key = [prefix]
        key.append(keyText: interaction)
        return key
    }
}
