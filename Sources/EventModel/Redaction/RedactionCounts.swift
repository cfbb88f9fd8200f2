/// How often each rule found something.
public struct RedactionCounts: Sendable, Equatable {
    private var counts = InlineArray<5, UInt64>(repeating: 0)
    /// Whether any has found anything.
    public private(set) var isAny = false

    /// Nothing yet.
    public init() {}

    /// How often one did.
    public subscript(rule: RedactionRule) -> UInt64 {
        get { counts[rule.rawValue] }
        set {
            counts[rule.rawValue] = newValue
            isAny = isAny || newValue > 0
        }
    }

    /// Adds others to these.
    public mutating func add(_ other: Self) {
        for rule in RedactionRule.allCases { self[rule] += other[rule] }
    }

    /// Whether each has been found as often.
    public static func == (left: Self, right: Self) -> Bool {
        RedactionRule.allCases.allSatisfy { left[$0] == right[$0] }
    }
}
