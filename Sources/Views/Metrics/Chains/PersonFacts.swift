internal import ContactCentre
internal import EventModel

/// What the contacts of one person add to figures, by what came before and after each of them.
enum PersonFacts {
    private static let dayMilliseconds: Int64 = 86_400_000
    private static let dropMilliseconds: Int64 = 1_800_000

    /// Returns the facts of all contacts, or of the one of that name.
    static func facts(of entries: [ChainEntry], only name: String? = nil) -> [MetricFact] {
        guard !entries.isEmpty else { return [] }
        let contacts = PersonContacts(entries)
        var facts: [MetricFact] = []
        func counts(_ index: Int) -> Bool { name == nil || name == entries[index].name }
        for index in contacts.redials where counts(index) {
            facts.append(entries[index].fact(.redials))
        }
        for (place, own) in contacts.tries.enumerated() {
            if counts(own.head) {
                let entry = entries[own.head]
                facts.append(entry.fact(.tries))
                if place > 0 {
                    let before = entries[contacts.tries[place - 1].head]
                    facts.append(
                        entry.fact(.distribution(.repeatGap, entry.created - before.created)))
                }
            }
            if let handled = own.handled, counts(handled) {
                addResolution(entries[handled], place, contacts, &facts)
            }
        }
        for index in entries.indices where contacts.isFirst(index) {
            addRecovery(index, contacts, only: name, &facts)
            if counts(index) { addContainment(index, contacts, &facts) }
        }
        if !contacts.places.isEmpty {
            facts += LinkedThreads.facts(of: entries, contacts.places, only: name)
        }
        return facts
    }

    /// What came before and after a try that a person took; it stands where they first did.
    private static func addResolution(
        _ entry: ChainEntry, _ place: Int, _ contacts: PersonContacts, _ facts: inout [MetricFact]
    ) {
        let tries = contacts.tries
        let own = tries[place]
        func number(_ before: PersonContacts.Try?, _ after: PersonContacts.Try?) -> Int64 {
            FirstContact(
                before: before.map { entry.created - contacts.entries[$0.head].created },
                after: after.map { contacts.entries[$0.head].created - entry.created },
                isTransferred: own.isTransferred, isResolved: own.isResolved
            ).number
        }
        facts.append(
            entry.fact(
                .distribution(
                    .firstContactAny,
                    number(
                        place > 0 ? tries[place - 1] : nil,
                        place + 1 < tries.count ? tries[place + 1] : nil))))
        guard !own.reasons.isEmpty else { return }
        facts.append(
            entry.fact(
                .distribution(
                    .firstContactReason,
                    number(
                        tries[..<place].last { $0.shares(own) },
                        tries[(place + 1)...].first { $0.shares(own) }))))
    }

    /// Whether somebody we lost was reached after all: it stands where and when we lost them, since it is
    /// from there on that it is not known yet.
    private static func addRecovery(
        _ index: Int, _ contacts: PersonContacts, only name: String?,
        _ facts: inout [MetricFact]
    ) {
        if let lost = contacts.abandoned(of: index), name == nil || name == lost.name {
            facts.append(lost.factOfLoss(.abandonsKnown))
            if !isReached(after: lost, within: dayMilliseconds, contacts) {
                facts.append(lost.factOfLoss(.abandonsUnrecovered))
            }
        }
        if let lost = contacts.dropped(of: index), name == nil || name == lost.name {
            facts.append(lost.factOfLoss(.dropsKnown))
            if isReached(after: lost, within: dropMilliseconds, contacts) {
                facts.append(lost.factOfLoss(.dropsRecovered))
            }
        }
    }

    /// Whether a machine gave the customer what they came for.
    private static func addContainment(
        _ index: Int, _ contacts: PersonContacts, _ facts: inout [MetricFact]
    ) {
        let entry = contacts.entries[index]
        guard entry.has(.selfServed) else { return }
        facts.append(entry.fact(.selfServedKnown))
        guard entry.has(.contained), !entry.has(.askedHuman) else { return }
        if !contacts.isFollowed(index, within: dayMilliseconds) {
            facts.append(entry.fact(.contained))
        }
    }

    /// Whether a person of ours spoke with the customer, whoever called, or a call back reached them,
    /// within a time after they were gone.
    private static func isReached(
        after entry: ChainEntry, within milliseconds: Int64, _ contacts: PersonContacts
    ) -> Bool {
        guard let end = entry.lost else { return false }
        func isWithin(_ moment: Timestamp?) -> Bool {
            moment.map { $0 >= end && $0 - end <= milliseconds } ?? false
        }
        return contacts.entries.contains { other in
            isWithin(other.calledBack) || other.name != entry.name && isWithin(other.answered)
        }
    }
}
