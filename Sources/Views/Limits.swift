/// The bounds of folds and documents.
public enum ViewLimits {
    /// Decoded rows of one kind that a fold keeps after its changes were taken; with more it keeps
    /// those that have just changed. About 100 to 400 bytes each.
    public static let keptRowsMax = 65_536
    /// The same for the small rows that come back with every event of a person: about 100 bytes.
    public static let keptSmallRowsMax = 262_144
    /// The same for interactions: about a kilobyte each.
    public static let keptInteractionsMax = 32_768
    /// Positions of one row of a timeline.
    public static let timelineChunkPositionsMax = 64
    /// Bytes of a text that a customer's subjects keep; the event has the whole.
    public static let subjectTextBytesMax = 240
    /// Trails of one subject, each of one type of event about one part of it.
    public static let subjectTrailsMax = 64
    /// Members that one definition of the card may have.
    public static let definitionEntriesMax = 64
    /// Bytes of a customer's document without FIELDS.
    public static let cardBytesMax = 4_096
    /// Bytes of a section that FIELDS asks for.
    public static let sectionBytesMax = 65_536
    /// Bytes of what CUSTOMER … POP answers.
    public static let popBytesMax = 1_536
    /// Rows of one kind of signal that one SIGNALS looks at: up to about 10 µs each.
    public static let signalRowsMax = 512
    /// Open interactions of one customer that their document looks at.
    public static let openInteractionsReadMax = 1_000
    /// Touchpoints a customer's document looks at to find out what they tried lately.
    public static let recentTouchpointsMax = 24
    /// Waiting and served interactions a queue's document lists; the counts count all.
    public static let listedInteractionsMax = 1_000
    /// Lines of one METRICS document.
    public static let metricsRowsMax = 20_000
    /// Targets of one METRICS query.
    public static let metricsTargetsMax = 16
}
