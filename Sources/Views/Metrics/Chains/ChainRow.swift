internal import ContactCentre
internal import EventModel

/// The interactions of one customer, or of one thread, in the order in which they began, and of a
/// customer who is one person with others.
///
///     key  'p', 'c', u64 customer; or 'p', 't', text thread
///     row  u8 version = 6; num the person, packed, where that is another customer, else 0;
///          num members, rising, each: num customer, packed; num entries, then each:
///          u16 sparse, as `NumberListWriter` has it: flags, channel, created as the signed distance
///              from the entry before, wait (signed), offered?, ended?, answered?, reopened?,
///              called back?, lost? as signed distances from created plus one, 1 where the queue is not
///              that of the entry before, 1 where it names another interaction, reasons,
///              1 where it names a thread
///          text name; text queue, u64 that link, text thread, where the list says so; each reason: u64
///
/// Both stand under one prefix so that one table holds them. Whoever has more than `MetricLimits.chainEntriesMax` interactions is a switchboard, no person:
/// the first ones are kept, later ones have no person.
struct ChainRow: RowRecord {
    private static let version: UInt8 = 6

    private(set) var entries: [ChainEntry] = []
    /// Whose customer they are; nil while they are the person themselves.
    var person: CustomerID?
    /// The others of whom they are the person, rising.
    var members: [CustomerID] = []
    /// Not stored: whether its figures are to be moved when the fold settles.
    var isTouched = false

    init() {}

    var isEmpty: Bool { entries.isEmpty && person == nil && members.isEmpty }

    /// Whether an interaction that is put in or taken out makes it another.
    func isChanged(by entry: ChainEntry, isIn: Bool) -> Bool {
        guard entries.count >= MetricLimits.chainEntriesMax, let last = entries.last else {
            return true
        }
        return isIn ? entry.precedes(last) : entries.contains { $0.name == entry.name }
    }

    mutating func remove(_ entry: ChainEntry) {
        entries.removeAll {
            $0.name == entry.name && $0.has(.follows) == entry.has(.follows)
        }
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
        var last = ChainEntry()
        for _ in 0..<(try reader.count()) {
            last = try Self.entry(after: last, &reader)
            entries.append(last)
        }
        guard reader.isAtEnd else { throw MalformedBytes("chain row", at: reader.offset) }
    }

    private static func entry(
        after last: ChainEntry, _ reader: inout ByteReader
    ) throws(MalformedBytes) -> ChainEntry {
        var list = NumberListReader()
        func signed(_ raw: UInt64) -> Int64 {
            Int64(bitPattern: (raw >> 1) ^ (0 &- (raw & 1)))
        }
        var entry = ChainEntry()
        func moment(_ reader: inout ByteReader) throws(MalformedBytes) -> Timestamp? {
            let raw = try list.next(&reader)
            guard raw > 0 else { return nil }
            return Timestamp(milliseconds: entry.created.rawValue &+ signed(raw - 1))
        }
        try list.begin(maskBytes: 2, &reader)
        entry.flags = ChainEntry.Flags(rawValue: UInt16(clamping: try list.next(&reader)))
        guard let channel = Channel(rawValue: UInt8(clamping: try list.next(&reader))) else {
            throw MalformedBytes("chain row channel", at: reader.offset)
        }
        entry.channel = channel
        entry.created = Timestamp(
            milliseconds: last.created.rawValue &+ signed(try list.next(&reader)))
        entry.wait = signed(try list.next(&reader))
        entry.offered = try moment(&reader)
        entry.ended = try moment(&reader)
        entry.answered = try moment(&reader)
        entry.reopened = try moment(&reader)
        entry.calledBack = try moment(&reader)
        entry.lost = try moment(&reader)
        let hasQueue = try list.next(&reader) == 1
        let hasLink = try list.next(&reader) == 1
        let reasons = try list.next(&reader)
        let hasThread = try list.next(&reader) == 1
        guard reasons <= UInt64(reader.bytes.byteCount - reader.offset) else {
            throw MalformedBytes("chain row reasons", at: reader.offset)
        }
        entry.name = try reader.text()
        entry.queue = hasQueue ? try reader.text() : last.queue
        if hasLink { entry.link = try reader.integer(UInt64.self) }
        if hasThread { entry.thread = try reader.text() }
        for _ in 0..<reasons { entry.reasons.append(try reader.integer(UInt64.self)) }
        return entry
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: person?.packed ?? 0)
        row.append(varint: UInt64(members.count))
        for member in members { row.append(varint: member.packed) }
        row.append(varint: UInt64(entries.count))
        var created: Int64 = 0
        var queue = ""
        for entry in entries {
            Self.encode(entry, after: created, in: queue, into: &row)
            created = entry.created.rawValue
            queue = entry.queue
        }
    }

    private static func encode(
        _ entry: ChainEntry, after created: Int64, in queue: String, into row: inout [UInt8]
    ) {
        func unsigned(_ value: Int64) -> UInt64 {
            UInt64(bitPattern: (value << 1) ^ (value >> 63))
        }
        func distance(_ moment: Timestamp?) -> UInt64 {
            moment.map { unsigned($0 - entry.created) + 1 } ?? 0
        }
        var list = NumberListWriter()
        list.begin(maskBytes: 2, in: &row)
        list.append(UInt64(entry.flags.rawValue), to: &row)
        list.append(UInt64(entry.channel.rawValue), to: &row)
        list.append(unsigned(entry.created.rawValue &- created), to: &row)
        list.append(unsigned(entry.wait), to: &row)
        list.append(distance(entry.offered), to: &row)
        list.append(distance(entry.ended), to: &row)
        list.append(distance(entry.answered), to: &row)
        list.append(distance(entry.reopened), to: &row)
        list.append(distance(entry.calledBack), to: &row)
        list.append(distance(entry.lost), to: &row)
        list.append(entry.queue == queue ? 0 : 1, to: &row)
        list.append(entry.link == 0 ? 0 : 1, to: &row)
        list.append(UInt64(entry.reasons.count), to: &row)
        list.append(entry.thread.isEmpty ? 0 : 1, to: &row)
        list.end(in: &row)
        row.append(text: entry.name)
        if entry.queue != queue { row.append(text: entry.queue) }
        if entry.link != 0 { row.append(littleEndian: entry.link) }
        if !entry.thread.isEmpty { row.append(text: entry.thread) }
        for reason in entry.reasons { row.append(littleEndian: reason) }
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
