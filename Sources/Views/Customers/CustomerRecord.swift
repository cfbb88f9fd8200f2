internal import ContactCentre
internal import EventModel

/// What the customers view keeps of one person beside their touchpoints.
///
///     key  'c', u64 customer
///     row  u8 version = 4; int first contact, ms UTC; int last contact − first contact;
///          num count of identifiers, then each:
///              text kind, value; u8 strength; int first seen, ms UTC; num first position;
///              int last seen − first seen; num last position − first position (signed);
///              num position that proved it, 0 = none
///          int contacts, answered, abandoned, open;
///          num channels with contacts, then each: u8 channel, int contacts;
///          num kinds of subjects that they have, a bit each;
///          num position of the last event that was not theirs and yet changed what is known of them,
///          0 without;
///          num bytes; the positions of their newest events, as `TimelineChunk` draws them
struct CustomerRecord: RowRecord {
    static let version: UInt8 = 4

    struct SeenIdentifier: Equatable {
        var kind: String
        var value: String
        var strength: IdentifierStrength
        var firstSeen: Timestamp
        var firstPosition: Position
        var lastSeen: Timestamp
        var lastPosition: Position
        /// The first event that proved it; zero = none.
        var proved: Position
    }

    private(set) var firstContact = Timestamp.latest
    private(set) var lastContact = Timestamp.earliest
    private(set) var identifiers: [SeenIdentifier] = []
    private(set) var counts = CustomerCounts()
    private(set) var kinds: UInt32 = 0
    /// What changed last what is known of them, and is no event of theirs: the daemon inferred
    /// something, or something was redacted.
    private(set) var changed = Position.zero
    /// The events that no full chunk of their timeline holds yet.
    private(set) var growing = TimelineChunk()

    init() {}

    /// Takes note of an event that concerns them: when it happened, where it stands, what kinds of
    /// subjects it is about.
    ///
    /// - Returns: The chunk of the timeline that is full, where it is, for a row of its own.
    mutating func note(_ event: borrowing EventView, kinds: UInt32) -> TimelineChunk? {
        touch(event.occurred)
        self.kinds |= kinds
        guard growing.isFull else {
            growing.append(event.position.rawValue)
            return nil
        }
        let full = growing
        growing = TimelineChunk()
        growing.append(event.position.rawValue)
        return full
    }

    /// Takes note of kinds of subjects, a bit each, so that a reader looks for no others.
    mutating func note(kinds: UInt32) { self.kinds |= kinds }

    var isEmpty: Bool { firstContact > lastContact }

    static func key(_ customer: CustomerID) -> [UInt8] {
        var key: [UInt8] = []
        writeKey(customer, to: &key)
        return key
    }

    static func writeKey(_ customer: CustomerID, to key: inout [UInt8]) {
        // Asked for with every event: a key of this length is written over.
        if key.count == 9 {
            key[0] = CustomerKey.prefix
            return key.store(littleEndian: customer.rawValue.byteSwapped, at: 1)
        }
        key.removeAll(keepingCapacity: true)
        key.append(CustomerKey.prefix)
        key.append(bigEndian: customer.rawValue)
    }

    /// Takes note of a contact at a moment; late ones can be the first.
    mutating func touch(_ moment: Timestamp) {
        firstContact = min(firstContact, moment)
        lastContact = max(lastContact, moment)
    }

    func hasIdentifier(_ kind: RawSpan, _ value: RawSpan) -> Bool {
        identifiers.contains { value.equals($0.value) && kind.equals($0.kind) }
    }

    /// Takes note of an identifier; the last word on its strength is that of the latest event by
    /// (occurred, position).
    mutating func see(
        _ identifier: borrowing IdentifierView, _ occurred: Timestamp, _ position: Position
    ) {
        for index in identifiers.indices
        where identifiers[index].see(identifier, occurred, position) {
            return
        }
        let new = SeenIdentifier(identifier, occurred, position)
        // Most have one, and a list that is made with it takes half of what growing one does.
        if identifiers.isEmpty { identifiers = [new] } else { identifiers.append(new) }
    }

    /// Takes note of a change by what is no event of theirs, so that the row tells of it too.
    mutating func noteChange(at position: Position) { changed = position }

    mutating func add(_ share: CustomerShare, sign: Int64) { counts.add(share, sign: sign) }

    init(row: RawSpan) throws(MalformedBytes) {
        let positions = try read(row)
        if positions.byteCount > 0 { growing = try TimelineChunk(row: positions) }
    }

    /// Reads of a row what documents show of a person: not the positions of their events.
    init(shown row: RawSpan) throws(MalformedBytes) { _ = try read(row) }

