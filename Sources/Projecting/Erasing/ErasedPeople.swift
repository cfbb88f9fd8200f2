internal import EventLog
internal import EventModel
internal import Views

/// Who erased people were: what the identity view in use knows no more, and their erasures still tell
/// by surrogate.
struct ErasedPeople {
    /// Their customers.
    private(set) var customers: Set<CustomerID> = []
    /// Whose each own identifier of an event was, by its number in it; nil for nobody's.
    private var holders: [UInt64: [Int: CustomerID?]] = [:]

    /// Knows nobody.
    init() {}

    /// Reads erasures.
    ///
    /// - Returns: nil where one does not tell who somebody was: whom a statement alone founded.
    init?(_ erasures: [Erasure]) {
        for erasure in erasures {
            guard case .person(let surrogate, let erased, let quoted) = erasure.what else {
                continue
            }
            var names: [CustomerID: CustomerID] = [:]
            for positions in [erased, quoted] {
                positions.forEach { position, pattern in
                    for entry in pattern.entries {
                        guard let holder = entry.holder, let number = holder.founded else {
                            continue
                        }
                        names[surrogate[holder.customer]] = CustomerID(
                            founded: position, number: number)
                    }
                }
            }
            customers.formUnion(names.values)
            var isKnown = true
            func take(_ position: Position, _ pattern: ErasedPositions.Pattern) {
                for entry in pattern.entries {
                    guard !entry.isMove else { continue }
                    guard let holder = entry.holder else {
                        holders[position.rawValue, default: [:]][entry.identifier] = .some(nil)
                        continue
                    }
                    guard let name = names[surrogate[holder.customer]] else {
                        isKnown = false
                        continue
                    }
                    holders[position.rawValue, default: [:]][entry.identifier] = name
                }
            }
            erased.forEach(take)
            // In the place of who receives or pays the surrogate says nothing of whose it was.
            quoted.forEach { position, pattern in
                var own = pattern
                own.entries = own.entries.filter { $0.isMove || $0.holder == nil }
                take(position, own)
            }
            guard isKnown else { return nil }
        }
    }

    /// Who stays and was one with somebody an erasure takes.
    static func others(of erasure: Erasure) -> Set<CustomerID> {
        guard case .person(_, let erased, let quoted) = erasure.what else { return [] }
        var others: Set<CustomerID> = []
        for positions in [erased, quoted] {
            positions.forEach { _, pattern in
                for holder in pattern.entries.compactMap(\.holder) {
                    for case .other(let customer) in [holder.customer, holder.person] {
                        others.insert(customer)
                    }
                }
            }
        }
        return others
    }

    /// Returns whose an event's own identifiers are as of then, each once.
    func customers<Reader: ViewReader & ~Copyable>(
        of event: borrowing EventView, _ reader: borrowing Reader
    ) throws(ViewFault) -> [CustomerID] {
        var found: [CustomerID] = []
        var key: [UInt8] = []
        guard let holders = holders[event.position.rawValue] else {
            try IdentityView.findCustomers(of: event, reader, into: &found, key: &key)
            return found
        }
        let shown = try IdentityView.shown(by: event, reader)
        var number = -1
        var walk = event.identifiers()
        while let identifier = walk.next() {
            number += 1
            guard identifier.role == .own else { continue }
            let customer: CustomerID?
            if event.isSurrogate(identifier) {
                customer = identifier.surrogates?.customer
            } else if let known = holders[number] {
                customer = known
            } else {
                customer = shown.first { $0.number == number }?.customer
            }
            if let customer, !found.contains(customer) { found.append(customer) }
        }
        return found
    }
}
