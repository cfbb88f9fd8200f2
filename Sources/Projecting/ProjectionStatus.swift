public import EventModel

/// How a projection stands.
public struct ProjectionStatus: Sendable {
    /// The projection's name.
    public let name: String
    /// Its version.
    public let version: Int
    /// The last position that its view reflects.
    public let position: Position
    /// The last position of the log.
    public let head: Position
    /// Why it stands still, or nil while it runs.
    public let fault: String?
    /// Why it waits, to go on by itself, or nil.
    public let shortage: String?
    /// Events folded since the start of the process.
    public let eventsFolded: UInt64
    /// Time spent folding and committing them.
    public let nanosecondsFolding: UInt64
    /// Checkpoints since the start of the process, each one flush of its file.
    public let checkpoints: UInt64
    /// What its file takes.
    public let fileBytes: UInt64
    /// What its file can take at most: a view that needs more waits.
    public let mapBytes: UInt64
    /// Whether it cannot be read yet, since this version is new to the store and is still folded.
    public let isBuilding: Bool
    /// How folding it anew stands, beside the view in use; nil when nobody wants that.
    public let rebuild: RebuildProgress?

    /// How many milliseconds folding to the head will take at the pace so far, the view in use or,
    /// when it is folded anew, its successor; nil when there is no pace yet.
    public var remainingMilliseconds: Int64? {
        var (done, spent, left) = (
            eventsFolded, nanosecondsFolding, head.rawValue - position.rawValue
        )
        var rests = isBuilding
        if case .folds(let start, let end, let nanoseconds) = rebuild {
            done = end.rawValue - start.rawValue
            (spent, left) = (nanoseconds, head.rawValue - end.rawValue)
            rests = true
        }
        if rests { spent += spent / ProjectingLimits.rebuildRestShare }
        guard done > 0 else { return nil }
        return Int64(Double(left) * Double(spent) / Double(done) / 1e6)
    }
}
