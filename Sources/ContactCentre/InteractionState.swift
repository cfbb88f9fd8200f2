/// Where an interaction stands.
public enum InteractionState: UInt8, DomainWord {
    /// Nothing has been heard of it.
    case none = 0
    /// It began.
    case created = 1
    /// The customer deals with a machine.
    case selfService = 2
    /// The customer waits.
    case queued = 3
    /// It rings at one or more agents.
    case offering = 4
    /// Customer and agent are together.
    case connected = 5
    /// The customer is on hold.
    case held = 6
    /// The talk ended; work may follow.
    case disconnected = 7
    /// The agent works on after the talk.
    case wrapUp = 8
    /// All is done.
    case completed = 9
    /// The customer gave up.
    case abandoned = 10
    /// It left a queue without an agent.
    case flowedOut = 11
    /// The customer will be called back.
    case callbackPending = 12
    /// The customer left a message.
    case voicemail = 13
    /// It broke.
    case failed = 14
    /// It ran into a limit.
    case expired = 15

    /// The word as events and documents spell it.
    public var word: StaticString {
        switch self {
        case .none: "none"
        case .created: "created"
        case .selfService: "selfService"
        case .queued: "queued"
        case .offering: "offering"
        case .connected: "connected"
        case .held: "held"
        case .disconnected: "disconnected"
        case .wrapUp: "wrapUp"
        case .completed: "completed"
        case .abandoned: "abandoned"
        case .flowedOut: "flowedOut"
        case .callbackPending: "callbackPending"
        case .voicemail: "voicemail"
        case .failed: "failed"
        case .expired: "expired"
        }
    }

    /// Tells whether more is expected to happen.
    public var isOpen: Bool { StateSet.open.contains(StateSet(self)) }
}

/// A set of states.
public struct StateSet: OptionSet, Sendable {
    /// One bit per state, by its raw value.
    public let rawValue: UInt32

    /// Makes a set from its bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Makes the set of one state.
    public init(_ state: InteractionState) { rawValue = 1 << UInt32(state.rawValue) }

    static let none = StateSet(InteractionState.none)
    static let created = StateSet(InteractionState.created)
    static let selfService = StateSet(InteractionState.selfService)
    static let queued = StateSet(InteractionState.queued)
    static let offering = StateSet(InteractionState.offering)
    static let connected = StateSet(InteractionState.connected)
    static let held = StateSet(InteractionState.held)
    static let disconnected = StateSet(InteractionState.disconnected)
    static let wrapUp = StateSet(InteractionState.wrapUp)
    static let completed = StateSet(InteractionState.completed)
    static let abandoned = StateSet(InteractionState.abandoned)
    static let flowedOut = StateSet(InteractionState.flowedOut)
    static let callbackPending = StateSet(InteractionState.callbackPending)
    static let voicemail = StateSet(InteractionState.voicemail)
    static let failed = StateSet(InteractionState.failed)
    static let expired = StateSet(InteractionState.expired)

    /// Every state but `none`.
    static let any = StateSet(rawValue: 0xFFFE)
    /// The states in which more is expected to happen.
    static let open = any.subtracting([.completed, .abandoned, .failed, .expired])

    /// The states of the set, in the order of their raw values.
    public var states: [InteractionState] {
        InteractionState.allCases.filter { contains(StateSet($0)) }
    }
}
