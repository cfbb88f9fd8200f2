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
    ///
    /// - Parameter isOthers: Whether events that the view has not seen show somebody else in one.
    /// - Returns: All of these, and whether nobody else has a part in them.
    mutating func settle(
        _ customers: [CustomerID], _ view: borrowing ViewSnapshot,
        _ isOthers: ([UInt8]) -> Bool
    ) throws(ViewFault) -> [(name: [UInt8], isTheirs: Bool)] {
        var settled: [(name: [UInt8], isTheirs: Bool)] = []
        for interaction in interactions {
            let name = SuppressionList.Name(.interaction, interaction)
            let parties = try InteractionLookup.customers(
                of: String(decoding: interaction, as: UTF8.self), view)
            let isTheirs =
                !shared.contains(interaction) && !isOthers(interaction)
                && parties.allSatisfy { customers.contains($0) }
            if isTheirs { names.insert(name) } else { names.remove(name) }
            settled.append((interaction, isTheirs))
        }
        interactions.removeAll()
        return settled
    }

    /// Says that what was taken since belongs to interactions that are settled.
    mutating func forgetInteractions() { interactions.removeAll() }
}
