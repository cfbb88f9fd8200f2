internal import ContactCentre
public import EventModel

/// Keeps every interaction's state, who waits in which queue, who is with which agent, and each
/// queue's counts.
///
/// Waiting and service rows and the counts are functions of the interaction's state, so an event
/// changes them by what it changes in that state, whenever it comes.
public struct QueuesProjection: Projection {
    /// The name of the view.
    public static let name = "queues"
    /// The version of the rows.
    public static let version = 1
    /// Holds customer ids and references.
    public static let place = PersonalDataPlace.queuesView

    private var interactions = InteractionFold<QueueTraces>()
    private var queues = Table<QueueCounts>()
    private var waiting = Table<WaitingRow>()
    private var service = Table<ServiceRow>()
    private var agents = Table<ServiceRow>()
    private var presences = Table<PresenceRow>()
    private var key: [UInt8] = []

    /// Makes a fold with an empty working set.
    public init() {}

    /// Applies one event.
    public mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in context: borrowing Context
    ) throws(ViewFault) {
        guard let step = try interactions.apply(event, context) else {
            return try foldPresence(event, context)
        }
        let name = interactions.key(step.slot).dropFirst()
        try move(step.before.waiting, step.after.waiting, name, context)
        try move(step.before.service, step.after.service, name, context)
        try move(step.before.shares, step.after.shares, context)
    }

    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: WaitingRow.Place?, _ after: WaitingRow.Place?, _ name: ArraySlice<UInt8>,
        _ context: borrowing Context
    ) throws(ViewFault) {
        guard before != after else { return }
        if let before, after.map({ !$0.isSamePlace(before) }) ?? true {
            before.writeKey(name, to: &key)
            waiting.change(try waiting.slot(key, context)) { $0.place = nil }
        }
        if let after {
            after.writeKey(name, to: &key)
            waiting.change(try waiting.slot(key, context)) { $0.place = after }
        }
    }

    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: ServiceRow.Place?, _ after: ServiceRow.Place?, _ name: ArraySlice<UInt8>,
        _ context: borrowing Context
    ) throws(ViewFault) {
        guard before != after else { return }
        if let before {
            ServiceRow.writeKey(ServiceRow.queuePrefix, before.queue, name, to: &key)
            service.change(try service.slot(key, context)) { $0.place = nil }
            ServiceRow.writeKey(ServiceRow.agentPrefix, before.agent, name, to: &key)
            agents.change(try agents.slot(key, context)) { $0.place = nil }
        }
        if let after {
            ServiceRow.writeKey(ServiceRow.queuePrefix, after.queue, name, to: &key)
            service.change(try service.slot(key, context)) { $0.place = after }
            ServiceRow.writeKey(ServiceRow.agentPrefix, after.agent, name, to: &key)
            agents.change(try agents.slot(key, context)) { $0.place = after }
        }
    }

    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: [QueueShare], _ after: [QueueShare], _ context: borrowing Context
    ) throws(ViewFault) {
        guard before != after else { return }
        for (shares, sign) in [(before, Int64(-1)), (after, 1)] {
            for share in shares {
                let slot = try queues.slot(QueueCounts.key(share.queue), context)
                queues.change(slot) { $0.add(share.counts, sign: sign) }
            }
        }
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
        presences.change(slot) { row in
            row.occurred = event.occurred
            row.position = event.position
            row.presence = presence
            row.reason = event.text("reason")
        }
    }

    /// Hands over the changed rows in key order: the prefixes a, i, p, q, s, w.
    public mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try agents.takeChanges(body)
        try interactions.takeChanges(body)
        try presences.takeChanges(body)
        try queues.takeChanges(body)
        try service.takeChanges(body)
        try waiting.takeChanges(body)
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
