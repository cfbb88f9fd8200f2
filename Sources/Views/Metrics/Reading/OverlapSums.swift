internal import ContactCentre
internal import EventModel

/// ANCHOR overlap: time in a state, split at the borders of lines.
///
/// Time is the area under a level, so that it is exact for lines of any length and whatever is open
/// counts as far as the log has come. By queue and channel: waits, talks with their holds, wrap-ups. By
/// agent and team: the same of an agent's contacts, the time with at least one of them, and what
/// presence says.
enum OverlapSums {
    /// Sums the time that metrics of a query are of, by line and group.
    static func sums<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ lines: MetricsLines, from reader: borrowing Reader
    ) throws(MetricsFault) -> [MetricsLineKey: MetricsSum] {
        var areas: [MetricsLineKey: [(count: MetricCount, time: Int64)]] = [:]
        do throws(ViewFault) {
            let watermark = try WatermarkRow.decoded(try reader.row(WatermarkRow.key))
            let end = min(query.to, watermark?.recorded ?? query.from)
            if !query.readsContacts {
                for level in [Level.waiting, .inService, .wrapUp] {
                    guard let count = level.time else { continue }
                    let found = try LevelSweep.areas(
                        level, query, lines, until: end, atMost: ViewLimits.metricsRowsMax,
                        from: reader)
                    for (key, area) in found { areas[key, default: []].append((count, area)) }
                }
            }
            if query.isOfAgents {
                let times = try agentTimes(query, lines, until: end, reader)
                for (key, time) in times { areas[key, default: []] += time.counts }
            }
        } catch {
            throw .view(error)
        }
        // No more than one answer shows.
        guard areas.count <= ViewLimits.metricsRowsMax else {
            throw .refused(
                .tooMany(what: "lines", actual: areas.count, most: ViewLimits.metricsRowsMax))
        }
        return areas.mapValues { parts in
            var sum = MetricsSum()
            for part in parts { sum.add(part.count, part.time) }
            return sum
        }
    }

    /// Sums what agents did, up to where it is more than one answer shows.
    private static func agentTimes<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ lines: MetricsLines, until end: Timestamp,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [MetricsLineKey: AgentTime] {
        var times: [MetricsLineKey: AgentTime] = [:]
        guard query.from < end else { return times }
        let teams = query.readsTeams ? try AgentTeams(in: reader) : AgentTeams()
        let levels = try LevelSweep.agents(query, until: end, from: reader)
        var agents = Set(levels.keys)
        try addPresent(to: &agents, reader)
        for agent in agents.sorted() where times.count <= ViewLimits.metricsRowsMax {
            let presence = try AgentPresence(of: agent, query.from..<end, in: reader)
            let level = levels[agent] ?? AgentLevel()
            var isUnanswered = false
            if let since = presence.unansweredSince {
                isUnanswered = try !LevelSweep.begins(
                    agent, query, behind: since, through: query.from, from: reader)
            }
            let slots = try DatedWords<SlotsWord>.all(of: agent, in: reader)
                .slots(in: query.from..<end)
            var day = AgentDay(
                level, presence: presence.first, isUnanswered: isUnanswered,
                SlotUse(slots.first))
            for change in slots.changes {
                day.add(.slots(SlotUse(change.slots)), at: change.moment)
            }
            for change in presence.changes { day.add(.told(change.said), at: change.moment) }
            for moment in teams.changes(of: agent) { day.add(.team, at: moment) }
            day.walk(lines, until: end) { line, span, state in
                guard state.counts else { return }
                let team = teams.team(of: agent, at: span.lowerBound)
                guard let group = query.group(ofAgent: agent, team) else { return }
                let key = MetricsLineKey(line: line, group: group)
                times[key, default: AgentTime()].add(
                    state, for: span.upperBound - span.lowerBound)
            }
        }
        return times
    }

    /// Finds the agents of whom presence is known. Complexity: one look-up for each.
    private static func addPresent<Reader: ViewReader & ~Copyable>(
        to agents: inout Set<String>, _ reader: borrowing Reader
    ) throws(ViewFault) {
        var start = [PresenceRow.prefix]
        while true {
            var found: String?
            try reader.rows(from: start, below: [PresenceRow.prefix + 1]) {
                key, _ throws(ViewFault) in
                found = try key.keyText(at: 1).text
                return false
            }
            guard let found else { return }
            agents.insert(found)
            start = [PresenceRow.prefix]
            start.append(keyText: found)
            start = start.keyAfterPrefix
        }
    }
}

/// What one agent did, change by change.
private struct AgentDay {
    enum Change {
        /// Contacts came or went, or offers of them.
        case contacts(Level, Channel, Int64)
        /// Another number of contacts at a time.
        case slots(SlotUse)
        case told(PresenceRow.Said)
        /// The team may be another one.
        case team
    }

