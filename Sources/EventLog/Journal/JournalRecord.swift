internal import EventModel

/// The head of one record of the journal: a round's events as they were committed.
///
///      0   u32  magic "TLJ1"
///      4   u32  bytes of the whole record, padding left out
///      8   u64  sequence, one more than the record before
///     16   u64  key of the journal file: random, told to nobody, so that no event's data can be
///               taken for a record
///     24   u64  first position
///     32   u32  number of events; 0 = the log was closed at this place
///     36   u32  number of salt seeds
///     40   u64  flags: 1 = the round begins a segment, 2 = bytes 48 ..< 56 are given
///     48   u64  sequence of the newest record that was known to be on disk before this one was
///               written; not given = the one before it, as where each write is a flush
///     56   u32  0
///     60   u32  CRC-32C over bytes 0 ..< 60 and what follows
///     64   ...  seeds, each u64 group and 32 bytes; then the events' records
///
/// All integers are little-endian. A record begins at a multiple of `Journal.alignment`.
struct JournalRecord: Equatable {
    static let byteCount = 64
    static let seedBytes = 40
    private static let magic: UInt32 = 0x314A_4C54

    let bytes: Int
    let sequence: UInt64
    let key: UInt64
    let first: Position
    let count: UInt32
    let seedCount: UInt32
    let beginsSegment: Bool
    /// What was known to be on disk, all records up to this sequence.
    let flushed: UInt64

    /// The last position, or the one before `first` in a record that says the log was closed.
    var last: Position { Position(first.rawValue + UInt64(count) - 1) }

    /// Where the events' records begin.
    var recordsOffset: Int { Self.byteCount + Int(seedCount) * Self.seedBytes }

    init(
        bytes: Int, sequence: UInt64, key: UInt64, first: Position, count: UInt32,
        seedCount: UInt32, beginsSegment: Bool, flushed: UInt64
    ) {
        self.bytes = bytes
        self.sequence = sequence
        self.key = key
        self.first = first
        self.count = count
        self.seedCount = seedCount
        self.beginsSegment = beginsSegment
        self.flushed = flushed
    }

    /// Writes the head, its checksum over what `body` continues it with.
    func head(checksumOf body: (UInt32) -> UInt32) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(Self.byteCount)
        head.append(littleEndian: Self.magic)
        head.append(littleEndian: UInt32(bytes))
        head.append(littleEndian: sequence)
        head.append(littleEndian: key)
        head.append(littleEndian: first.rawValue)
        head.append(littleEndian: count)
        head.append(littleEndian: seedCount)
        head.append(littleEndian: UInt64(beginsSegment ? 1 : 0) | 2)
        head.append(littleEndian: flushed)
        head.append(littleEndian: UInt32(0))
        head.append(littleEndian: body(unsafe CRC32C.checksum(head.span.bytes)))
        return head
    }

    /// Reads the record at the beginning of some bytes of the ring, or nil when there is no whole
    /// one of this journal.
    init?(checking ring: RawSpan, key: UInt64) {
        guard ring.byteCount >= Self.byteCount,
            ring.load(littleEndian: UInt32.self, at: 0) == Self.magic,
            ring.load(littleEndian: UInt64.self, at: 16) == key
        else { return nil }
        let bytes = Int(ring.load(littleEndian: UInt32.self, at: 4))
        let seedCount = ring.load(littleEndian: UInt32.self, at: 36)
        guard bytes >= Self.byteCount, bytes <= ring.byteCount,
            Int(seedCount) <= (bytes - Self.byteCount) / Self.seedBytes
        else { return nil }
        let head = CRC32C.checksum(ring.extracting(0..<60))
        guard
            CRC32C.checksum(ring.extracting(Self.byteCount..<bytes), continuing: head)
                == ring.load(littleEndian: UInt32.self, at: 60)
        else { return nil }
        let sequence = ring.load(littleEndian: UInt64.self, at: 8)
        let flags = ring.load(littleEndian: UInt64.self, at: 40)
        self.init(
            bytes: bytes, sequence: sequence, key: key,
            first: Position(ring.load(littleEndian: UInt64.self, at: 24)),
            count: ring.load(littleEndian: UInt32.self, at: 32), seedCount: seedCount,
            beginsSegment: flags & 1 == 1,
            flushed: flags & 2 == 2
                ? ring.load(littleEndian: UInt64.self, at: 48) : max(1, sequence) - 1)
    }
}
