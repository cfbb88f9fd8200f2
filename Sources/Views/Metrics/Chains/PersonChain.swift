internal import EventModel

/// The customers of one person and their interactions, as the view has them.
struct PersonChain {
    /// All customers, the person first.
    let customers: [CustomerID]
    /// In the order in which they began.
    let entries: [ChainEntry]

    /// Reads those of a customer's person.
    init<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, in reader: borrowing Reader
    ) throws(ViewFault) {
        let own = try Self.row(of: customer, reader)
        let person = own.person ?? customer
        let row = own.person == nil ? own : try Self.row(of: person, reader)
        var all = [row.entries]
        for member in row.members { all.append(try Self.row(of: member, reader).entries) }
        customers = [person] + row.members
        entries = all.count == 1 ? row.entries : Self.entries(of: all)
    }

    private static func row<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, _ reader: borrowing Reader
    ) throws(ViewFault) -> ChainRow {
        var key: [UInt8] = []
        ChainKey.write(person: customer, to: &key)
        return try ChainRow.decoded(try reader.row(key)) ?? ChainRow()
    }

    /// Puts the chains of several customers into one: of more interactions than one may have the
    /// first.
    static func entries(of chains: [[ChainEntry]]) -> [ChainEntry] {
        Array(
            chains.joined().sorted { $0.precedes($1) }.prefix(MetricLimits.chainEntriesMax))
    }
}
