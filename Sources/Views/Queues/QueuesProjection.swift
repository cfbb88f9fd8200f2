internal import ContactCentre
public import EventModel

/// Keeps every interaction's state, who waits in which queue, who is with which agent, and each
/// queue's counts.
///
/// Waiting and service rows and the counts are functions of the interaction's state, so events
/// change them by what they change in that state, whenever they come.
public struct QueuesProjection: Projection {
    /// The name of the view.
    public static let name = "queues"
    /// The version of the rows.
    public static let version = 2
    /// Holds customer ids and references.
    public static let place = PersonalDataPlace.queuesView

    private var interactions = InteractionFold<QueueTraces>()
    private var queues = Table<QueueCounts>()
    private var presences = Table<PresenceRow>()
    private var waiting = RowChanges()
    private var service = RowChanges()
    private var agents = RowChanges()
    private var key: [UInt8] = []
    private var people: [CustomerID] = []

    /// Makes a fold with an empty working set.
    public init() {}

    /// Applies one event.
    public mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in context: borrowing Context
    ) throws(ViewFault) {
        guard let kind = interactions.begin(event) else {
            return try foldPresence(event, context)
        }
        try context.findCustomers(of: event, into: &people)
        _ = try interactions.apply(event, kind, people, context)
    }

    /// Brings waiting and service rows and the counts up to the interactions' states.
    public mutating func settle<Context: FoldContext & ~Copyable>(
        in context: borrowing Context
    ) throws(ViewFault) {
        for step in interactions.settle() {
            move(step.before.waiting, step.after.waiting, step.slot)
            move(step.before.service, step.after.service, step.slot)
            try move(step.before.shares, step.after.shares, context)
        }
    }

    private mutating func move(
        _ before: WaitingRow.Place?, _ after: WaitingRow.Place?, _ slot: Int
    ) {
        guard before != after else { return }
        let name = interactions.name(slot)
        if let before, after.map({ !$0.isSamePlace(before) }) ?? true {
            before.writeKey(name, to: &key)
            waiting.remove(key)
        }
        if let after {
            after.writeKey(name, to: &key)
            waiting.put(key, WaitingRow(after))
        }
    }

    private mutating func move(
        _ before: ServiceRow.Place?, _ after: ServiceRow.Place?, _ slot: Int
    ) {
        guard before != after else { return }
        let name = interactions.name(slot)
        if let before {
            ServiceRow.writeKey(ServiceRow.queuePrefix, before.queue, name, to: &key)
            service.remove(key)
            ServiceRow.writeKey(ServiceRow.agentPrefix, before.agent, name, to: &key)
            agents.remove(key)
        }
        if let after {
            ServiceRow.writeKey(ServiceRow.queuePrefix, after.queue, name, to: &key)
            service.put(key, ServiceRow(after))
            ServiceRow.writeKey(ServiceRow.agentPrefix, after.agent, name, to: &key)
            agents.put(key, ServiceRow(after))
        }
    }

    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: [QueueShare], _ after: [QueueShare], _ context: borrowing Context
    ) throws(ViewFault) {
        guard before != after else { return }
        for share in before { try add(share, sign: -1, context) }
        for share in after { try add(share, sign: 1, context) }
    }

    private mutating func add<Context: FoldContext & ~Copyable>(
        _ share: QueueShare, sign: Int64, _ context: borrowing Context
    ) throws(ViewFault) {
        QueueCounts.writeKey(share.queue, to: &key)
        let slot = try queues.slot(key, context)
        queues[changing: slot].add(share.counts, sign: sign)
    }

    private mutating func foldPresence<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard event.type.equals("agent.presence"), let agent = event.bytes("agent"),
            let presence = event.text("presence")
        else { return }
        key.removeAll(keepingCapacity: true)
        key.append(PresenceRow.prefix)
        key.append(keyText: agent)
        let slot = try presences.slot(key, context)
        let last = presences[slot]
        guard (last.occurred, last.position) < (event.occurred, event.position) else { return }
        presences[changing: slot].occurred = event.occurred
        presences[changing: slot].position = event.position
        presences[changing: slot].presence = presence
        presences[changing: slot].reason = event.text("reason")
    }

    /// Hands over the changed rows in key order: the prefixes a, i, p, q, s, w.
    public mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try agents.take(body)
        try interactions.takeChanges(body)
        try presences.takeChanges(body)
        try queues.takeChanges(body)
        try service.take(body)
        try waiting.take(body)
    }
}

/// What an interaction leaves in rows of queues and agents.
private final class QueueTraces: InteractionTrace {
    let waiting: WaitingRow.Place?
    let service: ServiceRow.Place?
    let shares: [QueueShare]

    init(_ record: borrowing InteractionRecord) {
        waiting = WaitingRow.Place(record)
        service = ServiceRow.Place(record)
        shares = QueueShare.shares(of: record.interaction)
    }
}
