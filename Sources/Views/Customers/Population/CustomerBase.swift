internal import EventModel

/// Everybody who has bought, as a view knows them: person by person, whatever customers each is.
enum CustomerBase {
    /// Shows every person with orders that count, in the order of the oldest of their customers that
    /// has any.
    ///
    /// - Parameters:
    ///   - now: Later orders do not count yet.
    ///   - members: Who is one person with a customer, oldest first; nil for who is erased.
    ///   - body: Takes the customers, and their orders, oldest first.
    ///
    /// Complexity: two look-ups for each customer, however many rows they have.
    static func forEachBuyer<Reader: ViewReader & ~Copyable>(
        now: Timestamp, members: (CustomerID) throws(ViewFault) -> [CustomerID]?,
        from reader: borrowing Reader,
        _ body: ([CustomerID], [Purchase]) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        var key: [UInt8] = []
        try CustomerDocument.forEachCustomer(in: reader) { (customer) throws(ViewFault) in
            PurchasesRecord.writeKey(customer, to: &key)
            guard try reader.row(key) != nil, let people = try members(customer) else { return }
            var isFirst = true
            var all: [Purchase] = []
            for member in people {
                PurchasesRecord.writeKey(member, to: &key)
                guard let record = try PurchasesRecord.decoded(try reader.row(key)) else {
                    continue
                }
                // Each person once: with the first of their customers.
                if all.isEmpty { isFirst = member == customer }
                guard isFirst else { return }
                all += record.purchases
            }
            all.removeAll { $0.placed > now }
            if people.count > 1 {
                all.sort(by: Purchase.precedes)
                var known: Set<Position> = []
                all.removeAll { !known.insert($0.position).inserted }
            }
            if !all.isEmpty { try body(people, all) }
        }
    }
}
