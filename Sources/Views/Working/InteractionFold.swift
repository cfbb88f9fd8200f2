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

    /// Finds the interaction an event moves, or nil when it moves none.
    mutating func find<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> (slot: Int, kind: LifecycleEvent)? {
        guard let kind = LifecycleEvent(type: event.type), kind != .entryRefused,
            let name = event.bytes("interaction")
        else { return nil }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(Self.prefix)
        scratch.append(keyText: name)
        return (try table.slot(scratch, context), kind)
    }

    /// The interaction in a slot, as it stands.
    subscript(_ slot: Int) -> InteractionRecord {
        _read { yield table[slot] }
    }

    /// Applies the event to the interaction that `find` found for it.
    mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ found: (slot: Int, kind: LifecycleEvent),
        _ context: borrowing Context
    ) throws(ViewFault) {
        let isInOrder = table[found.slot].interaction.follows(event.occurred, event.position)
        let isFull = table[found.slot].positions.count >= InteractionLimits.positionsMax
        if isInOrder || isFull {
            table.change(found.slot) { record in
                record.add(context.customers)
                if isInOrder {
                    record.interaction.apply(event, as: found.kind)
                } else {
                    record.interaction.noteOverLimit(event, as: found.kind)
                }
                if !isFull { record.positions.append(event.position.rawValue) }
            }
        } else {
            try foldAnew(event, found, context)
        }
    }

    private mutating func foldAnew<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ found: (slot: Int, kind: LifecycleEvent),
        _ context: borrowing Context
    ) throws(ViewFault) {
        var positions = table[found.slot].positions
        let place = try Self.place(
            of: (event.occurred, event.position), among: positions, context)
        var fresh = Interaction()
        for position in positions[..<place] { try Self.apply(position, to: &fresh, context) }
        fresh.apply(event, as: found.kind)
        for position in positions[place...] { try Self.apply(position, to: &fresh, context) }
        positions.insert(event.position.rawValue, at: place)
        let isNew = context.customers
        table.change(found.slot) { record in
            record.interaction = fresh
            record.positions = positions
            record.add(isNew)
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
