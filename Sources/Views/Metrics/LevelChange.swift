internal import ContactCentre
internal import EventModel

/// What is counted at every moment. The raw value stands in keys: never renumber.
enum Level: UInt8, CaseIterable {
    /// Interactions waiting: from entering a queue to the end of the stay.
    case waiting = 0
    /// Interactions with an agent: from the start of the talk to its end.
    case inService = 1
    /// Interactions whose agent works after the talk.
    case wrapUp = 2
    /// Contacts of an agent, wrap-ups included: the agent stands in the place of the queue.
    case ofAgent = 3
    /// Offers that ring at an agent, who stands in the place of the queue.
    case ringing = 4

    /// What its area is, by queue and channel.
    var time: MetricCount? {
        switch self {
        case .waiting: .waitingTime
        case .inService: .serviceTime
        case .wrapUp: .wrapUpTime
        case .ofAgent, .ringing: nil
        }
    }
}

/// A moment at which one interaction makes a level rise or fall by one.
///
/// Times are half-open: who leaves at the instant another comes is gone before. Something that
/// ends when it begins changes nothing.
struct LevelChange: Equatable {
    let level: Level
    let queue: String
    let channel: Channel
    let moment: Timestamp
    let net: Int64

    /// Returns all changes an interaction makes: a pure function of its state.
    static func changes(
        of interaction: Interaction, _ offers: ContactOffers
    ) -> [LevelChange] {
        guard interaction.classification.isCounted else { return [] }
        var changes: [LevelChange] = []
        func add(_ level: Level, _ queue: String, _ start: Timestamp, _ end: Timestamp?) {
            guard start != end else { return }
            let channel = interaction.channel
            changes.append(
                LevelChange(level: level, queue: queue, channel: channel, moment: start, net: 1))
            guard let end else { return }
            changes.append(
                LevelChange(level: level, queue: queue, channel: channel, moment: end, net: -1))
        }
        for stay in interaction.stays where stay.isOffered {
            add(.waiting, stay.queue, stay.entered, stay.ended)
        }
        for connection in interaction.connections {
            guard let started = connection.talkStarted else { continue }
            add(.inService, connection.queue, started, connection.ended)
            add(.ofAgent, connection.agent, started, connection.ended)
        }
        if let started = interaction.wrapUpStarted, let last = interaction.connections.last {
            let ended = interaction.wrapUpEnded ?? interaction.ended
            add(.wrapUp, last.queue, started, ended)
            add(.ofAgent, last.agent, started, ended)
        }
        for offer in offers.rung {
            let entry = offers.entries[offer.entry]
            let told = offer.made.advanced(byMilliseconds: offer.milliseconds)
            let over = interaction.ringsUntil(offer.made, entry.stay) ?? told
            add(.ringing, entry.agent, offer.made, min(told, over))
        }
        for offer in offers.ringing {
            let over = interaction.ringsUntil(offer.made, offer.stay)
            add(.ringing, offer.agent, offer.made, over)
        }
        return changes
    }
}

extension Interaction {
    /// Until when an offer may ring that nobody tells the end of: until its stay ends, or somebody has the
    /// customer, or all is over; nil while none of it has come.
    fileprivate func ringsUntil(_ made: Timestamp, _ stay: Int) -> Timestamp? {
        let over: Timestamp?
        if stays.indices.contains(stay - 1) {
            over = stays[stay - 1].ended
        } else {
            over =
                connections.lazy.compactMap { $0.accepted ?? $0.connected }.first { $0 >= made }
                ?? ended
        }
        return over.map { max($0, made) }
    }
}
