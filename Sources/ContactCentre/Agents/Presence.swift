/// Whether an agent is there, as the agent or a supervisor says.
public enum Presence: UInt8, DomainWord {
    /// Not at work.
    case offline = 0
    /// Ready for work.
    case available = 1
    /// On a break.
    case `break` = 2
    /// Being trained.
    case training = 3
    /// In a meeting.
    case meeting = 4
    /// Something the centre has a name of its own for.
    case custom = 5

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .offline: "offline"
        case .available: "available"
        case .break: "break"
        case .training: "training"
        case .meeting: "meeting"
        case .custom: "custom"
        }
    }

    /// Tells whether somebody is at work and not free for contacts, whatever they do meanwhile.
    public var isNonProductive: Bool { self != .offline && self != .available }
}

/// What an agent does: derived, never told.
public enum AgentActivity: UInt8, DomainWord {
    /// Nothing that is known.
    case idle = 0
    /// It rings.
    case offering = 1
    /// With a customer, who may be on hold.
    case onContact = 2
    /// At the work after a contact.
    case wrapUp = 3
    /// Did not react to the last offer.
    case notResponding = 4
    /// The last offer did not reach the agent.
    case error = 5

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .idle: "idle"
        case .offering: "offering"
        case .onContact: "onContact"
        case .wrapUp: "wrapUp"
        case .notResponding: "notResponding"
        case .error: "error"
        }
    }
}

/// What an agent has to do with one contact.
public enum AgentWorkKind: UInt8, DomainWord {
    /// It rings.
    case ringing = 0
    /// They talk.
    case connected = 1
    /// The customer is on hold.
    case held = 2
    /// The work after it.
    case wrapUp = 3

    /// The word as documents spell it.
    public var word: StaticString {
        switch self {
        case .ringing: "ringing"
        case .connected: "connected"
        case .held: "held"
        case .wrapUp: "wrapUp"
        }
    }
}
