internal import ContactCentre
internal import EventModel

/// The signals that an interaction gives by itself, or may give together with others of the person.
enum ContactSignals {
    /// Returns them: one while a contact or a leg of it is open, one where the customer gave up, one
    /// where a message of theirs waits for an answer.
    static func of(_ interaction: borrowing Interaction) -> [Signal] {
        guard interaction.state != .none, interaction.classification.isCounted else { return [] }
        var signals: [Signal] = []
        if interaction.isContact || interaction.isHandedOn {
            if interaction.state.isOpen {
                signals.append(
                    Signal(
                        kind: .waitingTwice, moment: interaction.created,
                        position: interaction.createdPosition))
            } else if interaction.isGivenUp {
                signals.append(
                    Signal(
                        kind: .abandoned, moment: interaction.lastOccurred,
                        position: interaction.createdPosition))
            }
        }
        if let unanswered = interaction.awaitedAnswer {
            signals.append(
                Signal(
                    kind: .messageUnanswered, moment: unanswered.occurred,
                    position: unanswered.position))
        }
        return signals
    }
}
