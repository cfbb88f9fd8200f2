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

    /// An offer that has no outcome yet.
    struct Ringing: Equatable {
        var agent: String
        var made: Timestamp
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
    /// Outcomes of offers.
    var offers = OfferOutcomes()
    /// Offers without an outcome, the first made first.
    var ringing: [Ringing] = []
    /// How long it rang before each acceptance, in milliseconds.
    var rings: [Int64] = []
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
        case .offerMade:
            guard ringing.count < MetricLimits.ringingMax else { return }
            ringing.append(Ringing(agent: event.text("agent") ?? "", made: event.occurred))
            offers.made += 1
        case .offerAccepted: accept(event)
        case .offerRejected, .offerMissed, .offerRescinded, .offerFailed:
            endRinging(event)
            offers.count(kind)
        case .abandoned:
            offers.abandoned += ringing.count
            ringing.removeAll()
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
    private mutating func note(_ event: borrowing EventView, _ settings: MetricSettings) {
        if provider == nil { provider = Self.short(event.bytes("provider")) }
        if brand == nil { brand = Self.short(event.bytes("brand")) }
        if site == nil { site = Self.short(event.bytes("site")) }
        guard !settings.attributes.isEmpty else { return }
        var walk = event.attributes()
        while let next = walk.next() {
            guard let name = settings.attributes.first(where: { next.name.equals($0) }),
                next.kind == .text || next.kind == .ref, let value = Self.short(next.bytes)
            else { continue }
            let place = declared.firstIndex { $0.name >= name } ?? declared.count
            if place < declared.count, declared[place].name == name {
                declared[place].value = value
            } else {
                declared.insert(Declared(name: name, value: value), at: place)
            }
        }
    }

    private static func short(_ bytes: RawSpan?) -> String? {
        guard let bytes, bytes.byteCount <= MetricLimits.dimensionBytesMax else { return nil }
        return bytes.text()
    }

    private mutating func accept(_ event: borrowing EventView) {
        let made = endRinging(event)
        if let made {
            offers.accepted += 1
            rings.append(max(0, event.occurred - made))
        }
    }

    /// Ends an agent's offer and returns when it was made; nil when none was.
    @discardableResult
    private mutating func endRinging(_ event: borrowing EventView) -> Timestamp? {
        guard let agent = event.bytes("agent"),
            let index = ringing.firstIndex(where: { agent.equals($0.agent) })
        else { return nil }
        return ringing.remove(at: index).made
    }

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

/// How offers to agents ended.
struct OfferOutcomes: Equatable {
    var made = 0
    var accepted = 0
    var rejected = 0
    var missed = 0
    var rescinded = 0
    var failed = 0
    /// The customer gave up while it rang.
    var abandoned = 0

    mutating func count(_ outcome: LifecycleEvent?) {
        switch outcome {
        case .offerRejected: rejected += 1
        case .offerMissed: missed += 1
        case .offerRescinded: rescinded += 1
        case .offerFailed: failed += 1
        default: break
        }
    }
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
