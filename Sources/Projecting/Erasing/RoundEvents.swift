internal import EventModel
internal import Views

/// Events that a round of erasures touches with whom they concern, as they are or as it leaves them.
final class RoundEvents {
    let log: TouchedLog
    /// Whose the own identifiers of each are.
    private(set) var customers: [[CustomerID]] = []
    /// Whose person each has made another.
    private(set) var moves: [[PersonMove]] = []

    init(_ log: TouchedLog) { self.log = log }

    /// Finds whom all of them concern.
    func resolve<Reader: ViewReader & ~Copyable>(
        _ people: ErasedPeople, _ reader: borrowing Reader
    ) throws(ViewFault) {
        var found: [PersonMove] = []
        var key: [UInt8] = []
        for place in 0..<log.count {
            try log.show(place) { (event) throws(ViewFault) in
                customers.append(try people.customers(of: event, reader))
                try IdentityView.findMoves(of: event, reader, into: &found, key: &key)
                moves.append(found)
            }
        }
    }

    /// Where an event stands.
    func place(of position: Position) throws(ViewFault) -> Int {
        guard let place = log.place(of: position) else { throw .storage(Self.missing) }
        return place
    }

    private static let missing = "an event is asked for that no event of the round is about"
}
