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

    /// Returns which events made customers others' persons, each with its moves, by rising position: of
    /// these customers, and of others who became one with them or ceased to be.
    public static func moves<Reader: ViewReader & ~Copyable>(
        of customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> [(position: Position, moves: [PersonMove])] {
        var groups: [Position: GroupRecord] = [:]
        for customer in customers {
            guard let name = try founder(of: customer, reader)?.holding.group else { continue }
            let group = try group(name, reader)
            for union in group.unions {
                groups[union.position] = group
                groups[union.ended] = group
            }
        }
        var key: [UInt8] = []
        var found: [(position: Position, moves: [PersonMove])] = []
        for (position, group) in groups.sorted(by: { $0.key < $1.key }) where position > .zero {
            MovesRow.writeKey(position, to: &key)
            let all = try MovesRow.decoded(try reader.row(key))?.moves ?? []
            let persons = group.persons(of: customers, around: position)
            let isTheirs = all.contains { move in
                customers.contains(move.customer) || persons.contains(move.person)
                    || persons.contains { group.isOne($0, move.customer, before: position) }
            }
            guard isTheirs else { continue }
            // Whoever has been erased meanwhile is told of by their own erasure.
            var known: [PersonMove] = []
            for move in all where try founder(of: move.customer, reader) != nil {
                known.append(move)
            }
            found.append((position, known))
        }
        return found
    }
}

extension GroupRecord {
    /// The persons of some customers just before an event and behind it.
    fileprivate func persons(
        of customers: [CustomerID], around position: Position
    ) -> Set<CustomerID> {
        var found: Set<CustomerID> = []
        for moment in [Position(position.rawValue - 1), position] {
            let persons = persons(asOf: moment)
            for customer in customers {
                if let place = members.place(of: customer) { found.insert(persons[place]) }
            }
        }
        return found
    }

    /// Whether a customer was of a person just before an event.
    fileprivate func isOne(
        _ person: CustomerID, _ customer: CustomerID, before position: Position
    ) -> Bool {
        guard let place = members.place(of: customer) else { return false }
        return persons(asOf: Position(position.rawValue - 1))[place] == person
    }
}
