internal import EventModel

/// What an event says of a queue or an agent that holds from then on, until the next word.
protocol DatedWord {
    /// What keys of such rows begin with.
    static var prefix: UInt8 { get }
    /// What a damaged row is called.
    static var rowName: StaticString { get }
    /// The attribute that names the queue or agent.
    static var subject: StaticString { get }
    /// Words of one queue or agent within thirty days that are kept: the first ones told.
    static var keptMax: Int { get }

    /// Reads what an event says; nil where it is no such word.
    init?(_ event: borrowing EventView)

    /// Reads what a row says beside moment and position.
    init(from reader: inout ByteReader) throws(MalformedBytes)

    /// Writes the same.
    func encode(into row: inout [UInt8])
}

/// What was said of one queue or agent within thirty days.
///
///     key  u8 prefix, text queue or agent, i32 which thirty days since 1970
///     row  u8 version = 1; num words, then each, by when it happened: int moment, num position,
///          what it says: drawn beside each type of words
///
/// No figure is kept of it, so that what is said late finds its place and moves no row. Rows are of
/// thirty days, so that what is said every day keeps what was said of any season.
struct DatedWords<Word: DatedWord>: RowRecord {
    struct Entry {
        let moment: Timestamp
        let position: Position
        let word: Word
    }

    /// In the order in which they happened.
    private(set) var entries: [Entry] = []

    init() {}

    var isEmpty: Bool { entries.isEmpty }

    private static var version: UInt8 { 1 }
    private static var spanMilliseconds: Int64 { 30 * MetricInterval.dayMilliseconds }

    /// Writes the key of the queue or agent that an event names; tells whether it names one.
    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard let name = event.bytes(Word.subject) else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(Word.prefix)
        key.append(keyText: name)
        key.append(
            keySigned: Int32(
                clamping: event.occurred.rawValue.flooredQuotient(spanMilliseconds)))
        return true
    }

    /// Takes a word of an event, in whatever order they come.
    mutating func take(_ word: Word, of event: borrowing EventView) {
        guard entries.count < Word.keptMax else { return }
        let place =
            entries.firstIndex { ($0.moment, $0.position) > (event.occurred, event.position) }
            ?? entries.count
        entries.insert(
            Entry(moment: event.occurred, position: event.position, word: word), at: place)
    }

    /// Adds the words of the time behind.
    mutating func append(_ later: Self) { entries += later.entries }

    /// Reads all that was said of one queue or agent.
    static func all<Reader: ViewReader & ~Copyable>(
        of name: String, in reader: borrowing Reader
    ) throws(ViewFault) -> Self {
        var key = [Word.prefix]
        key.append(keyText: name)
        var all = Self()
        try reader.rows(from: key, below: key.keyAfterPrefix) { _, row throws(ViewFault) in
            all.append(try Self.decoded(row))
            return true
        }
        return all
    }

    /// Reads all that was said of any, by name.
    static func all<Reader: ViewReader & ~Copyable>(
        in reader: borrowing Reader
    ) throws(ViewFault) -> [String: Self] {
        var all: [String: Self] = [:]
        try reader.rows(from: [Word.prefix], below: [Word.prefix + 1]) {
            key, row throws(ViewFault) in
            all[try key.keyText(at: 1).text, default: Self()].append(try Self.decoded(row))
            return true
        }
        return all
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: Word.rowName)
        guard try reader.byte() == Self.version else {
            throw MalformedBytes(Word.rowName, at: 0)
        }
        for _ in 0..<(try reader.count()) {
            let moment = try reader.moment()
            let position = Position(try reader.varint())
            entries.append(
                Entry(moment: moment, position: position, word: try Word(from: &reader)))
        }
        guard reader.isAtEnd else { throw MalformedBytes(Word.rowName, at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(entries.count))
        for entry in entries {
            row.append(zigzag: entry.moment.rawValue)
            row.append(varint: entry.position.rawValue)
            entry.word.encode(into: &row)
        }
    }
}
