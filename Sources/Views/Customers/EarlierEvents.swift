internal import ContactCentre
public import EventModel

/// What was said before anybody was known whom it concerns, and so stands in nobody's timeline: in
/// interactions in which a person turned out to have a part, and about their things.
public struct EarlierEvents: Sendable {
    /// Events in which nobody but the person has a part.
    public private(set) var own: Set<Position> = []
    /// Those in which others have one, too.
    public private(set) var others: Set<Position> = []

    /// Names none.
    public init() {}

    /// Finds those about things of a person's customers.
    public mutating func takeThings<Reader: ViewReader & ~Copyable>(
        of customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) {
        for customer in customers {
            for thing in try Timeline.things(of: customer, reader) {
                if thing.customers.allSatisfy({ customers.contains($0) }) {
                    own.formUnion(thing.early)
                } else {
                    others.formUnion(thing.early)
                }
            }
        }
    }

    /// Finds those of interactions of a person's customers in which nobody else has a part.
    ///
    /// - Parameter first: Earlier ones are of no interest.
    public mutating func takeInteractions<Reader: ViewReader & ~Copyable>(
        of customers: [CustomerID], from first: Position, _ reader: borrowing Reader
    ) throws(ViewFault) {
        var names: Set<String> = []
        for customer in customers {
            let start = TouchpointRow.start(customer)
            try reader.rows(from: start, below: start.keyAfterPrefix) {
                (key, row) throws(ViewFault) in
                guard let touchpoint = try TouchpointRow.decoded(row).touchpoint,
                    touchpoint.position >= first
                else { return true }
                names.insert(try key.keyText(at: TouchpointRow.interactionOffset).text)
                return true
            }
        }
        for name in names {
            let parties = try InteractionLookup.customers(of: name, reader)
            guard parties.allSatisfy({ customers.contains($0) }) else { continue }
            own.formUnion(
                try Timeline.positions(
                    of: .interaction(name), from: first, count: .max, reader))
        }
    }
}
