/// The lifecycle of an interaction as data: which event moves it from which states to which.
///
/// The rows stand as in the domain's table of states; of several rows for one event and state
/// the first whose condition holds applies. Rows marked `ours` are additions to that table, each
/// with its reason. A pair of event and state without a row is an impossible step.
public enum LifecycleTable {
    /// One line of the table.
    public struct Row: Sendable {
        /// What happened.
        public let event: LifecycleEvent
        /// The states it may happen in.
        public let from: StateSet
        /// The state after it; nil when it stays the same.
        public let to: InteractionState?
        /// What else must hold.
        public let condition: Condition
        /// Whether the line is an addition to the domain's table.
        public let isOurs: Bool

        init(
            _ event: LifecycleEvent, _ from: StateSet, to: InteractionState?,
            if condition: Condition = .always, ours: Bool = false
        ) {
            self.event = event
            self.from = from
            self.to = to
            self.condition = condition
            isOurs = ours
        }
    }

    /// What must hold, besides the state, for a row to apply.
    public enum Condition: Sendable {
        /// Nothing else.
        case always
        /// The interaction was created on first sight of another event.
        case createdImplicitly
        /// A stay is open: the customer waits, whatever else happens.
        case waiting
        /// More than one offer is pending.
        case othersRinging
        /// At least one offer is pending.
        case ringing
        /// The agent of the event accepted the last connection, which nobody has connected yet.
        case acceptedNotConnected
        /// The agent of the event connected the last connection without having accepted.
        case connectedNotAccepted
        /// The last connection came about without a queue and without an acceptance.
        case connectedBeforeQueue
        /// Self-service ended with another event; its own word on the end is still to come.
        case selfServiceCutShort
        /// The customer left before any queue, or before any human reply.
        case leftBeforeQueue
        /// The reason is `toCallback`.
        case toCallback
        /// Something happened while an inference says that nothing did.
        case silenceBroken
        /// The end was reached without `interaction.completed`.
        case completionUnsaid
    }

    /// The states in which offers may still be pending for somebody else.
    private static let afterRinging: StateSet = [
        .connected, .held, .disconnected, .wrapUp, .completed, .abandoned, .flowedOut,
        .callbackPending, .voicemail, .failed, .expired,
    ]

    /// The states after self-service, while its own end may still be told.
    private static let afterSelfService = StateSet.any.subtracting([.created, .selfService])

    /// All lines; those of one event stand together.
    public static let rows: [Row] =
        beginning + queueing + offers + answering + duringTheTalk + leaving + ending + besides

    private static let beginning: [Row] = [
        Row(.created, .none, to: .created),
        // An event that overtook `interaction.created` has begun the interaction already.
        Row(.created, .any, to: nil, if: .createdImplicitly, ours: true),
        Row(.selfServiceEntered, [.created, .queued], to: .selfService),
        // Entered from a queue: the customer has not left it.
        Row(.selfServiceLeft, .selfService, to: .queued, if: .waiting, ours: true),
        Row(.selfServiceLeft, .selfService, to: .created),
        // The next event, by another clock, came first.
        Row(.selfServiceLeft, afterSelfService, to: nil, if: .selfServiceCutShort, ours: true),
    ]

    private static let queueing: [Row] = [
        Row(
            .queueEntered, [.created, .selfService, .offering, .flowedOut, .callbackPending],
            to: .queued),
        // Two clocks: the agent's ran so far ahead that the talk begins before the wait.
        Row(
            .queueEntered, [.connected, .held, .disconnected, .wrapUp, .completed, .failed],
            to: nil, if: .connectedBeforeQueue, ours: true),
        Row(.queuePositionChanged, .queued, to: nil),
        Row(.queueLeft, [.queued, .offering], to: .flowedOut),
        Row(.queueLeft, .selfService, to: .flowedOut, if: .waiting, ours: true),
        // The other half of a taken callback; `callback.requested` has ended the stay already.
        Row(.queueLeft, .callbackPending, to: nil, if: .toCallback, ours: true),
    ]

    private static let offers: [Row] =
        [
            Row(.offerMade, [.created, .queued, .offering], to: .offering),
            Row(.offerMade, .selfService, to: .offering, if: .waiting, ours: true),
            Row(.offerAccepted, .offering, to: .connected),
            // Sources without `offer.made`.
            Row(.offerAccepted, .queued, to: .connected, ours: true),
            Row(.offerAccepted, .selfService, to: .connected, if: .waiting, ours: true),
            // Two clocks: the agent's ran ahead of the queue's, even past the end of the talk.
            Row(
                .offerAccepted, [.connected, .held, .disconnected, .wrapUp, .completed, .failed],
                to: nil, if: .connectedNotAccepted, ours: true),
        ] + [.offerRejected, .offerMissed, .offerRescinded, .offerFailed].flatMap(outcome)

    /// An offer that came to nothing: others may still ring, the customer may wait on.
    private static func outcome(of event: LifecycleEvent) -> [Row] {
        [
            Row(event, .offering, to: .offering, if: .othersRinging),
            Row(event, .offering, to: .queued, if: .waiting),
            Row(event, .offering, to: .created, ours: true),
            // Ring-all: the other agents hear of the end after it.
            Row(event, afterRinging, to: nil, if: .ringing, ours: true),
        ]
    }

