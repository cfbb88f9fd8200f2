internal import EventModel

/// The stored form of an interaction's state, version 2.
///
/// Numbers are variable-length; a *moment* is the signed distance from `created` in milliseconds;
/// `?` marks a value written as 0 when absent, else as the value plus one; texts stand behind
/// their length.
///
///     u8   version = 2
///     u8   state, channel, direction?, method?, classification, abandonPhase?, disconnectedBy?,
///          resolution?
///     u8   flags: 1 created implicitly, 2 completion said, 4 abandoned before any queue
///     int  created, ms UTC; number position of creation
///     text queue it was created for; text? initial, previous, related, thread
///     num  offers made, fruitless; messages received, sent; moment? first human reply
///     num  transfers, consults, conferences
///     mom? wrap-up started, wrap-up ended, ended, reopened; moment last occurred
///     num  last position, as the distance from that of creation (signed)
///     num  count of stays, then each:
///          text queue; u8 kind; int priority; moment entered; int first entry − entered;
///          int? place; moment? ended; u8 outcome?, reason?, phase?; text? agent
///     num  count of connections, then each:
///          text agent; num? stay; text queue; moment? accepted, connected, ended; u8 end?;
///          num hold ms, holds; moment? hold started
///     num  count of self-service spans, then each:
///          text flow; moment entered; moment? left; u8 outcome?
///     num  anomalies in all, anomalies kept, then each:
///          num position; u8 kind, event, state; text? what; with what: text? expected, got
///     ...  what queues and agents need of it: drawn in `Interaction+Live.swift`
///
/// Example, begun at 1970-01-01T00:00:01Z by event 7 on voice, inbound, nothing since:
///
///     02 01 01 01 01 00 00 00 00  00  d00f 07  00 00 00 00 00  00 00 00 00 00  00 00 00
///     00 00 00 00 00 00  00 00 00  00 00  00 00 00 00 00 00 00
public enum InteractionRow {
    /// The version this code writes.
    public static let version: UInt8 = 2
}

/// Writes the parts of a row; moments count from one base.
struct InteractionRowWriter {
    var row: [UInt8]
    let base: Int64

    mutating func number(_ value: Int) { row.append(varint: UInt64(value)) }
    mutating func moment(_ value: Timestamp) { row.append(zigzag: value.rawValue - base) }
    mutating func moment(_ value: Timestamp?) {
        optional(value.map { $0.rawValue - base })
    }
    /// Writes a number that may be absent; it is not the most negative one.
    mutating func optional(_ value: Int64?) {
        guard let value else { return row.append(0) }
        let zigzag = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        row.append(varint: zigzag + 1)
    }
    mutating func word<Word: DomainWord>(_ word: Word?) {
        row.append(word.map { $0.rawValue + 1 } ?? 0)
    }
}

/// Reads the parts of a row, refusing what would trap later.
struct InteractionRowReader: ~Escapable {
    var reader: ByteReader
    var base: Int64 = 0

    @_lifetime(copy reader)
    init(_ reader: ByteReader) { self.reader = reader }

    private func malformed() -> MalformedBytes {
        MalformedBytes("interaction row", at: reader.offset)
    }

    @_lifetime(self: copy self)
    mutating func number() throws(MalformedBytes) -> Int {
        let value = try reader.varint()
        guard value <= UInt64(Int32.max) else { throw malformed() }
        return Int(value)
    }

    @_lifetime(self: copy self)
    mutating func absoluteMoment() throws(MalformedBytes) -> Timestamp {
        try checked(try reader.zigzag())
    }

    @_lifetime(self: copy self)
    mutating func moment() throws(MalformedBytes) -> Timestamp {
        try checked(base &+ (try reader.zigzag()))
    }

    @_lifetime(self: copy self)
    mutating func optionalMoment() throws(MalformedBytes) -> Timestamp? {
        guard let distance = try optional() else { return nil }
        return try checked(base &+ distance)
    }

    /// Keeps moments within what an event can carry, so that their differences cannot overflow.
    private func checked(_ milliseconds: Int64) throws(MalformedBytes) -> Timestamp {
        let moment = Timestamp(milliseconds: milliseconds)
        guard moment >= .earliest, moment <= .latest else { throw malformed() }
        return moment
    }

    @_lifetime(self: copy self)
    mutating func optional() throws(MalformedBytes) -> Int64? {
        let raw = try reader.varint()
        guard raw > 0 else { return nil }
        let zigzag = raw - 1
        return Int64(bitPattern: (zigzag >> 1) ^ (0 &- (zigzag & 1)))
    }

    @_lifetime(self: copy self)
    mutating func word<Word: DomainWord>(_: Word.Type) throws(MalformedBytes) -> Word {
        guard let word = Word(rawValue: try reader.byte()) else { throw malformed() }
        return word
    }

    @_lifetime(self: copy self)
    mutating func optionalWord<Word: DomainWord>(
        _: Word.Type
    ) throws(MalformedBytes) -> Word? {
        let raw = try reader.byte()
        guard raw > 0 else { return nil }
        guard let word = Word(rawValue: raw - 1) else { throw malformed() }
        return word
    }

    @_lifetime(self: copy self)
    mutating func duration() throws(MalformedBytes) -> Int64 {
        let value = try reader.varint()
        guard value <= UInt64(Timestamp.latest - .earliest) else { throw malformed() }
        return Int64(value)
    }
}
