internal import ContactCentre
internal import EventModel

/// What figures need of an interaction beside its state: what it is told apart by, offers,
/// transfers, the wish for a person, messages.
///
/// Row of the view, behind the interaction's record; drawn in `ContactDetails+Row`.
struct ContactDetails: InteractionDetails, Equatable {
    /// A value of an attribute that a definition declared a dimension.
    struct Declared: Equatable {
        var name: String
        var value: String
    }

    /// The network of the channel, as first told.
    var provider: String?
    /// The brand, as first told.
    var brand: String?
    /// The site, as first told.
    var site: String?
    /// Why the customer came, in the order told; one that replaces another takes its place.
    var reasons: [String] = []
    /// By name, each once, as last told.
    var declared: [Declared] = []
    /// Offers to agents.
    var offers = ContactOffers()
    /// Finished transfers by `TransferKind`.
    var transfers = [Int](repeating: 0, count: TransferKind.allCases.count)
    /// When the customer first asked for a person.
    var humanAsked: Timestamp?
    /// Steps of self-service between the wish and the first person.
    var stepsToHuman = 0
    /// What the agent said came of it, and whether that is `resolved`.
    var disposition: Disposition?
    /// Messages that the other side could see, in order.
    var messages: [ContactMessage] = []
    /// The agents that messages name, in the order in which they first wrote.
    var writers: [String] = []
    /// When it was taken up again, in order.
    var reopenings: [Timestamp] = []
    /// What came of a call back.
    var callback = CallbackEnd.none
    /// Invitations to surveys about it, and the last answer to each of their questions.
    var surveys = SurveyAnswers()

    init() {}

    /// Types that move no interaction and are read here.
    static func reads(_ type: RawSpan) -> Bool {
        switch type.byteCount {
        case 10: type.equals("reason.set")
        case 14: type.equals("message.failed") || type.equals("survey.invited")
        case 15: type.equals("survey.answered")
        case 19: type.equals("selfservice.stepped")
        case 20: type.equals("interaction.disposed")
        default: false
        }
    }

    mutating func apply(
        _ event: borrowing EventView, as kind: LifecycleEvent?, to interaction: Interaction,
        _ settings: MetricSettings
    ) {
        note(event, settings)
        switch kind {
        case .offerMade: offers.make(event, in: stay(interaction))
        case .offerAccepted: offers.accept(event)
        case .offerRejected, .offerMissed, .offerRescinded, .offerFailed:
            if let kind { offers.end(event, as: kind, in: stay(interaction)) }
        case .abandoned:
            // What rings elsewhere once somebody has answered is not the customer's any more.
            if interaction.connections.isEmpty { offers.abandon(at: event.occurred) }
        case .reopened:
            guard interaction.reopened == event.occurred,
                reopenings.count < MetricLimits.reopeningsMax
            else { return }
            reopenings.append(event.occurred)
        case .callbackReached: callback.reach(at: event.occurred)
        case .callbackFailed, .callbackExpired: callback.lose()
        case .transferCompleted:
            guard let kind = event.word("kind", TransferKind.self) else { return }
            transfers[Int(kind.rawValue)] += 1
        case .messageReceived, .messageSent:
            take(event, isReceived: kind == .messageReceived)
        case .humanRequested:
            if humanAsked == nil { humanAsked = event.occurred }
        case nil: applyTold(event, interaction)
        default: break
        }
    }

    /// Takes from any event what tells contacts apart.
    mutating func note(_ event: borrowing EventView, _ settings: MetricSettings) {
        if provider == nil { provider = Self.short(event.bytes("provider")) }
        if brand == nil { brand = Self.short(event.bytes("brand")) }
        if site == nil { site = Self.short(event.bytes("site")) }
        guard !settings.attributes.isEmpty else { return }
        var walk = event.attributes()
        while let next = walk.next() {
            guard
                let name = settings.attributes.first(where: {
                    $0.since < event.position && next.name.equals($0.name)
                })?.name,
                let value = Self.word(next)
            else { continue }
            let place = declared.firstIndex { $0.name >= name } ?? declared.count
            if place < declared.count, declared[place].name == name {
                declared[place].value = value
            } else {
                declared.insert(Declared(name: name, value: value), at: place)
            }
        }
    }

    /// How a value of a declared attribute is written where figures are told apart by it; nil for those
    /// that are no words: sums of money and moments would be a name each.
    private static func word(_ attribute: borrowing AttributeView) -> String? {
        switch attribute.kind {
        case .text, .ref: return short(attribute.bytes)
        case .integer, .boolean:
            switch attribute.value {
            case .integer(let number): return "\(number)"
            case .boolean(let isTrue): return isTrue ? "true" : "false"
            default: return nil
            }
        case .money, .time: return nil
        }
    }

    private static func short(_ bytes: RawSpan?) -> String? {
        guard let bytes, bytes.byteCount <= MetricLimits.dimensionBytesMax else { return nil }
        return bytes.text()
    }

    /// The stay an event falls into, counted from 1; 0 outside of any.
    private func stay(_ interaction: Interaction) -> Int { (interaction.openStay ?? -1) + 1 }

    private mutating func applyTold(
        _ event: borrowing EventView, _ interaction: Interaction
    ) {
        if event.type.equals("reason.set") {
            setReason(event)
        } else if event.type.equals("selfservice.stepped") {
            if humanAsked != nil, interaction.connections.isEmpty { stepsToHuman += 1 }
        } else if event.type.equals("interaction.disposed") {
            guard let outcome = event.bytes("outcome") else { return }
            disposition = outcome.equals("resolved") ? .resolved : .other
        } else if event.type.equals("message.failed") {
            if event.boolean("final") == true { fail(event) }
        } else {
            surveys.take(event)
        }
    }

    private mutating func setReason(_ event: borrowing EventView) {
        guard let reason = Self.short(event.bytes("reason")) else { return }
        if let replaced = event.text("replaces") { reasons.removeAll { $0 == replaced } }
        guard !reasons.contains(reason), reasons.count < MetricLimits.reasonsMax else { return }
        reasons.append(reason)
    }
}

/// What came of a call back.
enum CallbackEnd: Equatable {
    /// Nothing yet, or there was none.
    case none
    /// No attempt reached the customer.
    case lost
    case reached(Timestamp)

    /// The first time counts, whatever else was said of it.
    mutating func reach(at moment: Timestamp) {
        if case .reached = self { return }
        self = .reached(moment)
    }

    mutating func lose() { if self == .none { self = .lost } }
}

/// How a contact was passed on. Rows store the raw value: never renumber.
enum TransferKind: UInt8, DomainWord {
    case blind = 0
    case attended = 1
    case toQueue = 2
    case external = 3

    var word: StaticString {
        switch self {
        case .blind: "blind"
        case .attended: "attended"
        case .toQueue: "toQueue"
        case .external: "external"
        }
    }
}

/// What the agent said came of a contact. Rows store the raw value: never renumber.
enum Disposition: UInt8 {
    case resolved = 1
    case other = 2
}
