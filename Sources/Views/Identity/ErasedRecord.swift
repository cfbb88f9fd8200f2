internal import EventModel

/// The person of a customer who is erased, where that is not themselves: what events with their
/// surrogates last said. Whom an identifier was seen with counts by person.
///
/// Also that of a customer who stays, where somebody who is erased made them another's: two of whom
/// that is said were one person, whatever is left to show it.
///
///     key  'e', u64 customer, packed          row  num person, packed
struct ErasedRecord: RowRecord {
    static let prefix = UInt8(ascii: "e")
    static var keptRowsMax: Int { ViewLimits.keptSmallRowsMax }

    var person: CustomerID?

    init() {}

    var isEmpty: Bool { person == nil }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "erased customer's row")
        person = CustomerID(packed: try reader.varint())
        guard reader.isAtEnd else {
            throw MalformedBytes("erased customer's row", at: reader.offset)
        }
    }

    func encode(into row: inout [UInt8]) {
        if let person { row.append(varint: person.packed) }
    }

    static func writeKey(_ customer: CustomerID, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(bigEndian: customer.packed)
    }
}

extension IdentityProjection {
    /// Takes note of whose the erased customers are whom an event shows, and whose they made others.
    mutating func noteErased<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        var moves: [PersonMove] = []
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard event.isSurrogate(identifier), let holder = identifier.surrogates,
                holder.isMove
            else { continue }
            moves.append(PersonMove(holder.customer, to: holder.person))
        }
        movedErased = moves
        let shown = surrogates.map { PersonMove($0.holder.customer, to: $0.holder.person) }
        toldLate = try note(told: moves, shown, context)
    }

    /// Takes note of what an event tells of erased customers and of those whom they made others' persons.
    ///
    /// - Parameters:
    ///   - moves: Whom it moved, in the order in which it did.
    ///   - shown: Whose the erased are whom it shows.
    /// - Returns: What is told of who stays, where the event united some who stay before: that comes
    ///   behind their unions.
    mutating func note<Context: FoldContext & ~Copyable>(
        told moves: [PersonMove], _ shown: [PersonMove], _ context: borrowing Context
    ) throws(ViewFault) -> [PersonMove] {
        var persons: Set<CustomerID> = []
        for move in shown { persons.insert(try told(of: move.customer, context) ?? move.customer) }
        var living: [PersonMove] = []
        var unitesLiving = false
        for move in moves {
            if move.customer.isSurrogate {
                try note(move, context)
                persons.insert(move.person)
            } else if move.person.isSurrogate || move.person == move.customer
                || persons.contains(move.person)
            {
                living.append(move)
            } else {
                unitesLiving = true
            }
        }
        for move in shown { try note(move, context) }
        guard !unitesLiving else { return living }
        for move in living { try note(move, context) }
        return []
    }

    /// Takes note of a customer's person.
    mutating func note<Context: FoldContext & ~Copyable>(
        _ move: PersonMove, _ context: borrowing Context
    ) throws(ViewFault) {
        ErasedRecord.writeKey(move.customer, to: &key)
        let slot = try erased.slot(key, context)
        let person = move.person == move.customer ? nil : move.person
        guard erased[slot].person != person else { return }
        erased[changing: slot].person = person
        if !move.customer.isSurrogate { tellsOfLiving = true }
    }

    /// Takes note that what is still there made a customer another's person: what was told of them is over,
    /// unless it was the same.
    mutating func end<Context: FoldContext & ~Copyable>(
        toldOf move: PersonMove, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let person = try told(of: move.customer, context), person != move.person else {
            return
        }
        try note(PersonMove(move.customer, to: move.customer), context)
    }

    /// Whether two customers, each with their person, were one person by somebody who is erased.
    mutating func wereOne<Context: FoldContext & ~Copyable>(
        _ first: (customer: CustomerID, person: CustomerID),
        _ second: (customer: CustomerID, person: CustomerID), _ context: borrowing Context
    ) throws(ViewFault) -> Bool {
        guard tellsOfLiving else { return false }
        let person = try told(of: first.customer, context) ?? first.person
        return try person == told(of: second.customer, context) ?? second.person
    }

    /// Whether the view holds whose anybody was who stays.
    func findsTold<Context: FoldContext & ~Copyable>(
        _ context: borrowing Context
    ) throws(ViewFault) -> Bool {
        var isFound = false
        try context.keys(from: [ErasedRecord.prefix], below: [ErasedRecord.prefix + 1]) {
            (key) throws(ViewFault) in
            guard key.byteCount == 9 else { return }
            let packed = key.load(bigEndian: UInt64.self, at: 1)
            if !CustomerID(packed: packed).isSurrogate { isFound = true }
        }
        return isFound
    }

    /// Whose a customer was, by what was told; nil for their own.
    private mutating func told<Context: FoldContext & ~Copyable>(
        of customer: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) -> CustomerID? {
        ErasedRecord.writeKey(customer, to: &key)
        let slot = try erased.slot(key, context)
        return erased[slot].person
    }
}