    /// Reads what documents show of a person.
    static func shown(_ row: RawSpan) throws(ViewFault) -> CustomerRecord {
        do throws(MalformedBytes) {
            return try CustomerRecord(shown: row)
        } catch {
            throw .damaged(error)
        }
    }

    /// Reads all but the positions of their events, which it returns.
    @_lifetime(copy row)
    private mutating func read(_ row: RawSpan) throws(MalformedBytes) -> RawSpan {
        var reader = ByteReader(row, of: "customer row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("customer row version", at: 0)
        }
        firstContact = Timestamp(milliseconds: try reader.zigzag())
        lastContact = Timestamp(milliseconds: firstContact.rawValue &+ (try reader.zigzag()))
        let count = try reader.count()
        identifiers.reserveCapacity(count)
        for _ in 0..<count { identifiers.append(try SeenIdentifier(from: &reader)) }
        counts = try CustomerCounts(from: &reader)
        kinds = UInt32(truncatingIfNeeded: try reader.varint())
        changed = Position(try reader.varint())
        let positions = try reader.span(try reader.count())
        guard reader.isAtEnd else { throw MalformedBytes("customer row", at: reader.offset) }
        return positions
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(zigzag: firstContact.rawValue)
        row.append(zigzag: lastContact - firstContact)
        row.append(varint: UInt64(identifiers.count))
        for index in identifiers.indices { identifiers[index].encode(into: &row) }
        counts.encode(into: &row)
        row.append(varint: UInt64(kinds))
        row.append(varint: changed.rawValue)
        row.append(varint: UInt64(growing.byteCount))
        growing.encode(into: &row)
    }
}

extension CustomerRecord.SeenIdentifier {
    /// Takes note that it was seen, if it is the one. Mutating all the same: so it is compared where
    /// it stands.
    mutating func see(
        _ identifier: borrowing IdentifierView, _ occurred: Timestamp, _ position: Position
    ) -> Bool {
        guard identifier.value.equals(value), identifier.kind.equals(kind) else { return false }
        if (occurred, position) < (firstSeen, firstPosition) {
            firstSeen = occurred
            firstPosition = position
        }
        if (occurred, position) >= (lastSeen, lastPosition) {
            lastSeen = occurred
            lastPosition = position
            strength = identifier.strength
        }
        if identifier.strength == .verified, proved == .zero { proved = position }
        return true
    }

    /// Was seen once.
    init(_ identifier: borrowing IdentifierView, _ occurred: Timestamp, _ position: Position) {
        self.init(
            kind: identifier.kind.text(), value: identifier.value.text(),
            strength: identifier.strength, firstSeen: occurred, firstPosition: position,
            lastSeen: occurred, lastPosition: position,
            proved: identifier.strength == .verified ? position : .zero)
    }

    /// Adds what another customer of the same person has seen of it.
    mutating func merge(_ other: Self) {
        if proved == .zero || (other.proved != .zero && other.proved < proved) {
            proved = other.proved
        }
        if (other.firstSeen, other.firstPosition) < (firstSeen, firstPosition) {
            (firstSeen, firstPosition) = (other.firstSeen, other.firstPosition)
        }
        guard (other.lastSeen, other.lastPosition) > (lastSeen, lastPosition) else { return }
        (lastSeen, lastPosition) = (other.lastSeen, other.lastPosition)
        strength = other.strength
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        kind = try reader.text()
        value = try reader.text()
        guard let strength = IdentifierStrength(rawValue: try reader.byte()) else {
            throw MalformedBytes("customer row", at: reader.offset)
        }
        self.strength = strength
        firstSeen = Timestamp(milliseconds: try reader.zigzag())
        firstPosition = Position(try reader.varint())
        lastSeen = Timestamp(milliseconds: firstSeen.rawValue &+ (try reader.zigzag()))
        let distance = UInt64(bitPattern: try reader.zigzag())
        lastPosition = Position(firstPosition.rawValue &+ distance)
        proved = Position(try reader.varint())
    }

    /// Inlined, so that it is read where it stands.
    @inline(__always)
    func encode(into row: inout [UInt8]) {
        row.append(text: kind)
        row.append(text: value)
        row.append(strength.rawValue)
        row.append(zigzag: firstSeen.rawValue)
        row.append(varint: firstPosition.rawValue)
        row.append(zigzag: lastSeen - firstSeen)
        row.append(zigzag: Int64(bitPattern: lastPosition.rawValue &- firstPosition.rawValue))
        row.append(varint: proved.rawValue)
    }
}
