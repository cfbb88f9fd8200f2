internal import EventModel

/// The newest block of the log, still open, and the state of the digest chain behind it.
struct LogTail {
    /// The first position in the block.
    private(set) var first: Position
    /// How many events it holds.
    private(set) var count: UInt32 = 0
    /// Their records.
    private(set) var records: [UInt8] = []
    private(set) var earliest = Timestamp.latest
    private(set) var latest = Timestamp.earliest
    private(set) var types: UInt64 = 0
    /// The running digest after the last event.
    private(set) var digest: Digest
    /// When the newest event was recorded.
    private(set) var recorded: Timestamp
    /// The seed of the newest event's group, empty before the first event.
    var seed: [UInt8] = []
    var seedGroup: UInt64 = 0

    /// Begins at the start of a segment.
    init(first: Position, digest: Digest) {
        self.first = first
        self.digest = digest
        recorded = .earliest
    }

    /// The last position, or the one before `first` when the block is empty.
    var last: Position { Position(first.rawValue + UInt64(count) - 1) }

    var header: BlockHeader {
        BlockHeader(
            first: first, count: count, rawBytes: UInt32(records.count), earliest: earliest,
            latest: latest, types: types, digest: digest)
    }

    /// Adds a stamped record and moves the chain on.
    mutating func add(
        _ event: borrowing EventView, seed: RawSpan, chain: borrowing DigestChain
    ) {
        digest = chain.advance(digest, by: event, seed: seed)
        keep(event)
    }

    /// Takes over a stored record; the chain's state comes from the block's head.
    mutating func restore(_ event: borrowing EventView, digest: Digest) {
        self.digest = digest
        keep(event)
    }

    private mutating func keep(_ event: borrowing EventView) {
        precondition(event.position == Position(first.rawValue + UInt64(count)))
        records.append(event.record)
        count += 1
        earliest = min(earliest, event.occurred)
        latest = max(latest, event.occurred)
        types |= BlockHeader.bit(ofType: event.type)
        recorded = max(recorded, event.recorded)
    }

    /// Begins the next block.
    mutating func begin() {
        first = Position(first.rawValue + UInt64(count))
        count = 0
        records.removeAll(keepingCapacity: true)
        earliest = .latest
        latest = .earliest
        types = 0
    }

    /// Makes the block that starts at a position the open one, empty as yet.
    mutating func open(at first: Position) {
        self.first = first
        precondition(count == 0, "a block is opened before it takes records")
    }

    /// Takes note of when an event in an earlier block was recorded.
    mutating func note(recorded: Timestamp) { self.recorded = max(self.recorded, recorded) }
}
