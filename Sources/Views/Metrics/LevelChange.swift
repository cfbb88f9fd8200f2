internal import ContactCentre
internal import EventModel

/// What is counted at every moment. The raw value stands in keys: never renumber.
enum Level: UInt8, CaseIterable {
    /// Interactions waiting: from entering a queue to the end of the stay.
    case waiting = 0
    /// Interactions with an agent: from the start of the talk to its end.
    case inService = 1
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
        }
        return changes
    }
}
