/// Connections whose turn was over with requests left, by user, in the order in which they came.
struct TurnLine<Taker> {
    private var waiting: [UInt32: [Taker]] = [:]

    /// Whether nobody waits.
    var isEmpty: Bool { waiting.isEmpty }

    /// Those of whom somebody waits.
    var users: [UInt32] { Array(waiting.keys) }

    /// How many of a user's wait.
    func count(of user: UInt32) -> Int { waiting.isEmpty ? 0 : waiting[user]?.count ?? 0 }

    /// Adds one, behind all others of its user.
    mutating func add(_ taker: Taker, of user: UInt32) {
        waiting[user, default: []].append(taker)
    }

    /// Takes out that of a user which came first.
    mutating func next(of user: UInt32) -> Taker? {
        guard let taker = waiting[user]?.removeFirst() else { return nil }
        if waiting[user]?.isEmpty == true { waiting[user] = nil }
        return taker
    }
}
