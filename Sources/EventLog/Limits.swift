/// The sizes of the log.
public enum LogLimits {
    /// Raw bytes at which a block is full: about a dozen events, so that reading one event
    /// decompresses little and the dictionary still pays.
    public static let blockRawBytes = 4_096
    /// The most raw bytes a block can hold: one record of the greatest size.
    public static let blockRawBytesMax = 1_048_576 + blockRawBytes
    /// Positions that share one salt seed.
    public static let positionsPerSeed: UInt64 = 256
    /// The address space of a segment's file.
    public static let segmentMapBytes = 1 << 38
    /// Bytes staged in one round before the round must be committed.
    public static let roundBytesMax = 16 * 1_048_576
    /// Events staged in one round before the round must be committed: bounds the pages one
    /// transaction dirties.
    public static let roundEventsMax = 65_536
    /// Free bytes below which an I/O error of a commit counts as "no room".
    public static let freeBytesMin: UInt64 = 64 * 1_048_576
}
