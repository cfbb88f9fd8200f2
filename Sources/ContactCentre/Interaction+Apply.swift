public import EventModel

extension Interaction {
    /// Applies an event that follows all before it.
    ///
    /// Impossible steps become anomalies and leave the state; nothing an event says can trap.
    public mutating func apply(_ event: borrowing EventView, as kind: LifecycleEvent) {
        let occurred = event.occurred
        precondition(follows(occurred, event.position), "events are applied in their order")
        if state == .none, kind != .created {
            begin(at: occurred, position: event.position, implicitly: true)
        }
        supersedeInference(by: kind, event)
        if let row = LifecycleTable.row(kind, in: state, where: { holds($0, event) }) {
            let before = state
            state = row.to ?? before
            perform(kind, event, from: before)
            settle(from: before, by: kind, at: occurred)
        } else {
            let isSecond = kind == .created
            note(isSecond ? .createdTwice : .impossibleStep, event.position, kind, state)
        }
        fillIn(event, kind)
        if kind == .messageReceived || kind == .messageSent { noteAnswer(event, kind) }
        lastOccurred = occurred
        lastPosition = event.position
    }

    func holds(
        _ condition: LifecycleTable.Condition, _ event: borrowing EventView
    ) -> Bool {
        switch condition {
        case .always: return true
        case .createdImplicitly: return isImplicit
        case .waiting: return openStay != nil
        case .othersRinging: return othersRing(besides: event)
        case .ringing: return pendingOffer(of: event) != nil
        case .acceptedNotConnected:
            guard let last = connections.last else { return false }
            return last.connected == nil && Self.isAgent(last.agent, of: event)
        case .connectedNotAccepted:
            guard let last = connections.last else { return false }
            guard last.accepted == nil, let connected = last.connected else { return false }
            return event.occurred - connected
                <= InteractionLimits.acceptanceLatenessMillisecondsMax
                && Self.isAgent(last.agent, of: event)
        case .connectedBeforeQueue: return isConnectedBeforeQueue(at: event.occurred)
        case .selfServiceCutShort:
            guard let last = selfService.last else { return false }
            return last.left != nil && last.outcome == nil
        case .leftBeforeQueue:
            let phase = event.word("phase", AbandonPhase.self)
            return phase == .preQueue || phase == .unreplied
        case .toCallback: return event.word("reason", FlowOutReason.self) == .toCallback
        case .silenceBroken:
            return event.integer("after_ms").map { event.occurred - lastOccurred < $0 } ?? false
        case .completionUnsaid: return !isCompletionSaid
        }
    }

    private static func isAgent(_ agent: String, of event: borrowing EventView) -> Bool {
        guard let named = event.bytes("agent") else { return agent.isEmpty }
        return named.equals(agent)
    }

    mutating func begin(at occurred: Timestamp, position: Position, implicitly: Bool) {
        state = .created
        created = occurred
        createdPosition = position
        isImplicit = implicitly
    }

    /// Records an impossible step, with its circumstances while there is room.
    mutating func note(
        _ kind: AnomalyKind, _ position: Position, _ event: LifecycleEvent,
        _ state: InteractionState, told: ToldAnomaly? = nil
    ) {
        anomalyCount += 1
        guard anomalies.count < InteractionLimits.anomaliesMax else { return }
        anomalies.append(
            Anomaly(position: position, kind: kind, event: event, state: state, told: told))
    }

    /// Takes from any event what the interaction does not know yet.
    private mutating func fillIn(_ event: borrowing EventView, _ kind: LifecycleEvent) {
        if channel == .unknown { channel = event.word("channel", Channel.self) ?? .unknown }
        if thread == nil, kind != .threadSplit { thread = event.text("thread") }
        if source == nil, event.source.byteCount > 0 { source = event.source.text() }
    }

    /// Takes note of what waits for an answer, or has one, whether or not the message was possible in
    /// the state: who wrote waits.
    private mutating func noteAnswer(_ event: borrowing EventView, _ kind: LifecycleEvent) {
        guard event.boolean("private") != true,
            let author = event.word("author", MessageAuthor.self)
        else { return }
        if kind == .messageSent {
            if author == .agent { messages.unanswered = nil }
        } else if author == .customer, messages.unanswered == nil {
            messages.unanswered = Messages.Unanswered(
                occurred: event.occurred, position: event.position)
        }
    }

    /// Closes what cannot outlast the state that was left.
    private mutating func settle(
        from before: InteractionState, by kind: LifecycleEvent, at moment: Timestamp
    ) {
        guard state != before else { return }
        if before == .selfService { endSelfService(at: moment) }
        if before == .wrapUp { wrapUpEnded = moment }
        switch state {
        case .disconnected, .wrapUp, .completed, .failed, .expired:
            endConnection(at: moment, Self.end(by: kind))
        default: break
        }
        if !state.isOpen, ended == nil { ended = moment }
    }

    private static func end(by kind: LifecycleEvent) -> ConnectionEnd {
        switch kind {
        case .transferCompleted: .transferred
        case .abandoned: .abandoned
        case .wrapUpStarted: .wrapUp
        case .failed: .failed
        case .expired: .expired
        case .inferredEnd: .inferred
        default: .disconnected
        }
    }
}
