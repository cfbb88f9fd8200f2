/// The bounds of one interaction's state: a source gone wild must not make one row grow for ever.
public enum InteractionLimits {
    /// Stays kept; a further `queue.entered` is an anomaly.
    public static let staysMax = 256
    /// Connections kept; a further answer is an anomaly.
    public static let connectionsMax = 256
    /// Offers kept until they have an outcome; a further one is an anomaly.
    public static let pendingOffersMax = 256
    /// The longest wait that is kept as announced, in milliseconds: 30 days.
    public static let announcedMillisecondsMax: Int64 = 2_592_000_000
    /// Self-service spans kept; later ones are only counted.
    public static let selfServiceSpansMax = 64
    /// Anomalies kept with their circumstances; later ones are only counted.
    public static let anomaliesMax = 16
    /// Bytes kept of each text of an `interaction.anomaly`.
    public static let toldTextBytesMax = 120
    /// Positions kept for folding anew. An interaction beyond it takes late events as they come.
    public static let positionsMax = 16_384
    /// How far an agent's clock may run ahead of the queue's, in milliseconds.
    static let clockSkewMillisecondsMax: Int64 = 300_000
    /// How late an acceptance may be by another clock than the connection it belongs to, in milliseconds.
    /// In a bank's call centre that was up to 624 s.
    static let acceptanceLatenessMillisecondsMax: Int64 = 3_600_000
}
