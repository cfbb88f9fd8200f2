/// How much a pipeline may have under way: sent, or encoded to be sent, and not answered yet.
///
/// A request is still taken when it alone is larger than the window; then nothing else is under
/// way beside it.
public struct PipelineWindow: Sendable, Equatable {
    /// The most requests under way.
    public var requestsMax: Int
    /// The most bytes of requests under way.
    public var bytesMax: Int

    /// Creates a window; by default 512 requests and 1 MiB, well within what a daemon accepts.
    public init(requestsMax: Int = 512, bytesMax: Int = 1 << 20) {
        precondition(requestsMax >= 1 && bytesMax >= 1)
        self.requestsMax = requestsMax
        self.bytesMax = bytesMax
    }
}

/// The named maxima of a connection.
enum ClientLimits {
    /// Encoded bytes beyond which a pipeline sends without waiting for its window to fill.
    static let sendBytesMin = 64 << 10
    /// Room for one read from the socket.
    static let receiveBytesMin = 64 << 10
    /// Unread bytes that may pile up while requests are being sent. One reply of the largest size
    /// must fit, with room for a read behind it.
    static let unreadBytesMax = (64 << 20) + (1 << 20)
    /// Pushes kept while a reply is waited for.
    static let pushesKeptMax = 65_536
}
