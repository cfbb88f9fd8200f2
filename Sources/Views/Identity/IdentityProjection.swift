public import EventModel

/// Finds out which person an identifier belongs to.
///
/// An identifier seen for the first time founds a customer, named after the position of the event;
/// all new identifiers of one event found one. Only identifiers with the role `own` count.
public struct IdentityProjection: Projection {
    /// The name of the view.
    public static let name = "identity"
    /// The version of the rows.
    public static let version = 1
    /// Holds identifiers as they were given.
    public static let place = PersonalDataPlace.identityView

    /// Whom the last event's own identifiers belong to as of its position, in the order of the
    /// identifiers, each once.
    public private(set) var customers: [CustomerID] = []
    private var table = Table<IdentityRecord>()
    private var key: [UInt8] = []

    /// Makes a fold with an empty working set.
    public init() {}

    /// Applies one event. Complexity: one look-up per own identifier.
    public mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in context: borrowing Context
    ) throws(ViewFault) {
        customers.removeAll(keepingCapacity: true)
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard identifier.role == .own else { continue }
            IdentityRecord.writeKey(identifier.kind, identifier.value, to: &key)
            let slot = try table.slot(key, context)
            if table[slot].isEmpty {
                let founded = CustomerID(rawValue: event.position.rawValue)
                table[changing: slot] = IdentityRecord(founded, since: event.position)
            }
            guard let customer = table[slot].customer(asOf: event.position),
                !customers.contains(customer)
            else { continue }
            customers.append(customer)
        }
    }

    /// Every row is brought along with its event.
    public mutating func settle<Context: FoldContext & ~Copyable>(
        in context: borrowing Context
    ) throws(ViewFault) {}

    /// Hands over the changed rows in key order.
    public mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try table.takeChanges(body)
    }
}
