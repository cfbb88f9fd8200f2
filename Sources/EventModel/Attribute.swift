/// What an attribute's value is. The raw value is the kind byte of the codec: never renumber.
@frozen
public enum AttributeKind: UInt8, Sendable, CaseIterable {
    /// UTF-8 text.
    case text = 1
    /// A signed 64-bit integer.
    case integer = 2
    /// An amount in minor units with its ISO 4217 currency.
    case money = 3
    /// True or false.
    case boolean = 4
    /// Milliseconds UTC.
    case time = 5
    /// The name of another thing: an interaction, a queue, an order.
    case ref = 6

    /// What a producer must write, for error messages.
    public var expectation: String {
        switch self {
        case .text: "UTF-8 text"
        case .integer: "a 64-bit integer"
        case .money: "minor units and currency, like `1999 EUR`"
        case .boolean: "`true` or `false`"
        case .time: "an RFC 3339 time, like `2026-11-27T14:32:08.120Z`"
        case .ref:
            "a name of 1 to \(EventLimits.referenceBytesMax) bytes without control characters"
        }
    }
}

/// How private an attribute is. It decides which part of the record holds it.
@frozen
public enum AttributeClass: UInt8, Sendable, CaseIterable {
    /// Kept for ever: times, names of queues and agents, measures, references.
    case open
    /// About a person: goes with the person when they are erased.
    case personal
    /// About a person and shown only to the role for it (staff assessments, vulnerability).
    case sensitive
}

/// The value of an attribute.
public enum AttributeValue: Sendable, Hashable {
    /// UTF-8 text.
    case text(String)
    /// A signed integer.
    case integer(Int64)
    /// An amount in minor units with its ISO 4217 currency.
    case money(minorUnits: Int64, currency: String)
    /// True or false.
    case boolean(Bool)
    /// A moment.
    case time(Timestamp)
    /// The name of another thing.
    case ref(String)

    /// The kind of this value.
    public var kind: AttributeKind {
        switch self {
        case .text: .text
        case .integer: .integer
        case .money: .money
        case .boolean: .boolean
        case .time: .time
        case .ref: .ref
        }
    }
}

/// A named value of an event.
public struct Attribute: Sendable, Hashable {
    /// The name in snake_case.
    public var name: String
    /// The value.
    public var value: AttributeValue

    /// Makes an attribute.
    public init(_ name: String, _ value: AttributeValue) {
        self.name = name
        self.value = value
    }
}
