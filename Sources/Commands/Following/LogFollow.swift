internal import EventModel

/// A connection that follows the log: a place in it, and how many events it still takes. Nothing
/// is queued for it; who is slow is behind.
struct LogFollow {
    /// What the connection calls it.
    let id: UInt64
    let filter: EventFilter
    /// The first position that has not been looked at.
    var next: Position
    var credit: FollowCredit
    var standing = Standing.catchingUp
    /// Events looked at since the connection was last sent anything.
    var silent = 0

    /// What the connection has been told about its place.
    enum Standing: String {
        /// Nothing yet: it is on its way to the head.
        case catchingUp = "catching_up"
        /// That everything up to the head has been pushed.
        case live
        /// That it is behind.
        case behind
    }

    /// Whether a turn would push or look at anything.
    func hasWork(head: Position) -> Bool { next <= head && !credit.isSpent }

    /// How many events lie between its place and the head.
    func lag(head: Position) -> UInt64 {
        next > head ? 0 : head.rawValue - next.rawValue + 1
    }
}
