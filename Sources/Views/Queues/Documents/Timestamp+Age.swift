internal import EventModel

extension Timestamp {
    /// How many milliseconds ago a moment was that a feed told; none where the feed's clock is ahead
    /// of ours.
    func age(at now: Timestamp) -> Int64 { max(0, now - self) }
}
