/// What ended the talk between customer and agent.
public enum ConnectionEnd: UInt8, DomainWord {
    /// Somebody hung up.
    case disconnected = 0
    /// It was passed on.
    case transferred = 1
    /// The customer gave up on hold.
    case abandoned = 2
    /// The agent began wrap-up; the source sends no end of the talk.
    case wrapUp = 3
    /// It broke.
    case failed = 4
    /// It ran into a limit.
    case expired = 5
    /// The source never said; the daemon inferred it.
    case inferred = 6

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .disconnected: "disconnected"
        case .transferred: "transferred"
        case .abandoned: "abandoned"
        case .wrapUp: "wrapUp"
        case .failed: "failed"
        case .expired: "expired"
        case .inferred: "inferred"
        }
    }
}

/// Who ended the talk.
public enum DisconnectedBy: UInt8, DomainWord {
    /// The customer.
    case customer = 0
    /// The agent.
    case agent = 1
    /// The switch or the flow.
    case system = 2
    /// The network.
    case telecom = 3
    /// Somebody else.
    case third = 4
    /// A supervisor.
    case supervisor = 5

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .customer: "customer"
        case .agent: "agent"
        case .system: "system"
        case .telecom: "telecom"
        case .third: "third"
        case .supervisor: "supervisor"
        }
    }
}

/// How a span of self-service ended.
public enum SelfServiceOutcome: UInt8, DomainWord {
    /// The customer got what they came for.
    case contained = 0
    /// It went on to people.
    case handedOver = 1
    /// The customer left.
    case dropped = 2

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .contained: "contained"
        case .handedOver: "handedOver"
        case .dropped: "dropped"
        }
    }
}

/// Who wrote a message.
public enum MessageAuthor: UInt8, DomainWord {
    /// The customer.
    case customer = 0
    /// A person of ours.
    case agent = 1
    /// A program that converses.
    case bot = 2
    /// An automatic notice.
    case system = 3

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .customer: "customer"
        case .agent: "agent"
        case .bot: "bot"
        case .system: "system"
        }
    }
}
