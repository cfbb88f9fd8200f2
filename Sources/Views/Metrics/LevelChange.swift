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

    /// What its area is, by queue and channel.
    var time: MetricCount? {
        switch self {
        case .waiting: .waitingTime
        case .inService: .serviceTime
        case .wrapUp: .wrapUpTime
        case .ofAgent: nil
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
    static func changes(of interaction: Interaction) -> [LevelChange] {
        guard interaction.classification.isCounted else { return [] }
        var changes: [LevelChange] = []
        func add(_ level: Level, _ queue: String, _ start: Timestamp, _ end: Timestamp?) {
            guard start != end else { return }
            let channel = level == .ofAgent ? .unknown : interaction.channel
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
        return changes
    }
}
