internal import EventModel

/// Ends that the daemon inferred from silence hold until the source is heard of again.
extension Interaction {
    /// Ends what is open, and keeps where it stood.
    mutating func inferEnd(_ event: borrowing EventView, from before: InteractionState) {
        endInferredIn = before
        endStay(at: event.occurred, .expired)
    }

    /// Makes an inferred end as if it had never been, where a real step was possible before it.
    ///
    /// What is taken back is just what `inferEnd` and the settling of the state have done, so that
    /// the state is that of the real events alone.
    mutating func supersedeInference(by kind: LifecycleEvent, _ event: borrowing EventView) {
        guard let before = endInferredIn else { return }
        switch state {
        case .completed: guard kind.isRealStep else { return }
        case .expired: guard kind.goesOnWithCallback else { return }
        default: return
        }
        var real = self
        real.takeBackInference(before)
        guard LifecycleTable.row(kind, in: before, where: { real.holds($0, event) }) != nil else {
            return
        }
        self = real
    }

    private mutating func takeBackInference(_ before: InteractionState) {
        let moment = ended
        state = before
        ended = nil
        endInferredIn = nil
        if let last = stays.indices.last, stays[last].outcome == .expired,
            stays[last].ended == moment
        {
            stays[last].ended = nil
            stays[last].outcome = nil
        }
        if let last = connections.indices.last, connections[last].end == .inferred {
            connections[last].ended = nil
            connections[last].end = nil
            // The hold went on: it is counted to the inferred end, and from there.
            if before == .held { connections[last].holdStarted = moment }
        }
        if before == .selfService, let last = selfService.indices.last {
            selfService[last].left = nil
        }
        if before == .wrapUp { wrapUpEnded = nil }
    }
}

extension LifecycleEvent {
    /// Whether it tells that a call back was still to come, or how it ended.
    fileprivate var goesOnWithCallback: Bool {
        switch self {
        case .callbackReached, .callbackFailed, .callbackCancelled, .callbackRequested,
            .queueEntered:
            true
        default: false
        }
    }

    /// Whether it tells that the interaction went on, and not only something about it.
    fileprivate var isRealStep: Bool {
        switch self {
        case .created, .inferredEnd, .anomaly, .classified, .reopened, .entryRefused,
            .waitAnnounced, .humanRequested, .threadJoined, .threadSplit:
            false
        default: true
        }
    }
}
