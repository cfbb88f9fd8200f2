public import ContactCentre

/// A part of a customer's card that can be asked for by name. In the order of the document: where
/// its bound is reached, what comes first stands.
public enum CardSection: UInt8, DomainWord {
    case counts = 0
    case identifiers = 1
    case stage = 2
    case value = 3
    case flags = 4
    case signals = 5
    case open = 6
    case orders = 7
    case cases = 8
    case promises = 9
    case callbacks = 10
    case incidents = 11
    case household = 12
    case related = 13
    case consents = 14
    case preferences = 15
    case touchpoints = 16
    case satisfaction = 17
    case surveys = 18
    case cart = 19
    case session = 20
    case loyalty = 21
    case traits = 22
    case notes = 23
    case subscriptions = 24
    case appointments = 25
    case concessions = 26
    case proposals = 27
    case notices = 28
    case requests = 29
    case feedback = 30
    case addresses = 31
    case contactPoints = 32
    case campaigns = 33
    case unknown = 34

    /// The word as FIELDS and documents spell it.
    public var word: StaticString {
        switch self {
        case .counts: "counts"
        case .identifiers: "identifiers"
        case .stage: "stage"
        case .value: "value"
        case .flags: "flags"
        case .signals: "signals"
        case .open: "open"
        case .orders: "orders"
        case .cases: "cases"
        case .promises: "promises"
        case .callbacks: "callbacks"
        case .incidents: "incidents"
        case .household: "household"
        case .related: "related"
        case .consents: "consents"
        case .preferences: "preferences"
        case .touchpoints: "touchpoints"
        case .satisfaction: "satisfaction"
        case .surveys: "surveys"
        case .cart: "cart"
        case .session: "session"
        case .loyalty: "loyalty"
        case .traits: "traits"
        case .notes: "notes"
        case .subscriptions: "subscriptions"
        case .appointments: "appointments"
        case .concessions: "concessions"
        case .proposals: "proposals"
        case .notices: "notices"
        case .requests: "requests"
        case .feedback: "feedback"
        case .addresses: "addresses"
        case .contactPoints: "contact_points"
        case .campaigns: "campaigns"
        case .unknown: "unknown"
        }
    }

    /// The kinds of things or facts that are listed under it.
    var kinds: [SubjectKind] { Self.kindsOfAll[Int(rawValue)] }

    /// Made once: each answer would be an array of its own.
    private static let kindsOfAll = allCases.map(\.listedKinds)

    private var listedKinds: [SubjectKind] {
        switch self {
        case .orders: [.order]
        case .cases: [.serviceCase]
        case .promises: [.promise]
        case .callbacks: [.callback]
        case .surveys: [.survey]
        case .cart: [.cart, .checkout]
        case .session: [.session]
        case .notes: [.note]
        case .subscriptions: [.subscription]
        case .appointments: [.appointment]
        case .concessions: [.concession]
        case .proposals: [.proposal]
        case .notices: [.proactive]
        case .requests: [.request]
        case .feedback: [.feedback, .review]
        case .flags: [.flag]
        case .consents: [.consent]
        case .preferences: [.preference]
        case .loyalty: [.loyalty]
        case .traits: [.trait]
        case .addresses: [.address]
        case .contactPoints: [.contactPoint]
        case .household: [.household]
        case .campaigns: [.campaign]
        case .counts, .identifiers, .stage, .value, .signals, .open, .incidents, .related,
            .touchpoints, .satisfaction, .unknown:
            []
        }
    }

    /// How many items stand there when the section was not asked for by name.
    var itemsByDefault: Int {
        switch self {
        case .open: 5
        case .touchpoints: 6
        case .identifiers, .traits, .consents, .preferences: 8
        case .signals: 8
        case .cart, .session: 1
        default: 3
        }
    }

    /// How many items stand there when it was.
    static let itemsAsked = 100

    /// Whether the default card lists what is over as well.
    var showsClosed: Bool {
        switch self {
        case .orders, .surveys, .session, .consents, .feedback, .concessions, .proposals, .notices:
            true
        default: false
        }
    }
}

/// What is asked of a customer's card.
public struct CardOptions: Sendable {
    /// The sections; nil for the default card, which is bounded as a whole.
    public var sections: [CardSection]?
    /// Whether facts show their earlier values, and lists what is over.
    public var hasHistory: Bool

    /// Asks for a card.
    public init(sections: [CardSection]? = nil, hasHistory: Bool = false) {
        self.sections = sections
        self.hasHistory = hasHistory
    }

    /// Whether it is the card that nobody asked anything special of.
    public var isDefault: Bool { sections == nil && !hasHistory }

    func shows(_ section: CardSection) -> Bool { sections?.contains(section) ?? true }

    /// The most items of a section.
    func items(_ section: CardSection) -> Int {
        sections == nil ? section.itemsByDefault : CardSection.itemsAsked
    }

    /// Whether a section lists what is over.
    func showsClosed(_ section: CardSection) -> Bool {
        section.showsClosed || hasHistory || sections != nil
    }

    /// The most bytes of the document.
    var bytesMax: Int {
        sections.map { $0.count * ViewLimits.sectionBytesMax } ?? ViewLimits.cardBytesMax
    }
}
