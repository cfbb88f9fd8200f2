/// The bounds of the server that nobody sets; `Limit` names the others.
public enum ServerLimits {
    /// Connections the kernel holds before they are accepted.
    public static let backlog: Int32 = 512
    /// Bytes of one read from a socket.
    public static let receiveBytes = 65_536
    /// Capacity of the reply buffer that a connection keeps between bursts.
    public static let repliesKeptBytes = 256 * 1_024
    /// Bytes of answers that are handed to the socket although more requests are at hand, so that
    /// what a peer leaves unread shows.
    public static let burstBytes = 64 * 1_024
    /// Bytes of requests that were run and still stand before those that wait.
    public static let inboxSlackBytes = 64 * 1_024
    /// A connection's requests are read again once its unread answers are down to this part of
    /// what they may be.
    public static let outputResumeDivisor = 4
    /// How often connections are looked at for those that are silent, in milliseconds: at most so
    /// often, at least so often, else several times within the least limit of silence.
    public static let watchMilliseconds = 10...1_000
    /// How often a connection is looked at within the least limit of silence.
    public static let watchesPerLimit = 4
    /// The longest path a Unix socket can have.
    public static let socketPathBytesMax = 107
}
