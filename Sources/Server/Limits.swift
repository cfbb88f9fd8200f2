/// The bounds of the server that nobody sets; `Limit` names the others.
public enum ServerLimits {
    /// Connections the kernel holds before they are accepted.
    public static let backlog: Int32 = 512
    /// Bytes of one read from a socket, at most.
    public static let receiveBytes = 65_536
    /// Bytes of one read from a socket that brings little: what a connection keeps for the next.
    public static let receiveBytesMin = 2_048
    /// Capacity of the reply buffer that a connection keeps between bursts.
    public static let repliesKeptBytes = 256 * 1_024
    /// Capacity of that buffer, and of the one it is sent from, that a silent connection keeps.
    public static let repliesRestingBytes = 4_096
    /// Looks at a connection after which it is taken to be silent.
    public static let looksUntilRest: UInt64 = 2
    /// Events that all who follow the log look at together before others are served again.
    public static let followEventsPerRound = 4_096
    /// How long documents that are followed are looked at before others are served again.
    public static let sweepSliceNanoseconds: UInt64 = 1_000_000
    /// The least time between two looks at all of them.
    public static let sweepIntervalNanoseconds: UInt64 = 20_000_000
    /// The time between two looks at signals that are followed, which no event needs to change.
    public static let signalsIntervalNanoseconds: Int64 = 1_000_000_000
    /// How many times as long as a look took the loop is left alone behind it: looking takes at
    /// most a twentieth of the loop, however many follow.
    public static let sweepRestFactor: UInt64 = 20
    /// The pause between two steps of carrying out erasures.
    public static let erasureStepMilliseconds: Int64 = 50
    /// The same while the journal's ring is overwritten, a little at each step.
    public static let erasureWipeMilliseconds: Int64 = 5
    /// The pause between two looks whether there are erasures to carry out.
    public static let erasureLookMilliseconds: Int64 = 1_000
    /// The pause between two looks for what silence has ended.
    public static let sweepMilliseconds: Int64 = 5_000
    /// Bytes of answers that are handed to the socket although more requests are at hand, so that
    /// what a peer leaves unread shows.
    public static let burstBytes = 64 * 1_024
    /// For how long requests of one user's connections are run before others get their turn, in
    /// nanoseconds.
    static let turnNanoseconds: UInt64 = 2_000_000
    /// Nanoseconds of it for which sockets are not looked at sooner: a timer for each that asks for little
    /// would cost more than they.
    static let untimedNanoseconds: UInt64 = 250_000
    /// Turns that share a commit at most, where one user's connections have more to stage.
    static let turnsPerRound = 8
    /// Into how many slices that is cut at most, where several connections of the user wait.
    static let turnSlices = 8
    /// After how many requests the clock is looked at, and how many nanoseconds these may take without
    /// its being looked at behind each.
    static let requestsPerLook = 4
    static let longRequestNanoseconds: UInt64 = 200_000
    /// Nanoseconds from which what a connection has had is counted: what takes less cannot keep others
    /// waiting, however many ask.
    static let countedNanoseconds: UInt64 = 20_000
    /// When what has more to do goes on, in nanoseconds. Not at once: see `LoopTurns`; at most so much later.
    static let turnPauseNanoseconds: Int64 = 20_000
    static let turnPauseNanosecondsMax: Int64 = 100_000
    /// How many times as long as scheduling a task takes that is at least.
    static let turnPauseFactor: Int64 = 2
    /// Bytes of requests that were run and still stand before those that wait.
    public static let inboxSlackBytes = 64 * 1_024
    /// A connection's requests are read again once its unread answers are down to this part of
    /// what they may be.
    public static let outputResumeDivisor = 4
    /// Lines about peers, of one kind, that are logged in each span of so many nanoseconds.
    static let pacedLinesMax = 20
    static let pacedLinesSpanNanoseconds: UInt64 = 60_000_000_000
    /// Bytes of lines of the log that wait to be written; what finds no room is left out.
    public static let logBytesMax = 262_144
    /// For how long the end of the process waits for them.
    public static let logSettleMilliseconds = 100
    /// How often connections are looked at for those that are silent, in milliseconds: at most so
    /// often, at least so often, else several times within the least limit of silence.
    public static let watchMilliseconds = 10...1_000
    /// How often a connection is looked at within the least limit of silence.
    public static let watchesPerLimit = 4
    /// The longest path a Unix socket can have.
    public static let socketPathBytesMax = 107
}
