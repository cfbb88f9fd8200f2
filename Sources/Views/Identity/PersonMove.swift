public import EventModel

/// Says whose a customer is from an event on: what folds are told that hold something by person.
public struct PersonMove: Equatable, Sendable {
    /// Whose person is another than before.
    public let customer: CustomerID
    /// Their person: the oldest of its customers, which may be themselves.
    public let person: CustomerID

    /// Makes a move.
    public init(_ customer: CustomerID, to person: CustomerID) {
        self.customer = customer
        self.person = person
    }
}

/// Whose person an event has made another.
///
///     key  'n', u64 position
///     row  u8 version = 1; num moves, then each: num customer, packed; num person, packed
struct MovesRow: RowRecord {
    static let prefix = UInt8(ascii: "n")
    private static let version: UInt8 = 1

    /// In the order in which they are to be taken.
    var moves: [PersonMove] = []

    init() {}

    init(_ moves: [PersonMove]) { self.moves = moves }

    var isEmpty: Bool { moves.isEmpty }

    static func writeKey(_ position: Position, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(bigEndian: position.rawValue)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "moves row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("moves row version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            let customer = CustomerID(packed: try reader.varint())
            moves.append(PersonMove(customer, to: CustomerID(packed: try reader.varint())))
        }
        guard reader.isAtEnd else { throw MalformedBytes("moves row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(moves.count))
        for move in moves {
            row.append(varint: move.customer.packed)
            row.append(varint: move.person.packed)
        }
    }
}

extension IdentityProjection {
    /// Changes a group, and takes note of whose person is another with that.
    mutating func change(group slot: Int, _ body: (inout GroupRecord) -> Void) {
        let (members, persons) = (groups[slot].members, groups[slot].persons)
        body(&groups[changing: slot])
        for (member, person) in zip(groups[slot].members, groups[slot].persons) {
            let before = members.place(of: member).map { persons[$0] } ?? member
            if before != person { united.append(PersonMove(member, to: person)) }
        }
    }

    /// Whose person the last event has made another, and who of those erased it shows as another's.
    public var moves: [PersonMove] {
        guard !surrogates.isEmpty || !movedErased.isEmpty else { return united }
        return united
            + surrogates.filter { $0.holder.customer != $0.holder.person }.map {
                PersonMove($0.holder.customer, to: $0.holder.person)
            } + movedErased
    }

    /// Keeps what the event has moved, for folds that come by later.
    mutating func noteMoves(at position: Position) {
        guard !united.isEmpty else { return }
        MovesRow.writeKey(position, to: &key)
        moved.put(key, MovesRow(united))
    }
}

extension IdentityView {
    /// Finds whose person an event has made another: what `IdentityProjection.moves` says of it.
    ///
    /// Complexity: one look-up for an event that can unite or part anybody: it shows several
    /// identifiers, or says something of identity itself.
    public static func findMoves<Reader: ViewReader & ~Copyable>(
        of event: borrowing EventView, _ reader: borrowing Reader,
        into found: inout [PersonMove], key: inout [UInt8]
    ) throws(ViewFault) {
        found.removeAll(keepingCapacity: true)
        guard event.identifierCount > 1 || event.type.starts(with: "identity.") else {
            return addSurrogates(of: event, to: &found)
        }
        MovesRow.writeKey(event.position, to: &key)
        if let row = try MovesRow.decoded(try reader.row(key)) { found = row.moves }
        addSurrogates(of: event, to: &found)
    }

    private static func addSurrogates(
        of event: borrowing EventView, to found: inout [PersonMove]
    ) {
        guard event.hasRemnant else { return }
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard event.isSurrogate(identifier), let holder = identifier.surrogates,
                holder.isMove || identifier.role == .own && holder.customer != holder.person
            else { continue }
            found.append(PersonMove(holder.customer, to: holder.person))
        }
    }

    /// Returns which events made customers others' persons, each with the moves of these customers, by
    /// rising position.
    public static func moves<Reader: ViewReader & ~Copyable>(
        of customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> [(position: Position, moves: [PersonMove])] {
        var positions: Set<Position> = []
        for customer in customers {
            guard let name = try founder(of: customer, reader)?.holding.group else { continue }
            for union in try group(name, reader).unions {
                positions.insert(union.position)
                positions.insert(union.ended)
            }
        }
        var key: [UInt8] = []
        var found: [(position: Position, moves: [PersonMove])] = []
        for position in positions.sorted() {
            MovesRow.writeKey(position, to: &key)
            let all = try MovesRow.decoded(try reader.row(key))?.moves ?? []
            let theirs = all.filter { customers.contains($0.customer) }
            if !theirs.isEmpty { found.append((position, theirs)) }
        }
        return found
    }
}
