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
        if let (owner, fact) = reopening(entries), name == nil || name == owner {
            facts.append(fact)
        }
        return facts
    }

    private static func beginning(_ first: ChainEntry, _ entries: [ChainEntry]) -> [MetricFact] {
        var facts = [first.fact(.threads)]
        if let switched = entries.indices.first(where: { entries[$0].channel != first.channel }) {
            facts.append(first.fact(.threadsSwitched))
            facts.append(
                first.fact(.distribution(.waitBeforeSwitch, entries[switched - 1].wait)))
        }
        if first.channel.isDigital {
            facts.append(first.fact(.digitalFirst))
            if entries.contains(where: { $0.channel == .voice }) {
                facts.append(first.fact(.fellThrough))
            }
        }
        return facts
    }

    /// The fact of a thread that was resolved: how long it stayed so.
    private static func reopening(_ entries: [ChainEntry]) -> (String, MetricFact)? {
        let resolved = entries.filter { $0.has(.resolved) && $0.ended != nil }
        let first = resolved.min {
            ($0.ended ?? .latest, $0.name) < ($1.ended ?? .latest, $1.name)
        }
        guard let first, let moment = first.ended else { return nil }
        var next = first.reopened.flatMap { $0 >= moment ? $0 : nil }
        for entry in entries where entry.created >= moment && entry.name != first.name {
            next = min(next ?? entry.created, entry.created)
        }
        let gap = next.map { $0 - moment } ?? MetricDistribution.never
        return (first.name, first.fact(.distribution(.reopenGap, gap)))
    }
}

extension Channel {
    /// Web, app or a message, against a call, a visit or a letter.
    fileprivate var isDigital: Bool {
        switch self {
        case .chat, .sms, .messaging, .email, .social, .web, .app: true
        case .unknown, .voice, .video, .store, .post, .task: false
        }
    }
}
