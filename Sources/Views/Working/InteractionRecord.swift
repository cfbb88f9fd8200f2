internal import ContactCentre
internal import EventModel

/// An interaction as the folds keep it.
///
///     u8   version = 1
///     ...  state, as InteractionRow draws it
///     num  count of customers, then each: num id, packed, as the distance from the one before
///     num  count of positions, then each: int distance from the one before
///     ...  details, as their type draws them; `NoDetails` takes no room
///
/// The positions stand in the order in which the events are folded, (occurred, position), so that
/// a late event finds its place from the end.
struct DetailedRecord<Details: InteractionDetails>: RowRecord {
    static var version: UInt8 { 1 }
    static var keptRowsMax: Int { ViewLimits.keptInteractionsMax }

    var interaction = Interaction()
    /// The people it concerns, by rising id: the order in which they got known does not matter.
    var customers: [CustomerID] = []
    /// The events that made the state, in the order of the fold.
    var positions: [UInt64] = []
    var details = Details()

    init() {}

    var isEmpty: Bool { positions.isEmpty && customers.isEmpty }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "interaction row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("interaction row version", at: 0)
        }
        interaction = try Interaction(from: &reader)
        var last: UInt64 = 0
        for _ in 0..<(try reader.count()) {
            last &+= try reader.varint()
            customers.append(CustomerID(packed: last))
        }
        last = 0
        for _ in 0..<(try reader.count()) {
            last &+= UInt64(bitPattern: try reader.zigzag())
            positions.append(last)
        }
        details = try Details(from: &reader)
        guard reader.isAtEnd else { throw MalformedBytes("interaction row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        interaction.encode(into: &row)
        row.append(varint: UInt64(customers.count))
        var last: UInt64 = 0
        for customer in customers {
            row.append(varint: customer.packed &- last)
            last = customer.packed
        }
        row.append(varint: UInt64(positions.count))
        last = 0
        for position in positions {
            row.append(zigzag: Int64(bitPattern: position &- last))
            last = position
        }
        details.encode(into: &row)
    }

    /// Applies an event unless it is late. With more events than are kept for folding anew, a late
    /// one is noted and no more.
    ///
    /// - Parameter kind: How it moves the interaction; nil for one that only its details read.
    mutating func applyInOrder(
        _ event: borrowing EventView, _ kind: LifecycleEvent?,
        _ surroundings: Details.Surroundings
    ) -> Bool {
        let isFull = positions.count >= InteractionLimits.positionsMax
        if interaction.follows(event.occurred, event.position) {
            apply(event, kind, surroundings)
        } else if isFull {
            if let kind { interaction.noteOverLimit(event, as: kind) }
        } else {
            return false
        }
        if !isFull { positions.append(event.position.rawValue) }
        return true
    }

    /// Applies an event that follows all before it.
    mutating func apply(
        _ event: borrowing EventView, _ kind: LifecycleEvent?,
        _ surroundings: Details.Surroundings
    ) {
        if let kind {
            interaction.apply(event, as: kind)
        } else {
            interaction.lastOccurred = event.occurred
            interaction.lastPosition = event.position
        }
        details.apply(event, as: kind, to: interaction, surroundings)
    }

    /// Tells whether it is known to concern a customer.
    func concerns(_ customer: CustomerID) -> Bool { customers.contains(customer) }

    /// Adds a customer that is not known yet.
    mutating func add(_ customer: CustomerID) {
        customers.insert(customer, at: customers.firstIndex { $0 > customer } ?? customers.count)
    }
}

/// An interaction of which a fold keeps the state and no more.
typealias InteractionRecord = DetailedRecord<NoDetails>
