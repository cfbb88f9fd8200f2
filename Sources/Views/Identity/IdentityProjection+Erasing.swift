internal import EventModel

/// Forgetting a person while the log still has their events: who shows one of the identifiers from
/// then on is new. Once the log is scrubbed, a view folded from it never knew them.
extension IdentityProjection {
    mutating func forget<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let erased = ErasedPositions(event.text("positions") ?? "") else {
            throw .damaged(MalformedBytes("erasure", at: 0))
        }
        var found: [(position: Position, numbers: [Int])] = []
        erased.forEach { position, pattern in
            guard !pattern.entries.isEmpty else { return }
            found.append((position, pattern.entries.map(\.identifier)))
        }
        for (position, numbers) in found.sorted(by: { $0.position < $1.position }) {
            var slots: [Int] = []
            try context.earlierEvent(at: position) { (earlier) throws(ViewFault) in
                try findSlots(numbers, of: earlier, context, &slots)
            }
            for slot in slots {
                guard let customer = identifiers[slot].holding(asOf: position)?.customer else {
                    continue
                }
                try forget(customer, in: slot, event.position, context)
            }
        }
    }

    /// Finds the identifiers of an event by their numbers; none where they are gone already.
    ///
    /// - Parameter numbers: nil for all.
    mutating func findSlots<Context: FoldContext & ~Copyable>(
        _ numbers: [Int]?, of event: borrowing EventView, _ context: borrowing Context,
        _ slots: inout [Int]
    ) throws(ViewFault) {
        var number = -1
        var walk = event.identifiers()
        while let identifier = walk.next() {
            number += 1
            guard numbers?.contains(number) ?? true, identifier.role == .own,
                !event.isSurrogate(identifier)
            else { continue }
            beginKey(event)
            _ = writeKey(identifier.kind, identifier.value)
            slots.append(try identifiers.slot(key, context))
        }
    }

    private mutating func forget<Context: FoldContext & ~Copyable>(
        _ customer: CustomerID, in slot: Int, _ position: Position, _ context: borrowing Context
    ) throws(ViewFault) {
        let holding = identifiers[slot].holdings.first { $0.customer == customer }
        identifiers[changing: slot].forget(customer, at: position)
        FounderRecord.writeKey(customer, to: &key)
        let founder = try founders.slot(key, context)
        founders[changing: founder] = FounderRecord()
        guard let name = holding?.group else { return }
        GroupRecord.writeKey(name, to: &key)
        let group = try groups.slot(key, context)
        for other in groups[changing: group].forget(customer) {
            FounderRecord.writeKey(other, to: &key)
            let founder = try founders.slot(key, context)
            guard !founders[founder].isEmpty else { continue }
            let slot = try identifiers.slot(founders[founder].identifier, context)
            identifiers[changing: slot].change(other) { $0.group = nil }
        }
    }
}
