internal import EventModel

/// A block that is being filled, and the state of the digest chain behind it.
struct OpenBlock {
    /// The first position in the block.
    private(set) var first: Position
    /// How many events it holds.
    private(set) var count: UInt32 = 0
    /// Their records.
    private(set) var records: [UInt8] = []
    private var earliest = Timestamp.latest
    private var latest = Timestamp.earliest
    private var types: UInt64 = 0
    /// Where the last record begins, and what it adds to the head.
    private var newest = (start: 0, occurred: Timestamp.latest, type: UInt64(0))
    /// The running digest after the last event.
    private(set) var digest: Digest

    /// Begins an empty block.
    ///
    /// - Parameter digest: The running digest before its first event.
    init(first: Position, digest: Digest) {
        self.first = first
        self.digest = digest
    }

    /// The position of the next event.
    var next: Position { Position(first.rawValue + UInt64(count)) }

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
        precondition(event.position == next, "events come in order")
        digest = chain.advance(digest, by: event, seed: seed)
        newest = (records.count, event.saidOccurred, BlockHeader.bit(ofType: event.type))
        records.append(event.record)
        count += 1
        earliest = min(earliest, newest.occurred)
        latest = max(latest, newest.occurred)
        types |= newest.type
    }

    /// Begins the next block with the last event of this one.
    mutating func beginWithLast() {
        precondition(count > 0, "there is a last event")
        first = last
        count = 1
        records.removeSubrange(..<newest.start)
        newest.start = 0
        earliest = newest.occurred
        latest = newest.occurred
        types = newest.type
    }

    /// Begins the next block.
    mutating func begin() {
        first = next
        count = 0
        records.removeAll(keepingCapacity: true)
        earliest = .latest
        latest = .earliest
        types = 0
    }
}
