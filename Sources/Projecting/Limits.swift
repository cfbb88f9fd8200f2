/// The sizes of projecting.
public enum ProjectingLimits {
    /// The address space of a view's file, which it cannot outgrow: two thousand million events of the
    /// largest. What of it holds nothing costs nothing; four views, a successor and a past of each take 3
    /// TiB of 128, which tests share that open dozens of stores in one process.
    public static let viewMapBytes = 1 << 38
    /// The most events folded between two checkpoints. Hot rows are written once per checkpoint,
    /// so fewer and larger checkpoints are cheaper.
    public static let eventsPerCheckpointMax: UInt64 = 32_768
    /// The same of a fold that is so far behind that nobody asks how fresh its view is: each checkpoint
    /// writes every page that has a row that its events concern, which in a large view is nearly one
    /// for each.
    public static let eventsPerCheckpointFarBehind: UInt64 = 131_072
    /// So many events behind a fold counts as far behind.
    public static let eventsFarBehind: UInt64 = 1_048_576
    /// How long ago a view's file was flushed at most when it goes on, in milliseconds: what a power
    /// cut has folded once more. A flush of more keeps the journal's waiting for longer.
    public static let flushSpacingMilliseconds: UInt64 = 100
    /// How often slots of readers that were killed are looked for, in milliseconds.
    static let readerCheckMilliseconds: UInt64 = 10_000
    /// The least time between the beginnings of two checkpoints of a view, in milliseconds, unless
    /// a reader waits or `eventsUnspaced` are there already. Each writes the pages of all rows it
    /// touches, however few events it has.
    public static let checkpointSpacingMilliseconds: UInt64 = 20
    /// The same of the metrics view, whose rows are persons' and hours' rather than events': one more
    /// event costs little. Who asks with AFTER waits no longer.
    static let figuresSpacingMilliseconds: UInt64 = 200
    /// Events that are folded without waiting for more.
    public static let eventsUnspaced: UInt64 = 4_096
    /// Bytes of events that identity keeps for the folds behind it while all are far behind: several
    /// checkpoints.
    public static let trailBytesMax = 64 * 1_048_576
    /// The same near the log's head, where folds are a few hundred events apart.
    public static let trailBytesNearHead = 8 * 1_048_576
    /// Bytes of events that are let go of together.
    static let trailPieceBytes = 2 * 1_048_576
    /// Events of which a round of erasures takes something, at most, where views are to be copied.
    public static let erasedEventsMax = 1_048_576
    /// Bytes of the rows that are replaced in the copies of all views.
    static let replacedBytesMax = 256 * 1_048_576
    /// Events that are folded by themselves at a time so that a round of erasures need not fold all of
    /// them anew, and the bytes of their records: both are in memory.
    public static let touchedEventsMax = 65_536
    static let touchedBytesMax = 32 * 1_048_576
    /// Events of those that are folded before their rows are handed over.
    static let touchedEventsPerStep = 4_096
    /// Bytes of rows that are copied in one step of a copy without rows of the erased.
    static let copiedBytesPerStep = 2 * 1_048_576
    /// Free bytes below which an I/O error of a commit counts as "no room".
    public static let freeBytesMin: UInt64 = 64 * 1_048_576
    /// What a record takes as a rule, or more: room for as much is asked for at once.
    static let recordBytesExpected = 512
    /// How soon a checkpoint that had no room is tried again, in milliseconds.
    public static let fullRetryMilliseconds: UInt64 = 200
    /// The nice value of projectors' threads: appends and reads go first.
    public static let threadNice: Int32 = 10
    /// Events between two checkpoints of a view that is folded anew beside the one in use: after
    /// each it rests.
    public static let eventsPerRebuildStep: UInt64 = 8_192
    /// The part of its work for which folding a view anew rests: a fourth.
    public static let rebuildRestShare: UInt64 = 4
    /// Bytes of a view folded anew that are written at a time before it is put on disk. The kernel's
    /// thread that writes them may take the processor of whoever answers.
    public static let rebuildWriteBytes: UInt64 = 524_288
    /// After the rest of so much work it is looked again whether identity is far enough.
    public static let rebuildWaitNanoseconds: UInt64 = 100_000_000
    /// How often it is looked again, each after such a rest, whether nobody reads a view any more whose
    /// place another has taken.
    public static let readersWaitedForMax = 40
    /// The nice value of the thread that flushes views: it wakes up for moments, and folds far ahead of
    /// it wait.
    static let flusherNice: Int32 = 5
    /// The nice value of the thread that folds views anew: everything else goes first.
    public static let rebuildNice: Int32 = 15
    /// Leaves that the patrol looks at in one step: a quarter of a mebibyte.
    static let patrolPages = 64
    /// How long it rests after a step, in milliseconds, at least: 8 MiB are looked at in a second.
    static let patrolRestMilliseconds: UInt64 = 31
    /// The times of its work for which it rests: a tenth of a processor.
    static let patrolRestShare: UInt64 = 9
    /// Between two rounds, in milliseconds: an hour. What lies in memory by then is not read from
    /// the disk again.
    static let patrolPauseMilliseconds: UInt64 = 3_600_000
    /// Events between two kept states of a view, at least: what is folded at most to read a past
    /// moment.
    public static let snapshotSpacing: UInt64 = 4_096
    /// Bytes of one kept state.
    public static let snapshotBytesMax = 256 * 1_048_576
    /// Events that a fold of a past moment reads twice, one after the other: to see which
    /// interactions they belong to, and to fold them.
    static let eventsPerPastStep = 4_096
    /// Bytes of unpacked blocks that a thread keeps that reads past moments.
    public static let pastBlockBytesMax = 8 * 1_048_576
    /// How late events are looked for that had happened by a moment: seven days.
    public static let latenessMilliseconds: Int64 = 604_800_000
    /// How far before its recorded time an event may claim to happen: a day, as intake allows.
    public static let earlinessMilliseconds: Int64 = 86_400_000
    /// Behind every key of a view.
    static let endOfKeys = [UInt8](repeating: 0xFF, count: 512)
}
