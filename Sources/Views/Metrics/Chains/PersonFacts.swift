internal import ContactCentre
internal import EventModel

/// What the contacts of one person add to figures, by what came before and after each of them.
///
/// A try by which the customer reaches out within ten minutes of the end of an abandoned or
/// dropped contact of theirs is a redial: it is neither a repeat nor a contact whose resolution
/// is asked for, nor does it spoil that of another.
enum PersonFacts {
    private static let redialMilliseconds: Int64 = 600_000
    private static let dayMilliseconds: Int64 = 86_400_000
    private static let dropMilliseconds: Int64 = 1_800_000

    /// Returns the facts of all contacts, or of the one of that name.
    static func facts(of entries: [ChainEntry], only name: String? = nil) -> [MetricFact] {
        guard !entries.isEmpty else { return [] }
        var facts: [MetricFact] = []
        var tries: [Int] = []
        func counts(_ entry: ChainEntry) -> Bool { name == nil || name == entry.name }
        for index in entries.indices where entries[index].isTry {
            if !isRedial(index, entries) {
                tries.append(index)
            } else if counts(entries[index]) {
                facts.append(entries[index].fact(.redials))
            }
        }
        for place in tries.indices where counts(entries[tries[place]]) {
            addRepeats(place, tries, entries, &facts)
        }
        for entry in entries where entry.has(.contact) && counts(entry) {
            addRecovery(entry, entries, &facts)
        }
        return facts
    }

    private static func isRedial(_ index: Int, _ entries: [ChainEntry]) -> Bool {
        let entry = entries[index]
        return entries[..<index].contains { earlier in
            guard earlier.isTry, earlier.has(.abandoned) || earlier.has(.dropped),
                let ended = earlier.ended
            else { return false }
            return ended <= entry.created && entry.created - ended <= redialMilliseconds
        }
    }

    private static func addRepeats(
        _ place: Int, _ tries: [Int], _ entries: [ChainEntry], _ facts: inout [MetricFact]
    ) {
        let entry = entries[tries[place]]
        let before = place > 0 ? entries[tries[place - 1]] : nil
        if let before {
            facts.append(
                entry.fact(.distribution(.repeatGap, entry.created - before.created)))
        }
        guard entry.isHandled(in: entries) else { return }
        let after = place + 1 < tries.count ? entries[tries[place + 1]] : nil
        func number(_ before: ChainEntry?, _ after: ChainEntry?) -> Int64 {
            FirstContact(
                before: before.map { entry.created - $0.created },
                after: after.map { $0.created - entry.created },
                isTransferred: entry.has(.transferred), isResolved: entry.has(.resolved)
            ).number
        }
        facts.append(entry.fact(.distribution(.firstContactAny, number(before, after))))
        guard !entry.reasons.isEmpty else { return }
        let sameBefore = tries[..<place].last { entries[$0].shares(entry) }
        let sameAfter = tries[(place + 1)...].first { entries[$0].shares(entry) }
        facts.append(
            entry.fact(
                .distribution(
                    .firstContactReason,
                    number(sameBefore.map { entries[$0] }, sameAfter.map { entries[$0] }))))
    }

    /// Whether somebody we lost was reached after all.
    private static func addRecovery(
        _ entry: ChainEntry, _ entries: [ChainEntry], _ facts: inout [MetricFact]
    ) {
        if entry.has(.abandoned) {
            facts.append(entry.fact(.abandonsKnown))
            if !isReached(after: entry, within: dayMilliseconds, entries) {
                facts.append(entry.fact(.abandonsUnrecovered))
            }
        }
        if entry.has(.dropped) {
            facts.append(entry.fact(.dropsKnown))
            if isReached(after: entry, within: dropMilliseconds, entries) {
                facts.append(entry.fact(.dropsRecovered))
            }
        }
        guard entry.has(.selfServed) else { return }
        facts.append(entry.fact(.selfServedKnown))
        guard entry.has(.contained), !entry.has(.askedHuman) else { return }
        let isFollowed = entries.contains { other in
            other.name != entry.name && other.has(.inbound) && other.has(.contact)
                && other.created >= entry.created
                && other.created - entry.created <= dayMilliseconds
        }
        if !isFollowed { facts.append(entry.fact(.contained)) }
    }

    /// Whether a person of ours spoke with the customer, whoever called, within a time of the end.
    private static func isReached(
        after entry: ChainEntry, within milliseconds: Int64, _ entries: [ChainEntry]
    ) -> Bool {
        let end = entry.ended ?? entry.created
        return entries.contains { other in
            guard other.name != entry.name, let answered = other.answered else { return false }
            return answered >= end && answered - end <= milliseconds
        }
    }
}

extension ChainEntry {
    /// By which the customer reached out, and no leg of something that was already under way.
    fileprivate var isTry: Bool { has(.inbound) && has(.contact) }

    /// Whether a person took it, or a leg of it.
    fileprivate func isHandled(in entries: [ChainEntry]) -> Bool {
        if has(.handled) { return true }
        let hash = nameHash
        return entries.contains { $0.initial == hash && $0.has(.handled) }
    }

    fileprivate func shares(_ other: ChainEntry) -> Bool {
        reasons.contains { other.reasons.contains($0) }
    }
}
