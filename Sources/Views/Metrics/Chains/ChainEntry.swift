internal import ContactCentre
internal import EventModel

/// One interaction as a person's or a thread's figures see it.
struct ChainEntry: Equatable {
    struct Flags: OptionSet {
        let rawValue: UInt16

        /// By which the customer reached out, and which nobody else made.
        static let inbound = Flags(rawValue: 1)
        /// The first of its contact, no leg.
        static let contact = Flags(rawValue: 2)
        static let handled = Flags(rawValue: 4)
        /// The customer gave up before a person was there.
        static let abandoned = Flags(rawValue: 8)
        static let dropped = Flags(rawValue: 16)
        /// A machine served it.
        static let selfServed = Flags(rawValue: 32)
        static let contained = Flags(rawValue: 64)
        /// The customer asked the machine for a person.
        static let askedHuman = Flags(rawValue: 128)
        static let resolved = Flags(rawValue: 256)
        static let transferred = Flags(rawValue: 512)
        /// We reached out.
        static let outbound = Flags(rawValue: 1_024)
        /// The agent said that it was resolved.
        static let disposedResolved = Flags(rawValue: 2_048)
        /// It stands among the interactions of a thread that it does not name: `LinkedThreads`.
        static let follows = Flags(rawValue: 4_096)
    }

    var name = ""
    var flags: Flags = []
    var channel = Channel.unknown
    var queue = ""
    var created = Timestamp(milliseconds: 0)
    var offered: Timestamp?
    var ended: Timestamp?
    /// When the customer was gone, of what was abandoned or dropped: the work after a talk that broke
    /// comes behind it.
    var lost: Timestamp?
    /// When a person of ours was first there.
    var answered: Timestamp?
    /// How long the customer waited in queues.
    var wait: Int64 = 0
    /// When it was first taken up again: by its own word, or by a message of the customer's after its end.
    var reopened: Timestamp?
    /// When a call back that was asked for in it reached the customer.
    var calledBack: Timestamp?
    /// Hash of the interaction it was made out of or follows: the first of the contact, else the one
    /// before, else a related one; 0 where it names none.
    var link: UInt64 = 0
    /// The thread it names; empty where it names none.
    var thread = ""
    /// Hashes of the reasons.
    var reasons: [UInt64] = []

    var nameHash: UInt64 { Self.hash(name) }

    static func hash(_ text: String) -> UInt64 {
        unsafe text.utf8Span.span.bytes.stableHash
    }

    func has(_ flag: Flags) -> Bool { flags.contains(flag) }

    /// The order of a chain: by beginning, then by name.
    func precedes(_ other: ChainEntry) -> Bool {
        created == other.created ? name < other.name : created < other.created
    }

    /// The fact of a measure, filed where the interaction is.
    func fact(_ measure: MetricMeasure) -> MetricFact {
        MetricFact(
            measure: measure, queue: queue, channel: channel, created: created, offered: offered,
            ended: ended)
    }

    /// The same, over when the customer was gone.
    func factOfLoss(_ count: MetricCount) -> MetricFact {
        MetricFact(
            measure: .count(count, 1), queue: queue, channel: channel, created: created,
            offered: offered, ended: lost)
    }

    func fact(_ count: MetricCount) -> MetricFact { fact(.count(count, 1)) }
}

extension ChainEntry {
    /// Makes the entry of an interaction that counts; nil for others.
    init?(_ record: borrowing DetailedRecord<ContactDetails>) {
        let interaction = record.interaction
        guard interaction.state != .none, interaction.classification.isCounted else { return nil }
        channel = interaction.channel
        let details = record.details
        queue = interaction.queue
        created = interaction.created
        offered = interaction.stays.first { $0.isOffered }?.entered
        ended = interaction.ended
        answered = interaction.firstAnswered(details)
        let stays = interaction.counted(details)
        for stay in stays { wait += stay.waitMilliseconds ?? 0 }
        reopened = interaction.takenUp(details)
        if case .reached(let moment) = details.callback { calledBack = moment }
        link =
            (interaction.initial ?? interaction.previous ?? interaction.related).map(Self.hash)
            ?? 0
        thread = interaction.thread ?? ""
        reasons = details.reasons.map(Self.hash).sorted()
        if interaction.isInbound, !interaction.isMadeByUs { flags.insert(.inbound) }
        if interaction.direction == .outbound { flags.insert(.outbound) }
        if interaction.isContact { flags.insert(.contact) }
        if !interaction.connections.isEmpty { flags.insert(.handled) }
        let isLost = interaction.abandonPhase != nil || interaction.isLostBeforeQueue
        if isLost && interaction.connections.isEmpty && answered == nil
            || stays.last?.outcome == .abandoned
        {
            flags.insert(.abandoned)
        }
        if interaction.isDropped { flags.insert(.dropped) }
        lost = Self.lost(interaction, stays.last, flags)
        if !interaction.selfService.isEmpty { flags.insert(.selfServed) }
        if interaction.isContained { flags.insert(.contained) }
        if details.humanAsked != nil { flags.insert(.askedHuman) }
        if interaction.resolution == .resolved { flags.insert(.resolved) }
        if details.transfers.contains(where: { $0 > 0 }) { flags.insert(.transferred) }
        if details.disposition == .resolved { flags.insert(.disposedResolved) }
    }

    private static func lost(
        _ interaction: borrowing Interaction, _ last: Stay?, _ flags: Flags
    ) -> Timestamp? {
        var lost: Timestamp?
        if flags.contains(.dropped) { lost = interaction.connections.last?.ended }
        guard flags.contains(.abandoned) else { return lost }
        var abandoned = interaction.ended
        if let last, last.outcome == .abandoned {
            abandoned = last.ended
        } else if !interaction.isAbandonedBeforeQueue, interaction.abandonPhase == nil {
            // The machine's own word that the customer has gone.
            abandoned = interaction.selfService.last?.left ?? abandoned
        }
        guard let lost, let abandoned else { return lost ?? abandoned }
        return max(lost, abandoned)
    }
}
