internal import ContactCentre
internal import EventModel

/// An interaction as the folds keep it.
///
///     u8   version = 3
///     ...  state, as InteractionRow draws it
///     num  count of customers, then each: num id, packed; int when they were shown, as the distance
///          from the one before, the first from when the interaction began
///     num  count of positions, then each: int distance from the one before, the first from the
///          position of the interaction's creation
///     ...  details, as their type draws them; `NoDetails` takes no room
///
/// The positions stand in the order in which the events are folded, (occurred, position), so that
/// a late event finds its place from the end.
struct DetailedRecord<Details: InteractionDetails>: RowRecord {
    static var version: UInt8 { 3 }
    static var keptRowsMax: Int { ViewLimits.keptInteractionsMax }

    var interaction = Interaction()
    /// The people it concerns, in the order in which the events occurred that show them, and in those
    /// in the order of identifiers: neither the order of arrival matters, nor that an id becomes a
    /// surrogate.
    private(set) var customers: [CustomerID] = []
    /// When the first event occurred that shows each of them.
    private var shown: [Timestamp] = []
    /// The events that made the state, in the order of the fold.
    var positions: [UInt64] = []
    var details = Details()

    init() {}

    var isEmpty: Bool { positions.isEmpty && customers.isEmpty }

    /// Reads the state of a row, and nothing else of it.
    static func state(_ row: RawSpan) throws(ViewFault) -> Interaction {
        do throws(MalformedBytes) {
            var reader = ByteReader(row, of: "interaction row")
            return try state(&reader)
        } catch {
            throw .damaged(error)
        }
    }

    private static func state(_ reader: inout ByteReader) throws(MalformedBytes) -> Interaction {
        guard try reader.byte() == version else {
            throw MalformedBytes("interaction row version", at: 0)
        }
        return try Interaction(from: &reader)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "interaction row")
        interaction = try Self.state(&reader)
        var moment = interaction.created.rawValue
        for _ in 0..<(try reader.count()) {
            customers.append(CustomerID(packed: try reader.varint()))
            moment &+= try reader.zigzag()
            shown.append(Timestamp(milliseconds: moment))
        }
        var last = interaction.createdPosition.rawValue
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
        var moment = interaction.created.rawValue
        for (place, customer) in customers.enumerated() {
            row.append(varint: customer.packed)
            row.append(zigzag: shown[place].rawValue &- moment)
            moment = shown[place].rawValue
        }
        row.append(varint: UInt64(positions.count))
        var last = interaction.createdPosition.rawValue
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
        if positions.isEmpty { positions.reserveCapacity(8) }
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

    /// Tells whether an event that shows a customer says anything new by that.
    func isNews(_ customer: CustomerID, shown occurred: Timestamp) -> Bool {
        guard let place = customers.firstIndex(of: customer) else { return true }
        return occurred < shown[place]
    }

    /// Takes note of a customer whom an event shows, and returns whether they were not known yet.
    mutating func show(_ customer: CustomerID, at occurred: Timestamp) -> Bool {
        guard !customers.isEmpty else {
            customers = [customer]
            shown = [occurred]
            return true
        }
        let known = customers.firstIndex(of: customer)
        if let known {
            guard occurred < shown[known] else { return false }
            customers.remove(at: known)
            shown.remove(at: known)
        }
        let place = shown.firstIndex { $0 > occurred } ?? shown.count
        customers.insert(customer, at: place)
        shown.insert(occurred, at: place)
        return known == nil
    }
}

/// An interaction of which a fold keeps the state and no more.
typealias InteractionRecord = DetailedRecord<NoDetails>

extension InteractionRecord {
    /// Reads the state of an interaction, and nothing else of its row; nil where it is not known.
    static func state<Reader: ViewReader & ~Copyable>(
        of name: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> Interaction? {
        var state: Interaction?
        try reader.row(InteractionKey.of(name)) { row throws(ViewFault) in
            state = try Self.state(row)
        }
        return state
    }
}
