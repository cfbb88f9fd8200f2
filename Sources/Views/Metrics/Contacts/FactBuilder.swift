internal import ContactCentre
internal import EventModel

/// Collects what one interaction adds by itself: a pure function of its state and details, so that
/// a late event or a new classification corrects the metrics by what it changes here.
struct FactBuilder {
    private let channel: Channel
    private let created: Timestamp
    private let ended: Timestamp?
    /// What was added last says which queue, agent and entry the next is about: first the contact's, whose
    /// agent is who was first there.
    private var queue: String
    private var offered: Timestamp?
    private var agent: String
    private(set) var facts: [MetricFact] = []

    /// Returns all facts of an interaction.
    static func facts(of record: borrowing DetailedRecord<ContactDetails>) -> [MetricFact] {
        let interaction = record.interaction
        guard interaction.state != .none else {
            // Of what is known of a survey alone.
            return record.details.surveys.facts(queue: "", channel: .unknown)
        }
        var builder = FactBuilder(interaction)
        guard interaction.classification.isCounted else {
            if interaction.isContact {
                builder.add(.init(excluding: interaction.classification))
            }
            return builder.facts
        }
        if interaction.isContact {
            builder.add(.contacts)
            if !record.customers.isEmpty { builder.add(.identified) }
        } else {
            builder.add(.legs)
            if !record.customers.isEmpty { builder.add(.legsKnown) }
        }
        builder.addWhole(interaction, record.details)
        builder.addOffers(interaction, record.details)
        for index in interaction.stays.indices where interaction.stays[index].isOffered {
            builder.add(interaction.counted(index, record.details))
            builder.addAssigned(interaction, index)
        }
        for connection in interaction.connections {
            builder.add(
                connection, entered: connection.stay.map { interaction.stays[$0].entered },
                interaction.abandonPhase)
        }
        if !interaction.connections.isEmpty { builder.addTalkEnd(interaction, record.details) }
        return builder.facts
    }

    private init(_ interaction: Interaction) {
        channel = interaction.channel
        created = interaction.created
        ended = interaction.ended
        queue = interaction.queue
        offered = interaction.stays.first { $0.isOffered }?.entered
        agent = interaction.connections.first?.agent ?? ""
        facts.reserveCapacity(16)
    }

    private mutating func add(_ measure: MetricMeasure) {
        facts.append(
            MetricFact(
                measure: measure, queue: queue, channel: channel, created: created,
                offered: offered, ended: ended, agent: agent))
    }

    private mutating func add(_ count: MetricCount, _ number: Int = 1) {
        if number > 0 { add(.count(count, Int64(number))) }
    }

    private mutating func add(_ distribution: MetricDistribution, _ milliseconds: Int64) {
        add(.distribution(distribution, milliseconds))
    }

    /// What belongs to the interaction as a whole.
    private mutating func addWhole(_ interaction: Interaction, _ details: ContactDetails) {
        if interaction.isLostBeforeQueue { add(.abandonedBeforeQueue) }
        if !interaction.selfService.isEmpty { add(.selfServed) }
        if interaction.isContained { add(.containedClaimed) }
        if let wait = interaction.customerWait(details) { add(.customerWait, wait) }
        addHuman(interaction, details)
        addClocks(interaction, details)
        if let disposition = details.disposition {
            add(.disposed)
            if disposition == .resolved { add(.disposedResolved) }
        }
        if interaction.resolution == .resolved, let ended {
            add(.resolution, ended - details.needBegan(interaction))
        }
        for survey in details.surveys.measures {
            add(survey.measure)
            facts[facts.count - 1].answer = Int32(survey.entry)
        }
    }

    /// Takes the queue and entry of a stay, and whose work what follows is.
    private mutating func turn(to stay: Stay, agent: String) {
        queue = stay.queue
        offered = stay.entered
        self.agent = agent
    }

