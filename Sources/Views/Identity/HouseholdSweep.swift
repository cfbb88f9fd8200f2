internal import ContactCentre
internal import EventModel

/// Finds customers of whom an event says that they may live together (INTEROP §9, rule 11): two stated
/// identifiers of which nothing beside them agrees.
///
/// Nothing is suggested until `definition.set kind household key default version <v> body {}`. As with
/// needs, the views are read and nothing is changed: what is found is appended as `household.suggested`
/// under the daemon's own source, once for each pair and version, dated to the event that named both, so
/// that whoever has said otherwise since has the last word. It unites nobody.
public struct HouseholdSweep: Sendable {
    /// Where the next sweep begins: all before has been looked at.
    private var next = [HouseholdRow.prefix]
    /// By which version of the definition that was.
    private var version = ""

    /// Begins at the start: what was suggested before is found again, and stores nothing.
    public init() {}

    /// Finds what is to be appended, at most one event for each of so many pairs as one sweep looks at.
    public mutating func find<People: ViewReader & ~Copyable, Customers: ViewReader & ~Copyable>(
        in people: borrowing People, definedBy customers: borrowing Customers
    ) throws(ViewFault) -> [InferredEvent] {
        guard let version = try CardDefinitions.read(customers).households else { return [] }
        if version != self.version { (next, self.version) = ([HouseholdRow.prefix], version) }
        var pairs: [HouseholdRow] = []
        let from = next
        var last: [UInt8]?
        try people.rows(from: from, below: [HouseholdRow.prefix + 1]) {
            key, row throws(ViewFault) in
            pairs.append(try HouseholdRow.decoded(row))
            last = key.copied()
            return pairs.count < ViewLimits.sweptHouseholdsMax
        }
        var found: [InferredEvent] = []
        for pair in pairs {
            // Who has become one person since lives with nobody by that.
            guard let left = try IdentityView.person(ofCustomer: pair.left, people),
                let right = try IdentityView.person(ofCustomer: pair.right, people),
                left.person != right.person
            else { continue }
            found.append(
                InferredEvent(
                    Self.type, rule: "household", version: version,
                    subject: "\(pair.left):\(pair.right)", after: .zero, occurred: pair.occurred,
                    ["customers": "\(pair.left) \(pair.right)", "rule": "statedTogether"]))
        }
        if let last { next = last + [0] }
        return found
    }

    /// Whether an event is one that it finds.
    public static func finds(_ event: InferredEvent) -> Bool { event.type == type }

    private static let type = "household.suggested"
}
