import Client
import Glibc
import RESP

/// The path that messages name for a connection without a socket file.
let pairPath = "/run/example/socket"

/// Connects a client to a thread that plays the daemon, and runs `use`.
///
/// The connection is closed before the thread is joined, so the thread must end when it is.
func withPeer<Result>(
    timeout: Duration? = nil, sendBufferBytes: Int32? = nil,
    peer: @escaping @Sendable (borrowing PeerSocket) -> Void,
    use: (consuming Connection) throws(ClientError) -> Result
) throws(ClientError) -> Result {
    var ends: [Int32] = [-1, -1]
    let result = unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
    precondition(result == 0)
    if var bytes = sendBufferBytes {
        for end in ends {
            unsafe setsockopt(end, SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(4))
        }
    }
    let peerEnd = ends[1]
    let thread = PeerThread {
        peer(PeerSocket(peerEnd))
    }
    let outcome: Swift.Result<Result, ClientError>
    do throws(ClientError) {
        outcome = .success(
            try use(Connection(adopting: ends[0], path: pairPath, timeout: timeout)))
    } catch {
        outcome = .failure(error)
    }
    thread.join()
    return try outcome.get()
}

/// Answers as a daemon with a few commands.
///
/// PING, ECHO bytes, FAIL, PUSH count (pushes before its reply), QUIT (closes after its reply).
func answerSimply(_ arguments: [[UInt8]], _ writer: inout ReplyWriter) -> Bool {
    switch String(decoding: arguments[0], as: UTF8.self) {
    case "PING":
        writer.simpleString("PONG")
    case "ECHO":
        writer.bulk(arguments[1])
    case "FAIL":
        writer.error("WRONGVERSION", "expected 1, stream is at 2")
    case "PUSH":
        for number in 0..<(Int(String(decoding: arguments[1], as: UTF8.self)) ?? 0) {
            writer.push(2)
            writer.bulk("event")
            writer.integer(number)
        }
        writer.simpleString("OK")
    default:
        writer.simpleString("BYE")
        return false
    }
    return true
}
