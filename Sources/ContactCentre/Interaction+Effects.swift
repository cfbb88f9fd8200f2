internal import EventModel

/// What each event does besides moving the state.
extension Interaction {
    mutating func perform(
        _ kind: LifecycleEvent, _ event: borrowing EventView, from before: InteractionState
    ) {
        let moment = event.occurred
        switch kind {
        case .created: create(event)
        case .selfServiceEntered: enterSelfService(event)
        case .selfServiceLeft: leaveSelfService(event)
        case .queueEntered: enterQueue(event)
        case .queuePositionChanged:
            guard let index = openStay else { return }
            stays[index].place = event.integer("position").map { max(0, $0) }
        case .queueLeft:
            endStay(at: moment, .flowedOut, event.word("reason", FlowOutReason.self))
        case .callbackRequested:
            callback = event.text("callback_id") ?? callback
            endStay(at: moment, .flowedOut, .toCallback)
        case .voicemailLeft: endStay(at: moment, .flowedOut, .toVoicemail)
        case .offerMade:
            makeOffer(event)
        case .offerAccepted: accept(event, from: before)
        case .offerRejected, .offerMissed, .offerRescinded, .offerFailed:
            offers.fruitless += 1
            endOffer(event)
        case .agentConnected: connect(event, from: before)
        case .holdStarted: startHold(at: moment)
        case .holdEnded: endHold(at: moment)
        case .consultStarted: consults += 1
        case .conferenceJoined: conferences += 1
        case .transferCompleted: transfers += 1
        case .messageReceived, .messageSent: countMessage(kind, event)
        case .abandoned: abandon(event, from: before)
        case .disconnected: disconnectedBy = event.word("by", DisconnectedBy.self)
        case .wrapUpStarted: wrapUpStarted = moment
        case .completed:
            isCompletionSaid = true
            resolution = event.word("outcome", Resolution.self) ?? resolution
        case .failed: endStay(at: moment, .failed)
        case .expired: endStay(at: moment, .expired)
        case .inferredEnd:
            // One that comes after a real end, or no silence, infers nothing.
            if before.isOpen, state == .completed { inferEnd(event, from: before) }
        case .callbackExpired:
            // That nobody made it may be known of silence alone: any other end counts instead.
            if before == .callbackPending { endInferredIn = before }
        case .reopened: reopened = moment
        case .waitAnnounced: keepAnnouncement(event)
        case .humanRequested:
            humanRequests += 1
            humanRequested = humanRequested ?? moment
        case .anomaly: noteTold(event)
        case .threadJoined: thread = event.text("thread") ?? thread
        case .threadSplit: if thread == event.text("thread") { thread = nil }
        case .classified:
            classification = event.word("kind", Classification.self) ?? classification
        case .wrapUpEnded, .consultEnded, .conferenceLeft, .transferStarted, .transferFailed,
            .entryRefused, .callbackReached, .callbackFailed, .callbackCancelled:
            break
        }
    }

    private mutating func create(_ event: borrowing EventView) {
        let earlierState = isImplicit ? state : .created
        let first = isImplicit ? created : event.occurred
        if event.occurred - first > InteractionLimits.clockSkewMillisecondsMax {
            note(.createdLate, event.position, .created, state)
        }
        begin(at: event.occurred, position: event.position, implicitly: false)
        state = earlierState
        channel = event.word("channel", Channel.self) ?? channel
        direction = event.word("direction", Direction.self)
        method = event.word("method", Method.self)
        createdQueue = event.text("queue") ?? ""
        previous = event.text("previous")
        related = event.text("related")
        thread = event.text("thread") ?? thread
        if let first = event.bytes("initial"), let own = event.bytes("interaction"),
            !first.equals(own)
        {
            initial = first.text()
        }
    }

    private mutating func keepAnnouncement(_ event: borrowing EventView) {
        guard let index = openStay, let expected = event.integer("expected_ms") else { return }
        func bounded(_ milliseconds: Int64) -> Int64 {
            min(max(0, milliseconds), InteractionLimits.announcedMillisecondsMax)
        }
        stays[index].announced = WaitAnnouncement(
            moment: event.occurred, expectedMilliseconds: bounded(expected),
            lowMilliseconds: event.integer("low_ms").map(bounded),
            highMilliseconds: event.integer("high_ms").map(bounded))
    }

    private mutating func enterSelfService(_ event: borrowing EventView) {
        guard selfService.count < InteractionLimits.selfServiceSpansMax else { return }
        selfService.append(
            SelfServiceSpan(flow: event.text("flow") ?? "", entered: event.occurred))
    }

    private mutating func leaveSelfService(_ event: borrowing EventView) {
        guard let last = selfService.indices.last else { return }
        selfService[last].left = event.occurred
        selfService[last].outcome = event.word("outcome", SelfServiceOutcome.self)
    }

    /// Ends a span that another event cut short.
    mutating func endSelfService(at moment: Timestamp) {
        guard let last = selfService.indices.last, selfService[last].left == nil else { return }
        selfService[last].left = moment
    }

    private mutating func noteTold(_ event: borrowing EventView) {
        func text(_ name: StaticString, _ event: borrowing EventView) -> String? {
            event.text(name).map { String($0.prefixBytes(InteractionLimits.toldTextBytesMax)) }
        }
        let told = ToldAnomaly(
            what: text("what", event) ?? "", expected: text("expected", event),
            got: text("got", event))
        note(.told, event.position, .anomaly, state, told: told)
    }

    private mutating func countMessage(_ kind: LifecycleEvent, _ event: borrowing EventView) {
        guard event.boolean("private") != true else { return }
        guard kind == .messageSent else {
            messages.received += 1
            return
        }
        messages.sent += 1
        let author = event.word("author", MessageAuthor.self)
        if author == .agent, messages.firstHumanReply == nil {
            messages.firstHumanReply = event.occurred
        }
    }
}

extension String {
    /// Returns the longest start of whole characters within so many bytes.
    fileprivate func prefixBytes(_ most: Int) -> Substring {
        guard utf8.count > most else { return self[...] }
        var end = startIndex
        var bytes = 0
        for index in indices {
            bytes += self[index].utf8.count
            if bytes > most { break }
            end = self.index(after: index)
        }
        return self[..<end]
    }
}
