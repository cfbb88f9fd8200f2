/// Connections whose turn was over with requests left, by user, in the order in which they came.
struct TurnLine {
    private var waiting: [UInt32: [ConnectionHandler]] = [:]

    /// Whether nobody waits.
    var isEmpty: Bool { waiting.isEmpty }

    /// Those of whom somebody waits.
    var users: [UInt32] { Array(waiting.keys) }

    /// How many of a user's wait.
    func count(of user: UInt32) -> Int { waiting.isEmpty ? 0 : waiting[user]?.count ?? 0 }

    /// Adds one, behind all others of its user.
    mutating func add(_ handler: ConnectionHandler, of user: UInt32) {
        waiting[user, default: []].append(handler)
    }

    /// Takes out that of a user which came first.
    mutating func next(of user: UInt32) -> ConnectionHandler? {
        guard let handler = waiting[user]?.removeFirst() else { return nil }
        if waiting[user]?.isEmpty == true { waiting[user] = nil }
        return handler
    }
}
