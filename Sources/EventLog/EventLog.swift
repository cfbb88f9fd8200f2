public import EventModel
internal import LMDB

/// The log of a store: every event once, in order, for good.
///
/// One writer appends; any number of readers, each on its own thread, read what is committed.
public final class EventLog: Sendable {
    /// What an operator chooses when opening.
    public struct Options: Sendable {
        /// Draws 64 random bits: for seeds of the digest chain. A seam for tests.
        public var randomBytes: @Sendable () -> UInt64
        /// Tells how far opening has come, in positions read of the newest position.
        public var progress: @Sendable (_ read: Position, _ newest: Position) -> Void

        /// Makes the options of a daemon.
        public init(
            randomBytes: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) },
            progress: @escaping @Sendable (Position, Position) -> Void = { _, _ in }
        ) {
            self.randomBytes = randomBytes
            self.progress = progress
        }
    }

    /// Moves when events are committed.
    public let head: HeadSignal
    private let segment: Segment

    private init(segment: Segment, head: HeadSignal) {
        self.segment = segment
        self.head = head
    }

    /// Opens the log in a folder, making an empty one when there is none, and reads it through:
    /// the writer must know every (source, id).
    ///
    /// - Returns: The log and its one writer.
    /// - Throws: `damagedBlock` when a block cannot be read: appending would no longer be once.
    ///   Complexity: O(events).
    public static func open(
        folder: StoreFolder, options: Options = Options()
    ) throws(EventLogError) -> (log: EventLog, writer: LogWriter) {
        let first = Position(1)
        let segment = try Segment.open(
            path: folder.logPath + "/" + Segment.fileName(first: first), first: first,
            start: .zero, dictionary: FirstDictionary.bytes, durability: .full)
        let head = HeadSignal()
        var recovery = try LogRecovery(segment: segment, head: head)
        try recovery.run(progress: options.progress)
        let writer = try recovery.finish(randomBytes: options.randomBytes)
        return (EventLog(segment: segment, head: head), writer)
    }

    /// Makes a reader for one thread.
    public func makeReader() throws(EventLogError) -> LogReader {
        try LogReader(segment: segment, head: head)
    }

    /// The bytes that the log's file takes.
    public var fileBytes: UInt64 { segment.environment.information.usedBytes }
}
