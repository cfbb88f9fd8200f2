public import RESP

/// Why a connection to a daemon could not be made or cannot go on.
///
/// An error reply is none of these: it is a `Reply`, and the connection lives. After any error
/// but `timedOut` the connection is of no more use.
public enum ClientError: Error, Equatable, Sendable {
    /// A socket's path is empty or longer than the system allows.
    case invalidPath(path: String, byteCount: Int, byteCountMax: Int)
    /// There is no socket at the path, or nobody listens on it.
    case noDaemon(path: String, SystemFault)
    /// The socket is there, but this user may not connect.
    case notPermitted(path: String, SystemFault)
    /// Any other fault of a system call.
    case system(path: String, SystemFault)
    /// The daemon closed while requests were unanswered; `midReply`: in the middle of an answer.
    case closed(path: String, unansweredRequests: Int, midReply: Bool)
    /// The daemon refused what the connection was to begin with.
    case refused(path: String, code: String, message: String)
    /// The daemon sent what is no reply.
    case invalidReply(path: String, ProtocolError)
    /// The daemon sent a reply that no request asked for.
    case unexpectedReply(path: String)
    /// No byte came or went for as long as the connection may wait.
    case timedOut(path: String, unansweredRequests: Int)
    /// The daemon sent more than may be kept unread.
    case tooMuchUnread(path: String, max: Int)
}

extension ClientError {
    /// Whether connecting again later may succeed: who has no room for more, or is stopping, is as good
    /// as away.
    public var mayPass: Bool {
        switch self {
        case .invalidPath, .notPermitted: false
        case .refused(_, let code, _): code == "LIMIT" || code == "STOPPING"
        default: true
        }
    }
}

extension ClientError: CustomStringConvertible {
    /// What was tried, on which socket, what came of it, and what to do next.
    public var description: String {
        switch self {
        case .invalidPath(let path, let byteCount, let byteCountMax):
            "\(path) cannot be a socket's path: it has \(byteCount) bytes, expected 1 to "
                + "\(byteCountMax), none of them NUL; choose a shorter folder"
        case .noDaemon(let path, let fault):
            "no daemon listens on \(path): start one with tools/run (\(fault))"
        case .notPermitted(let path, let fault):
            "this user may not connect to \(path): the daemon's configuration and the folder's "
                + "mode say who may (\(fault))"
        case .system(let path, let fault):
            "the connection to \(path) failed (\(fault))"
        case .closed(let path, let unanswered, let midReply):
            "the daemon on \(path) closed the connection\(midReply ? " in the middle of a reply" : "")"
                + " with \(unanswered) requests unanswered; connect again and repeat them"
        case .refused(let path, let code, let message):
            "the daemon on \(path) refused to begin: \(code) \(message)"
        case .invalidReply(let path, let error):
            "the daemon on \(path) sent no valid reply: \(error)"
        case .unexpectedReply(let path):
            "the daemon on \(path) sent a reply that no request asked for"
        case .timedOut(let path, let unanswered):
            "the daemon on \(path) neither took nor sent a byte in the time allowed, "
                + "\(unanswered) requests are unanswered"
        case .tooMuchUnread(let path, let max):
            "the daemon on \(path) sent more than \(max) bytes that nobody received; "
                + "receive replies before sending more requests"
        }
    }
}
