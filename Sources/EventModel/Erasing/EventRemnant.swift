/// What stands behind a personal part from which something was removed, by erasure of a person or
/// redaction of a field. Such a part has version 2; the rest of it is drawn as in version 1, with
/// what was removed left out:
///
///     ...      identifiers of an erased person: kind `erased`, value the surrogate of the customer
///              they belonged to, and behind a blank that of the person as of this event, or the id
///              of who stays and was one with them; behind
///              another `f` and a number where this event founded the customer as its so manieth,
///              and `d` where the identifier shows a device. No value: it was nobody's. With `m`
///              behind it it is no identifier: the event made the customer, who may be one who
///              stays, that person's. With `u` behind two who stay it is none either: the event
///              united those two by what has been redacted
///     trailer
///      0   u8   1 = a person was erased: id, payload and personal attributes went too;
///               2 = some fields were redacted
///      1   u64  position of the event that says so; of the last one where there are several
///      9   16   keyed hash of source and id, as indexes hold it
///     25   32   c, the commitment to the part as it was: what the digest chain goes over
///     57   16   salt, random
///     73   32   SHA-256(salt ‖ what is left of the part)
///
/// All integers are little-endian.
public struct EventRemnant: ~Escapable {
    /// The version of a part that has one.
    public static let version: UInt8 = 2
    /// The bytes of the trailer.
    public static let byteCount = 105
    /// The kind of identifiers whose person was erased. It means that only in an event that has a
    /// remnant: producers may call a kind so.
    public static let identifierKind: StaticString = "erased"

    /// What was removed. The raw value is that of the trailer: never renumber.
    public enum Reason: UInt8, Sendable {
        /// A person.
        case erasure = 1
        /// Some fields.
        case redaction = 2
    }

    private let bytes: RawSpan

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The position of the event that says what was removed.
    public var cause: Position { Position(bytes.load(littleEndian: UInt64.self, at: 1)) }

    /// The keyed hash of source and id, 16 bytes.
    public var idHash: RawSpan {
        @_lifetime(copy self) get { bytes.extracting(9..<25) }
    }

    /// The commitment to the part as it was, 32 bytes.
    public var commitment: RawSpan {
        @_lifetime(copy self) get { bytes.extracting(25..<57) }
    }

    /// The salt of the commitment to what is left, 16 bytes.
    public var salt: RawSpan {
        @_lifetime(copy self) get { bytes.extracting(57..<73) }
    }

    /// The commitment to what is left, 32 bytes.
    public var restCommitment: RawSpan {
        @_lifetime(copy self) get { bytes.extracting(73..<Self.byteCount) }
    }
}

extension EventView {
    /// Tells whether an identifier of this event is the surrogate of an erased one.
    @inline(__always)
    public func isSurrogate(_ identifier: borrowing IdentifierView) -> Bool {
        hasRemnant && identifier.kind.equals(EventRemnant.identifierKind)
    }
}

/// Whose an erased identifier was: the value that stands in its place.
public struct SurrogateHolder: Hashable, Sendable {
    /// The customer.
    public var customer: CustomerID
    /// Their person as of the event.
    public var person: CustomerID
    /// Which of the customers whom the event founded they were, from 0; nil where another one did.
    public var founded: Int?
    /// Whether the identifier shows a device.
    public var isDevice: Bool
    /// Whether it stands for no identifier, but says whose person the event made the customer.
    public var isMove: Bool
    /// Whether it stands for no identifier, but says that the event united the two, neither of them
    /// erased, by what is not there any more.
    public var isUnion: Bool

    /// Names them.
    public init(
        _ customer: CustomerID, person: CustomerID, founded: Int? = nil, isDevice: Bool = false,
        isMove: Bool = false, isUnion: Bool = false
    ) {
        self.customer = customer
        self.person = person
        self.founded = founded
        self.isDevice = isDevice
        self.isMove = isMove
        self.isUnion = isUnion
    }

    /// The value.
    public var text: String {
        "\(customer) \(person)" + (founded.map { " f\($0)" } ?? "") + (isDevice ? " d" : "")
            + (isMove ? " m" : "") + (isUnion ? " u" : "")
    }

    /// Reads a value; nil when it is none.
    init?(_ text: RawSpan) {
        guard let blank = text.firstOffset(of: UInt8(ascii: " ")),
            let customer = CustomerID(text: text.extracting(0..<blank))
        else { return nil }
        let rest = text.extracting(blank + 1..<text.byteCount)
        let end = rest.firstOffset(of: UInt8(ascii: " ")) ?? rest.byteCount
        guard let person = CustomerID(text: rest.extracting(0..<end)) else { return nil }
        self.init(customer, person: person)
        guard end < rest.byteCount else { return }
        for word in rest.extracting(end + 1..<rest.byteCount).text().split(separator: " ") {
            if word == "d" {
                isDevice = true
            } else if word == "m" {
                isMove = true
            } else if word == "u" {
                isUnion = true
            } else if word.hasPrefix("f"), let number = UInt8(word.dropFirst()) {
                founded = Int(number)
            } else {
                return nil
            }
        }
    }
}

extension IdentifierView {
    /// Whose an erased identifier was; nil where nobody's, and for other values.
    public var surrogates: SurrogateHolder? { SurrogateHolder(value) }
}