    private mutating func addOffers(_ interaction: Interaction, _ details: ContactDetails) {
        let (whole, entered) = (queue, offered)
        for entry in details.offers.entries {
            if interaction.stays.indices.contains(entry.stay - 1) {
                turn(to: interaction.stays[entry.stay - 1], agent: entry.agent)
            } else {
                (queue, offered, agent) = (whole, entered, entry.agent)
            }
            let outcomes = entry.outcomes
            add(.offersMade, outcomes.made)
            add(.offersAccepted, outcomes.accepted)
            add(.offersRejected, outcomes.rejected)
            add(.offersMissed, outcomes.missed)
            add(.offersRescinded, outcomes.rescinded)
            add(.offersFailed, outcomes.failed)
            add(.offersAbandoned, outcomes.abandoned)
            for ring in entry.rings { add(.ring, ring) }
        }
        (queue, offered, agent) = (whole, entered, "")
        guard details.callback == .lost else { return }
        if let stay = interaction.stays.last(where: { $0.flowOutReason == .toCallback }) {
            turn(to: stay, agent: "")
        }
        add(.callbacksLost)
    }

    private mutating func addHuman(_ interaction: Interaction, _ details: ContactDetails) {
        guard let asked = details.humanAsked else { return }
        add(.humanAsked)
        if let first = interaction.firstConnected {
            add(.humanReached)
            add(.timeToHuman, max(0, first - asked))
            add(.stepsToHuman, Int64(details.stepsToHuman))
        } else if interaction.isContained || interaction.isLostBeforeQueue {
            add(.humanBlocked)
        }
    }

    private mutating func addClocks(_ interaction: Interaction, _ details: ContactDetails) {
        guard !details.messages.isEmpty else { return }
        let clock = ResponseClock(details, interaction)
        let first = agent
        // A reply is of who wrote it.
        func of(_ span: ResponseClock.Span) -> String {
            span.reply.map { details.writer(of: details.messages[$0], interaction) } ?? first
        }
        if let human = clock.firstHuman {
            agent = of(human)
            add(.firstResponseHuman, human.milliseconds)
        }
        if let customer = clock.firstCustomer {
            agent = of(customer)
            add(.firstResponseCustomer, customer.milliseconds)
        }
        for response in clock.responses {
            agent = of(response)
            add(.response, response.milliseconds)
        }
        agent = first
        if clock.unansweredSince != nil, interaction.isUnderWay(details) { add(.unanswered) }
        if interaction.isNeverAnswered(details) { add(.neverAnswered) }
    }

    private mutating func add(_ stay: Stay) {
        turn(to: stay, agent: stay.outcome == .answered ? stay.agent ?? "" : "")
        add(.offered)
        guard let outcome = stay.outcome, let wait = stay.waitMilliseconds else {
            add(.openWait, stay.entered.rawValue)
            return
        }
        switch outcome {
        case .answered:
            add(.waitAnswered, wait)
            if let announced = stay.announced, let error = announced.errorMilliseconds(of: stay) {
                add(.announcedError, error)
                if announced.isKept(by: stay) { add(.announcedKept) }
            }
        case .abandoned: add(.waitAbandoned, wait)
        case .flowedOut:
            add(.flowedOut)
            add(stay.flowOutReason == .toCallback ? .waitToCallback : .waitUnserved, wait)
        case .failed:
            add(.failed)
            add(.waitUnserved, wait)
        case .expired:
            add(.expired)
            add(.waitUnserved, wait)
        }
    }

    /// When an agent took over a conversation: no answer, and a time of its own.
    private mutating func addAssigned(_ interaction: Interaction, _ index: Int) {
        let stay = interaction.stays[index]
        guard interaction.channel.isDigital, stay.outcome == .answered,
            let wait = stay.waitMilliseconds
        else { return }
        turn(to: stay, agent: stay.agent ?? "")
        add(.assigned, wait)
    }

