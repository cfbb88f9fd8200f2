internal import EventModel

/// Forgetting a person while the log still has their events: who shows one of the identifiers from
/// then on is new. Once the log is scrubbed, a view folded from it never knew them.
extension IdentityProjection {
    mutating func forget<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let erased = ErasedPositions(event.text("positions") ?? ""),
            let quoted = ErasedPositions(event.text("quoted") ?? "")
        else { throw .damaged(MalformedBytes("erasure", at: 0)) }
        guard let surrogate = Surrogate(event.text("surrogate") ?? "") else {
            throw .damaged(MalformedBytes("erasure", at: 0))
        }
        var found: [(position: Position, entries: [ErasedPositions.Pattern.Entry])] = []
        erased.forEach { position, pattern in
            found.append((position, pattern.entries.filter { $0.holder != nil && !$0.isMove }))
        }
        try noteTold(by: surrogate, erased, quoted, context)
        var forgotten: [(customer: CustomerID, slot: Int)] = []
        for (position, entries) in found.sorted(by: { $0.position < $1.position }) {
            var slots: [(slot: Int, entry: ErasedPositions.Pattern.Entry?)] = []
            try context.earlierEvent(at: position) { (earlier) throws(ViewFault) in
                if !entries.isEmpty {
                    try findSlots(entries, of: earlier, context, &slots)
                    try loseFact(of: earlier, context) { number in
                        !entries.contains { $0.identifier == number }
                    }
                } else if earlier.type.equals("identity.linked") {
                    try forget(linkedBy: earlier, in: ["from", "to"], at: event.position, context)
                }
            }
            for (slot, entry) in slots {
                guard let holder = entry?.holder,
                    let customer = identifiers[slot].holding(asOf: position)?.customer
                else { continue }
                rename(customer, to: surrogate[holder.customer], amongCompanionsOf: slots)
                if !forgotten.contains(where: { $0.customer == customer }) {
                    forgotten.append((customer, slot))
                }
            }
        }
        for (customer, slot) in forgotten {
            try forget(customer, in: slot, event.position, context)
        }
    }

    /// Takes note of what the erased one's events will tell once they are scrubbed: whose they and those
    /// were whom they made others' persons.
    private mutating func noteTold<Context: FoldContext & ~Copyable>(
        by surrogate: Surrogate, _ erased: ErasedPositions, _ quoted: ErasedPositions,
        _ context: borrowing Context
    ) throws(ViewFault) {
        var told: [(position: Position, moves: [PersonMove], shown: [PersonMove])] = []
        for (positions, isTheirs) in [(erased, true), (quoted, false)] {
            positions.forEach { position, pattern in
                var (moves, shown): ([PersonMove], [PersonMove]) = ([], [])
                for entry in pattern.entries {
                    guard let holder = entry.holder else { continue }
                    let move = PersonMove(
                        surrogate[holder.customer], to: surrogate[holder.person])
                    if entry.isMove {
                        moves.append(move)
                    } else if isTheirs {
                        shown.append(move)
                    }
                }
                if !moves.isEmpty || !shown.isEmpty { told.append((position, moves, shown)) }
            }
        }
        var living: [CustomerID: Position] = [:]
        for (position, moves, shown) in told.sorted(by: { $0.position < $1.position }) {
            let late = try note(told: moves, shown, context)
            for move in late { try note(move, context) }
            for move in moves where !move.customer.isSurrogate {
                living[move.customer] = position
            }
        }
        for (customer, position) in living {
            try endTold(of: customer, behind: position, context)
        }
    }

    /// Ends what is told of a customer who stays where something else moved them behind it.
    private mutating func endTold<Context: FoldContext & ~Copyable>(
        of customer: CustomerID, behind position: Position, _ context: borrowing Context
    ) throws(ViewFault) {
        FounderRecord.writeKey(customer, to: &key)
        let founder = try founders.slot(key, context)
        guard !founders[founder].isEmpty else { return }
        let slot = try identifier(of: customer, context)
        let holding = identifiers[slot].holdings.first { $0.customer == customer }
        guard let name = holding?.group else { return }
        GroupRecord.writeKey(name, to: &key)
        let group = try groups.slot(key, context)
        guard let place = groups[group].members.place(of: customer) else { return }
        let changes = Set(groups[group].unions.flatMap { [$0.position, $0.ended] })
        var person = groups[group].persons(asOf: position)[place]
        for change in changes.sorted() where change > position {
            let next = groups[group].persons(asOf: change)[place]
            if next != person { try end(toldOf: PersonMove(customer, to: next), context) }
            person = next
        }
    }

    /// Forgets what is redacted: what two can have agreed in, and whom statements founded that nothing
    /// else shows, where the statements are about others, too.
    mutating func forgetRedacted<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let parts = RedactedParts(event.text("parts") ?? "") else {
            throw .damaged(MalformedBytes("redaction", at: 0))
        }
        let at = event.position
        for part in parts.parts {
            let ends = part.fields.map(\.name).filter { $0 == "from" || $0 == "to" }
            let takesFact = part.fields.contains { $0.name == "value" }
            guard takesFact || !ends.isEmpty else { continue }
            try context.earlierEvent(at: part.position) { (earlier) throws(ViewFault) in
                if takesFact { try loseFact(of: earlier, context) }
                guard !ends.isEmpty, earlier.type.equals("identity.linked") else { return }
                try forget(linkedBy: earlier, in: ends, at: at, context)
            }
        }
    }

    private mutating func forget<Context: FoldContext & ~Copyable>(
        linkedBy event: borrowing EventView, in ends: [String], at position: Position,
        _ context: borrowing Context
    ) throws(ViewFault) {
        for end in ends {
            guard let name = end == "from" ? event.bytes("from") : event.bytes("to"),
                let slot = try identifier(named: name, event, context),
                let customer = identifiers[slot].holding(asOf: event.position)?.customer,
                customer.founded == event.position
            else { continue }
            try forget(customer, in: slot, position, context)
        }
    }

    /// Has those who were seen with somebody have been seen with their surrogate: whether many share an
    /// identifier stays to be told.
    private mutating func rename(
        _ customer: CustomerID, to name: CustomerID,
        amongCompanionsOf slots: [(slot: Int, entry: ErasedPositions.Pattern.Entry?)]
    ) {
        for (slot, entry) in slots where entry == nil {
            let isKnown = identifiers[slot].companions.contains { $0.customer == customer }
            if isKnown { identifiers[changing: slot].rename(customer, to: name) }
        }
    }

    /// Finds the own identifiers of an event, and which of them go; none that is gone already.
    mutating func findSlots<Context: FoldContext & ~Copyable>(
        _ entries: [ErasedPositions.Pattern.Entry], of event: borrowing EventView,
        _ context: borrowing Context,
        _ slots: inout [(slot: Int, entry: ErasedPositions.Pattern.Entry?)]
    ) throws(ViewFault) {
        var number = -1
        var walk = event.identifiers()
        while let identifier = walk.next() {
            number += 1
            guard identifier.role == .own, !event.isSurrogate(identifier) else { continue }
            beginKey(event)
            _ = writeKey(identifier.kind, identifier.value)
            let slot = try identifiers.slot(key, context)
            slots.append((slot, entries.first { $0.identifier == number }))
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
