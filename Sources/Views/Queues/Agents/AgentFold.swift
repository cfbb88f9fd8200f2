internal import ContactCentre
internal import EventModel

/// Folds events into agents, and agents into what their queues show of them.
///
/// As with interactions, rows that follow from an agent's record are made when the fold settles.
struct AgentFold {
    private var table = Table<TracedAgent>()
    private var staff = Table<QueueStaff>()
    private var free = RowChanges()
    private var members = RowChanges()
    private var work = RowChanges()
    private var unsettled: [Int] = []
    private var key: [UInt8] = []

    /// Counts an event that names an agent and takes what it tells of them.
    @inline(__always)
    mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let agent = event.bytes("agent") else { return }
        AgentRecord.writeKey(agent, to: &key)
        let slot = try table.slot(key, context)
        table[changing: slot].record.apply(event)
        noteUnsettled(slot)
    }

    /// Moves a contact that was over from whom it had let go, and when, to whom it lets go now.
    ///
    /// With every event, not when the fold settles: which few are kept of an agent's contacts must
    /// not depend on how events are cut into batches.
    @inline(__always)
    mutating func move<Context: FoldContext & ~Copyable>(
        from before: (agent: String, since: Timestamp)?,
        to after: (agent: String, since: Timestamp)?, _ interaction: ArraySlice<UInt8>,
        _ context: borrowing Context
    ) throws(ViewFault) {
        if let before, let after, before == after { return }
        if let before {
            let slot = try slot(before.agent, context)
            table[changing: slot].record.takeBack(release: interaction)
            noteUnsettled(slot)
        }
        if let after {
            let slot = try slot(after.agent, context)
            table[changing: slot].record.release(at: after.since, by: interaction)
            noteUnsettled(slot)
        }
    }

    /// Moves an agent's work from what an interaction made of it to what it makes now.
    @inline(__always)
    mutating func move<Context: FoldContext & ~Copyable>(
        _ before: [AgentWork], _ after: [AgentWork], _ interaction: ArraySlice<UInt8>,
        _ context: borrowing Context
    ) throws(ViewFault) {
        guard before != after else { return }
        for work in before where !after.contains(work) {
            try count(work, sign: -1, context)
            guard !after.contains(where: { $0.agent == work.agent }) else { continue }
            work.writeKey(interaction, to: &key)
            self.work.remove(key)
        }
        for work in after where !before.contains(work) {
            try count(work, sign: 1, context)
            work.writeKey(interaction, to: &key)
            self.work.put(key, work)
        }
    }

    @inline(__always)
    private mutating func count<Context: FoldContext & ~Copyable>(
        _ work: AgentWork, sign: Int64, _ context: borrowing Context
    ) throws(ViewFault) {
        let slot = try slot(work.agent, context)
        table[changing: slot].record.add(work.kind, work.channel, sign: sign)
        noteUnsettled(slot)
    }

    @inline(__always)
    private mutating func slot<Context: FoldContext & ~Copyable>(
        _ agent: String, _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        unsafe AgentRecord.writeKey(agent.utf8Span.span.bytes, to: &key)
        return try table.slot(key, context)
    }

    private mutating func noteUnsettled(_ slot: Int) {
        guard !table[slot].isUnsettled else { return }
        table[unstored: slot].isUnsettled = true
        unsettled.append(slot)
    }

    /// Brings the rows of queues up to the agents' records.
    mutating func settle<Context: FoldContext & ~Copyable>(
        in context: borrowing Context
    ) throws(ViewFault) {
        for slot in unsettled {
            let (before, after) = table[unstored: slot].settle()
            if before != after { try move(before, after, slot, context) }
        }
        unsettled.removeAll(keepingCapacity: true)
    }

    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: [AgentShare], _ after: [AgentShare], _ slot: Int, _ context: borrowing Context
    ) throws(ViewFault) {
        let agent = table.key(slot).dropFirst()
        for old in before {
            let new = after.first { $0.queue == old.queue }
            guard new != old else { continue }
            try add(old, sign: -1, context)
            if new == nil {
                MemberRow.writeKey(old.queue, agent, to: &key)
                members.remove(key)
            }
            if !old.free.isEmpty, new?.free.isEmpty ?? true || new?.idleSince != old.idleSince {
                FreeRow.writeKey(old, agent, to: &key)
                free.remove(key)
            }
        }
        for new in after {
            let old = before.first { $0.queue == new.queue }
            guard new != old else { continue }
            try add(new, sign: 1, context)
            if old == nil {
                MemberRow.writeKey(new.queue, agent, to: &key)
                members.put(key, MemberRow())
            }
            if !new.free.isEmpty {
                FreeRow.writeKey(new, agent, to: &key)
                free.put(key, FreeRow(channels: new.free))
            }
        }
    }

    private mutating func add<Context: FoldContext & ~Copyable>(
        _ share: AgentShare, sign: Int64, _ context: borrowing Context
    ) throws(ViewFault) {
        QueueStaff.writeKey(share.queue, to: &key)
        let slot = try staff.slot(key, context)
        staff[changing: slot].add(share, sign: sign)
    }

    /// Hands over the agents' work: the prefix a.
    mutating func takeWork(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        precondition(unsettled.isEmpty, "changes are taken of a fold that has settled")
        try work.take(body)
    }

    /// Hands over who is free, and the agents: the prefixes f, g.
    mutating func takeRecords(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try free.take(body)
        try table.takeChanges(body)
    }

    /// Hands over what queues show of agents: the prefixes m, n.
    mutating func takeQueues(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try members.take(body)
        try staff.takeChanges(body)
    }
}

/// An agent with what their queues show of them, which is not stored.
struct TracedAgent: RowRecord {
    var record: AgentRecord
    /// What the queues' rows know: the shares as of when it was settled last.
    private var shares: [AgentShare]
    var isUnsettled = false

    init() {
        record = AgentRecord()
        shares = []
    }

    init(row: RawSpan) throws(MalformedBytes) {
        record = try AgentRecord(row: row)
        shares = AgentShare.shares(of: record)
    }

    var isEmpty: Bool { record.isEmpty }

    func encode(into row: inout [UInt8]) { record.encode(into: &row) }

    mutating func settle() -> (before: [AgentShare], after: [AgentShare]) {
        let before = shares
        shares = AgentShare.shares(of: record)
        isUnsettled = false
        return (before, shares)
    }
}
