/// The bounds of folds and documents.
public enum ViewLimits {
    /// Decoded rows a table keeps after its changes were taken; with more it forgets them all.
    public static let cleanRowsMax = 65_536
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
}
