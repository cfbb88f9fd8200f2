internal import ContactCentre

/// What a subject is: a thing with a name of its own that events are about, whoever they name, or
/// a fact about one person. Part of rows and keys; things come before facts.
enum SubjectKind: UInt8, DomainWord {
    case order = 0
    case serviceCase = 1
    case promise = 2
    case callback = 3
    case survey = 4
    case cart = 5
    case checkout = 6
    case session = 7
    case proposal = 8
    case proactive = 9
    case appointment = 10
    case subscription = 11
    case request = 12
    case concession = 13
    case review = 14
    case feedback = 15
    case note = 16
    /// What is known of an interaction beside its state: why, how far proven, messages.
    case contact = 17
    /// What concerns many at once. Nobody is kept with it: whom it touches has an `incidentLink`.
    case incident = 18
    case trait = 19
    case preference = 20
    case flag = 21
    case consent = 22
    case address = 23
    case loyalty = 24
    case contactPoint = 25
    /// What the daemon inferred of the person's stage.
    case stage = 26
    /// That an incident touches the person.
    case incidentLink = 27
    /// That another customer lives with them, or may.
    case household = 28
    /// A campaign that the person is in, or was.
    case campaign = 29
    /// A referral that the person made, or accepted.
    case referral = 30

    /// Whether it is about one person, and lies with them.
    var isFact: Bool { rawValue >= SubjectKind.trait.rawValue }

    /// Its bit among those of all kinds.
    var bit: UInt32 { 1 << UInt32(rawValue) }

    /// The bits of all facts.
    static let factBits = allCases.reduce(0 as UInt32) { $1.isFact ? $0 | $1.bit : $0 }

    /// Beside the kinds: whether events of theirs name others (`RelatedRecord`).
    static let relatedBit: UInt32 = 1 << 31

    /// Whether a person's things of the kind are listed: contacts are touchpoints already.
    var isListed: Bool { self != .contact && self != .incident }

    /// The word documents name the thing by.
    var word: StaticString {
        switch self {
        case .order: "order"
        case .serviceCase: "case"
        case .promise: "promise"
        case .callback: "callback"
        case .survey: "survey"
        case .cart: "cart"
        case .checkout: "checkout"
        case .session: "session"
        case .proposal: "proposal"
        case .proactive: "proactive"
        case .appointment: "appointment"
        case .subscription: "subscription"
        case .request: "request"
        case .concession: "concession"
        case .review: "review"
        case .feedback: "feedback"
        case .note: "note"
        case .contact: "interaction"
        case .trait: "trait"
        case .preference: "preference"
        case .flag: "flag"
        case .consent: "consent"
        case .address: "address"
        case .loyalty: "loyalty"
        case .contactPoint: "contact_point"
        case .stage: "stage"
        case .incident: "incident"
        case .incidentLink: "incident"
        case .household: "household"
        case .campaign: "campaign"
        case .referral: "referral"
        }
    }
}

/// A part of a thing that has a name and a state of its own: an order's parcels, returns, refunds.
enum SubjectPart: UInt8, DomainWord {
    case shipment = 0
    case giveBack = 1
    case refund = 2
    case pickup = 3

    /// The word documents name it by.
    var word: StaticString {
        switch self {
        case .shipment: "shipment"
        case .giveBack: "return"
        case .refund: "refund"
        case .pickup: "pickup"
        }
    }

    /// The attribute of events that holds its name.
    var attribute: StaticString {
        switch self {
        case .shipment: "shipment_id"
        case .giveBack: "return_id"
        case .refund: "refund_id"
        case .pickup: "shop"
        }
    }
}
