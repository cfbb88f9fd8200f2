/// The bounds of the server.
public enum ServerLimits {
    /// Connections at a time.
    public static let connectionsMax = 10_000
    /// Connections the kernel holds before they are accepted.
    public static let backlog: Int32 = 512
    /// Bytes of requests a connection may have unread while it waits; then its socket is left be.
    public static let inboxBytesMax = 4 * 1_048_576
    /// Bytes of answers in flight at which a connection's requests are left be.
    public static let outboxBytesHigh = 2 * 1_048_576
    /// Bytes of answers in flight at which its requests are read again.
    public static let outboxBytesLow = 512 * 1_024
    /// Bytes of one read from a socket.
    public static let receiveBytes = 65_536
    /// Capacity of the reply buffer that a connection keeps between bursts.
    public static let repliesKeptBytes = 256 * 1_024
    /// Events that all who follow the log look at together before others are served again.
    public static let followEventsPerRound = 4_096
    /// How long documents that are followed are looked at before others are served again.
    public static let sweepSliceNanoseconds: UInt64 = 1_000_000
    /// The least time between two looks at all of them.
    public static let sweepIntervalNanoseconds: UInt64 = 20_000_000
    /// How many times as long as a look took the loop is left alone behind it: looking takes at
    /// most a twentieth of the loop, however many follow.
    public static let sweepRestFactor: UInt64 = 20
    /// The pause between two looks for what silence has ended.
    public static let sweepMilliseconds: Int64 = 5_000
    /// The longest path a Unix socket can have.
    public static let socketPathBytesMax = 107
}
