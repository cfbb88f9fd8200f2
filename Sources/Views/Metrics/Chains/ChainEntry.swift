internal import ContactCentre
internal import EventModel

/// One interaction as a person's or a thread's figures see it.
struct ChainEntry: Equatable {
    struct Flags: OptionSet {
        let rawValue: UInt16

        /// By which the customer reached out.
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
    }

    var name = ""
    var flags: Flags = []
    var channel = Channel.unknown
    var queue = ""
    var created = Timestamp(milliseconds: 0)
    var offered: Timestamp?
    var ended: Timestamp?
    /// When a person of ours was first there.
    var answered: Timestamp?
    /// How long the customer waited in queues.
    var wait: Int64 = 0
    /// When it was taken up again, where the interaction itself says so.
    var reopened: Timestamp?
    /// Hash of the first interaction of the contact; 0 for the first one itself.
    var initial: UInt64 = 0
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

    func fact(_ count: MetricCount) -> MetricFact { fact(.count(count, 1)) }
}

extension ChainEntry {
    /// Makes the entry of an interaction that counts; nil for others.
    init?(_ record: borrowing DetailedRecord<ContactDetails>) {
        let interaction = record.interaction
        guard interaction.state != .none, interaction.classification.isCounted else { return nil }
        channel = interaction.channel
        queue = interaction.queue
        created = interaction.created
        offered = interaction.stays.first { $0.isOffered }?.entered
        ended = interaction.ended
        answered = interaction.firstConnected
        for stay in interaction.stays { wait += stay.waitMilliseconds ?? 0 }
        reopened = interaction.reopened
        initial = interaction.initial.map(Self.hash) ?? 0
        reasons = record.details.reasons.map(Self.hash).sorted()
        if interaction.isInbound { flags.insert(.inbound) }
        if interaction.isContact { flags.insert(.contact) }
        if !interaction.connections.isEmpty { flags.insert(.handled) }
        if interaction.abandonPhase != nil, interaction.connections.isEmpty {
            flags.insert(.abandoned)
        }
        if interaction.isDropped { flags.insert(.dropped) }
        if !interaction.selfService.isEmpty { flags.insert(.selfServed) }
        if interaction.isContained { flags.insert(.contained) }
        if record.details.humanAsked != nil { flags.insert(.askedHuman) }
        if interaction.resolution == .resolved { flags.insert(.resolved) }
        if record.details.transfers.contains(where: { $0 > 0 }) { flags.insert(.transferred) }
    }
}
