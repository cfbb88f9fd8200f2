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
    public static func forEachCustomer<Reader: ViewReader & ~Copyable>(
        in reader: borrowing Reader, _ body: (CustomerID) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        let start = [CustomerKey.prefix]
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
            // Behind a customer's own row stand the others of theirs.
            guard key.byteCount == CustomerKey.kindOffset else { return true }
            try body(CustomerID(rawValue: try key.keyNumber(at: 1)))
            return true
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
