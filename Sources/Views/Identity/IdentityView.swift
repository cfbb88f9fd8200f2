public import EventModel

/// Reads the identity view.
public enum IdentityView {
    /// Returns the customer an identifier belongs to, or nil when nobody has shown it.
    ///
    /// - Parameters:
    ///   - position: Whom it belonged to at that position; nil for the reader's own.
    public static func customer<Reader: ViewReader & ~Copyable>(
        ofKind kind: RawSpan, value: RawSpan, asOf position: Position? = nil,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> CustomerID? {
        var key: [UInt8] = []
        return try customer(
            ofKind: kind, value: value, asOf: position ?? reader.position, reader, &key)
    }

    private static func customer<Reader: ViewReader & ~Copyable>(
        ofKind kind: RawSpan, value: RawSpan, asOf position: Position,
        _ reader: borrowing Reader, _ key: inout [UInt8]
    ) throws(ViewFault) -> CustomerID? {
        IdentityRecord.writeKey(kind, value, to: &key)
        var found: CustomerID?
        try reader.row(key) { (row) throws(ViewFault) in
            do throws(MalformedBytes) {
                found = try IdentityRecord.customer(inRow: row, asOf: position)
            } catch {
                throw .damaged(error)
            }
        }
        return found
    }

    /// Returns the customer of an identifier written `kind:value`; nil also for other text.
    public static func customer<Reader: ViewReader & ~Copyable>(
        of identifier: RawSpan, asOf position: Position? = nil, _ reader: borrowing Reader
    ) throws(ViewFault) -> CustomerID? {
        guard let colon = identifier.firstOffset(of: UInt8(ascii: ":")) else { return nil }
        return try customer(
            ofKind: identifier.extracting(0..<colon),
            value: identifier.extracting(colon + 1..<identifier.byteCount), asOf: position,
            reader)
    }

    /// Finds the customers that an event's own identifiers belong to as of its position, in the
    /// order of the identifiers, each once: what the other folds are given with the event.
    ///
    /// - Parameters:
    ///   - found: Takes them, instead of what was in it.
    ///   - key: Room to work in.
    public static func findCustomers<Reader: ViewReader & ~Copyable>(
        of event: borrowing EventView, _ reader: borrowing Reader,
        into found: inout [CustomerID], key: inout [UInt8]
    ) throws(ViewFault) {
        found.removeAll(keepingCapacity: true)
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard identifier.role == .own else { continue }
            let customer = try customer(
                ofKind: identifier.kind, value: identifier.value, asOf: event.position, reader,
                &key)
            guard let customer, !found.contains(customer) else { continue }
            found.append(customer)
        }
    }
}
