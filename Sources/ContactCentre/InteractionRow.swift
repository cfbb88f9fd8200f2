internal import EventModel

/// The stored form of an interaction's state, version 4.
///
/// Numbers are variable-length; most are 0 in most interactions, and stand in *sparse* lists
/// (`NumberListWriter`) with a mask of 2 or 4 bytes. In these a
/// *moment* is the signed distance from `created` in milliseconds in zigzag form; `?` marks a value
/// that is 0 when absent, else the value plus one; texts stand behind their length.
///
///     u8   version = 4
///     int  created, ms UTC
///     u32  sparse: state, channel, direction?, method?, position of creation, moment last occurred,
///          last position as the signed distance from that of creation, stays, connections,
///          moment? ended, wrap-up started, wrap-up ended, disconnectedBy?, resolution?,
///          flags (1 created implicitly, 2 completion said, 4 abandoned before any queue), texts,
///          offers made, fruitless, abandonPhase?, classification, messages received, sent,
///          moment? first human reply, transfers, moment? reopened, rare,
///          moment? first unanswered message, its position as the signed distance from that of creation
///     text by the bits of texts: 1 queue it was created for, 2 initial, 4 previous, 8 related,
///          16 thread, 32 source, 64 callback
///     ...  each stay:
///          u16  sparse: moment entered, moment? ended, outcome?, texts, kind, priority (signed), first
///               entry − entered (signed), place? (signed), reason?, phase?, moment? announced,
///               expected ms (signed), low?, high? (signed)
///          text by the bits of texts: 1 queue, where it is not that of the stay before, nor, of the
///               first, the one that the interaction was created for; 2 agent, 4 skills, 8 language,
///          16 source
///     ...  each connection:
///          u16  sparse: stay + 1, moment? accepted, connected, ended, end?, hold ms, holds,
///               moment? hold started, texts
///          text by the bits of texts: 1 agent, 2 queue, where these are not those of the stay
///     ...  where rare is 1:
///          u16  sparse: self-service spans, anomalies in all, anomalies kept, pending offers,
///               consults, conferences, state before an inferred end?, asked for a person how often,
///               moment? first
///          each span: text flow; u16 sparse: moment entered, moment? left, outcome?
///          each anomaly: num position; u8 kind, event, state; text? what; with what: text? expected,
///               got
///          each pending offer: text agent; text? offer; int moment made
///
/// Example, begun at 1970-01-01T00:00:01Z by event 7 on voice, inbound, nothing since:
///
///     04 d00f  1f000000 01 01 01 01 07
public enum InteractionRow {
    /// The version this code writes.
    public static let version: UInt8 = 4
}

/// Writes the parts of a row; moments count from one base.
struct InteractionRowWriter {
    var row: [UInt8]
    let base: Int64
    private var list = NumberListWriter()

    init(row: [UInt8], base: Int64) {
        self.row = row
        self.base = base
    }

    /// Begins a sparse list of at most 8 numbers for each byte of its mask.
    mutating func beginList(maskBytes: Int) { list.begin(maskBytes: maskBytes, in: &row) }
    mutating func endList() { list.end(in: &row) }
    mutating func number(_ value: UInt64) { list.append(value, to: &row) }
    mutating func number(_ value: Int) { number(UInt64(value)) }
    mutating func signed(_ value: Int64) {
        number(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }
    mutating func moment(_ value: Timestamp) { signed(value.rawValue - base) }
    mutating func moment(_ value: Timestamp?) { optional(value.map { $0.rawValue - base }) }
    /// Writes a number that may be absent; it is not the most negative one.
    mutating func optional(_ value: Int64?) {
        guard let value else { return number(UInt64(0)) }
        number(UInt64(bitPattern: (value << 1) ^ (value >> 63)) + 1)
    }
    mutating func word<Word: DomainWord>(_ word: Word) { number(UInt64(word.rawValue)) }
    mutating func word<Word: DomainWord>(_ word: Word?) {
        number(word.map { UInt64($0.rawValue) + 1 } ?? 0)
    }
}

/// Reads the parts of a row, refusing what would trap later.
struct InteractionRowReader: ~Escapable {
    var reader: ByteReader
    var base: Int64 = 0
    private var list = NumberListReader()

