internal import ContactCentre
public import EventModel

/// Keeps what is known of each person: identifiers, counts, touchpoints, open interactions, and
/// the timeline of every person and interaction.
///
/// An event concerns the customers its own identifiers resolve to, and those its interaction is
/// already known to concern. Counts and touchpoints are functions of the interaction's state, so
/// a person who gets known late is given the whole interaction.
public struct CustomersProjection: Projection {
    /// The name of the view.
    public static let name = "customers"
    /// The version of the rows.
    public static let version = 1
    /// Holds identifiers as they were given.
    public static let place = PersonalDataPlace.customersView

    private var customers = Table<CustomerRecord>()
    private var interactions = InteractionFold<CustomerTraces>()
    private var chunks = Table<TimelineChunk>()
    private var open = Table<OpenRow>()
    private var touchpoints = Table<TouchpointRow>()
    private var key: [UInt8] = []

    /// Makes a fold with an empty working set.
    public init() {}

    /// Applies one event.
    public mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in context: borrowing Context
    ) throws(ViewFault) {
        var concerned = context.customers
        if let step = try interactions.apply(event, context) {
            let name = interactions.key(step.slot).dropFirst()
            try move(step.before, step.after, name, context)
            for customer in step.after.customers where !concerned.contains(customer) {
                concerned.append(customer)
            }
            if let name = event.bytes("interaction") {
                TimelineChunk.writeStart(name, to: &key)
                try append(event.position, context)
            }
        }
        for customer in concerned {
            let slot = try customers.slot(CustomerRecord.key(customer), context)
            customers.change(slot) { $0.touch(event.occurred) }
            TimelineChunk.writeStart(customer, to: &key)
            try append(event.position, context)
        }
        try seeIdentifiers(event, context)
    }

    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: CustomerTraces, _ after: CustomerTraces, _ name: ArraySlice<UInt8>,
        _ context: borrowing Context
    ) throws(ViewFault) {
        // Customers are only ever added, so that all of them are in `after`.
        for customer in after.customers {
            let isNew = !before.customers.contains(customer)
            let oldShare = isNew ? nil : before.share
            if oldShare != after.share {
                let slot = try customers.slot(CustomerRecord.key(customer), context)
                customers.change(slot) { record in
                    if let oldShare { record.add(oldShare, sign: -1) }
                    if let share = after.share { record.add(share, sign: 1) }
                    // Somebody who gets known late had their first contact when it began.
                    if isNew, let touchpoint = after.touchpoint { record.touch(touchpoint.started) }
                }
            }
            try move(isNew ? nil : before.touchpoint, after.touchpoint, customer, name, context)
        }
    }

    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: TouchpointRow.Touchpoint?, _ after: TouchpointRow.Touchpoint?,
        _ customer: CustomerID, _ name: ArraySlice<UInt8>, _ context: borrowing Context
    ) throws(ViewFault) {
        if let before, before.started != after?.started {
            let key = TouchpointRow.key(customer, before.started, name)
            touchpoints.change(try touchpoints.slot(key, context)) { $0.touchpoint = nil }
        }
        if let after, after != before {
            let key = TouchpointRow.key(customer, after.started, name)
            touchpoints.change(try touchpoints.slot(key, context)) { $0.touchpoint = after }
        }
        let wasOpen = before.flatMap { $0.state.isOpen ? $0.started : nil }
        let isOpen = after.flatMap { $0.state.isOpen ? $0.started : nil }
        guard wasOpen != isOpen else { return }
        let slot = try open.slot(OpenRow.start(customer) + name, context)
        open.change(slot) { $0.started = isOpen }
    }

    /// Appends a position to the stream whose start of keys stands in `key`.
    private mutating func append<Context: FoldContext & ~Copyable>(
        _ position: Position, _ context: borrowing Context
    ) throws(ViewFault) {
        let start = key.count
        key.append(bigEndian: TimelineChunk.growing)
        let growing = try chunks.slot(key, context)
        let positions = chunks[growing].positions
        if positions.count == ViewLimits.timelineChunkPositionsMax {
            key.removeSubrange(start...)
            key.append(bigEndian: positions[0])
            let full = try chunks.slot(key, context)
            chunks.change(full) { $0.positions = positions }
            chunks.change(growing) { $0.positions = [] }
        }
        chunks.change(growing) { $0.positions.append(position.rawValue) }
    }

    /// Notes each own identifier with the customer it belongs to.
    ///
    /// The context names the customers in the order of the identifiers, each once. Where that is
    /// fewer, an identifier belongs to who has shown it before, else to the person this event
    /// founded.
    private mutating func seeIdentifiers<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        let found = context.customers
        guard !found.isEmpty else { return }
        var own = 0
        var counting = event.identifiers()
        while let identifier = counting.next() { own += identifier.role == .own ? 1 : 0 }
        var index = 0
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard identifier.role == .own else { continue }
            let customer =
                found.count == own
                ? found[index] : try owner(of: identifier, among: found, event.position, context)
            index += 1
            let slot = try customers.slot(CustomerRecord.key(customer), context)
            customers.change(slot) { $0.see(identifier, event.occurred, event.position) }
        }
    }

    private mutating func owner<Context: FoldContext & ~Copyable>(
        of identifier: borrowing IdentifierView, among found: [CustomerID],
        _ position: Position, _ context: borrowing Context
    ) throws(ViewFault) -> CustomerID {
        for customer in found {
            let slot = try customers.slot(CustomerRecord.key(customer), context)
            if customers[slot].hasIdentifier(identifier.kind, identifier.value) {
                return customer
            }
        }
        return found.first { $0.rawValue == position.rawValue } ?? found[0]
    }

    /// Hands over the changed rows in key order: the prefixes c, i, k, o, t.
    public mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try customers.takeChanges(body)
        try interactions.takeChanges(body)
        try chunks.takeChanges(body)
        try open.takeChanges(body)
        try touchpoints.takeChanges(body)
    }
}

/// What an interaction leaves with the people it concerns.
private final class CustomerTraces: InteractionTrace {
    let customers: [CustomerID]
    let share: CustomerShare?
    let touchpoint: TouchpointRow.Touchpoint?

    init(_ record: borrowing InteractionRecord) {
        customers = record.customers
        share = CustomerShare(record.interaction)
        touchpoint = TouchpointRow.Touchpoint(record.interaction)
    }
}
