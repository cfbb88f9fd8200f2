internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// Whom facts that go made one person: they are to stay one, so that figures by person do, too, and
/// events tell of it once the facts are gone (`RedactedParts`).
struct FactUnions: Sendable {
    /// The unions.
    private(set) var found: Set<IdentityView.FactUnion> = []
    /// Whoever is in a group with somebody of whom the facts are told.
    private var concerned: Set<CustomerID> = []
    /// All events up to here have been looked at.
    private(set) var through = Position.zero

    /// Finds the unions that facts may have made, as the identity view knows them.
    ///
    /// - Parameters:
    ///   - facts: The events that tell the facts, by rising position.
    ///   - reader: Shows the log as it lies.
    init(
        byFactsAt facts: [Position], _ people: borrowing ViewSnapshot, _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        through = people.position
        for position in facts {
            _ = try reader.event(at: position) { (event) throws(ViewFault) in
                try IdentityView.findUnions(
                    byFactsOf: event, people, into: &found, &concerned)
            }
        }
    }

    /// Tells whether an event behind those that were looked at may have united somebody who is concerned.
    func mayGrow(
        _ people: borrowing ViewSnapshot, _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) -> Bool {
        guard !concerned.isEmpty else { return false }
        var isPossible = false
        _ = try reader.events(from: through.next) { (event) throws(ViewFault) in
            if event.type.starts(with: "identity.") {
                isPossible = try IdentityView.mentions(in: event, of: Array(concerned), people)
                    .contains(where: \.isTheirs)
            } else if event.identifierCount > 1 {
                isPossible = try IdentityView.shown(by: event, people).contains {
                    concerned.contains($0.customer)
                }
            }
            return !isPossible
        }
        return isPossible
    }

    /// Adds to what goes of events whom they united, but for some: of those who are erased other things
    /// are told.
    func tell(in parts: inout RedactedParts, but erased: [CustomerID] = []) {
        var told: [Position: [RedactedParts.Field]] = [:]
        for union in found where !erased.contains(union.left) && !erased.contains(union.right) {
            told[union.position, default: []].append(
                .union(min(union.left, union.right), max(union.left, union.right)))
        }
        parts.add(unions: told)
    }
}
