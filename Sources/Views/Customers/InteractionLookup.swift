public import ContactCentre
public import EventModel

/// Answers short questions about one interaction from the customers view.
public enum InteractionLookup {
    /// Returns the customers an interaction concerns, who was shown first in it first; none when it is
    /// not known.
    public static func customers<Reader: ViewReader & ~Copyable>(
        of interaction: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> [CustomerID] {
        let row = try reader.row(InteractionKey.of(interaction))
        return try InteractionRecord.decoded(row)?.customers ?? []
    }

    /// Returns the channel of an interaction, or nil when none is known.
    public static func channel<Reader: ViewReader & ~Copyable>(
        of interaction: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> Channel? {
        let channel = try InteractionRecord.state(of: interaction, reader)?.channel
        return channel == .unknown ? nil : channel
    }
}
