/// How many pushes a follower still takes.
struct FollowCredit {
    /// What is left; nil where none was named: then the socket's own flow is the bound.
    private(set) var left: Int64?

    init(_ left: Int64?) { self.left = left }

    var isSpent: Bool { left == 0 }

    mutating func spend() { left = left.map { $0 - 1 } }

    /// Adds to it, up to the greatest; one without a bound stays so.
    mutating func add(_ count: Int64) {
        left = left.map { min($0 + count, FollowLimits.creditMax) }
    }
}
