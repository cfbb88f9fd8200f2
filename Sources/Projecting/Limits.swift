/// The sizes of projecting.
public enum ProjectingLimits {
    /// The address space of a view's file.
    public static let viewMapBytes = 1 << 36
    /// The most events folded between two checkpoints. Hot rows are written once per checkpoint,
    /// so fewer and larger checkpoints are cheaper.
    public static let eventsPerCheckpointMax: UInt64 = 32_768
    /// The least time between the beginnings of two checkpoints of a view, in milliseconds, unless
    /// a reader waits or `eventsUnspaced` are there already. Each flushes, and writes the pages of
    /// all rows it touches, however few events it has.
    public static let checkpointSpacingMilliseconds: UInt64 = 20
    /// Events that are folded without waiting for more.
    public static let eventsUnspaced: UInt64 = 4_096
    /// Bytes of events that identity keeps for the folds behind it.
    public static let trailBytesMax = 64 * 1_048_576
    /// Free bytes below which an I/O error of a commit counts as "no room".
    public static let freeBytesMin: UInt64 = 64 * 1_048_576
    /// How soon a checkpoint that had no room is tried again, in milliseconds.
    public static let fullRetryMilliseconds: UInt64 = 200
    /// The nice value of projectors' threads: appends and reads go first.
    public static let threadNice: Int32 = 5
}
