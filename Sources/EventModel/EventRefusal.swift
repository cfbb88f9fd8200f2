/// Why an event is not taken. No case carries a value the producer sent: values may be personal.
public enum EventRefusal: Error, Equatable, Sendable {
    /// The type is not 1 to 64 letters, digits, dots, underscores or hyphens.
    case badType
    /// A field every event needs is missing: `source` or `id`.
    case missingField(String)
    /// The type requires an attribute that is not there.
    case missing(type: String, attribute: String)
    /// The type does not know the attribute; a near name may be meant.
    case unknownAttribute(type: String, attribute: String, near: String?)
    /// The value is not of the attribute's kind.
    case illTyped(type: String, attribute: String, expected: String)
    /// The value is not one of the attribute's words.
    case notAWord(type: String, attribute: String, words: [String])
    /// The attribute stands twice.
    case repeated(attribute: String)
    /// A value or a list is over its bound.
    case tooLarge(what: String, actual: Int, most: Int)
    /// An identifier is not `kind:value`.
    case badIdentifier(attribute: String)
    /// Only the daemon records events of this type.
    case reservedType(String)
    /// Only the daemon's own events have this source.
    case reservedSource
    /// A time lies so far ahead of the store's clock that it must be a mistake.
    case tooFarAhead(attribute: String, aheadMilliseconds: Int64, mostMilliseconds: Int64)

    /// The code on the wire.
    public var code: StaticString {
        switch self {
        case .badType: "BADTYPE"
        case .missingField, .missing: "MISSING"
        case .unknownAttribute: "UNKNOWNATTRIBUTE"
        case .illTyped, .notAWord, .badIdentifier: "ILLTYPED"
        case .repeated: "REPEATED"
        case .tooLarge: "TOOLARGE"
        case .reservedType, .reservedSource: "RESERVED"
        case .tooFarAhead: "BADTIME"
        }
    }
}

extension EventRefusal: CustomStringConvertible {
    /// Says what was wrong, what was expected and what to do.
    public var description: String {
        switch self {
        case .badType:
            "event type must be 1 to \(EventLimits.typeBytesMax) letters, digits, '.', '_' or '-'"
        case .missingField(let name):
            "event has no \(name); every event names its source and the source's own id"
        case .missing(let type, let attribute):
            "\(type) requires attribute \(attribute)"
        case .unknownAttribute(let type, let attribute, let near):
            "\(type) has no attribute \(attribute)"
                + (near.map { "; did you mean \($0)?" } ?? "")
                + " (names are snake_case, those of your own begin with ext_)"
        case .illTyped(let type, let attribute, let expected):
            "attribute \(attribute) of \(type) must be \(expected)"
        case .notAWord(let type, let attribute, let words):
            "attribute \(attribute) of \(type) must be one of \(words.joined(separator: ", "))"
        case .repeated(let attribute):
            "attribute \(attribute) stands twice"
        case .tooLarge(let what, let actual, let most):
            "\(what) is \(actual), at most \(most) allowed"
        case .badIdentifier(let attribute):
            "\(attribute) must be kind:value, the kind [a-z][a-z0-9_]* of at most "
                + "\(EventLimits.identifierKindBytesMax) bytes, the value 1 to "
                + "\(EventLimits.identifierValueBytesMax) bytes"
        case .reservedType(let type):
            "\(type) is recorded by the daemon alone; leave it out, or choose a type of your own"
        case .reservedSource:
            "source \(Reserved.source) is the daemon's own; name the producer that says this"
        case .tooFarAhead(let attribute, let ahead, let most):
            "\(attribute) lies \(ahead) ms ahead of the store's clock, at most \(most) ms allowed; "
                + "check the producer's clock and time zone"
        }
    }
}
