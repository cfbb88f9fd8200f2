public import EventModel
internal import LMDB

/// A named consumer: what it wants of the log, and how far it is done with it.
///
/// In `<store>/consumers.mdb` the name is the key, and this is the value; integers are little-endian:
///
///     u8   layout = 2; rows of layout 1 have no owner and are read
///     u64  epoch in which the position is counted
///     u64  acknowledged position: everything up to it is done; 0 = nothing
///     i64  created, milliseconds since 1970 UTC
///     u32  the user whose it is; 2³² − 1 = nobody's
///     u16  number of type patterns, then for each u16 length, UTF-8
///     u16  number of channels, then for each u16 length, UTF-8
///     u32  CRC-32C over the name and everything before
///
/// Nothing in it is personal: names are ASCII of the operators' choosing, and filters by
/// identifier are not kept.
public struct ConsumerRecord: Hashable, Sendable {
    /// What it is called: 1 to 64 of `A-Z a-z 0-9 . _ -`.
    public let name: String
    /// The epoch in which its position is counted.
    public var epoch: UInt64
    /// Everything up to here is done.
    public var acknowledged: Position
    /// When it was created.
    public let created: Timestamp
    /// The user whose it is; nil where it was made before consumers belonged to somebody.
    public var owner: UInt32?
    /// Patterns of the types it wants; none: all.
    public let types: [String]
    /// The channels it wants; none: all.
    public let channels: [String]

    /// Makes a record.
    public init(
        name: String, epoch: UInt64, acknowledged: Position, created: Timestamp,
        owner: UInt32? = nil,
        types: [String] = [], channels: [String] = []
    ) {
        self.name = name
        self.epoch = epoch
        self.acknowledged = acknowledged
        self.created = created
        self.owner = owner
        self.types = types
        self.channels = channels
    }

    /// Whether a name may be given to one.
    public static func isName(_ name: String) -> Bool {
        (1...ConsumerLimits.nameBytesMax).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: true
                default: false
                }
            }
    }

    private static let layout: UInt8 = 2
    private static let layoutWithoutOwner: UInt8 = 1
    /// What stands for nobody: no user has that number.
    private static let nobody = UInt32.max

    var encoded: [UInt8] {
        var bytes = [Self.layout]
        bytes.append(littleEndian: epoch)
        bytes.append(littleEndian: acknowledged.rawValue)
        bytes.append(littleEndian: created.milliseconds)
        bytes.append(littleEndian: owner ?? Self.nobody)
        for words in [types, channels] {
            bytes.append(littleEndian: UInt16(words.count))
            for word in words {
                bytes.append(littleEndian: UInt16(word.utf8.count))
                bytes += Array(word.utf8)
            }
        }
        bytes.append(littleEndian: Self.checksum(name, bytes))
        return bytes
    }

    /// Reads what lies under a name.
    ///
    /// - Throws: `MalformedBytes` when it is not as it was written.
    init(name key: RawSpan, value: RawSpan) throws(MalformedBytes) {
        let name = key.text()
        guard value.byteCount >= 4, Self.isName(name) else {
            throw MalformedBytes("consumer", at: 0)
        }
        let end = value.byteCount - 4
        let body = value.extracting(0..<end)
        guard
            value.load(littleEndian: UInt32.self, at: end) == Self.checksum(name, body.copied())
        else { throw MalformedBytes("consumer checksum", at: end) }
        var reader = ByteReader(body, of: "consumer")
        let layout = try reader.byte()
        guard layout == Self.layout || layout == Self.layoutWithoutOwner else {
            throw MalformedBytes("consumer", at: 0)
        }
        let epoch = try reader.integer(UInt64.self)
        let acknowledged = try reader.integer(UInt64.self)
        let created = try reader.integer(Int64.self)
        let owner =
            layout == Self.layoutWithoutOwner ? Self.nobody : try reader.integer(UInt32.self)
        var lists: [[String]] = []
        for _ in 0..<2 {
            var words: [String] = []
            for _ in 0..<(try reader.integer(UInt16.self)) {
                words.append(try reader.span(Int(try reader.integer(UInt16.self))).text())
            }
            lists.append(words)
        }
        self.init(
            name: name, epoch: epoch, acknowledged: Position(acknowledged),
            created: Timestamp(milliseconds: created),
            owner: owner == Self.nobody ? nil : owner, types: lists[0], channels: lists[1])
    }

    private static func checksum(_ name: String, _ bytes: [UInt8]) -> UInt32 {
        let all = Array(name.utf8) + bytes
        return unsafe CRC32C.checksum(all.span.bytes)
    }
}
