internal import EventModel

/// The event types that move an interaction, as a small number to switch on.
public enum LifecycleEvent: UInt8, DomainWord {
    /// Began; the first event of an interaction, or its details told later.
    case created = 0
    /// Self-service took over: IVR, bot, web form.
    case selfServiceEntered = 1
    /// Self-service ended.
    case selfServiceLeft = 2
    /// Began to wait in a queue.
    case queueEntered = 3
    /// Moved within the queue.
    case queuePositionChanged = 4
    /// Left the queue without an agent.
    case queueLeft = 5
    /// Rings at an agent.
    case offerMade = 6
    /// An agent took the offer.
    case offerAccepted = 7
    /// An agent declined.
    case offerRejected = 8
    /// An agent did not react.
    case offerMissed = 9
    /// The offer was taken back.
    case offerRescinded = 10
    /// The offer did not reach the agent.
    case offerFailed = 11
    /// Customer and agent are together.
    case agentConnected = 12
    /// The customer was put on hold.
    case holdStarted = 13
    /// The customer was taken off hold.
    case holdEnded = 14
    /// The agent asks somebody.
    case consultStarted = 15
    /// The agent stopped asking.
    case consultEnded = 16
    /// Another party joined.
    case conferenceJoined = 17
    /// Another party left.
    case conferenceLeft = 18
    /// The agent began to pass it on.
    case transferStarted = 19
    /// It was passed on; the talk ended.
    case transferCompleted = 20
    /// It could not be passed on.
    case transferFailed = 21
    /// The customer wrote.
    case messageReceived = 22
    /// We wrote.
    case messageSent = 23
    /// The customer asked to be called back.
    case callbackRequested = 24
    /// The customer gave up.
    case abandoned = 25
    /// The talk ended.
    case disconnected = 26
    /// The customer left a message.
    case voicemailLeft = 27
    /// The agent began the work after the talk.
    case wrapUpStarted = 28
    /// The agent finished that work.
    case wrapUpEnded = 29
    /// All work is done.
    case completed = 30
    /// It broke.
    case failed = 31
    /// It ran into a limit.
    case expired = 32
    /// The need came back, as a new interaction.
    case reopened = 33
    /// The source never sent the end; the daemon inferred it.
    case inferredEnd = 34
    /// Somebody found an impossible step.
    case anomaly = 35
    /// A contact was not let in; it never became an interaction.
    case entryRefused = 36
    /// Somebody said what kind of contact it is.
    case classified = 37
    /// The customer was told how long it will take.
    case waitAnnounced = 38
    /// The customer asked a machine for a person.
    case humanRequested = 39
    /// The call back reached the customer.
    case callbackReached = 40
    /// No attempt to call back reached the customer.
    case callbackFailed = 41
    /// The time for the call back is over.
    case callbackExpired = 42
    /// The call back is not wanted any more.
    case callbackCancelled = 43
    /// It belongs to a thread: a chain of interactions about one need.
    case threadJoined = 44
    /// It does not belong to that thread after all.
    case threadSplit = 45

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .created: "interaction.created"
        case .selfServiceEntered: "selfservice.entered"
        case .selfServiceLeft: "selfservice.left"
        case .queueEntered: "queue.entered"
        case .queuePositionChanged: "queue.positionChanged"
        case .queueLeft: "queue.left"
        case .offerMade: "offer.made"
        case .offerAccepted: "offer.accepted"
        case .offerRejected: "offer.rejected"
        case .offerMissed: "offer.missed"
        case .offerRescinded: "offer.rescinded"
        case .offerFailed: "offer.failed"
        case .agentConnected: "agent.connected"
        case .holdStarted: "hold.started"
        case .holdEnded: "hold.ended"
        case .consultStarted: "consult.started"
        case .consultEnded: "consult.ended"
        case .conferenceJoined: "conference.joined"
        case .conferenceLeft: "conference.left"
        case .transferStarted: "transfer.started"
        case .transferCompleted: "transfer.completed"
        case .transferFailed: "transfer.failed"
        case .messageReceived: "message.received"
        case .messageSent: "message.sent"
        case .callbackRequested: "callback.requested"
        case .abandoned: "interaction.abandoned"
        case .disconnected: "interaction.disconnected"
        case .voicemailLeft: "voicemail.left"
        case .wrapUpStarted: "wrapup.started"
        case .wrapUpEnded: "wrapup.ended"
        case .completed: "interaction.completed"
        case .failed: "interaction.failed"
        case .expired: "interaction.expired"
        case .reopened: "interaction.reopened"
        case .inferredEnd: "interaction.inferredEnd"
        case .anomaly: "interaction.anomaly"
        case .entryRefused: "entry.refused"
        case .classified: "contact.classified"
        case .waitAnnounced: "wait.announced"
        case .humanRequested: "selfservice.humanRequested"
        case .callbackReached: "callback.reached"
        case .callbackFailed: "callback.failed"
        case .callbackExpired: "callback.expired"
        case .callbackCancelled: "callback.cancelled"
        case .threadJoined: "thread.joined"
        case .threadSplit: "thread.split"
        }
    }

    /// The types of this list alone: one hash less than by the numbers of `TypeRegistry`, in which
    /// all of them stand.
    private static let byType = SpanTable(allCases.map { ("\($0.word)", $0) })

    /// Finds the event of a type, or nil when the type does not move interactions.
    ///
    /// Complexity: one hash of the type.
    public init?(type: RawSpan) {
        guard let event = Self.byType[type] else { return nil }
        self = event
    }
}
