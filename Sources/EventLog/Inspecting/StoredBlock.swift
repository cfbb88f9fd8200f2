public import EventModel

/// What a block of a segment says of itself.
public struct StoredBlock: Sendable {
    /// The position under which it lies; its first one.
    public let first: Position
    /// How many events it holds; 0 where its head cannot be believed.
    public let count: Int
    /// The bytes of its records before compression.
    public let rawBytes: Int
    /// The bytes of its compressed frame.
    public let frameBytes: Int
    /// The least and the greatest time at which its events happened, as they say.
    public let occurred: ClosedRange<Timestamp>?
    /// The running digest after its last event.
    public let digest: Digest?
    /// Where in the file it lies, for one that was found by its head.
    public let offset: Int?
    /// What is wrong with it; nil when nothing is.
    public let fault: String?

    /// The last position it holds.
    public var last: Position { Position(first.rawValue + UInt64(max(1, count)) - 1) }

    init(_ header: BlockHeader, frameBytes: Int, offset: Int? = nil) {
        first = header.first
        count = Int(header.count)
        rawBytes = Int(header.rawBytes)
        self.frameBytes = frameBytes
        occurred = min(header.earliest, header.latest)...max(header.earliest, header.latest)
        digest = header.digest
        self.offset = offset
        fault = nil
    }

    init(damaged first: Position, byteCount: Int, _ fault: String) {
        self.first = first
        (count, rawBytes, digest, offset, occurred) = (0, 0, nil, nil, nil)
        frameBytes = max(0, byteCount - BlockHeader.byteCount)
        self.fault = fault
    }
}

/// A block with what it holds, as far as it can be read.
public struct BlockContent: Sendable {
    /// What it says of itself.
    public let block: StoredBlock
    /// The bytes of the block: its head and its frame.
    public let bytes: [UInt8]
    /// The records, one for each event; none where the frame cannot be decompressed.
    public let records: [[UInt8]]
    /// Why the records cannot be read; nil when they can.
    public let fault: String?
}
