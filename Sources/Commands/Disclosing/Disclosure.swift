public import EventModel

/// What each role sees of persons: the most private class, and which class each value is of.
public struct Disclosure: Sendable {
    /// Which class each value is of.
    public var register = DataRegister()
    private var most: [Role: DataClass]

    /// Readers and writers see persons, but not what is sensitive about them; who erases or operates
    /// sees all.
    public init() {
        most = [.reader: .personal, .writer: .personal, .privacy: .secret, .operator: .secret]
    }

    /// The most private class that a role sees.
    public subscript(role: Role) -> DataClass {
        get { most[role] ?? .open }
        set { most[role] = newValue }
    }
}
