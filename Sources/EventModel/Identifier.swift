/// What a person's identifier says about the person who caused the event. The raw value is the
/// role byte of the codec: never renumber.
@frozen
public enum IdentifierRole: UInt8, Sendable, CaseIterable {
    /// The customer themself; only this role resolves and unites people.
    case own = 0
    /// Receives the parcel, the gift, the message.
    case recipient = 1
    /// Pays.
    case payer = 2
    /// The person on whose behalf somebody called.
    case callerFor = 3
    /// Lives in the same household.
    case household = 4
    /// Works for the company that is the customer.
    case employee = 5
    /// Is a thing, not a person: a tablet, a browser.
    case device = 6

    /// The attribute name under which an append names an identifier of this role.
    public var attributeName: StaticString {
        switch self {
        case .own: "customer"
        case .recipient: "recipient"
        case .payer: "payer"
        case .callerFor: "caller_for"
        case .household: "household"
        case .employee: "employee"
        case .device: "device"
        }
    }
}

/// How far an identifier proves the person. The raw value is the strength byte of the codec.
@frozen
public enum IdentifierStrength: UInt8, Sendable, CaseIterable {
    /// The person said so.
    case stated = 0
    /// The person proved it (one-time code, login).
    case verified = 1
    /// The line or the device showed it: a caller's number, a cookie.
    case line = 2
    /// Belongs to a device.
    case device = 3

    /// The word by which an append gives it: `customer:verified email:…`.
    public var word: StaticString {
        switch self {
        case .stated: "stated"
        case .verified: "verified"
        case .line: "line"
        case .device: "device"
        }
    }
}

/// One way to recognise a person: `email:ana@example.com`, `phone:+34911234567`.
public struct Identifier: Sendable, Hashable {
    /// The kind: `email`, `phone`, `crm`, `loyalty`, `cookie`, …; `[a-z][a-z0-9_]*`.
    public var kind: String
    /// The value as the producer gave it.
    public var value: String
    /// What it says about the person.
    public var role: IdentifierRole
    /// How far it proves the person.
    public var strength: IdentifierStrength

    /// Makes an identifier.
    public init(
        kind: String, value: String, role: IdentifierRole = .own,
        strength: IdentifierStrength = .stated
    ) {
        self.kind = kind
        self.value = value
        self.role = role
        self.strength = strength
    }
}
