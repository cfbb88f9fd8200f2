public import EventModel

/// That a customer's identifier is theirs no more: events behind it are somebody else's, or nobody's.
///
///     num customer, packed; num position; u8 why
public struct IdentifierEnd: Sendable, Equatable {
    /// Why. The raw value is stored: never renumber.
    public enum Reason: UInt8, Sendable, CaseIterable {
        /// It was given back.
        case released = 0
        /// An operator, or the rules, took it out of use.
        case blocked = 1
        /// Too many persons show it.
        case shared = 2
        /// Long unseen, it went to somebody who proved it.
        case passedOn = 3

        /// The word in documents.
        var word: StaticString {
            switch self {
            case .released: "released"
            case .blocked: "blocked"
            case .shared: "shared"
            case .passedOn: "passed_on"
            }
        }
    }

    /// Whom it had founded.
    public let customer: CustomerID
    /// The event from which on it is theirs no more.
    public let position: Position
    /// Why.
    public let reason: Reason
}

extension IdentifierEnd {
    init(from reader: inout ByteReader) throws(MalformedBytes) {
        customer = CustomerID(packed: try reader.varint())
        position = Position(try reader.varint())
        guard let reason = Reason(rawValue: try reader.byte()) else {
            throw MalformedBytes("end of an identifier", at: reader.offset)
        }
        self.reason = reason
    }

    func encode(into row: inout [UInt8]) {
        row.append(varint: customer.packed)
        row.append(varint: position.rawValue)
        row.append(reason.rawValue)
    }
}

extension IdentifierRecord {
    /// Where and why the holding of a customer ended; nil while it is in force, and for others.
    func end(of customer: CustomerID) -> IdentifierEnd? {
        let holdings = holdings
        guard let place = holdings.firstIndex(where: { $0.customer == customer }),
            place + 1 < holdings.count
        else { return nil }
        let next = holdings[place + 1]
        return IdentifierEnd(
            customer: customer, position: next.since,
            reason: next.customer == nil ? next.vacancy.reason : .passedOn)
    }
}

extension IdentifierRecord.Vacancy {
    /// Why whoever held the identifier holds it no more.
    var reason: IdentifierEnd.Reason {
        switch self {
        case .released: .released
        case .blocked: .blocked
        case .shared: .shared
        }
    }
}

extension IdentityProjection {
    /// Takes note, with the group of whoever holds the identifier in a slot, that they hold it no more:
    /// who reads the person has it there.
    mutating func noteEnd<Context: FoldContext & ~Copyable>(
        ofHoldingIn slot: Int, _ reason: IdentifierEnd.Reason, _ position: Position,
        _ context: borrowing Context
    ) throws(ViewFault) {
        guard let customer = identifiers[slot].customer,
            let group = try group(ofHolderIn: slot, context)
        else { return }
        groups[changing: group].note(
            IdentifierEnd(customer: customer, position: position, reason: reason))
    }
}
