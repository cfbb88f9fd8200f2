internal import ContactCentre
internal import EventModel

/// The interactions of one customer, or of one thread, in the order in which they began, and of a
/// customer who is one person with others.
///
///     key  'p', 'c', u64 customer; or 'p', 't', text thread
///     row  u8 version = 2; num the person, packed, where that is another customer, else 0;
///          num members, rising, each: num customer, packed; num entries, then each: text name, u16 flags, u8 channel, text queue,
///          int created, u8 which of offered, ended, answered, reopened follow, each: int distance
///          from created; num wait, u64 initial, num reasons, then each: u64
///
/// Both stand under one prefix so that one table holds them. Whoever has more than `MetricLimits.chainEntriesMax` interactions is a switchboard, no person:
/// the first ones are kept, later ones have no person.
struct ChainRow: RowRecord {
    private static let version: UInt8 = 2

    private(set) var entries: [ChainEntry] = []
    /// Whose customer they are; nil while they are the person themselves.
    var person: CustomerID?
    /// The others of whom they are the person, rising.
    var members: [CustomerID] = []
    /// Not stored: whether its figures are to be moved when the fold settles.
    var isTouched = false

    init() {}

    var isEmpty: Bool { entries.isEmpty && person == nil && members.isEmpty }

    mutating func remove(_ entry: ChainEntry) {
        entries.removeAll { $0.name == entry.name }
    }

    mutating func insert(_ entry: ChainEntry) {
        let place = entries.firstIndex { entry.precedes($0) } ?? entries.count
        entries.insert(entry, at: place)
        if entries.count > MetricLimits.chainEntriesMax { entries.removeLast() }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "chain row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("chain row version", at: 0)
        }
        let packed = try reader.varint()
        if packed != 0 { person = CustomerID(packed: packed) }
        for _ in 0..<(try reader.count()) {
            members.append(CustomerID(packed: try reader.varint()))
        }
        for _ in 0..<(try reader.count()) { entries.append(try Self.entry(&reader)) }
        guard reader.isAtEnd else { throw MalformedBytes("chain row", at: reader.offset) }
    }

    private static func entry(
        _ reader: inout ByteReader
    ) throws(MalformedBytes) -> ChainEntry {
        var entry = ChainEntry()
        entry.name = try reader.text()
        entry.flags = ChainEntry.Flags(rawValue: try reader.integer(UInt16.self))
        guard let channel = Channel(rawValue: try reader.byte()) else {
            throw MalformedBytes("chain row channel", at: reader.offset)
        }
        entry.channel = channel
        entry.queue = try reader.text()
        entry.created = Timestamp(milliseconds: try reader.zigzag())
        let present = try reader.byte()
        func moment(_ bit: UInt8, _ reader: inout ByteReader) throws(MalformedBytes) -> Timestamp? {
            guard present & bit != 0 else { return nil }
            return entry.created.advanced(byMilliseconds: try reader.zigzag())
        }
        entry.offered = try moment(1, &reader)
        entry.ended = try moment(2, &reader)
        entry.answered = try moment(4, &reader)
        entry.reopened = try moment(8, &reader)
        entry.wait = try reader.zigzag()
        entry.initial = try reader.integer(UInt64.self)
        for _ in 0..<(try reader.count()) { entry.reasons.append(try reader.integer(UInt64.self)) }
        return entry
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: person?.packed ?? 0)
        row.append(varint: UInt64(members.count))
        for member in members { row.append(varint: member.packed) }
        row.append(varint: UInt64(entries.count))
        for entry in entries {
            row.append(text: entry.name)
            row.append(littleEndian: entry.flags.rawValue)
            row.append(entry.channel.rawValue)
            row.append(text: entry.queue)
            row.append(zigzag: entry.created.rawValue)
            let moments = [entry.offered, entry.ended, entry.answered, entry.reopened]
            var present: UInt8 = 0
            for (index, moment) in moments.enumerated() where moment != nil {
                present |= 1 << UInt8(index)
            }
            row.append(present)
            for case let moment? in moments { row.append(zigzag: moment - entry.created) }
            row.append(zigzag: entry.wait)
            row.append(littleEndian: entry.initial)
            row.append(varint: UInt64(entry.reasons.count))
            for reason in entry.reasons { row.append(littleEndian: reason) }
        }
    }
}

/// Where a chain's row stands.
enum ChainKey {
    static let prefix = UInt8(ascii: "p")

    static func isPerson(_ key: ArraySlice<UInt8>) -> Bool {
        key.dropFirst().first == UInt8(ascii: "c")
    }

    static func write(person: CustomerID, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(UInt8(ascii: "c"))
        key.append(bigEndian: person.rawValue)
    }

    static func write(thread: String, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(UInt8(ascii: "t"))
        key.append(keyText: thread)
    }
}
