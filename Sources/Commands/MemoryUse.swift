/// What a process and its connections hold.
public struct MemoryUse: Sendable {
    /// Bytes of the process in memory, pages of mapped files included; nil when the system does not
    /// tell.
    public var residentBytes: Int?
    /// Bytes of those that belong to mapped files, which the system takes back when it needs them.
    public var mappedBytes: Int?
    /// Bytes of requests and answers held for all connections.
    public var bufferedBytes: Int

    /// Names them.
    public init(residentBytes: Int? = nil, mappedBytes: Int? = nil, bufferedBytes: Int = 0) {
        self.residentBytes = residentBytes
        self.mappedBytes = mappedBytes
        self.bufferedBytes = bufferedBytes
    }
}
