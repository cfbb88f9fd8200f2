internal import ContactCentre
internal import EventModel

/// What the interactions of one thread add to figures; an interaction that names no thread is one
/// by itself.
enum ThreadFacts {
    /// Returns the facts of a thread, or those that are filed where the interaction of that name is.
    static func facts(of entries: [ChainEntry], only name: String? = nil) -> [MetricFact] {
        var facts: [MetricFact] = []
        if let first = entries.first, name == nil || name == first.name {
            facts = beginning(first, entries)
        }
        if let first = firstResolved(entries), name == nil || name == first.name,
            let moment = first.ended
        {
            let gap = reopened(first, entries).map { $0 - moment } ?? MetricDistribution.never
            facts.append(first.fact(.distribution(.reopenGap, gap)))
        }
        for entry in entries where entry.has(.disposedResolved) {
            guard name == nil || name == entry.name, let moment = entry.ended,
                let next = reopened(entry, entries), next - moment <= reopenMilliseconds
            else { continue }
            facts.append(entry.fact(.disposedReopened))
        }
        return facts
    }

    /// How long a thread took to be resolved, first and for good: filed where it began.
    ///
    /// - Parameter start: When its first interaction began, or the customer first wrote in it.
    static func resolution(
        of entries: [ChainEntry], from start: Timestamp, only name: String
    ) -> [MetricFact] {
        guard let first = entries.first, first.name == name else { return [] }
        let ends = entries.filter { $0.has(.resolved) }.compactMap(\.ended)
        guard let earliest = ends.min(), let last = ends.max() else { return [] }
        return [
            first.fact(.distribution(.threadResolutionFirst, earliest - start)),
            first.fact(.distribution(.threadResolutionTotal, last - start)),
        ]
    }

    private static let reopenMilliseconds = 7 * MetricInterval.dayMilliseconds

    private static func beginning(_ first: ChainEntry, _ entries: [ChainEntry]) -> [MetricFact] {
        var facts = [first.fact(.threads)]
        // A channel that nobody told is none, and the task of who left a message is our own.
        let told = entries.indices.filter {
            entries[$0].channel != .unknown && entries[$0].channel != .task
        }
        let switched = told.firstIndex { entries[$0].channel != entries[told[0]].channel }
        if let switched {
            facts.append(first.fact(.threadsSwitched))
            let before = entries[told[switched - 1]]
            facts.append(first.fact(.distribution(.waitBeforeSwitch, before.wait)))
        }
        if first.channel.isDigital {
            facts.append(first.fact(.digitalFirst))
            if entries.contains(where: { $0.channel == .voice }) {
                facts.append(first.fact(.fellThrough))
            }
        }
        return facts
    }

    private static func firstResolved(_ entries: [ChainEntry]) -> ChainEntry? {
        entries.filter { $0.has(.resolved) && $0.ended != nil }.min {
            ($0.ended ?? .latest, $0.name) < ($1.ended ?? .latest, $1.name)
        }
    }

    /// When a thread was taken up again after the end of an interaction: by a contact or a message of the
    /// customer's. What we begin ourselves, and legs of what is under way, take nothing up.
    private static func reopened(_ entry: ChainEntry, _ entries: [ChainEntry]) -> Timestamp? {
        guard let moment = entry.ended else { return nil }
        var next: Timestamp?
        func take(_ found: Timestamp) {
            if found >= moment { next = min(next ?? found, found) }
        }
        for other in entries {
            if let reopened = other.reopened { take(reopened) }
            if other.name != entry.name, other.has(.inbound), other.has(.contact) {
                take(other.created)
            }
        }
        return next
    }
}
