internal import EventModel

/// An interaction on its way from created to disconnected.
struct OpenInteraction: Sendable {
    /// Steps of the longest: queued, accepted, messages, disconnected.
    static let stepsMax = 3 + messagesMax
    static let messagesMax = 7

    /// Its name: see `LapName`.
    let name: String
    let customer: Identifier
    let channel: String
    let queue: String
    let agent: String
    let messageCount: Int
    /// Steps behind `interaction.created` that are done.
    var stepsDone = 0

    var stepsLeft: Int { 3 + messageCount - stepsDone }
}
