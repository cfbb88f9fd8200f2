internal import ContactCentre
internal import EventModel

/// What decides whether two persons are one.
struct PersonSummary {
    /// Whether an earlier event proved one of the identifiers.
    var isProved = false
    /// Whether there are only devices.
    var isDevice = true
    /// Whether somebody has proved an account of theirs, in this event or before.
    var hasProvedAccount = false
    var facts: [UInt64] = []
    /// The kinds that have limits, one entry for each identifier that counts; nil for all kinds without
    /// rules.
    var limitedKinds: [Int?] = []
}

enum UnionDecision: Equatable {
    case unite(UnionRule)
    case refuse(UnionRefusal)
}

/// The rules: INTEROP §9, of two identifiers that one event shows.
extension IdentityProjection {
    /// Decides about the stronger identifier, `first`, and another of the event.
    mutating func decide<Context: FoldContext & ~Copyable>(
        _ first: Sight, _ second: Sight, _ event: borrowing EventView,
        _ context: borrowing Context
    ) throws(ViewFault) -> UnionDecision {
        if try isKeptApart(first, second, context) { return .refuse(.separated) }
        if first.strength == .line || second.strength == .line { return .refuse(.line) }
        let left = try summary(first.slot, event, context)
        let right = try summary(second.slot, event, context)
        let decision: UnionDecision
        switch (first.strength, second.strength) {
        case (.device, _): decision = .refuse(.device)
        case (_, .device): decision = right.isDevice ? .unite(.device) : .refuse(.device)
        case (.verified, .verified):
            decision = try decideProved(first, left, second, right, context)
        case (.verified, _): decision = decideStated(first, left, second, right, event)
        default: decision = decideBothStated(first, left, second, right)
        }
        guard case .unite = decision, exceedsLimit(left, right) else { return decision }
        return .refuse(.limit)
    }

    /// Both proved at once. A guest's address joins an account only when something beside it agrees:
    /// addresses are mistyped, and given to others.
    private mutating func decideProved<Context: FoldContext & ~Copyable>(
        _ first: Sight, _ left: PersonSummary, _ second: Sight, _ right: PersonSummary,
        _ context: borrowing Context
    ) throws(ViewFault) -> UnionDecision {
        let firstIsGuest = rules.traits(second.kind).isAccount && !first.isNew && !left.isProved
        let secondIsGuest = rules.traits(first.kind).isAccount && !second.isNew && !right.isProved
        guard firstIsGuest || secondIsGuest else { return .unite(.verified) }
        let (account, guest) = firstIsGuest ? (right, first) : (left, second)
        let guestFacts = firstIsGuest ? left.facts : right.facts
        if agree(account.facts + facts, guestFacts) { return .unite(.fact) }
        if try showsPhone(of: guest, context) { return .unite(.fact) }
        // Nothing was ordered or told under it: it is nobody's but who proves it.
        return guestFacts.isEmpty ? .unite(.verified) : .refuse(.guest)
    }

    /// Whether the event shows a telephone number that is the guest's already.
    private mutating func showsPhone<Context: FoldContext & ~Copyable>(
        of guest: Sight, _ context: borrowing Context
    ) throws(ViewFault) -> Bool {
        let person = try person(ofHolderIn: guest.slot, context)
        for sight in sights
        where sight.slot != guest.slot && !sight.isNew && rules.traits(sight.kind).isPhone {
            if try self.person(ofHolderIn: sight.slot, context) == person { return true }
        }
        return false
    }

    /// The first proved, the second only said.
    private func decideStated(
        _ first: Sight, _ left: PersonSummary, _ second: Sight, _ right: PersonSummary,
        _ event: borrowing EventView
    ) -> UnionDecision {
        if mayBeGuests(second, left) {
            // The account has not proved the address, whoever says it first: what is ordered under
            // it, now or later, is the account's to see only by the order itself, opened while
            // logged in.
            if right.isProved { return .refuse(.verifiedElsewhere) }
            guard rules.traits(first.kind).isAccount, let order = event.bytes("order"),
                right.facts.contains(Self.hash("order", order))
            else { return .refuse(.guest) }
            return .unite(.fact)
        }
        if second.isNew { return .unite(.attached) }
        if right.isProved { return .refuse(.verifiedElsewhere) }
        return agree(left.facts + facts, right.facts) ? .unite(.fact) : .refuse(.guest)
    }

    /// Whether an identifier is an address that is only said, and the other person has an account that
    /// it would join.
    private func mayBeGuests(_ sight: Sight, _ other: PersonSummary) -> Bool {
        other.hasProvedAccount && rules.traits(sight.kind).isEmail
    }

