public import Client
public import RESP

/// Where requests go and replies come from, in the same order: a daemon, or a double in tests.
public protocol RequestChannel: ~Copyable {
    /// Adds one request; may wait while too many are under way.
    mutating func submit(_ encode: (inout RequestEncoder) -> Void) throws(ClientError)

    /// Waits until every request has its reply.
    mutating func drain() throws(ClientError)

    /// Hands over the replies that came since the last call.
    mutating func takeReplies() -> [Reply]
}

/// A channel to a daemon, with many requests under way.
public struct DaemonChannel: ~Copyable, RequestChannel {
    private var pipeline: Pipeline
    private let box: ReplyBox

    /// Takes over a connection on which every request is answered.
    public init(_ connection: consuming Connection) {
        let box = ReplyBox()
        self.box = box
        pipeline = Pipeline(connection) { _, reply in box.replies.append(reply) }
    }

    /// Adds one request.
    public mutating func submit(_ encode: (inout RequestEncoder) -> Void) throws(ClientError) {
        try pipeline.submit(encode)
    }

    /// Waits until every request has its reply.
    public mutating func drain() throws(ClientError) { try pipeline.drain() }

    /// Hands over the replies that came.
    public mutating func takeReplies() -> [Reply] { box.take() }

    /// What the pipeline's handler, which outlives any borrow, writes to.
    private final class ReplyBox {
        var replies: [Reply] = []

        func take() -> [Reply] {
            guard !replies.isEmpty else { return [] }
            defer { replies.removeAll(keepingCapacity: true) }
            return replies
        }
    }
}
