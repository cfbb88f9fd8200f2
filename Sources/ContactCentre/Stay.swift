public import EventModel

/// One time in a queue: from `queue.entered` to the one event that ends it.
public struct Stay: Hashable, Sendable {
    /// The queue.
    public var queue: String
    /// What it waits for.
    public var kind: StayKind
    /// Greater is served first.
    public var priority: Int64
    /// When this stay began: its wait counts from here.
    public var entered: Timestamp
    /// What its turn counts from: the first stay's entry when the place was kept.
    public var firstEntry: Timestamp
    /// The place in the queue that the source last told.
    public var place: Int64?
    /// When it ended; nil while the customer waits.
    public var ended: Timestamp?
    /// How it ended.
    public var outcome: StayOutcome?
    /// Why it left the queue, where it flowed out.
    public var flowOutReason: FlowOutReason?
    /// Where the customer gave up, if so.
    public var abandonPhase: AbandonPhase?
    /// Who answered.
    public var agent: String?
    /// The skills it needs, as its producer lists them.
    public var skills: String?
    /// The language it needs (BCP 47).
    public var language: String?
    /// The wait that was told last.
    public var announced: WaitAnnouncement?
    /// The source that told of it, where it is not the interaction's own: a telephone system hands
    /// over to a queue that tells of itself.
    public var source: String?

    /// Makes an open stay.
    public init(queue: String, entered: Timestamp) {
        self.queue = queue
        kind = .live
        priority = 0
        self.entered = entered
        firstEntry = entered
    }

    /// How long the customer waited, in milliseconds; nil while they wait.
    public var waitMilliseconds: Int64? { ended.map { $0 - entered } }

    /// Tells whether it counts as offered: a call back that waits does not.
    public var isOffered: Bool { kind != .callback }
}