    private func decideBothStated(
        _ first: Sight, _ left: PersonSummary, _ second: Sight, _ right: PersonSummary
    ) -> UnionDecision {
        if isRoleAddress(first) || isRoleAddress(second) { return .refuse(.roleAddress) }
        if left.isProved, right.isProved { return .refuse(.verifiedElsewhere) }
        if mayBeGuests(first, right) || mayBeGuests(second, left) { return .refuse(.guest) }
        // What somebody new says in this event is all that is known of them.
        let known = (first.isNew ? facts : left.facts, second.isNew ? facts : right.facts)
        return agree(known.0, known.1) ? .unite(.fact) : .refuse(.household)
    }

    private func agree(_ left: [UInt64], _ right: [UInt64]) -> Bool {
        right.contains { left.contains($0) }
    }

    private func isRoleAddress(_ sight: Sight) -> Bool {
        guard rules.traits(sight.kind).isEmail else { return false }
        // The value stands behind scope and kind, before the two zeroes that end the key.
        let key = Array(identifiers.key(sight.slot))
        guard let at = key.lastIndex(of: UInt8(ascii: "@")),
            let start = key[..<at].lastIndex(of: 0)
        else { return false }
        return unsafe rules.isRoleAddress(
            key.span.bytes.extracting(start + 1..<key.count - 2))
    }

    private func exceedsLimit(_ left: PersonSummary, _ right: PersonSummary) -> Bool {
        let (few, many) =
            left.limitedKinds.count < right.limitedKinds.count
            ? (left.limitedKinds, right.limitedKinds) : (right.limitedKinds, left.limitedKinds)
        return few.contains { kind in
            guard let limit = rules.traits(kind).limit else { return false }
            let others = many.count { $0 == kind }
            return others > 0 && others + few.count { $0 == kind } > limit
        }
    }

    private mutating func isKeptApart<Context: FoldContext & ~Copyable>(
        _ first: Sight, _ second: Sight, _ context: borrowing Context
    ) throws(ViewFault) -> Bool {
        guard let group = try group(ofHolderIn: first.slot, context),
            identifiers[first.slot].current?.group == identifiers[second.slot].current?.group
        else { return false }
        return groups[group].keepsApart(
            try person(ofHolderIn: first.slot, context),
            try person(ofHolderIn: second.slot, context))
    }

    /// What is known of the person to whom the identifier's holder belongs.
    private mutating func summary<Context: FoldContext & ~Copyable>(
        _ slot: Int, _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> PersonSummary {
        var summary = PersonSummary()
        guard let customer = identifiers[slot].customer else { return summary }
        guard let group = try group(ofHolderIn: slot, context) else {
            add(slot, customer, event, to: &summary)
            return summary
        }
        let person = groups[group].person(of: customer)
        for member in groups[group].members(ofPerson: person) {
            let slot = try identifier(of: member, context)
            add(slot, member, event, to: &summary)
        }
        return summary
    }

    private func add(
        _ slot: Int, _ customer: CustomerID, _ event: borrowing EventView,
        to summary: inout PersonSummary
    ) {
        let record = identifiers[slot]
        guard let holding = record.holdings.first(where: { $0.customer == customer }) else {
            return
        }
        if holding.verified != .zero, holding.verified < event.position { summary.isProved = true }
        if holding.strength != .device { summary.isDevice = false }
        for fact in holding.facts { summary.facts.append(fact.hash) }
        let kind = kind(ofIdentifierIn: slot)
        if holding.verified != .zero, rules.traits(kind).isAccount {
            summary.hasProvedAccount = true
        }
        // Who has given an identifier back may have another.
        guard record.customer == customer, rules.traits(kind).limit != nil else { return }
        let window = rules.traits(kind).windowMilliseconds ?? .max
        if event.occurred - holding.firstSeen <= window { summary.limitedKinds.append(kind) }
    }

    private func kind(ofIdentifierIn slot: Int) -> Int? {
        let key = Array(identifiers.key(slot))
        // Names of scopes and kinds have no zero in them.
        let parts = key.dropFirst().split(
            separator: 0, maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count > 2 else { return nil }
        return unsafe rules.number(ofKind: Array(parts[2]).span.bytes)
    }

    /// The slot of the identifier that founded a customer.
    mutating func identifier<Context: FoldContext & ~Copyable>(
        of customer: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        FounderRecord.writeKey(customer, to: &key)
        let founder = try founders.slot(key, context)
        guard !founders[founder].isEmpty else {
            throw .damaged(MalformedBytes("founder of a customer", at: 0))
        }
        return try identifiers.slot(founders[founder].identifier, context)
    }
}
