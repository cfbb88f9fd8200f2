internal import EventModel

/// The person of a customer who is erased, where that is not themselves: what events with their
/// surrogates last said. Whom an identifier was seen with counts by person.
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
    /// Takes note of whose the erased customers are whom an event shows.
    mutating func noteErased<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard event.isSurrogate(identifier), let holder = identifier.surrogates,
                holder.isMove
            else { continue }
            movedErased.append(PersonMove(holder.customer, to: holder.person))
            // Also who stays is told of: whom these were one with.
            guard holder.customer.isSurrogate else { continue }
            try note(holder.customer, of: holder.person, context)
        }
        for surrogate in surrogates {
            try note(surrogate.holder.customer, of: surrogate.holder.person, context)
        }
    }

    /// Takes note of an erased customer's person.
    mutating func note<Context: FoldContext & ~Copyable>(
        _ customer: CustomerID, of person: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) {
        ErasedRecord.writeKey(customer, to: &key)
        let slot = try erased.slot(key, context)
        let person = person == customer ? nil : person
        if erased[slot].person != person { erased[changing: slot].person = person }
    }
}
