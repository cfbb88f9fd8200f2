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
        IdentityRecord.writeKey(kind, value, to: &key)
        let record = try IdentityRecord.decoded(try reader.row(key))
        return record?.customer(asOf: position ?? reader.position)
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

    /// Returns the customers that an event's own identifiers belong to as of its position, in the
    /// order of the identifiers, each once: what the other folds are given with the event.
    public static func customers<Reader: ViewReader & ~Copyable>(
        of event: borrowing EventView, _ reader: borrowing Reader
    ) throws(ViewFault) -> [CustomerID] {
        var found: [CustomerID] = []
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard identifier.role == .own else { continue }
            let customer = try customer(
                ofKind: identifier.kind, value: identifier.value, asOf: event.position, reader)
            guard let customer, !found.contains(customer) else { continue }
            found.append(customer)
        }
        return found
    }
}
