internal import ContactCentre
internal import EventModel

/// The signals that an interaction gives by itself, or may give together with others of the person.
enum ContactSignals {
    /// Returns them: one while a contact is open, one where the customer gave up.
    static func of(_ interaction: borrowing Interaction) -> [Signal] {
        guard interaction.state != .none, interaction.classification.isCounted,
            interaction.isContact
        else { return [] }
        if interaction.state.isOpen {
            return [
                Signal(
                    kind: .waitingTwice, moment: interaction.created,
                    position: interaction.createdPosition)
            ]
        }
        guard interaction.abandonPhase != nil, interaction.connections.isEmpty else { return [] }
        return [
            Signal(
                kind: .abandoned, moment: interaction.lastOccurred,
                position: interaction.createdPosition)
        ]
    }
}