    @_lifetime(copy reader)
    init(_ reader: ByteReader) { self.reader = reader }

    private func malformed() -> MalformedBytes {
        MalformedBytes("interaction row", at: reader.offset)
    }

    @_lifetime(self: copy self)
    mutating func beginList(maskBytes: Int) throws(MalformedBytes) {
        try list.begin(maskBytes: maskBytes, &reader)
    }

    /// Reads the next number of a list.
    @_lifetime(self: copy self)
    private mutating func next() throws(MalformedBytes) -> UInt64 { try list.next(&reader) }

    @_lifetime(self: copy self)
    mutating func number() throws(MalformedBytes) -> Int {
        let value = try next()
        guard value <= UInt64(Int32.max) else { throw malformed() }
        return Int(value)
    }

    /// Reads how many of something follow, each of which takes a byte at least.
    @_lifetime(self: copy self)
    mutating func count() throws(MalformedBytes) -> Int {
        let value = try next()
        guard value <= UInt64(reader.bytes.byteCount - reader.offset) else { throw malformed() }
        return Int(value)
    }

    @_lifetime(self: copy self)
    mutating func position() throws(MalformedBytes) -> UInt64 { try next() }

    @_lifetime(self: copy self)
    mutating func signed() throws(MalformedBytes) -> Int64 {
        let raw = try next()
        return Int64(bitPattern: (raw >> 1) ^ (0 &- (raw & 1)))
    }

    @_lifetime(self: copy self)
    mutating func absoluteMoment() throws(MalformedBytes) -> Timestamp {
        try checked(try reader.zigzag())
    }

    @_lifetime(self: copy self)
    mutating func moment() throws(MalformedBytes) -> Timestamp {
        try checked(base &+ (try signed()))
    }

    @_lifetime(self: copy self)
    mutating func optionalMoment() throws(MalformedBytes) -> Timestamp? {
        guard let distance = try optional() else { return nil }
        return try checked(base &+ distance)
    }

    /// Reads a moment that stands in no list.
    @_lifetime(self: copy self)
    mutating func singleMoment() throws(MalformedBytes) -> Timestamp {
        try checked(base &+ (try reader.zigzag()))
    }

    /// Keeps moments within what an event can carry, so that their differences cannot overflow.
    private func checked(_ milliseconds: Int64) throws(MalformedBytes) -> Timestamp {
        let moment = Timestamp(milliseconds: milliseconds)
        guard moment >= .earliest, moment <= .latest else { throw malformed() }
        return moment
    }

    @_lifetime(self: copy self)
    mutating func optional() throws(MalformedBytes) -> Int64? {
        let raw = try next()
        guard raw > 0 else { return nil }
        let zigzag = raw - 1
        return Int64(bitPattern: (zigzag >> 1) ^ (0 &- (zigzag & 1)))
    }

    @_lifetime(self: copy self)
    mutating func word<Word: DomainWord>(_: Word.Type) throws(MalformedBytes) -> Word {
        guard let word = Word(rawValue: UInt8(clamping: try next())) else { throw malformed() }
        return word
    }

    @_lifetime(self: copy self)
    mutating func optionalWord<Word: DomainWord>(
        _: Word.Type
    ) throws(MalformedBytes) -> Word? {
        let raw = try next()
        guard raw > 0 else { return nil }
        guard let word = Word(rawValue: UInt8(clamping: raw - 1)) else { throw malformed() }
        return word
    }

    /// Reads a word of one byte that stands in no list.
    @_lifetime(self: copy self)
    mutating func singleWord<Word: DomainWord>(_: Word.Type) throws(MalformedBytes) -> Word {
        guard let word = Word(rawValue: try reader.byte()) else { throw malformed() }
        return word
    }

    @_lifetime(self: copy self)
    mutating func duration() throws(MalformedBytes) -> Int64 {
        let value = try next()
        guard value <= UInt64(Timestamp.latest - .earliest) else { throw malformed() }
        return Int64(value)
    }

    /// Reads a text where its bit is set.
    @_lifetime(self: copy self)
    mutating func text(_ bit: Int, of texts: Int) throws(MalformedBytes) -> String? {
        texts & bit == 0 ? nil : try reader.text()
    }
}
