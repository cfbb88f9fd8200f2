public import ContactCentre
public import EventModel

/// Answers short questions about one interaction from the customers view.
public enum InteractionLookup {
    /// Returns the customers whom a contact shows: those of the interaction or, where it is a leg that
    /// names nobody, those of the contact's first leg.
    public static func callers<Reader: ViewReader & ~Copyable>(
        of interaction: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> [CustomerID] {
        let shown = try customers(of: interaction, reader)
        guard shown.isEmpty, let first = try firstLeg(of: interaction, reader) else { return shown }
        return try customers(of: first, reader)
    }

    /// Returns the first leg of the contact in which the customer was handed on to an interaction; nil
    /// where it is no such leg.
    public static func firstLeg<Reader: ViewReader & ~Copyable>(
        of interaction: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> String? {
        guard let state = try InteractionRecord.state(of: interaction, reader), state.isHandedOn
        else { return nil }
        return state.initial
    }

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
