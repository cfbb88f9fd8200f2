public import EventModel

/// Whom and what a view has documents of, for who writes them all.
extension InteractionDocument {
    /// Shows the names of all interactions, in key order.
    public static func forEachName<Reader: ViewReader & ~Copyable>(
        in reader: borrowing Reader, _ body: (String) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        let start = [InteractionKey.prefix]
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
            try body(try key.keyText(at: 1).text)
            return true
        }
    }
}

extension CustomerDocument {
    /// Shows all customers of whom something is known, in key order: those of one person one by
    /// one.
    ///
    /// Complexity: two look-ups for each, however many rows they have.
    public static func forEachCustomer<Reader: ViewReader & ~Copyable>(
        in reader: borrowing Reader, _ body: (CustomerID) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        var start = [CustomerKey.prefix]
        let end = start.keyAfterPrefix
        while true {
            var found: CustomerID?
            try reader.rows(from: start, below: end) { key, _ throws(ViewFault) in
                found = CustomerID(rawValue: try key.keyNumber(at: 1))
                return false
            }
            guard let customer = found else { return }
            // Whoever has rows has one of their own, with nothing behind their name.
            if try knows(customer, in: reader) { try body(customer) }
            guard customer.rawValue < .max else { return }
            CustomerRecord.writeKey(CustomerID(rawValue: customer.rawValue + 1), to: &start)
        }
    }

    /// Whether something is known of a customer.
    public static func knows<Reader: ViewReader & ~Copyable>(
        _ customer: CustomerID, in reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        var isKnown = false
        try reader.row(CustomerRecord.key(customer)) { _ throws(ViewFault) in isKnown = true }
        return isKnown
    }
}
