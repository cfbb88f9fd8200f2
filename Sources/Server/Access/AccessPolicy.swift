internal import Commands
internal import Glibc

/// Who may do what: the first rule that names a peer decides. Behind all rules the daemon's own
/// user and root operate it; everybody else stays out.
public struct AccessPolicy: Sendable, Equatable {
    private let rules: [AccessRule]

    /// Makes a policy of rules, in their order.
    public init(_ rules: [AccessRule] = []) { self.rules = rules }

    /// What a peer may do; nil when it may not connect.
    func role(of peer: PeerCredentials) -> Role? {
        if let rule = rules.first(where: { $0.matches(peer) }) { return rule.role }
        return peer.user == 0 || peer.user == geteuid() ? .operator : nil
    }
}
