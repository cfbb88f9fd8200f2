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
    /// Touchpoints a customer's document shows.
    public static let touchpointsShown = 10
    /// Open interactions a customer's document shows.
    public static let openInteractionsShown = 100
    /// Contacts of an agent that a document lists.
    public static let listedInteractionsMax = 1_000
    /// Waiting and served interactions that QUEUE lists; the counts count all.
    public static let queueLinesShown = 20
    /// A person's newest interactions that WAITING looks at for what else they have open.
    public static let personInteractionsRead = 32
    /// Feeds of a queue that documents look at.
    public static let queueFeedsShown = 64
    /// Call backs of a queue that QUEUE lists.
    public static let callbacksShown = 20
    /// The longest gap that a feed may be expected to have, in milliseconds: a year.
    public static let expectedGapMillisecondsMax: Int64 = 31_622_400_000
    /// Bytes of a definition's body that is kept.
    public static let definitionBytesMax = 16_384
    /// Versions of a definition that are kept.
    public static let definitionVersionsKept = 8
    /// Rows that one sweep looks at.
    public static let sweptRowsMax = 1_024
    /// Events that one sweep infers.
    public static let inferredEventsMax = 256
    /// Lines of one METRICS document.
    public static let metricsRowsMax = 20_000
    /// Targets of one METRICS query.
    public static let metricsTargetsMax = 16
}
