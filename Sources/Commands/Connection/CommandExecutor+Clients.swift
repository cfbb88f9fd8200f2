internal import EventLog
internal import EventModel
internal import RESP

/// CLIENT LIST and INFO, and what INFO says of all connections.
extension CommandExecutor {
    /// All connections, a line each; whoever is no operator sees those of its own user.
    func clientList(for session: Session) -> String {
        environment.clients(session.role == .operator ? nil : session.user).map(line).joined()
    }

    /// The line of one connection.
    func clientLine(of session: Session) -> String {
        environment.client(session).map(line) ?? ""
    }

    /// `name=value` by the names that Redis has for them, then our own; ages in seconds as there.
    /// Nothing that a connection has asked for stands in it.
    private func line(_ client: ClientConnection) -> String {
        let session = client.session
        let isRESP3 = session.replies.protocolVersion == .resp3
        let fields: [(String, String)] = [
            ("id", "\(session.id)"), ("name", session.name),
            ("age", "\(client.ageMilliseconds / 1_000)"),
            ("idle", "\(client.idleMilliseconds / 1_000)"),
            ("tot-mem", "\(client.heldBytes)"), ("resp", isRESP3 ? "3" : "2"),
            ("lib-name", session.library["LIB-NAME"] ?? ""),
            ("lib-ver", session.library["LIB-VER"] ?? ""),
            ("uid", "\(client.user)"), ("role", session.role.rawValue),
            ("appends", "\(session.staged.count)"), ("follows", "\(session.follows.count)"),
            ("behind", "\(session.eventsBehind(log.head.position))"),
        ]
        return fields.map { "\($0.0)=\($0.1)" }.joined(separator: " ") + "\n"
    }

    /// What INFO says of those who follow.
    var followerLines: [(String, String)] {
        let sessions = environment.followers()
        let head = log.head.position
        return [
            ("following_clients", "\(sessions.count)"),
            ("follows", "\(sessions.reduce(0) { $0 + $1.follows.count })"),
            ("follow_behind_most", "\(sessions.map { $0.eventsBehind(head) }.max() ?? 0)"),
        ]
    }
}

extension Session {
    /// How many events lie between the head and the place of its slowest follow of the log.
    fileprivate func eventsBehind(_ head: Position) -> UInt64 {
        follows.log.map { $0.lag(head: head) }.max() ?? 0
    }
}
