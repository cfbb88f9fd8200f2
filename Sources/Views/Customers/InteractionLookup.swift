public import ContactCentre
public import EventModel

/// Answers short questions about one interaction from the customers view.
public enum InteractionLookup {
    /// Returns the customers an interaction concerns, who was shown first in it first; none when it is
    /// not known.
    public static func customers<Reader: ViewReader & ~Copyable>(
        of interaction: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> [CustomerID] {
        try record(interaction, reader)?.customers ?? []
    }

    /// Returns the channel of an interaction, or nil when none is known.
    public static func channel<Reader: ViewReader & ~Copyable>(
        of interaction: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> Channel? {
        let channel = try record(interaction, reader)?.interaction.channel
        return channel == .unknown ? nil : channel
    }

    private static func record<Reader: ViewReader & ~Copyable>(
        _ interaction: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> InteractionRecord? {
        try InteractionRecord.decoded(try reader.row(InteractionKey.of(interaction)))
    }
}
