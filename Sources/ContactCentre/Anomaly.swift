public import EventModel

/// A step that cannot be: recorded, and the interaction left as it was.
public struct Anomaly: Hashable, Sendable {
    /// The event.
    public var position: Position
    /// What was wrong.
    public var kind: AnomalyKind
    /// What was sent.
    public var event: LifecycleEvent
    /// The state it was sent in.
    public var state: InteractionState
    /// The texts of an `interaction.anomaly`; nil for what the fold found itself.
    public var told: ToldAnomaly?

    /// The states in which the event is possible: what was expected.
    public var expected: StateSet { LifecycleTable.states(before: event) }
}

/// What is wrong with a step.
public enum AnomalyKind: UInt8, DomainWord {
    /// The table of states has no such step.
    case impossibleStep = 0
    /// A second `interaction.created`.
    case createdTwice = 1
    /// The phase of an abandonment does not fit what was open; the end is taken as told.
    case phaseMismatch = 2
    /// Somebody else told of it, by `interaction.anomaly`.
    case told = 3
    /// The interaction has too many parts; this one is not kept.
    case overLimit = 4
    /// It is said to have begun long after its first event: by another clock.
    case createdLate = 5

    /// The word as documents spell it.
    public var word: StaticString {
        switch self {
        case .impossibleStep: "impossibleStep"
        case .createdTwice: "createdTwice"
        case .phaseMismatch: "phaseMismatch"
        case .told: "told"
        case .overLimit: "overLimit"
        case .createdLate: "createdLate"
        }
    }
}

/// The texts of an `interaction.anomaly`.
public struct ToldAnomaly: Hashable, Sendable {
    /// What was wrong.
    public var what: String
    /// What would have been right.
    public var expected: String?
    /// What came instead.
    public var got: String?
}
