internal import EventModel

/// What the rules say of one kind of identifier.
public struct IdentifierKind: Sendable, Equatable {
    /// How values of the kind are brought into one form.
    public enum Form: String, Sendable, CaseIterable {
        /// As given, without blanks around it.
        case plain
        /// A telephone number: E.164 where it can be told.
        case phone
        /// An e-mail address.
        case email
        /// An address of WhatsApp: a telephone number behind its jid, where it is one.
        case whatsapp
        /// A number with letters, as on a card: without blanks and hyphens, in capitals.
        case number
    }

    /// The name, like `phone`.
    public var name: String
    /// How its values are read.
    public var form = Form.plain
    /// Whether it shows a device, whatever an event says of its strength.
    public var isDevice = false
    /// Whether it names an account, which guests join by a rule of their own.
    public var isAccount = false
    /// Which identifier of an event comes first where all else is equal; the least is first.
    public var priority = 10
    /// The most that rules let one person have; nil = no bound.
    public var limit: Int?
    /// Only identifiers first seen within so many days before count towards the limit; nil = ever.
    public var windowDays: Int?
    /// An identifier seen with more persons than that, and united with none, is shared by them.
    public var sharedAbove = 5
    /// So many days unseen, it goes over to a new holder who proves it; nil = it does not.
    public var expiresDays: Int?
    /// Values that say nothing of a person: `*` stands for any text, `?` for one byte.
    public var blocked: [String] = []

    /// How many devices, or identifiers of a kind without rules, one person gets within `manyDays`: a
    /// program that logs in with a new cookie each time would make a person whom nobody can read.
    static let manyMax = 64
    static let manyDays = 90

    /// Makes a kind that has only a name.
    public init(name: String) { self.name = name }
}

/// How the addresses of one e-mail domain are read: its owner gives all spellings to one person.
public struct EmailFolding: Sendable, Equatable {
    /// The domain.
    public var domain: String
    /// What the domain is also called by.
    public var same: String?
    /// Whether dots before the @ mean nothing.
    public var dots = false
    /// Whether what follows a + before the @ means nothing.
    public var plus = false

    /// Makes a folding that changes capitals only.
    public init(domain: String) { self.domain = domain }
}
