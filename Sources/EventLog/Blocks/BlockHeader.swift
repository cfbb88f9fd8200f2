internal import EventModel

/// The head of a stored block; the block's key in the segment is its first position.
///
///      0   u8   format version = 1
///      1   u8   0
///      2   u16  0
///      4   u32  number of events
///      8   u64  first position (the key again: a misdirected write shows)
///     16   u32  bytes of the records before compression
///     20   u32  bytes of the frame
///     24   i64  least occurred time, ms UTC
///     32   i64  greatest occurred time, ms UTC
///     40   u64  types: for each event one bit, picked by a hash of its type, so that a scan for
///               a type passes over blocks that cannot hold it
///     48   32   running digest after the last event
///     80   u32  CRC-32C over bytes 0 ..< 80 and the frame
///     84   ...  one zstd frame: the records one after the other
///
/// All integers are little-endian.
struct BlockHeader: Equatable {
    static let byteCount = 84
    static let version: UInt8 = 1

    var first: Position
    var count: UInt32
    var rawBytes: UInt32
    var earliest: Timestamp
    var latest: Timestamp
    var types: UInt64
    var digest: Digest

    /// The last position in the block.
    var last: Position { Position(first.rawValue + UInt64(count) - 1) }

    /// Returns the stored block: this head and the frame.
    func write(frame: [UInt8], to block: inout [UInt8]) {
        block.removeAll(keepingCapacity: true)
        block.append(Self.version)
        block.append(0)
        block.append(littleEndian: UInt16(0))
        block.append(littleEndian: count)
        block.append(littleEndian: first.rawValue)
        block.append(littleEndian: rawBytes)
        block.append(littleEndian: UInt32(frame.count))
        block.append(littleEndian: earliest.rawValue)
        block.append(littleEndian: latest.rawValue)
        block.append(littleEndian: types)
        digest.append(to: &block)
        let head = unsafe CRC32C.checksum(block.span.bytes)
        block.append(
            littleEndian: unsafe CRC32C.checksum(frame.span.bytes, continuing: head))
        block.append(contentsOf: frame)
    }

    /// Reads and checks a stored block.
    ///
    /// - Throws: `damagedBlock` when checksum, key or lengths disagree.
    init(checking block: RawSpan, key: UInt64) throws(EventLogError) {
        func damaged(_ reason: String) -> EventLogError {
            .damagedBlock(first: Position(key), reason: reason)
        }
        guard block.byteCount > Self.byteCount else { throw damaged("it is cut short") }
        let head = CRC32C.checksum(block.extracting(0..<80))
        let frame = block.extracting(Self.byteCount..<block.byteCount)
        guard
            CRC32C.checksum(frame, continuing: head)
                == block.load(littleEndian: UInt32.self, at: 80)
        else { throw damaged("its checksum does not match") }
        guard block[0] == Self.version else { throw damaged("its format version is \(block[0])") }
        count = block.load(littleEndian: UInt32.self, at: 4)
        first = Position(block.load(littleEndian: UInt64.self, at: 8))
        rawBytes = block.load(littleEndian: UInt32.self, at: 16)
        earliest = Timestamp(milliseconds: block.load(littleEndian: Int64.self, at: 24))
        latest = Timestamp(milliseconds: block.load(littleEndian: Int64.self, at: 32))
        types = block.load(littleEndian: UInt64.self, at: 40)
        digest = Digest(reading: block.extracting(48..<80))
        guard first.rawValue == key, count > 0,
            Int(block.load(littleEndian: UInt32.self, at: 20)) == frame.byteCount,
            Int(rawBytes) <= LogLimits.blockRawBytesMax
        else { throw damaged("its head names position \(first) and \(rawBytes) raw bytes") }
    }

    init(
        first: Position, count: UInt32, rawBytes: UInt32, earliest: Timestamp, latest: Timestamp,
        types: UInt64, digest: Digest
    ) {
        self.first = first
        self.count = count
        self.rawBytes = rawBytes
        self.earliest = earliest
        self.latest = latest
        self.types = types
        self.digest = digest
    }

    /// The bit that stands for a type in `types`.
    static func bit(ofType type: RawSpan) -> UInt64 {
        1 << UInt64(CRC32C.checksum(type) >> 26)
    }
}
