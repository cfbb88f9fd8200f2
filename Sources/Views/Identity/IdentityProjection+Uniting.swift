internal import ContactCentre
internal import EventModel

/// Uniting and keeping apart.
extension IdentityProjection {
    /// Looks at every pair of identifiers that the event shows, the strongest first, in an order
    /// that does not depend on the event's.
    mutating func uniteSights<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        let order = sights.sorted { left, right in
            let first = (left.strength.rank, rules.traits(left.kind).priority)
            let second = (right.strength.rank, rules.traits(right.kind).priority)
            if first != second { return first < second }
            return identifiers.key(left.slot).lexicographicallyPrecedes(
                identifiers.key(right.slot))
        }
        for (place, first) in order.enumerated() {
            for second in order[(place + 1)...] {
                let persons = (
                    try person(ofHolderIn: first.slot, context),
                    try person(ofHolderIn: second.slot, context)
                )
                guard persons.0 != persons.1,
                    let left = identifiers[first.slot].customer,
                    let right = identifiers[second.slot].customer,
                    try !wereOne((left, persons.0), (right, persons.1), context)
                else { continue }
                let decision: UnionDecision =
                    isTold(left, right)
                    ? .unite(.fact) : try decide(first, second, event, context)
                switch decision {
                case .unite(let rule):
                    try unite(left, right, rule, event, context)
                case .refuse(let refusal):
                    if refusal == .household { noteHousehold(first, second, event) }
                    note(refusal, of: first, with: second, event.position)
                    note(refusal, of: second, with: first, event.position)
                }
            }
        }
        for sight in sights {
            for surrogate in surrogates { accompany(sight, surrogate, event.position) }
            try quarantine(sight, event.position, context)
        }
    }

    /// Somebody who is erased was there, and was not united with whom an identifier shows: they would
    /// be erased, too.
    private mutating func accompany(
        _ sight: Sight,
        _ surrogate: (place: Int, holder: SurrogateHolder, strength: IdentifierStrength),
        _ position: Position
    ) {
        let companion = Companion(
            surrogate.holder.customer, surrogate.strength, .household, at: position)
        identifiers[changing: sight.slot].accompany(companion, keeping: companionsKept(sight))
    }

    private func companionsKept(_ sight: Sight) -> Int {
        max(ViewLimits.companionsKept, rules.traits(sight.kind).sharedAbove + 1)
    }

    private mutating func note(
        _ refusal: UnionRefusal, of sight: Sight, with other: Sight, _ position: Position
    ) {
        guard let customer = identifiers[other.slot].customer else { return }
        identifiers[changing: sight.slot].accompany(
            Companion(customer, other.strength, refusal, at: position),
            keeping: companionsKept(sight))
    }

    /// Takes an identifier out of use that more persons show than one household would, unless
    /// somebody has proved it. It is judged whenever it is seen with another.
    private mutating func quarantine<Context: FoldContext & ~Copyable>(
        _ sight: Sight, _ position: Position, _ context: borrowing Context
    ) throws(ViewFault) {
        let most = rules.traits(sight.kind).sharedAbove
        guard identifiers[sight.slot].companions.count > most,
            let holding = identifiers[sight.slot].current, holding.verified == .zero
        else { return }
        var persons: [CustomerID] = []
        for companion in identifiers[sight.slot].companions
        where companion.strength.rank <= IdentifierStrength.stated.rank {
            let person = try person(ofCompanion: companion.customer, context)
            if !persons.contains(person) { persons.append(person) }
        }
        guard persons.count > most else { return }
        try vacateAndEnd(sight.slot, .shared, position, context)
    }

    /// Makes an identifier nobody's, and ends the unions that were made through it.
    mutating func vacateAndEnd<Context: FoldContext & ~Copyable>(
        _ slot: Int, _ vacancy: IdentifierRecord.Vacancy, _ position: Position,
        _ context: borrowing Context
    ) throws(ViewFault) {
        if let customer = identifiers[slot].customer,
            let group = try group(ofHolderIn: slot, context)
        {
            var isChanged = false
            change(group: group) { isChanged = $0.end(with: customer, at: position) }
            if isChanged { try noteAlert(group, position, context) }
        }
        try vacate(slot, vacancy, position, context)
    }

    /// The slot of the group of a customer; nil where it is in none.
    @inline(__always)
    private mutating func group<Context: FoldContext & ~Copyable>(
        ofFounder customer: CustomerID, identifiedBy slot: Int, _ context: borrowing Context
    ) throws(ViewFault) -> Int? {
        let holding = identifiers[slot].holdings.first { $0.customer == customer }
        guard let group = holding?.group else { return nil }
        GroupRecord.writeKey(group, to: &key)
        return try groups.slot(key, context)
    }

    private mutating func person<Context: FoldContext & ~Copyable>(
        ofFounder customer: CustomerID, identifiedBy slot: Int, _ context: borrowing Context
    ) throws(ViewFault) -> CustomerID {
        let group = try group(ofFounder: customer, identifiedBy: slot, context)
        return person(of: customer, in: group)
    }

    private mutating func person<Context: FoldContext & ~Copyable>(
        ofCompanion customer: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) -> CustomerID {
        guard customer.isSurrogate else { return try person(of: customer, context) }
        ErasedRecord.writeKey(customer, to: &key)
        let slot = try erased.slot(key, context)
        return erased[slot].person ?? customer
    }

    /// The person of any customer.
    mutating func person<Context: FoldContext & ~Copyable>(
        of customer: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) -> CustomerID {
        let slot = try identifier(of: customer, context)
        return try person(ofFounder: customer, identifiedBy: slot, context)
    }

    /// Makes two customers one person, or keeps them apart: `rule` tells.
    mutating func unite<Context: FoldContext & ~Copyable>(
        _ left: CustomerID, _ right: CustomerID, _ rule: UnionRule,
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        let group = try commonGroup(left, right, context)
        let union = GroupRecord.Union(
            left: left, right: right, rule: rule, position: event.position,
            number: UInt64(unionCount), recorded: event.recorded)
        change(group: group) { $0.add(union) }
        unionCount += 1
        try noteAlert(group, event.position, context)
    }

    /// Returns the slot of the group that holds both; the smaller of two goes into the larger.
    private mutating func commonGroup<Context: FoldContext & ~Copyable>(
        _ left: CustomerID, _ right: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        let slots = (try identifier(of: left, context), try identifier(of: right, context))
        let first = try group(ofFounder: left, identifiedBy: slots.0, context)
        let second = try group(ofFounder: right, identifiedBy: slots.1, context)
        switch (first, second) {
        case (let first?, let second?):
            guard first != second else { return first }
            let names = (groupName(first), groupName(second))
            let sizes = (groups[first].members.count, groups[second].members.count)
            let firstIsLarger = sizes.0 != sizes.1 ? sizes.0 > sizes.1 : names.0 < names.1
            let (larger, smaller) = firstIsLarger ? (first, second) : (second, first)
            let name = firstIsLarger ? names.0 : names.1
            for member in groups[smaller].members { try join(member, name, context) }
            groups[changing: larger].absorb(groups[smaller])
            groups[changing: smaller] = GroupRecord()
            try forgetAlert(ofGroup: firstIsLarger ? names.1 : names.0, context)
            return larger
        case (let known?, nil):
            try join(right, groupName(known), context)
            return known
        case (nil, let known?):
            try join(left, groupName(known), context)
            return known
        case (nil, nil):
            let name = min(left, right)
            try join(left, name, context)
            try join(right, name, context)
            GroupRecord.writeKey(name, to: &key)
            return try groups.slot(key, context)
        }
    }

    private func groupName(_ slot: Int) -> CustomerID {
        CustomerID(packed: groups.key(slot).dropFirst().reduce(0) { $0 << 8 | UInt64($1) })
    }

    private mutating func join<Context: FoldContext & ~Copyable>(
        _ customer: CustomerID, _ group: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) {
        let slot = try identifier(of: customer, context)
        identifiers[changing: slot].change(customer) { $0.group = group }
        // Who is told to be one with others may have given their identifier back long ago.
        guard let end = identifiers[slot].end(of: customer) else { return }
        GroupRecord.writeKey(group, to: &key)
        let place = try groups.slot(key, context)
        groups[changing: place].note(end)
    }

    private mutating func forgetAlert<Context: FoldContext & ~Copyable>(
        ofGroup name: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) {
        IdentityAlert.writeKey(name, to: &key)
        let slot = try alerts.slot(key, context)
        guard !alerts[slot].isEmpty else { return }
        alerts[changing: slot] = IdentityAlert()
    }

    /// Brings the alert of a group up to what it is now.
    mutating func noteAlert<Context: FoldContext & ~Copyable>(
        _ group: Int, _ position: Position, _ context: borrowing Context
    ) throws(ViewFault) {
        guard !groups[group].isUnalarming else { return }
        IdentityAlert.writeKey(groupName(group), to: &key)
        let slot = try alerts.slot(key, context)
        var alert = alerts[slot]
        alert.look(at: groups[group], position)
        guard !alert.isEmpty || !alerts[slot].isEmpty else { return }
        alerts[changing: slot] = alert
    }
}
