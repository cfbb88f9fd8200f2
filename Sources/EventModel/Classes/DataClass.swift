/// How private a value is. Who sees a class sees those before it too.
public enum DataClass: UInt8, Sendable, CaseIterable, Comparable {
    /// Times, measures, names of queues, agents and things, words of closed lists.
    case open
    /// Of or about a person: identifiers, texts, payloads, whatever the catalogue does not know.
    case personal
    /// Assessments of staff, why somebody was flagged.
    case sensitive
    /// What states and banks know a person by.
    case secret

    /// Reads the name in the configuration; nil for any other word.
    public init?(_ name: String) {
        guard let found = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
        self = found
    }

    init(_ part: AttributeClass) {
        switch part {
        case .open: self = .open
        case .personal: self = .personal
        case .sensitive: self = .sensitive
        }
    }

    /// Orders from the least private to the most.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
