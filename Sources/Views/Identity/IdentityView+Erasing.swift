public import EventModel

/// What an erasure asks of the identity view.
extension IdentityView {
    /// One own identifier of an event: its number there, its customer and person as of the event.
    public struct Shown: Equatable, Sendable {
        /// The number in the event, from 0.
        public let number: Int
        /// Whose it is.
        public let customer: CustomerID
        /// Their person.
        public let person: CustomerID
    }

    /// Returns whose an event's own identifiers are, those left out that are nobody's or erased.
    public static func shown<Reader: ViewReader & ~Copyable>(
        by event: borrowing EventView, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Shown] {
        var key: [UInt8] = []
        var found: [Shown] = []
        let position = event.position
        try forEachHolder(of: event, reader, rules(reader), &key) {
            (holder, number) throws(ViewFault) in
            guard case .held(let customer, let group, _) = holder else { return }
            let person = try self.person(customer, group, asOf: position, reader).person
            found.append(Shown(number: number, customer: customer, person: person))
        }
        return found
    }

    /// Returns the positions of statements that united or separated nobody but these customers:
    /// they say why in an operator's words.
    public static func statements<Reader: ViewReader & ~Copyable>(
        about customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> [Position] {
        var found: Set<Position> = []
        var others: Set<Position> = []
        for customer in customers {
            guard let name = try founder(of: customer, reader)?.holding.group else { continue }
            for union in try group(name, reader).unions {
                let positions = [union.position, union.ended].filter { $0 != .zero }
                let isOurs = customers.contains(union.left) && customers.contains(union.right)
                if isOurs { found.formUnion(positions) } else { others.formUnion(positions) }
            }
        }
        return found.subtracting(others).sorted()
    }

    /// The identifiers that founded customers, in their normal form.
    public static func identifiers<Reader: ViewReader & ~Copyable>(
        of customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> [(kind: String, value: String)] {
        var found: [(kind: String, value: String)] = []
        for customer in customers {
            guard let founder = try founder(of: customer, reader) else { continue }
            let parts = try unsafe IdentifierKey.parts(founder.key.span.bytes)
            found.append((parts.kind, parts.value))
        }
        return found
    }

    /// Tells whether an identifier is out of use because several persons share it.
    public static func isShared<Reader: ViewReader & ~Copyable>(
        _ identifier: RawSpan, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        guard let key = try key(of: identifier, asOf: reader.position, reader),
            let record = try IdentifierRecord.decoded(try reader.row(key)),
            let holding = record.current
        else { return false }
        return holding.customer == nil && holding.vacancy == .shared
    }
}
