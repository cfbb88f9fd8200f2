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
    /// Waiting and served interactions a queue's document lists; the counts count all.
    public static let listedInteractionsMax = 1_000
    /// Lines of one METRICS document.
    public static let metricsRowsMax = 20_000
    /// Targets of one METRICS query.
    public static let metricsTargetsMax = 16
    /// Facts of one identifier by which stated identifiers may agree; the newest are kept.
    public static let factsMax = 8
    /// The least number of customers that an identifier keeps note of having been seen with.
    public static let companionsKept = 8
    /// How much too early an identifier's last sight may stand: it is not written with every event.
    public static let identifierSeenMilliseconds: Int64 = 30 * 86_400_000
    /// A person with more identifiers raises an alert.
    public static let personIdentifiersUnalarming = 50
    /// A person who was united more often within a day raises an alert.
    public static let personUnionsInDayUnalarming = 5
    /// Identifiers, unions and rejections that one IDENTITY shows, each.
    public static let identityRowsShown = 1_000
    /// Alerts that are counted; there may be more.
    public static let identityAlertsCounted = 1_000
}
