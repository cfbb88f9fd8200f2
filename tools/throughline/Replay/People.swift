import EventModel
import Projecting
import Views

/// Persons of folded views, and which events are theirs.
struct People {
    private let folded: FoldedViews
    private var views: ViewSet { folded.views }

    init(_ folded: FoldedViews) { self.folded = folded }

    /// The person behind `kind:value` or a customer's id; nil where nobody is known.
    func person(_ identifier: String) throws(ViewFault) -> PersonMatch? {
        try Self.person(identifier, asOf: nil, try views.identity.snapshot())
    }

    /// The person whom an identifier led to at a position; at the end for nil.
    static func person(
        _ identifier: String, asOf position: Position?, _ people: borrowing ViewSnapshot
    ) throws(ViewFault) -> PersonMatch? {
        let bytes = Array(identifier.utf8)
        let text = unsafe bytes.span.bytes
        if let customer = CustomerID(text: text) {
            return try IdentityView.person(ofCustomer: customer, asOf: position, people)
        }
        return try IdentityView.person(of: text, asOf: position, people)
    }

    /// The events that concern a person, oldest first.
    func events(of person: PersonMatch) throws(ViewFault) -> [Position] {
        let customers = try views.customers.snapshot()
        var found: Set<Position> = []
        for customer in person.customers {
            found.formUnion(
                try Timeline.positions(
                    of: .customer(customer), from: Position(1), count: .max, customers))
        }
        return found.sorted()
    }
}
