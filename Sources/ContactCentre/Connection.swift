public import EventModel

/// Customer and agent together: from acceptance or connection to the end of the talk.
///
/// A source whose queue and agent clocks differ sends both `offer.accepted`, which ends the wait,
/// and `agent.connected`, which starts the talk; most send one of them, and it does both.
public struct Connection: Hashable, Sendable {
    /// The agent.
    public var agent: String
    /// Which stay it ended, as an index into the interaction's stays; nil without a queue.
    public var stay: Int?
    /// The queue it counts for; empty when none is known.
    public var queue: String
    /// When the agent accepted, by the queue's clock.
    public var accepted: Timestamp?
    /// When the agent was connected, by the agent's clock.
    public var connected: Timestamp?
    /// When the talk ended.
    public var ended: Timestamp?
    /// What ended it.
    public var end: ConnectionEnd?
    /// Time on hold, finished holds only, in milliseconds.
    public var holdMilliseconds: Int64 = 0
    /// Holds begun.
    public var holds = 0
    /// When the current hold began.
    public var holdStarted: Timestamp?

    init(agent: String, stay: Int?, queue: String) {
        self.agent = agent
        self.stay = stay
        self.queue = queue
    }

    /// When the talk started, or nil when it is unknown whether it ever did: accepted, never
    /// connected, and broken.
    public var talkStarted: Timestamp? {
        if let connected { return connected }
        return end == .failed || end == .expired ? nil : accepted
    }

    /// From the start of the talk to its end, holds included, in milliseconds; nil before the end
    /// and where the start is unknown.
    public var serviceMilliseconds: Int64? {
        guard let ended, let talkStarted else { return nil }
        return ended - talkStarted
    }

    /// The same without holds.
    public var talkMilliseconds: Int64? { serviceMilliseconds.map { $0 - holdMilliseconds } }
}