    struct State {
        var contacts: Int64 = 0
        /// By channel, offers that ring included.
        var taken: [Channel: Int64] = [:]
        var slots: SlotUse
        var presence: Presence
        /// Whether an offer was missed, or did not reach them, and they have not responded since.
        var isUnanswered: Bool

        var isStaffed: Bool { presence != .offline && presence != .custom }
        /// Whether time in it is of any figure.
        var counts: Bool { contacts != 0 || isStaffed }
        var isIdle: Bool { presence == .available && contacts <= 0 && !isUnanswered }

        mutating func take(_ change: Change) {
            switch change {
            case .contacts(let level, let channel, let net):
                taken[channel, default: 0] &+= net
                guard level == .ofAgent else { return }
                contacts &+= net
                // Who takes up a contact responds.
                if net > 0 { isUnanswered = false }
            case .slots(let slots): self.slots = slots
            case .told(.presence(let told)):
                presence = told
                isUnanswered = false
            case .told(.unanswered): isUnanswered = true
            case .told(.responded): isUnanswered = false
            case .team: break
            }
        }
    }

    private let first: State
    private var changes: [(moment: Timestamp, change: Change)] = []

    init(_ level: AgentLevel, presence: Presence, isUnanswered: Bool, _ slots: SlotUse) {
        var first = State(slots: slots, presence: presence, isUnanswered: isUnanswered)
        for (kind, channel, count) in level.before {
            first.taken[channel, default: 0] &+= count
            if kind == .ofAgent { first.contacts &+= count }
        }
        self.first = first
        for (kind, channel, change) in level.changes {
            add(.contacts(kind, channel, change.net), at: change.moment)
        }
    }

    mutating func add(_ change: Change, at moment: Timestamp) {
        changes.append((moment, change))
    }

    /// Shows each stretch of a line in which nothing changes.
    func walk(
        _ lines: MetricsLines, until end: Timestamp,
        _ body: (_ line: Int, _ span: Range<Timestamp>, _ state: State) -> Void
    ) {
        let sorted = changes.sorted { $0.moment < $1.moment }
        var state = first
        var next = 0
        for (index, line) in lines.lines.enumerated() where line.from < end {
            var from = line.from
            let to = min(line.to, end)
            while from < to {
                while next < sorted.count, sorted[next].moment <= from {
                    state.take(sorted[next].change)
                    next += 1
                }
                let until = next < sorted.count ? min(sorted[next].moment, to) : to
                body(index, from..<until, state)
                from = until
            }
        }
    }
}

/// What agents did in one line.
private struct AgentTime {
    private var handling: Int64 = 0
    private var busy: Int64 = 0
    private var idle: Int64 = 0
    private var staffed: Int64 = 0
    private var slots: (used: Int64, offered: Int64) = (0, 0)

    /// Adds a stretch of an agent's time.
    mutating func add(_ state: AgentDay.State, for milliseconds: Int64) {
        handling &+= milliseconds &* state.contacts
        if state.contacts > 0 { busy &+= milliseconds }
        if state.isIdle { idle &+= milliseconds }
        guard state.isStaffed else { return }
        staffed &+= milliseconds
        let own = state.slots.time(
            state.taken, isUnanswered: state.isUnanswered, over: milliseconds)
        slots.used &+= own.used
        slots.offered &+= own.offered
    }

    var counts: [(count: MetricCount, time: Int64)] {
        [
            (.agentHandleTime, handling), (.agentBusyTime, busy), (.agentIdleTime, idle),
            (.agentStaffedTime, staffed), (.agentSlotsUsed, slots.used),
            (.agentSlotsOffered, slots.offered),
        ]
    }
}

extension MetricsQuery {
    /// Whether nothing is asked that agents' time is not told apart by.
    var isOfAgents: Bool {
        let dimensions = filters.map(\.dimension) + [grouping].compactMap { $0 }
        return queues == nil && channel == nil
            && dimensions.allSatisfy { $0 == .agent || $0 == .team }
    }

    /// The group of an agent's time; nil where conditions leave it out.
    fileprivate func group(ofAgent agent: String, _ team: String) -> String? {
        for filter in filters {
            guard filter.wanted.contains(filter.dimension == .team ? team : agent) else {
                return nil
            }
        }
        switch grouping {
        case .agent: return agent
        case .team: return team
        default: return ""
        }
    }

    /// The first metric whose time is not told apart by what is asked; nil where all are.
    var unsplit: String? {
        only.first { name in
            guard let definition = MetricDefinition.named(name) else { return false }
            switch definition.split {
            case .none: return askedAnchor == .overlap
            case .byQueue: return readsContacts
            case .byAgent: return !isOfAgents
            case .either: return readsContacts && !isOfAgents
            }
        }
    }
}
