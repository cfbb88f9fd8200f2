internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// What events call a person who is erased, and their interactions in which nobody else had a part:
/// for the list of suppressed names.
struct ErasedNames: Sendable {
    private(set) var names: Set<SuppressionList.Name> = []
    /// Interactions of which it is not known yet whether somebody else had a part.
    private var interactions: Set<[UInt8]> = []
    /// Interactions in which an event shows somebody else.
    private var shared: Set<[UInt8]> = []

    /// Takes what one of their events calls them.
    ///
    /// - Parameters:
    ///   - numbers: Which of its identifiers are theirs.
    ///   - isShared: Whether it shows somebody else, too.
    ///   - now: Where the next event stands.
    mutating func take(
        _ event: borrowing EventView, _ numbers: Set<Int>, isShared: Bool,
        by rules: IdentityRulesHistory, now: Position
    ) {
        // By the rules of then, and by those that hold when it comes again.
        for moment in [event.position, now] {
            IdentityView.forEachName(of: event, by: rules, at: moment) { number, _, name in
                guard numbers.contains(number) else { return }
                names.insert(SuppressionList.Name(.identifier, name))
            }
        }
        if let interaction = event.bytes("interaction") {
            interactions.insert(interaction.copied())
            if isShared { shared.insert(interaction.copied()) }
        }
    }

    /// Finds out whose the interactions were of which events have come since: also one that was
    /// theirs alone may have got another party.
    mutating func settle(
        _ customers: [CustomerID], _ view: borrowing ViewSnapshot
    ) throws(ViewFault) {
        for interaction in interactions {
            let name = SuppressionList.Name(.interaction, interaction)
            let parties = try InteractionLookup.customers(
                of: String(decoding: interaction, as: UTF8.self), view)
            if !shared.contains(interaction), parties.allSatisfy({ customers.contains($0) }) {
                names.insert(name)
            } else {
                names.remove(name)
            }
        }
        interactions.removeAll()
    }
}
