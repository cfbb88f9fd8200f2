internal import Commands

/// Who is connected: decides who else may.
struct ConnectionCensus {
    private let limits: ServiceLimits
    private(set) var count = 0
    private var countByUser: [UInt32: Int] = [:]

    /// Whether all connections are one user's, or operators'.
    var isOfOneUser: Bool {
        let operators = count - countByUser.values.reduce(0, +)
        return countByUser.count + (operators > 0 ? 1 : 0) <= 1
    }

    init(_ limits: ServiceLimits) { self.limits = limits }

    /// Takes a peer in, or returns the limit that keeps it out. Operators have a reserve of
    /// connections and are not counted by user: who ends a flood must get in.
    mutating func admit(user: UInt32, role: Role) -> Limit? {
        let isOperator = role == .operator
        let most = limits[.connections] - (isOperator ? 0 : limits[.connectionsReserved])
        guard count < most else { return .connections }
        if !isOperator {
            let open = countByUser[user, default: 0]
            guard open < limits[.connectionsPerUser] else { return .connectionsPerUser }
            countByUser[user] = open + 1
        }
        count += 1
        return nil
    }

    /// Notes that a peer that was admitted has gone.
    mutating func leave(user: UInt32, role: Role) {
        count -= 1
        guard role != .operator, let open = countByUser[user] else { return }
        countByUser[user] = open == 1 ? nil : open - 1
    }
}
