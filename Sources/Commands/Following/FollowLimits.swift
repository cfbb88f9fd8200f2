/// The bounds of following.
public enum FollowLimits {
    /// What one connection may follow at a time.
    public static let perConnectionMax = 16
    /// Patterns, channels or identifiers of one filter, each.
    public static let filterWordsMax = 16
    /// Bytes of a pattern or a channel.
    public static let filterWordBytesMax = 128
    /// The greatest credit, and the most that one CREDIT gives.
    public static let creditMax: Int64 = 1_000_000_000
    /// Events that one follow looks at in one turn: about 45 blocks, a fifth of a millisecond.
    public static let eventsPerTurn = 512
    /// Bytes of pushes after which a follow's turn ends.
    public static let bytesPerTurn = 65_536
    /// What looking up an interaction's channel counts as, in events.
    public static let channelLookupEvents = 32
    /// Events looked at without a push after which a follow says how far it is.
    public static let eventsUntilTold = 65_536
    /// Kinds of signals that one follow is of.
    public static let signalKindsMax = 4
    /// Rows of each kind that a look at them reads.
    public static let signalRowsMax = 64
    /// The least time between two looks at signals, in milliseconds.
    public static let signalsIntervalMilliseconds: Int64 = 1_000
    /// Interactions whose channels are remembered.
    public static let channelsKeptMax = 8_192
}
