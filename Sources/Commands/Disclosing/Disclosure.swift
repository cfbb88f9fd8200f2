public import EventModel

/// What each role sees of persons: the most private class, and which class each value is of.
public struct Disclosure: Sendable {
    /// Which class each value is of.
    public var register = DataRegister()
    /// What each role sees. Looked at for each answer that may tell of somebody, by its own place: a
    /// call on the whole would have all of it, the register with it, copied before.
    private(set) var most = SeenClasses()

    /// Readers and writers see persons, but not what is sensitive about them; who erases or operates
    /// sees all.
    public init() {}

    /// The most private class that a role sees.
    public subscript(role: Role) -> DataClass {
        get { most[role] }
        set { most[role] = newValue }
    }
}

/// The most private class that each role sees.
struct SeenClasses: Sendable {
    private var reader = DataClass.personal
    private var writer = DataClass.personal
    private var privacy = DataClass.secret
    private var operating = DataClass.secret

    subscript(role: Role) -> DataClass {
        get {
            switch role {
            case .reader: reader
            case .writer: writer
            case .privacy: privacy
            case .operator: operating
            }
        }
        set {
            switch role {
            case .reader: reader = newValue
            case .writer: writer = newValue
            case .privacy: privacy = newValue
            case .operator: operating = newValue
            }
        }
    }
}
