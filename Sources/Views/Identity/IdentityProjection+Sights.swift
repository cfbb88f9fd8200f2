internal import ContactCentre
internal import EventModel

/// An identifier as the event at hand shows it.
struct Sight {
    /// Its slot among the identifiers.
    let slot: Int
    /// The number of its kind; nil for a kind without rules.
    let kind: Int?
    /// How far the event proves it.
    let strength: IdentifierStrength
    /// Whether the event founded its customer.
    var isNew: Bool
    /// How long it was unseen before, in milliseconds.
    let unseen: Int64
}

/// Looking at an event's identifiers.
extension IdentityProjection {
    /// Looks at the own identifiers.
    mutating func look<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        // Of a single identifier that is nobody's surrogate its place may be known.
        let isAlone = event.identifierCount == 1 && !event.hasRemnant && !rules.hasScopes
        if isAlone, let sight = lookAgain(event) { return sights.append(sight) }
        var scopeEnd = 0
        if event.hasRemnant { findTakenNumbers(event) }
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard identifier.role == .own else { continue }
            if event.isSurrogate(identifier) {
                if let holder = identifier.surrogates {
                    let strength = holder.isDevice ? .device : identifier.strength
                    surrogates.append((sights.count, holder, strength))
                }
                continue
            }
            if scopeEnd == 0 {
                beginKey(event)
                scopeEnd = key.count
            }
            key.removeSubrange(scopeEnd...)
            let kind = writeKey(identifier.kind, identifier.value)
            guard let sight = try sight(kind, identifier.strength, event, context) else {
                // Who took it out of use has written over the key.
                scopeEnd = 0
                continue
            }
            guard !sights.contains(where: { $0.slot == sight.slot }) else {
                if sight.isNew { repeated.append((sight.slot, kind, identifier.strength)) }
                continue
            }
            sights.append(sight)
            if isAlone { memo.note(event.identifierBytes, slot: sight.slot, kind: kind) }
        }
    }

    /// Founds the customers of what the event shows for the first time.
    mutating func foundNew<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        for sight in sights where sight.isNew {
            try begin(sight.slot, sight.strength, event, context)
        }
        for (slot, kind, strength) in repeated { _ = sightAgain(slot, kind, strength, event) }
        repeated.removeAll(keepingCapacity: true)
    }

    /// Finds which numbers of customers founded by the event are erased ones'.
    private mutating func findTakenNumbers(_ event: borrowing EventView) {
        var walk = event.identifiers()
        while let identifier = walk.next() {
            // Also whom a statement founded that showed none of their identifiers.
            guard event.isSurrogate(identifier), let holder = identifier.surrogates,
                identifier.role == .own || holder.isMove, let number = holder.founded,
                number < EventLimits.identifiersMax
            else { continue }
            takenNumbers |= 1 << number
        }
    }

    /// Looks at an event's only identifier, where its place is known and it is somebody's by the
    /// rules in force.
    private mutating func lookAgain(_ event: borrowing EventView) -> Sight? {
        guard let known = memo.find(event.identifierBytes) else { return nil }
        let since = identifiers.look(known.slot) { $0.customer == nil ? nil : $0.current?.since }
        guard let since, rulesSince <= since else { return nil }
        var walk = event.identifiers()
        guard let identifier = walk.next() else { return nil }
        return sightAgain(known.slot, known.kind, identifier.strength, event)
    }

    /// Begins the key of an identifier of the event's scope.
    mutating func beginKey(_ event: borrowing EventView) {
        var scope: [UInt8] = []
        if rules.hasScopes, let brand = event.bytes("brand") { scope = rules.scope(ofBrand: brand) }
        IdentifierKey.begin(scope, &key)
    }

    /// Writes kind and value behind the scope.
    mutating func writeKey(_ kindName: RawSpan, _ value: RawSpan) -> Int? {
        IdentifierKey.write(kindName, value, by: rules, &form, to: &key)
    }

    /// Finds the identifier whose key stands, and takes note that it was seen.
    ///
    /// - Returns: nil where it is nobody's and founds nobody. Whom it founds is not begun yet: they are
    ///   numbered by the order of the event's identifiers, whoever else had those before.
    mutating func sight<Context: FoldContext & ~Copyable>(
        _ kind: Int?, _ given: IdentifierStrength, _ event: borrowing EventView,
        _ context: borrowing Context
    ) throws(ViewFault) -> Sight? {
        let slot = try identifiers.slot(key, context)
        guard identifiers[slot].customer != nil else {
            let strength = rules.traits(kind).isDevice ? IdentifierStrength.device : given
            guard canFound(slot, kind) else { return nil }
            return Sight(slot: slot, kind: kind, strength: strength, isNew: true, unseen: 0)
        }
        if rulesSince > identifiers[slot].current?.since ?? .zero, isBlocked(kind) {
            try vacateAndEnd(slot, .blocked, event.position, context)
            return nil
        }
        return sightAgain(slot, kind, given, event)
    }

    /// Takes note that an identifier was seen that is somebody's.
    private mutating func sightAgain(
        _ slot: Int, _ kind: Int?, _ given: IdentifierStrength, _ event: borrowing EventView
    ) -> Sight {
        let traits = rules.traits(kind)
        let strength = traits.isDevice ? IdentifierStrength.device : given
        let last = identifiers.look(slot) { $0.current?.lastSeen } ?? event.occurred
        let unseen = event.occurred - last
        if mustNote(slot, strength, unseen, traits) {
            let moment = traits.expiresMilliseconds == nil ? last : event.occurred
            identifiers[changing: slot].see(strength, event.position, moment)
        }
        return Sight(slot: slot, kind: kind, strength: strength, isNew: false, unseen: unseen)
    }

    private func isBlocked(_ kind: Int?) -> Bool {
        unsafe rules.isBlocked(kind, form.span.bytes)
    }

    /// Whether a sight says more than the row: hardly one does.
    private func mustNote(
        _ slot: Int, _ strength: IdentifierStrength, _ unseen: Int64,
        _ traits: IdentityRules.Traits
    ) -> Bool {
        guard let holding = identifiers[slot].current else { return false }
        if strength.rank < holding.strength.rank { return true }
        if strength == .verified, holding.verified == .zero { return true }
        return traits.expiresMilliseconds != nil
            && unseen >= ViewLimits.identifierSeenMilliseconds
    }

    /// Whether an identifier that is nobody's can found a customer: not where it is out of use or its
    /// value says nothing.
    private func canFound(_ slot: Int, _ kind: Int?) -> Bool {
        if let vacancy = identifiers[slot].current?.vacancy, vacancy != .released { return false }
        return foundedCount < EventLimits.identifiersMax && !isBlocked(kind)
    }

    /// Gives the identifier in a slot a new customer.
    mutating func begin<Context: FoldContext & ~Copyable>(
        _ slot: Int, _ strength: IdentifierStrength, _ event: borrowing EventView,
        _ context: borrowing Context
    ) throws(ViewFault) {
        try noteEnd(ofHoldingIn: slot, .passedOn, event.position, context)
        while takenNumbers & 1 << foundedCount != 0 { foundedCount += 1 }
        let customer = CustomerID(founded: event.position, number: foundedCount)
        foundedCount += 1
        var holding = IdentifierRecord.Holding(since: event.position, customer: customer)
        holding.strength = strength
        holding.verified = strength == .verified ? event.position : .zero
        holding.firstSeen = event.occurred
        holding.lastSeen = event.occurred
        identifiers[changing: slot].begin(holding)
        FounderRecord.writeKey(customer, to: &key)
        // Named after this event: no earlier one has left a row of theirs.
        let founder = founders.slot(unstored: key)
        founders[changing: founder] = FounderRecord(identifier: Array(identifiers.key(slot)))
    }

    /// Makes the identifier in a slot nobody's from a position on.
    mutating func vacate<Context: FoldContext & ~Copyable>(
        _ slot: Int, _ vacancy: IdentifierRecord.Vacancy, _ position: Position,
        _ context: borrowing Context
    ) throws(ViewFault) {
        try noteEnd(ofHoldingIn: slot, vacancy.reason, position, context)
        var holding = IdentifierRecord.Holding(since: position, customer: nil)
        holding.vacancy = vacancy
        identifiers[changing: slot].begin(holding)
    }

    /// Marks identifiers that get a new holder who proves them, after they were long unseen.
    mutating func passOn<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        for place in sights.indices {
            let sight = sights[place]
            guard sight.strength == .verified, !sight.isNew,
                let expires = rules.traits(sight.kind).expiresMilliseconds,
                sight.unseen >= expires + ViewLimits.identifierSeenMilliseconds
            else { continue }
            let holder = try person(ofHolderIn: sight.slot, context)
            var isTaken = false
            for other in sights where other.strength == .verified && other.slot != sight.slot {
                // A new one's holder is nobody else's person either; one that was marked has been
                // given to somebody new.
                if other.isNew {
                    isTaken = true
                } else if try person(ofHolderIn: other.slot, context) != holder {
                    isTaken = true
                }
            }
            if isTaken { sights[place].isNew = true }
        }
    }
}

extension IdentifierKey {
    /// Writes kind and value in their normal form behind a scope.
    ///
    /// - Returns: The number of the kind.
    static func write(
        _ kindName: RawSpan, _ value: RawSpan, by rules: IdentityRules, _ form: inout [UInt8],
        to key: inout [UInt8]
    ) -> Int? {
        form.removeAll(keepingCapacity: true)
        let kind = rules.normalise(kindName, value, into: &form)
        if form.count > EventLimits.identifierValueBytesMax {
            // Composed, a text can be longer; keys are bounded.
            form.removeAll(keepingCapacity: true)
            form.append(value)
        }
        if let kind {
            unsafe key.append(keyText: rules.name(ofKind: kind).span.bytes)
        } else {
            key.append(keyText: kindName)
        }
        unsafe key.append(keyText: form.span.bytes)
        return kind
    }
}
