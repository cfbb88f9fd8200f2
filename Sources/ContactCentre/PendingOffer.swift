public import EventModel

/// Work offered to an agent that has had no outcome yet.
public struct PendingOffer: Hashable, Sendable {
    /// The agent.
    public var agent: String
    /// The producer's name of the offer, which pairs the outcome with it.
    public var offer: String?
    /// When it was made.
    public var made: Timestamp
}

/// A wait that was told to the customer.
public struct WaitAnnouncement: Hashable, Sendable {
    /// When it was told.
    public var moment: Timestamp
    /// The wait told, from then on, in milliseconds.
    public var expectedMilliseconds: Int64
    /// The least that was told, where a range was.
    public var lowMilliseconds: Int64?
    /// The most that was told, where a range was.
    public var highMilliseconds: Int64?

    /// How much longer the wait was than told, in milliseconds; less than 0 where it was shorter.
    public func errorMilliseconds(of stay: Stay) -> Int64? {
        stay.ended.map { ($0 - moment) - expectedMilliseconds }
    }

    /// Whether the wait has ended and was no longer than the longest that was told.
    public func isKept(by stay: Stay) -> Bool {
        stay.ended.map { $0 - moment <= highMilliseconds ?? expectedMilliseconds } ?? false
    }
}
