internal import ContactCentre
internal import EventModel

/// The presence of one agent over a window, and whether they respond.
struct AgentPresence {
    /// What held when the window began.
    private(set) var first = Presence.offline
    /// Since when, before the window, an offer stands that was missed or failed, where nothing else was
    /// told since. Whoever took up a contact meanwhile responds again: contacts are not known here.
    private(set) var unansweredSince: Timestamp?
    /// What came within it, in order.
    private(set) var changes: [(moment: Timestamp, said: PresenceRow.Said)] = []

    /// Reads what there is of an agent.
    init<Reader: ViewReader & ~Copyable>(
        of agent: String, _ window: Range<Timestamp>, in reader: borrowing Reader
    ) throws(ViewFault) {
        var start = [PresenceRow.prefix]
        start.append(keyText: agent)
        func key(_ day: Int32) -> [UInt8] {
            var key = start
            key.append(keySigned: day)
            return key
        }
        func moments(
            _ key: RawSpan, _ row: RawSpan
        ) throws(ViewFault) -> [(moment: Timestamp, said: PresenceRow.Said)] {
            guard key.byteCount == start.count + 4 else {
                throw .damaged(MalformedBytes("presence key", at: start.count))
            }
            let midnight = MetricInterval.start(ofDay: key.keySigned(at: start.count))
            return try PresenceRow.decoded(row).changes.map {
                (midnight.advanced(byMilliseconds: $0.moment), $0.said)
            }
        }
        let day = MetricInterval.day(of: window.lowerBound)
        var before = Before()
        try reader.rowsBackward(from: key(.min), below: key(day)) { key, row throws(ViewFault) in
            for change in try moments(key, row).reversed() { before.take(earlier: change) }
            return before.presence == nil
        }
        first = before.presence ?? .offline
        unansweredSince = before.unansweredSince
        let last = MetricInterval.day(of: window.upperBound)
        try reader.rows(from: key(day), below: key(last + 1)) { key, row throws(ViewFault) in
            for change in try moments(key, row) where change.moment < window.upperBound {
                if change.moment <= window.lowerBound {
                    begin(with: change)
                } else {
                    changes.append(change)
                }
            }
            return true
        }
    }

    private mutating func begin(with change: (moment: Timestamp, said: PresenceRow.Said)) {
        switch change.said {
        case .presence(let presence):
            first = presence
            unansweredSince = nil
        case .unanswered: unansweredSince = change.moment
        case .responded: unansweredSince = nil
        }
    }

    /// What was told before, from the last of it on.
    private struct Before {
        var presence: Presence?
        var unansweredSince: Timestamp?
        private var hasResponded = false

        mutating func take(earlier change: (moment: Timestamp, said: PresenceRow.Said)) {
            guard presence == nil else { return }
            switch change.said {
            case .presence(let told): presence = told
            case .unanswered:
                if unansweredSince == nil, !hasResponded { unansweredSince = change.moment }
            case .responded: hasResponded = true
            }
        }
    }
}
