internal import Commands
internal import Glibc
internal import NIOCore

/// Who is at the other end of a Unix socket, as the kernel says: `struct ucred` of unix(7), which
/// Glibc shows only to C with `_GNU_SOURCE`.
struct PeerCredentials: Sendable {
    let process: pid_t
    let user: uid_t
    let group: gid_t

    /// Asks for the credentials of a channel's peer (SO_PEERCRED).
    static func of(_ channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        return provider.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED))
    }

    /// What the peer may do; nil when it may not connect: the daemon's own user and root operate
    /// it, everybody else stays out.
    var role: Role? { user == 0 || user == geteuid() ? .operator : nil }
}
