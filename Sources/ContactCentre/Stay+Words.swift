/// What a time in a queue waits for.
public enum StayKind: UInt8, DomainWord {
    /// The customer waits on the line.
    case live = 0
    /// A call back waits; not in offered and service level.
    case callback = 1
    /// A contact passed on waits.
    case transfer = 2
    /// A contact from a full queue waits.
    case overflow = 3

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .live: "live"
        case .callback: "callback"
        case .transfer: "transfer"
        case .overflow: "overflow"
        }
    }
}

/// How a time in a queue ended.
public enum StayOutcome: UInt8, DomainWord {
    /// An agent took it.
    case answered = 0
    /// The customer gave up.
    case abandoned = 1
    /// It left the queue without an agent.
    case flowedOut = 2
    /// It broke.
    case failed = 3
    /// It ran into a limit.
    case expired = 4

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .answered: "answered"
        case .abandoned: "abandoned"
        case .flowedOut: "flowedOut"
        case .failed: "failed"
        case .expired: "expired"
        }
    }
}

/// Why a contact left a queue without an agent.
public enum FlowOutReason: UInt8, DomainWord {
    /// The queue was too full.
    case overflow = 0
    /// The wait was too long.
    case timeout = 1
    /// Nobody serves the queue.
    case empty = 2
    /// The customer chose another way.
    case keyPress = 3
    /// Somebody took it out.
    case withdrawn = 4
    /// It went on to another queue.
    case toOtherQueue = 5
    /// The customer left a message.
    case toVoicemail = 6
    /// The customer asked to be called back.
    case toCallback = 7

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .overflow: "overflow"
        case .timeout: "timeout"
        case .empty: "empty"
        case .keyPress: "keyPress"
        case .withdrawn: "withdrawn"
        case .toOtherQueue: "toOtherQueue"
        case .toVoicemail: "toVoicemail"
        case .toCallback: "toCallback"
        }
    }
}

/// Where the customer gave up.
public enum AbandonPhase: UInt8, DomainWord {
    /// In self-service, before any queue.
    case preQueue = 0
    /// Waiting in a queue.
    case queue = 1
    /// While it rang at an agent.
    case offer = 2
    /// On hold, after an agent had answered.
    case hold = 3
    /// On a message channel, before a human replied.
    case unreplied = 4

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .preQueue: "preQueue"
        case .queue: "queue"
        case .offer: "offer"
        case .hold: "hold"
        case .unreplied: "unreplied"
        }
    }
}
