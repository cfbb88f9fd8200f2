/// Who reached out.
public enum Direction: UInt8, DomainWord {
    /// The customer.
    case inbound = 0
    /// The company.
    case outbound = 1
    /// Both ends are ours.
    case `internal` = 2

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .inbound: "inbound"
        case .outbound: "outbound"
        case .internal: "internal"
        }
    }
}

/// How an interaction began.
public enum Method: UInt8, DomainWord {
    /// The customer reached out.
    case inbound = 0
    /// We reached out.
    case outbound = 1
    /// An agent passed it on.
    case transfer = 2
    /// An agent passed it on to a queue.
    case queueTransfer = 3
    /// We called back as asked.
    case callback = 4
    /// Another system asked for it.
    case api = 5
    /// Somebody listens in.
    case monitor = 6
    /// The flow went on after the agent left.
    case afterDisconnect = 7
    /// A message arrived through a web hook.
    case webhook = 8
    /// An agent asked another one.
    case consult = 9

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .inbound: "inbound"
        case .outbound: "outbound"
        case .transfer: "transfer"
        case .queueTransfer: "queueTransfer"
        case .callback: "callback"
        case .api: "api"
        case .monitor: "monitor"
        case .afterDisconnect: "afterDisconnect"
        case .webhook: "webhook"
        case .consult: "consult"
        }
    }
}

/// Whether the need was met.
public enum Resolution: UInt8, DomainWord {
    /// It was.
    case resolved = 0
    /// It was not.
    case notResolved = 1
    /// Nobody said.
    case unknown = 2

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .resolved: "resolved"
        case .notResolved: "notResolved"
        case .unknown: "unknown"
        }
    }
}

/// What a contact is counted as. All but `genuine` are out of every metric, and counted as such.
public enum Classification: UInt8, DomainWord {
    /// A customer with a need.
    case genuine = 0
    /// A test, or a virtual call of the switch.
    case test = 1
    /// Advertising, robots.
    case spam = 2
    /// Somebody who meant somebody else.
    case wrongNumber = 3
    /// Colleagues.
    case `internal` = 4
    /// Trainees and their trainers.
    case training = 5
    /// Nobody said anything.
    case silent = 6

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .genuine: "genuine"
        case .test: "test"
        case .spam: "spam"
        case .wrongNumber: "wrongNumber"
        case .internal: "internal"
        case .training: "training"
        case .silent: "silent"
        }
    }

    /// Tells whether such a contact counts in the metrics.
    public var isCounted: Bool { self == .genuine }
}
