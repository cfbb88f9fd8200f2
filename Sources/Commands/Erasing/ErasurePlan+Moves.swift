internal import EventModel
internal import Views

/// What events say, behind an erasure, of whose customers were.
extension ErasurePlan {
    /// What an event says of its moves.
    func entries(of moves: [PersonMove]) -> [ErasedPositions.Pattern.Entry] {
        moves.enumerated().map { place, move in
            .init(
                identifier: EventLimits.identifiersMax + place,
                holder: .init(customer: name(of: move.customer), person: name(of: move.person)))
        }
    }

    /// What an erasure calls somebody.
    func name(of customer: CustomerID) -> ErasedPositions.Pattern.Name {
        customers.firstIndex(of: customer).map { .theirs($0) } ?? .other(customer)
    }

    /// Events that are to tell of moves of their customers, each with how many.
    var moving: [(position: Position, moves: Int)] {
        let others = othersMoves
        return Set(moves.keys).union(others.keys).sorted().map { position in
            let count = patterns[position]?.entries.count(where: \.isMove)
            return (Position(position), count ?? others[position]?.count ?? 0)
        }
    }

    /// What others' events say of moves.
    var othersMoves: [UInt64: [ErasedPositions.Pattern.Entry]] {
        var moves = moves.filter { !isTheirs(Position($0.key)) }
        for position in Set(customers.map(\.founded.rawValue)) where !isTheirs(Position(position)) {
            let founded = founded(at: position, beside: [])
            moves[position] =
                founded + (moves[position] ?? []).map { $0.numbered(behind: founded.count) }
        }
        return moves
    }

    /// What one of their events says beside whose its identifiers are.
    func told(
        at position: UInt64, beside shown: [ErasedPositions.Pattern.Entry]
    ) -> [ErasedPositions.Pattern.Entry] {
        let founded = founded(at: position, beside: shown)
        let moved = (moves[position] ?? []).map { $0.numbered(behind: founded.count) }
        // Where others were moved, too, it counts who was first.
        guard !moved.contains(where: \.movesOther) else { return founded + moved }
        // Whom an identifier shows as another's is moved by that.
        return founded
            + moved.filter { move in
                move.isOwn || !(shown + founded).contains { $0.saysSame(as: move) }
            }
    }

    /// What an event says of customers whom it founded and shows none of the identifiers of, as a statement
    /// named them: that they are who they are.
    ///
    /// - Parameter others: What else it says.
    func founded(
        at position: UInt64, beside others: [ErasedPositions.Pattern.Entry]
    ) -> [ErasedPositions.Pattern.Entry] {
        var found: [ErasedPositions.Pattern.Entry] = []
        for (number, customer) in customers.enumerated()
        where customer.founded.rawValue == position {
            let isTold = others.contains {
                $0.holder?.customer == .theirs(number) && $0.holder?.founded != nil
            }
            guard !isTold else { continue }
            found.append(
                .init(
                    identifier: EventLimits.identifiersMax + found.count,
                    holder: .init(
                        customer: .theirs(number), person: .theirs(number),
                        founded: customer.number)))
        }
        return found
    }
}

extension ErasedPositions.Pattern.Entry {
    /// The same behind some other moves.
    fileprivate func numbered(behind moves: Int) -> Self {
        .init(identifier: identifier + moves, holder: holder)
    }

    /// Whether it says of a customer that they are their own person.
    fileprivate var isOwn: Bool { holder?.customer == holder?.person }

    fileprivate func saysSame(as other: Self) -> Bool {
        holder?.customer == other.holder?.customer && holder?.person == other.holder?.person
    }

    /// Whether it says of somebody who stays that they became one with somebody.
    fileprivate var movesOther: Bool {
        guard isMove, case .other? = holder?.customer else { return false }
        return !isOwn
    }
}
