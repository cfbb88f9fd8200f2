internal import ContactCentre
internal import EventModel

/// That an event has said of a customer what few share: where one is born on the same day, or lives in a
/// house of the same number and postal code, they may be one person.
///
///     key  'l', u64 FNV-1a of what was said, u8 0, u64 customer
///     row  u8 version = 1
///
/// It says no more than that it is worth looking: who is asked for is compared by what holds of them now.
struct LikenessRow: RowRecord {
    static let prefix = UInt8(ascii: "l")
    private static let version: UInt8 = 1
    private static let customerOffset = 10

    init() {}

    var isEmpty: Bool { false }

    static func writeKey(_ trace: UInt64, _ customer: CustomerID, to key: inout [UInt8]) {
        writeStart(trace, to: &key)
        key.append(bigEndian: customer.rawValue)
    }

    /// Writes the start of the keys of all of whom the same was said.
    static func writeStart(_ trace: UInt64, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(bigEndian: trace)
        // Whatever the hash ends with, keys that follow can be named.
        key.append(0)
    }

    /// Whom a key names.
    static func customer(_ key: RawSpan) throws(ViewFault) -> CustomerID {
        CustomerID(rawValue: try key.keyNumber(at: customerOffset))
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "row of a likeness")
        guard try reader.byte() == Self.version, reader.isAtEnd else {
            throw MalformedBytes("row of a likeness", at: 0)
        }
    }

    func encode(into row: inout [UInt8]) { row.append(Self.version) }
}

/// What events say of persons that few share, as it is looked up: hashes, the same in every process.
enum LikenessTrace {
    /// What an event says, if it does: one about a trait or an address says at most one such thing.
    static func of(_ event: borrowing EventView) -> UInt64? {
        if event.type.equals("trait.set") {
            guard event.bytes("name")?.equals("birth_date") == true, let date = event.text("value")
            else { return nil }
            return of(birthDate: date)
        }
        guard event.type.equals("address.set"), let code = event.text("postal_code") else {
            return nil
        }
        return of(postalCode: code, lines: event.text("lines") ?? "")
    }

    /// That of a birth date: its digits.
    static func of(birthDate: String) -> UInt64? {
        let digits = birthDate.utf8.filter { (0x30...0x39).contains($0) }
        return digits.isEmpty ? nil : unsafe IdentityProjection.hash("birth", digits.span.bytes)
    }

    /// That of an address: its postal code without blanks and capitals, and the first number in its lines,
    /// since nobody spells streets alike.
    static func of(postalCode: String, lines: String) -> UInt64? {
        var place = NameLikeness.words(postalCode).flatMap { $0 }
        guard !place.isEmpty else { return nil }
        place.append(0)
        let digits = lines.utf8.drop { !(0x30...0x39).contains($0) }
            .prefix { (0x30...0x39).contains($0) }
        place.append(contentsOf: digits)
        return unsafe IdentityProjection.hash("place", place.span.bytes)
    }
}

extension CustomersProjection {
    /// Takes note of what an event says of customers that few share.
    mutating func noteLikeness(_ event: borrowing EventView, of customers: [CustomerID]) {
        guard let trace = LikenessTrace.of(event) else { return }
        for customer in customers {
            LikenessRow.writeKey(trace, customer, to: &key)
            likeness.put(key, LikenessRow())
        }
    }

    /// Forgets what an event said of those in `people`, where it says it no more as something of it is
    /// redacted. What other events say too goes with it.
    mutating func forgetLikeness(_ event: borrowing EventView, _ redacted: borrowing EventView) {
        guard let trace = LikenessTrace.of(event), trace != LikenessTrace.of(redacted) else {
            return
        }
        for customer in people {
            LikenessRow.writeKey(trace, customer, to: &key)
            likeness.remove(key)
        }
    }
}
