/// The sizes of projecting.
public enum ProjectingLimits {
    /// The address space of a view's file.
    public static let viewMapBytes = 1 << 36
    /// The most events folded between two checkpoints. Hot rows are written once per checkpoint,
    /// so fewer and larger checkpoints are cheaper.
    public static let eventsPerCheckpointMax: UInt64 = 32_768
    /// The least time between two checkpoints of a view that has caught up, in milliseconds,
    /// unless a reader waits.
    public static let checkpointSpacingMilliseconds = 5
    /// The nice value of projectors' threads: appends and reads go first.
    public static let threadNice: Int32 = 5
}