    private static let answering: [Row] = [
        Row(.agentConnected, [.queued, .offering, .created], to: .connected),
        // The machine handed over without a word, or its word is by a slower clock.
        Row(.agentConnected, .selfService, to: .connected, ours: true),
        // Two clocks: the queue's ran ahead of the agent's.
        Row(.agentConnected, .connected, to: nil, if: .acceptedNotConnected, ours: true),
    ]

    private static let duringTheTalk: [Row] = [
        Row(.holdStarted, .connected, to: .held),
        Row(.holdEnded, .held, to: .connected),
        Row(.consultStarted, [.connected, .held], to: nil),
        Row(.consultEnded, [.connected, .held], to: nil),
        Row(.conferenceJoined, .connected, to: nil),
        Row(.conferenceLeft, .connected, to: nil),
        Row(.transferStarted, [.connected, .held, .disconnected], to: nil),
        Row(.transferCompleted, [.connected, .held, .disconnected], to: .disconnected),
        Row(.transferFailed, [.connected, .held, .disconnected], to: nil),
        Row(.messageReceived, .open, to: nil),
        Row(.messageSent, .open, to: nil),
    ]

    private static let leaving: [Row] = [
        // The domain has it pass through `flowedOut`; nothing can be seen of it there.
        Row(.callbackRequested, [.queued, .selfService, .offering], to: .callbackPending),
        // `queue.left` of the same batch came first.
        Row(.callbackRequested, .flowedOut, to: .callbackPending, ours: true),
        Row(.abandoned, [.selfService, .queued, .offering], to: .abandoned),
        Row(.abandoned, [.held, .connected], to: .disconnected),
        // `selfservice.left` with outcome dropped came first, or a chat never got a reply.
        Row(.abandoned, .created, to: .abandoned, if: .leftBeforeQueue, ours: true),
        Row(.disconnected, [.connected, .held], to: .disconnected),
        Row(.voicemailLeft, [.queued, .offering, .selfService, .flowedOut], to: .voicemail),
    ]

    private static let ending: [Row] = [
        Row(.wrapUpStarted, [.connected, .disconnected], to: .wrapUp),
        Row(.wrapUpEnded, .wrapUp, to: .completed),
        Row(
            .completed, [.wrapUp, .disconnected, .flowedOut, .abandoned, .voicemail],
            to: .completed),
        // `wrapup.ended` or an inferred end came first; this one tells the outcome.
        Row(.completed, .completed, to: nil, if: .completionUnsaid, ours: true),
        Row(.failed, .open, to: .failed),
        Row(.expired, .open, to: .expired),
        // The interaction it opens tells of itself; the old one stays completed.
        Row(.reopened, .completed, to: nil),
        // Something happened within the silence that it was inferred from, and was told of late.
        Row(.inferredEnd, .open, to: nil, if: .silenceBroken, ours: true),
        Row(.inferredEnd, .open, to: .completed),
        // A real end came late and counts; the inference is superseded.
        Row(.inferredEnd, [.completed, .abandoned, .failed, .expired], to: nil, ours: true),
        Row(.anomaly, .any, to: nil),
        Row(.classified, .any, to: nil, ours: true),
    ]

    private static let besides: [Row] =
        [
            // Told of a wait that is over by then: kept only while somebody waits.
            Row(.waitAnnounced, .any, to: nil, ours: true),
            Row(.humanRequested, .any, to: nil, ours: true),
            Row(.threadJoined, .any, to: nil, ours: true),
            Row(.threadSplit, .any, to: nil, ours: true),
        ] + callbackEnds

    /// The end of a call back ends the interaction that waits for it. Named with the leg that it
    /// made, it moves nothing.
    private static let callbackEnds: [Row] = [
        (LifecycleEvent.callbackReached, InteractionState.completed),
        (.callbackFailed, .failed), (.callbackExpired, .expired), (.callbackCancelled, .completed),
    ].flatMap { event, end in
        [
            Row(event, .callbackPending, to: end, ours: true),
            Row(event, .any, to: nil, ours: true),
        ]
    }
}

extension LifecycleTable {
    /// For every event the range of its rows, so that a step looks at a handful of them.
    private static let ranges: [Range<Int>] = LifecycleEvent.allCases.map { event in
        guard let first = rows.firstIndex(where: { $0.event == event }) else { return 0..<0 }
        let count = rows[first...].prefix { $0.event == event }.count
        precondition(
            !rows[(first + count)...].contains { $0.event == event },
            "the rows of an event stand together")
        return first..<first + count
    }

    /// Returns the row that applies, or nil when the step is impossible.
    static func row(
        _ event: LifecycleEvent, in state: InteractionState, where holds: (Condition) -> Bool
    ) -> Row? {
        let bit = StateSet(state)
        for index in ranges[Int(event.rawValue)] where rows[index].from.contains(bit) {
            if rows[index].condition == .always || holds(rows[index].condition) {
                return rows[index]
            }
        }
        return nil
    }

    /// Returns the states in which the event is possible, for what an anomaly expected.
    public static func states(before event: LifecycleEvent) -> StateSet {
        rows[ranges[Int(event.rawValue)]].reduce(into: []) { $0.formUnion($1.from) }
    }
}
