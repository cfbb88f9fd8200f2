internal import ContactCentre
public import EventModel

/// Keeps every interaction's state, who waits in which queue, every agent's state, who of them is
/// free, and each queue's counts.
///
/// Waiting and service rows, agents' work and the counts are functions of the interaction's state,
/// so events change them by what they change in that state, whenever they come.
public struct QueuesProjection: ~Copyable, Projection {
    /// The name of the view.
    public static let name = "queues"
    /// The version of the rows.
    public static let version = 9
    /// Holds customer ids and references.
    public static let place = PersonalDataPlace.queuesView

    private var interactions = InteractionFold<QueueTraces>()
    private var queues = Table<QueueCounts>()
    private var agents = AgentFold()
    private var sources = SourceFold()
    private var callbacks = CallbackFold()
    private var definitions = Table<DefinitionVersions>()
    private var openings = Table<OpeningWord>()
    private var open = RowChanges()
    private var waiting = RowChanges()
    private var oldest = RowChanges()
    private var service = RowChanges()
    private var people = RowChanges()
    private var key: [UInt8] = []
    private var customers: [CustomerID] = []

    /// Makes a fold with an empty working set.
    public init() {}

    /// Applies one event.
    public mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in context: borrowing Context
    ) throws(ViewFault) {
        try agents.apply(event, context)
        try sources.apply(event, context)
        guard let kind = interactions.begin(event) else {
            return try foldOther(event, context)
        }
        try context.findCustomers(of: event, into: &customers)
        let slot = try interactions.slot(context)
        let released = interactions.look(slot) { $0.interaction.released }
        try interactions.apply(event, kind, customers, to: slot, (), context)
        if case .lifecycle(let moving) = kind {
            try follow(event, moving, slot, released: released, context)
        }
        try callbacks.apply(event, in: interactions[slot].interaction.stays, context)
    }

    /// Brings along what follows from an interaction with every event of it.
    ///
    /// - Parameter released: Whom it had let go before the event.
    @inline(__always)
    private mutating func follow<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ moving: LifecycleEvent, _ slot: Int,
        released before: (agent: String, since: Timestamp)?, _ context: borrowing Context
    ) throws(ViewFault) {
        let after = interactions.look(slot) { $0.interaction.released }
        if before != nil || after != nil {
            try agents.move(from: before, to: after, interactions.name(slot), context)
        }
        if moving == .queueEntered, let queue = event.bytes("queue") {
            try sources.note(event, feeds: queue, context)
        }
        let isLate = interactions[slot].interaction.lastPosition != event.position
        if isLate || moving == .queueEntered && interactions[slot].interaction.callback != nil {
            try callbacks.enter(
                interactions[slot].interaction.stays, interactions.name(slot), context)
        }
    }

    /// Brings waiting and service rows and the counts up to the interactions' states.
    public mutating func settle<Context: FoldContext & ~Copyable>(
        in context: borrowing Context
    ) throws(ViewFault) {
        for step in interactions.settle() {
            move(step.before.waiting, step.after.waiting, step.slot)
            move(step.before.service, step.after.service, step.slot)
            move(step.before.person, step.after.person, step.slot)
            move(step.before.openHour, step.after.openHour, step.slot)
            try move(step.before.shares, step.after.shares, context)
            try agents.move(
                step.before.work, step.after.work, interactions.name(step.slot), context)
        }
        try agents.settle(in: context)
        callbacks.settle()
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
        if let before {
            OldestRow.writeKey(before, name, to: &key)
            oldest.remove(key)
        }
        if let after {
            after.writeKey(name, to: &key)
            waiting.put(key, WaitingRow(after))
            OldestRow.writeKey(after, name, to: &key)
            oldest.put(key, OldestRow(source: after.source))
        }
    }

    private mutating func move(
        _ before: ServiceRow.Place?, _ after: ServiceRow.Place?, _ slot: Int
    ) {
        guard before != after else { return }
        let name = interactions.name(slot)
        if let before {
            ServiceRow.writeKey(before.queue, name, to: &key)
            service.remove(key)
        }
        if let after {
            ServiceRow.writeKey(after.queue, name, to: &key)
            service.put(key, ServiceRow(after))
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

    private mutating func move(_ before: Int64?, _ after: Int64?, _ slot: Int) {
        guard before != after else { return }
        let name = interactions.name(slot)
        if let before {
            SilenceRow.writeKey(before, name, to: &key)
            open.remove(key)
        }
        if let after {
            SilenceRow.writeKey(after, name, to: &key)
            open.put(key, SilenceRow())
        }
    }

    private mutating func move(
        _ before: PersonRow.Place?, _ after: PersonRow.Place?, _ slot: Int
    ) {
        guard before != after else { return }
        let name = interactions.name(slot)
        if let before {
            for customer in before.customers {
                before.writeKey(customer, name, to: &key)
                people.remove(key)
            }
        }
        if let after {
            for customer in after.customers {
                after.writeKey(customer, name, to: &key)
                people.put(key, after.row)
            }
        }
    }

    /// Applies an event that belongs to no interaction.
    private mutating func foldOther<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        let type = event.type
        if type.equals("entry.refused") {
            try countRefusal(event, context)
        } else if type.equals("definition.set") {
            try define(event, context)
        } else if let word = OpeningWord.read(event, to: &key) {
            let slot = try openings.slot(key, context)
            if openings[slot].stamp < word.stamp { openings[changing: slot] = word }
        } else {
            try callbacks.apply(event, in: [], context)
        }
    }

    /// Keeps a definition that the live state reads.
    private mutating func define<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard QueuesDefinitionKind.writeKey(event, to: &key) else { return }
        let slot = try definitions.slot(key, context)
        definitions[changing: slot].apply(
            event, keeping: ViewLimits.definitionVersionsKept)
    }

    /// Counts a contact that was not let in: it never becomes an interaction.
    private mutating func countRefusal<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let queue = event.text("queue") else { return }
        QueueCounts.writeKey(queue, to: &key)
        let slot = try queues.slot(key, context)
        queues[changing: slot].refused &+= 1
    }

    /// Hands over the changed rows in key order: by their prefixes.
    public mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try agents.takeWork(body)
        try callbacks.takeDue(body)
        try callbacks.takeAsked(body)
        try definitions.takeChanges(body)
        try oldest.take(body)
        try agents.takeRecords(body)
        try openings.takeChanges(body)
        try interactions.takeChanges(body)
        try callbacks.takeRecords(body)
        try agents.takeQueues(body)
        try people.take(body)
        try queues.takeChanges(body)
        try service.take(body)
        try open.take(body)
        try waiting.take(body)
        try sources.takeChanges(body)
    }
}

/// What an interaction leaves in rows of queues and agents.
private final class QueueTraces: InteractionTrace {
    let waiting: WaitingRow.Place?
    let service: ServiceRow.Place?
    let shares: [QueueShare]
    let work: [AgentWork]
    let person: PersonRow.Place?
    let openHour: Int64?

    init(_ record: borrowing InteractionRecord) {
        waiting = WaitingRow.Place(record)
        service = ServiceRow.Place(record)
        shares = QueueShare.shares(of: record.interaction)
        work = AgentWork.all(of: record)
        person = PersonRow.Place(record)
        openHour = SilenceRow.hour(of: record)
    }
}
