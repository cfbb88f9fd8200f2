public import RESP

/// A connection to a daemon over its Unix socket, for one thread at a time.
///
/// ```
/// var connection = try Connection(socketPath: "/run/throughline/socket")
/// let reply = try connection.call("HEAD")
/// ```
///
/// Calls wait, in the thread that makes them, until their reply is there; `Pipeline` keeps many
/// requests under way. It is closed when it goes out of use. An error reply is a reply, not a
/// thrown error. Who serves an event loop should speak RESP there instead: this blocks.
public struct Connection: ~Copyable, Sendable {
    /// The socket's path, for messages.
    public let path: String
    /// How long to wait without a byte coming or going; nil: for ever.
    public var timeout: Duration?
    /// Requests sent or queued that have no reply yet.
    public internal(set) var unansweredRequests = 0

    let socket: Socket
    var encoder = RequestEncoder()
    /// How many of the encoder's bytes are sent.
    var sentBytes = 0
    var received = ReceiveBuffer()
    var parser = ReplyParser()
    var keptPushes = PushQueue()

    /// Connects to the daemon that listens on a path.
    ///
    /// - Throws: `noDaemon`, `notPermitted`, `invalidPath` or `system`.
    public init(socketPath: String, timeout: Duration? = nil) throws(ClientError) {
        self.socket = try Socket(connectingTo: socketPath)
        self.path = socketPath
        self.timeout = timeout
    }

    /// Takes over a connected descriptor, which it will close.
    package init(adopting descriptor: Int32, path: String, timeout: Duration? = nil) {
        self.socket = Socket(adopting: descriptor)
        self.path = path
        self.timeout = timeout
    }

    /// Queues a request; `flush` or `receive` sends it.
    public mutating func send(_ arguments: [String]) {
        send { $0.request(arguments) }
    }

    /// Queues a request; `flush` or `receive` sends it.
    public mutating func send(_ arguments: [[UInt8]]) {
        send { $0.request(arguments) }
    }

    /// Queues the requests that `encode` writes; `flush` or `receive` sends them.
    public mutating func send(_ encode: (inout RequestEncoder) -> Void) {
        let before = encoder.requestCount
        encode(&encoder)
        precondition(encoder.isComplete, "a request lacks arguments")
        unansweredRequests += Int(encoder.requestCount - before)
    }

    /// Sends everything queued; returns when the system has all of it.
    ///
    /// Replies that come meanwhile are kept unread, up to 65 MiB, so that a daemon which answers
    /// before it reads on does not stop both ends.
    ///
    /// - Throws: `closed`, `timedOut`, `tooMuchUnread` or `system`.
    public mutating func flush() throws(ClientError) {
        while try !sendQueued() {
            let ready = try wait(toSend: true)
            if ready.canReceive, try receiveAvailable() == .ended { throw closedError() }
        }
    }

    /// Returns what the daemon sends next, a reply or a push; first sends everything queued.
    ///
    /// What a daemon sent before it closed is still returned.
    ///
    /// - Throws: `closed`, `invalidReply`, `unexpectedReply`, `timedOut` or `system`.
    public mutating func receive() throws(ClientError) -> Reply {
        if let push = keptPushes.popFirst() { return push }
        try flushUnlessClosed()
        return try nextReply()
    }

    /// Sends a request and returns its reply.
    ///
    /// Pushes that come before it are kept for `receive`.
    ///
    /// Precondition: every request before has been answered.
    ///
    /// - Throws: `closed`, `invalidReply`, `unexpectedReply`, `timedOut` or `system`.
    public mutating func call(_ arguments: String...) throws(ClientError) -> Reply {
        try call(arguments)
    }

    /// Sends a request and returns its reply, as `call(_: String...)` does.
    public mutating func call(_ arguments: [String]) throws(ClientError) -> Reply {
        try call { $0.request(arguments) }
    }

    /// Sends a request and returns its reply, as `call(_: String...)` does.
    public mutating func call(_ arguments: [[UInt8]]) throws(ClientError) -> Reply {
        try call { $0.request(arguments) }
    }

    /// Sends the one request that `encode` writes and returns its reply.
    public mutating func call(
        _ encode: (inout RequestEncoder) -> Void
    ) throws(ClientError) -> Reply {
        precondition(unansweredRequests == 0, "the reply would be another request's")
        send(encode)
        precondition(unansweredRequests == 1, "a call is one request")
        try flushUnlessClosed()
        return try nextAnswer()
    }

    /// Sends everything queued, unless the daemon takes no more of it.
    ///
    /// Who closes on a bad request says why first, and that is worth more than `closed`; if there
    /// is nothing to be read, reading says that it is closed.
    private mutating func flushUnlessClosed() throws(ClientError) {
        do {
            try flush()
        } catch .closed {}
    }
}
