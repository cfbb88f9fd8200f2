internal import EventModel

/// One subject: what is kept of its events, and whom it concerns.
///
///     key  's', u8 kind, text name                        a thing
///          'c', u64 customer, 'f', u8 kind, text name …   a fact about a person
///     row  u8 version = 2; num count of customers, then each: num id, as the distance from the
///          one before; num count of events from before anybody was known whom it concerns, then
///          each: num position, as the distance from the one before; int when it began, ms UTC; u8 1 where trails were left out;
///          num count of trails, then each:
///              u8 code of the rule; text part; num events; num count of marks, then each:
///                  int occurred − began; int position, as the distance from the one before;
///                  num bytes; values, as `Mark` draws them
///
/// Every part of it is a least or greatest or a set or a count, so that the row does not depend on
/// the order in which events come: nothing is ever folded anew. The state is read off the marks.
struct SubjectRecord: RowRecord {
    static let thingPrefix = UInt8(ascii: "s")
    /// The kind of row that facts are among those of their customer.
    static let factKind = UInt8(ascii: "f")
    static let version: UInt8 = 2

    /// The people a thing concerns, by rising id; none in a fact.
    private(set) var customers: [CustomerID] = []
    /// The events of a thing from before anybody was known whom it concerns: they stand in nobody's
    /// timeline.
    private(set) var early: [Position] = []
    /// When the first of its events happened.
    private(set) var began = Timestamp.latest
    /// By rule and part.
    private(set) var trails: [Trail] = []
    /// Whether parts beyond the limit were left out.
    private(set) var isCut = false

    init() {}

    var isEmpty: Bool { trails.isEmpty && customers.isEmpty }

    /// Writes the key of a thing.
    static func writeKey(_ kind: SubjectKind, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(thingPrefix)
        key.append(kind.rawValue)
    }

    /// Writes the start of the keys of a person's facts.
    static func writeKey(
        _ customer: CustomerID, _ kind: SubjectKind, to key: inout [UInt8]
    ) {
        CustomerKey.begin(customer, factKind, to: &key)
        key.append(kind.rawValue)
    }

    /// Tells whether it is known to concern a customer.
    func concerns(_ customer: CustomerID) -> Bool { customers.contains(customer) }

    /// Adds a customer that is not known yet.
    mutating func add(_ customer: CustomerID) {
        guard let last = customers.last else {
            customers = [customer]
            return
        }
        guard customer < last else { return customers.append(customer) }
        customers.insert(customer, at: customers.firstIndex { $0 > customer } ?? customers.count)
    }

    /// Takes note that nobody is known yet whom an event concerns.
    mutating func addEarly(_ position: Position) {
        guard early.count < ViewLimits.unclaimedEventsMax else { return }
        early.append(position)
    }

    /// Takes note of an event.
    ///
    /// - Parameters:
    ///   - rule: The code's.
    ///   - part: The name of the part it is about; nil for the whole.
    ///   - room: To work in.
    mutating func apply(
        _ event: borrowing EventView, _ code: UInt8, _ rule: SubjectRule, part: RawSpan?,
        in room: inout [UInt8]
    ) {
        began = min(began, event.occurred)
        for index in trails.indices where trails[index].code == code {
            if let part {
                if part.equals(trails[index].part) {
                    return trails[index].add(event, by: rule, in: &room)
                }
            } else if trails[index].part.isEmpty {
                return trails[index].add(event, by: rule, in: &room)
            }
        }
        guard trails.count < ViewLimits.subjectTrailsMax else {
            isCut = true
            return
        }
        var name = ""
        if let part { name = part.text() }
        var trail = Trail(code: code, part: name)
        trail.add(event, by: rule, in: &room)
        insert(trail)
    }

    /// Keeps of an event what is left of it, where it is kept.
    mutating func replace(_ event: borrowing EventView, _ code: UInt8) {
        for index in trails.indices where trails[index].code == code {
            trails[index].replace(event)
        }
    }

    private mutating func insert(_ trail: Trail) {
        guard !trails.isEmpty else {
            trails = [trail]
            return
        }
        guard let place = trails.firstIndex(where: { Trail.precedes(trail, $0) }) else {
            return trails.append(trail)
        }
        trails.insert(trail, at: place)
    }

    /// Adds what another member of the same person has of the same fact.
    mutating func merge(_ other: SubjectRecord) {
        began = min(began, other.began)
        isCut = isCut || other.isCut
        for trail in other.trails {
            let index = trails.firstIndex { $0.code == trail.code && $0.part == trail.part }
            if let index { trails[index].merge(trail) } else { insert(trail) }
        }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "subject row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("subject row version", at: 0)
        }
        var last: UInt64 = 0
        let people = try reader.count()
        customers.reserveCapacity(people)
        for _ in 0..<people {
            last &+= try reader.varint()
            customers.append(CustomerID(packed: last))
        }
        last = 0
        for _ in 0..<(try reader.count()) {
            last &+= try reader.varint()
            early.append(Position(last))
        }
        try readTrails(of: row)
    }

    /// Reads of a row what documents show of the subject: not whom it concerns.
    init(shown row: RawSpan) throws(MalformedBytes) { try readTrails(of: row) }

    /// Reads what documents show of a subject.
    static func shown(_ row: RawSpan) throws(ViewFault) -> SubjectRecord {
        do throws(MalformedBytes) {
            return try SubjectRecord(shown: row)
        } catch {
            throw .damaged(error)
        }
    }

    private mutating func readTrails(of row: RawSpan) throws(MalformedBytes) {
        let bytes = row.copied()
        var reader = unsafe ByteReader(bytes.span.bytes, of: "subject row")
        began = try Self.readHead(from: &reader, isCut: &isCut)
        let count = try reader.count()
        trails.reserveCapacity(count)
        for _ in 0..<count {
            trails.append(try Trail(from: &reader, began: began, in: bytes))
        }
        guard reader.isAtEnd else { throw MalformedBytes("subject row", at: reader.offset) }
    }

    /// Reads a row up to its trails, for who reads these in place; returns when it began.
    static func readHead(from reader: inout ByteReader) throws(MalformedBytes) -> Timestamp {
        var isCut = false
        return try readHead(from: &reader, isCut: &isCut)
    }

    private static func readHead(
        from reader: inout ByteReader, isCut: inout Bool
    ) throws(MalformedBytes) -> Timestamp {
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("subject row version", at: 0)
        }
        // Customers and early events.
        for _ in 0..<2 {
            for _ in 0..<(try reader.count()) { _ = try reader.varint() }
        }
        let began = Timestamp(milliseconds: try reader.zigzag())
        isCut = try reader.byte() != 0
        guard began == began.clamped else { throw MalformedBytes("subject row", at: 0) }
        return began
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(customers.count))
        var last: UInt64 = 0
        for customer in customers {
            row.append(varint: customer.packed &- last)
            last = customer.packed
        }
        row.append(varint: UInt64(early.count))
        last = 0
        for position in early {
            row.append(varint: position.rawValue &- last)
            last = position.rawValue
        }
        row.append(zigzag: began.rawValue)
        row.append(isCut ? 1 : 0)
        row.append(varint: UInt64(trails.count))
        for index in trails.indices { trails[index].encode(into: &row, began: began) }
    }
}
