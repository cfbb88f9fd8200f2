public import RESP

/// Keeps many requests under way on one connection and hands out the replies in order.
///
/// ```
/// var pipeline = Pipeline(connection) { sequence, reply in … }
/// for row in rows {
///     try pipeline.submit { encoder in … one request … }
/// }
/// connection = try pipeline.finish()
/// ```
///
/// Requests gather until 64 KiB are worth a send or the window is full; then it sends and receives
/// at once, whichever is possible, so that neither end waits for the other with both socket
/// buffers full. A full window is waited for until half of it is free, which keeps sends large.
/// Memory is bounded by the window and one reply.
///
/// After a thrown error the requests from `answeredRequests` on have no known outcome.
public struct Pipeline: ~Copyable {
    /// Is given each reply with the number of the request that it answers, from 0 on.
    public typealias ReplyHandler = (_ sequence: UInt64, _ reply: Reply) -> Void

    /// How much may be under way.
    public let window: PipelineWindow
    /// The requests submitted so far.
    public private(set) var submittedRequests: UInt64 = 0
    /// The requests answered so far; their replies were handed out.
    public private(set) var answeredRequests: UInt64 = 0

    private var connection: Connection
    private let onReply: ReplyHandler
    /// The bytes of each request under way, at its number modulo the window.
    private var requestBytes: [Int]
    /// The sum of those.
    private var bytesUnderWay = 0

    /// Takes over a connection on which every request is answered.
    ///
    /// Pushes that come are kept for the connection's `receive`.
    public init(
        _ connection: consuming Connection, window: PipelineWindow = PipelineWindow(),
        onReply: @escaping ReplyHandler
    ) {
        precondition(connection.unansweredRequests == 0, "replies would be other requests'")
        self.connection = connection
        self.window = window
        self.onReply = onReply
        self.requestBytes = [Int](repeating: 0, count: window.requestsMax)
    }

    /// The requests that have no reply yet.
    public var requestsUnderWay: Int { Int(submittedRequests - answeredRequests) }

    /// Adds the one request that `encode` writes; waits if the window is full.
    ///
    /// - Throws: `closed`, `invalidReply`, `unexpectedReply`, `timedOut`, `tooMuchUnread` or
    ///   `system`.
    public mutating func submit(
        _ encode: (inout RequestEncoder) -> Void
    ) throws(ClientError) {
        if isFull { try exchangeUntilHalfEmpty() }
        let before = connection.encoder.buffer.count
        connection.send(encode)
        precondition(
            connection.unansweredRequests == requestsUnderWay + 1, "a submit is one request")
        let byteCount = connection.encoder.buffer.count - before
        requestBytes[slot(submittedRequests)] = byteCount
        bytesUnderWay += byteCount
        submittedRequests += 1
        if connection.queuedBytes >= ClientLimits.sendBytesMin {
            _ = try step()
        }
    }

    /// Adds a request; waits if the window is full.
    public mutating func submit(_ arguments: [String]) throws(ClientError) {
        try submit { $0.request(arguments) }
    }

    /// Adds a request; waits if the window is full.
    public mutating func submit(_ arguments: [[UInt8]]) throws(ClientError) {
        try submit { $0.request(arguments) }
    }

    /// Sends everything and waits until every request is answered.
    public mutating func drain() throws(ClientError) {
        while requestsUnderWay > 0 {
            if try !step() { try wait() }
        }
    }

    /// Sends everything, waits until every request is answered, and gives the connection back.
    public consuming func finish() throws(ClientError) -> Connection {
        try drain()
        return connection
    }

    private var isFull: Bool {
        requestsUnderWay >= window.requestsMax || bytesUnderWay >= window.bytesMax
    }

    private var isHalfEmpty: Bool {
        requestsUnderWay <= window.requestsMax / 2 && bytesUnderWay <= window.bytesMax / 2
    }

    private func slot(_ sequence: UInt64) -> Int {
        Int(sequence % UInt64(window.requestsMax))
    }

    private mutating func exchangeUntilHalfEmpty() throws(ClientError) {
        while !isHalfEmpty {
            if try !step() { try wait() }
        }
    }

    private mutating func wait() throws(ClientError) {
        _ = try connection.wait(toSend: connection.queuedBytes > 0)
    }

    /// Sends and receives once without waiting, and hands out what came; returns whether anything
    /// moved.
    private mutating func step() throws(ClientError) -> Bool {
        let queuedBefore = connection.queuedBytes
        var closed: ClientError?
        do {
            _ = try connection.sendQueued()
        } catch .closed(let path, let unanswered, let midReply) {
            // What the daemon answered before it closed is still there to be read.
            closed = .closed(path: path, unansweredRequests: unanswered, midReply: midReply)
        }
        let transfer = try connection.receiveAvailable()
        try handOutReplies()
        if transfer == .ended { throw connection.closedError() }
        if transfer == .wouldBlock, let closed { throw closed }
        return transfer != .wouldBlock || connection.queuedBytes < queuedBefore || closed != nil
    }

    private mutating func handOutReplies() throws(ClientError) {
        while let reply = try connection.bufferedReply() {
            if case .push = reply {
                try connection.keep(reply)
                continue
            }
            let sequence = answeredRequests
            bytesUnderWay -= requestBytes[slot(sequence)]
            answeredRequests += 1
            onReply(sequence, reply)
        }
    }
}
