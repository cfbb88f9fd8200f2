/// The bounds of named consumers.
public enum ConsumerLimits {
    /// Consumers of one store.
    public static let consumersMax = 1_024
    /// Of those, the consumers of one user who is no operator.
    public static let consumersPerOwnerMax = 256
    /// Bytes of a name.
    public static let nameBytesMax = 64
    /// How long a change may wait for others to be flushed with it, in nanoseconds. With a flush of
    /// some milliseconds behind it, an acknowledgement is durable within 100 ms.
    public static let flushDelayNanoseconds: UInt64 = 50_000_000
    /// How long a flush that found no room waits before it is tried again.
    public static let retryDelayNanoseconds: UInt64 = 200_000_000
    /// The file's greatest size: 1,024 records of at most 4.5 KB, twice, and room to spare.
    public static let mapBytes = 16 * 1_048_576
    /// Room on the disk below which a failed write is for want of it.
    static let freeBytesMin: UInt64 = 1_048_576
    /// How far the flushing thread stands back on a saturated machine.
    static let threadNice: Int32 = 0
}
