/// What an import brought of one source.
public struct Coverage: Sendable, Equatable {
    /// Rows or documents that became events.
    public var rows = 0
    /// The latest time among them, in milliseconds UTC.
    public var latestMoment: Int64?

    /// Makes an empty one.
    public init() {}

    /// Takes a moment into account.
    mutating func extend(to moment: Int64?) {
        guard let moment else { return }
        latestMoment = max(latestMoment ?? moment, moment)
    }
}