    private mutating func add(
        _ connection: Connection, entered: Timestamp?, _ phase: AbandonPhase?
    ) {
        queue = connection.queue
        offered = entered
        agent = connection.agent
        add(.handled)
        if connection.holds > 0 { add(.held) }
        guard let service = connection.serviceMilliseconds,
            let talk = connection.talkMilliseconds
        else { return }
        add(.service, service)
        add(.talk, talk)
        if connection.holds > 0 { add(.hold, connection.holdMilliseconds) }
        // Who leaves before a reply was never spoken with.
        if connection.end == .abandoned, phase != .unreplied { add(.abandonedOnHold) }
    }

    /// What is of the talk that ended last: how it ended, and what came after. A part of what agents
    /// handled stands where that does.
    private mutating func addTalkEnd(_ interaction: Interaction, _ details: ContactDetails) {
        if details.transfers.contains(where: { $0 > 0 }) { add(.transferred) }
        for kind in TransferKind.allCases {
            add(MetricCount(kind), details.transfers[Int(kind.rawValue)])
        }
        if interaction.isDropped { add(.dropped) }
        if let wrapUp = interaction.wrapUpMilliseconds { add(.wrapUp, wrapUp) }
    }
}

extension MetricCount {
    /// The count of transfers of a kind.
    fileprivate init(_ kind: TransferKind) {
        self =
            switch kind {
            case .blind: .transfersBlind
            case .attended: .transfersAttended
            case .toQueue: .transfersToQueue
            case .external: .transfersExternal
            }
    }
}

extension ContactDetails {
    /// When the customer first wrote.
    var firstCustomerMessage: Timestamp? { messages.first { $0.author == .customer }?.sent }

    /// From when on somebody had something to resolve: the customer's first message, else the beginning. A
    /// message behind the end takes it up again, and began nothing.
    func needBegan(_ interaction: borrowing Interaction) -> Timestamp {
        guard let first = firstCustomerMessage, first <= interaction.ended ?? .latest else {
            return interaction.created
        }
        return first
    }
}

extension Interaction {
    /// When it was first taken up again: by its own word, or by a message of the customer's after its end.
    func takenUp(_ details: ContactDetails) -> Timestamp? {
        guard let ended else { return nil }
        let told = details.reopenings.first { $0 >= ended }
        let written = details.messages.first { $0.author == .customer && $0.sent > ended }?.sent
        guard let told, let written else { return told ?? written }
        return min(told, written)
    }

    /// Whether somebody may still be answered in it.
    func isUnderWay(_ details: ContactDetails) -> Bool {
        ended == nil || takenUp(details) != nil
    }

    /// Whether it is over, on a channel where nobody waits on the line, and no person of ours ever wrote to
    /// a customer who did.
    func isNeverAnswered(_ details: ContactDetails) -> Bool {
        channel.isAsynchronous && !isUnderWay(details) && details.firstCustomerMessage != nil
            && !details.messages.contains { $0.author == .agent && !$0.isFailed }
    }

    /// Whether the customer reached out; nobody says otherwise of what was never created.
    var isInbound: Bool { direction == .inbound || direction == nil }

    /// Whether the customer left before any queue, the machine's own word `dropped` included.
    var isLostBeforeQueue: Bool {
        isAbandonedBeforeQueue
            || stays.isEmpty && connections.isEmpty && selfService.last?.outcome == .dropped
    }

    /// Whether the flow itself says that it gave the customer what they came for.
    var isContained: Bool {
        connections.isEmpty && selfService.contains { $0.outcome == .contained }
    }

    /// When a person of ours was first there.
    var firstConnected: Timestamp? {
        guard let first = connections.first else { return nil }
        return first.connected ?? first.accepted
    }

    /// Whether the talk broke, or the agent ended it within ten seconds of its start.
    var isDropped: Bool {
        guard let last = connections.last, let by = disconnectedBy else { return false }
        switch by {
        case .telecom, .system, .third: return true
        case .agent: return (last.serviceMilliseconds ?? .max) < 10_000
        case .customer, .supervisor: return false
        }
    }
}
