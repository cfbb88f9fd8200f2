internal import EventModel

/// Stays and connections: the wait and the talk.
extension Interaction {
    mutating func enterQueue(_ event: borrowing EventView) {
        let moment = event.occurred
        endStay(at: moment, .flowedOut, .toOtherQueue)
        guard stays.count < InteractionLimits.staysMax else {
            note(.overLimit, event.position, .queueEntered, state)
            return
        }
        var stay = Stay(queue: event.text("queue") ?? "", entered: moment)
        stay.kind = event.word("stay_kind", StayKind.self) ?? .live
        stay.priority = event.integer("priority") ?? 0
        stay.place = event.integer("position").map { max(0, $0) }
        stay.skills = event.text("skills")
        stay.language = event.text("language")
        if let source, event.source.byteCount > 0, !event.source.equals(source) {
            stay.source = event.source.text()
        }
        if event.boolean("keep_place") == true, let last = stays.last {
            stay.firstEntry = last.firstEntry
        }
        stays.append(stay)
        if isConnectedBeforeQueue(at: moment) { answerBackdated(at: moment) }
    }

    /// Whether the agent's clock says that the talk began before the queue's says that it was
    /// entered: nobody has accepted yet, and the connection belongs to no stay.
    func isConnectedBeforeQueue(at moment: Timestamp) -> Bool {
        guard let last = connections.last, let connected = last.connected else { return false }
        return last.accepted == nil && last.stay == nil
            && moment - connected <= InteractionLimits.clockSkewMillisecondsMax
    }

    /// Ties the stay just begun to the talk that ran ahead of it: answered without a wait, until
    /// an acceptance says how long it was.
    private mutating func answerBackdated(at moment: Timestamp) {
        let last = connections.count - 1
        connections[last].stay = stays.count - 1
        connections[last].queue = stays[stays.count - 1].queue
        endStay(at: moment, .answered, agent: connections[last].agent)
    }

    /// Ends the open stay; without one there is nothing to end.
    mutating func endStay(
        at moment: Timestamp, _ outcome: StayOutcome, _ reason: FlowOutReason? = nil,
        agent: String? = nil, phase: AbandonPhase? = nil
    ) {
        guard let index = openStay else { return }
        stays[index].ended = moment
        stays[index].outcome = outcome
        stays[index].flowOutReason = reason
        stays[index].agent = agent
        stays[index].abandonPhase = phase
    }

    /// The agent took the offer: the wait ends here, whichever clock came first.
    mutating func accept(_ event: borrowing EventView, from before: InteractionState) {
        let moment = event.occurred
        endOffer(event)
        switch before {
        case .queued, .offering, .selfService:
            guard let index = openNewConnection(event, .offerAccepted) else { return }
            connections[index].accepted = moment
        default:
            guard let last = connections.indices.last else { return }
            connections[last].accepted = moment
            if let stay = connections[last].stay { stays[stay].ended = moment }
        }
    }

    /// Customer and agent are together: the talk starts here; the wait ends too, unless an
    /// acceptance says when.
    mutating func connect(_ event: borrowing EventView, from before: InteractionState) {
        if before == .connected {
            guard let last = connections.indices.last else { return }
            connections[last].connected = event.occurred
        } else if let index = openNewConnection(event, .agentConnected) {
            connections[index].connected = event.occurred
        }
    }

    private mutating func openNewConnection(
        _ event: borrowing EventView, _ kind: LifecycleEvent
    ) -> Int? {
        let agent = event.text("agent") ?? ""
        let stay = openStay
        endStay(at: event.occurred, .answered, agent: agent)
        guard connections.count < InteractionLimits.connectionsMax else {
            note(.overLimit, event.position, kind, state)
            return nil
        }
        let named = stay.map { stays[$0].queue } ?? event.text("queue") ?? queue
        connections.append(Connection(agent: agent, stay: stay, queue: named))
        return connections.count - 1
    }

    mutating func endConnection(at moment: Timestamp, _ end: ConnectionEnd) {
        guard let index = openConnection else { return }
        endHold(at: moment)
        connections[index].ended = moment
        connections[index].end = end
    }

    mutating func startHold(at moment: Timestamp) {
        guard let index = openConnection else { return }
        connections[index].holds += 1
        connections[index].holdStarted = moment
    }

    mutating func endHold(at moment: Timestamp) {
        guard let index = openConnection, let started = connections[index].holdStarted else {
            return
        }
        connections[index].holdMilliseconds += moment - started
        connections[index].holdStarted = nil
    }

    /// The customer gave up. What was open decides what ends; a phase that does not fit is noted.
    mutating func abandon(_ event: borrowing EventView, from before: InteractionState) {
        let phase = event.word("phase", AbandonPhase.self)
        abandonPhase = phase
        let isWaiting = openStay != nil
        isAbandonedBeforeQueue =
            !isWaiting && (before == .selfService || before == .created) && phase != .unreplied
        endStay(at: event.occurred, .abandoned, phase: phase)
        let fits =
            switch phase {
            case .preQueue: isAbandonedBeforeQueue
            case .queue: isWaiting
            case .offer: before == .offering
            case .hold: before == .held || before == .connected
            case .unreplied: true
            case nil: false
            }
        if !fits { note(.phaseMismatch, event.position, .abandoned, before) }
    }
}
