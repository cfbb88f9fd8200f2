/// Time, split over the intervals it touches.
extension MetricDefinition {
    /// What the time of a metric can be told apart by.
    enum Split {
        /// It is filed whole under one moment.
        case none
        /// Queue and channel.
        case byQueue
        /// Agent and team.
        case byAgent
        case either
    }

    /// What time splits a metric's by.
    var split: Split {
        guard anchor == .overlap else { return .none }
        let isOfAgents = uses.counts.contains(where: \.isAgentTime)
        let isOfQueues = uses.counts.contains { $0.isTime && !$0.isAgentTime }
        return isOfAgents ? isOfQueues ? .either : .byAgent : .byQueue
    }

    static let overlapping: [MetricDefinition] = [
        time("wait_time", [.waitingTime], "Σ time in a queue within the interval"),
        time(
            "service_time", [.serviceTime],
            "Σ time with an agent within the interval, holds included"),
        time("acw_time", [.wrapUpTime], "Σ wrap-up within the interval"),
        MetricDefinition(
            name: "handle_time", unit: .milliseconds,
            formula: "service_time + acw_time; by agent, Σ over their contacts",
            filter: filter + "; told apart by queue and channel, or by agent and team",
            anchor: .overlap, source: "Throughline",
            uses: Uses(counts: [.serviceTime, .wrapUpTime, .agentHandleTime])
        ) { figures in
            let ofQueues = figures[.serviceTime] + figures[.wrapUpTime]
            return .time(ofQueues > 0 ? ofQueues : figures[.agentHandleTime], of: nil)
        },
        MetricDefinition(
            name: "agent_clock_time", unit: .milliseconds,
            formula: "Σ time with ≥ 1 contact, however many at once; handle_time counts each",
            filter: filter + "; told apart by agent and team", anchor: .overlap,
            source: "Throughline", uses: Uses(counts: [.agentBusyTime])
        ) { .time($0[.agentBusyTime], of: nil) },
        MetricDefinition(
            name: "occupancy", version: 2, unit: .share,
            formula: "time with ≥ 1 contact / (time with ≥ 1 contact + idle: available, "
                + "responding, without one)",
            filter: filter + "; told apart by agent and team", anchor: .overlap,
            source: "Amazon Connect, not weighted by concurrency",
            uses: Uses(counts: [.agentBusyTime, .agentIdleTime])
        ) { .time($0[.agentBusyTime], of: $0[.agentBusyTime] + $0[.agentIdleTime]) },
        MetricDefinition(
            name: "utilisation", unit: .share,
            formula: "used slots · time / offered slots · time: ringing, talk, hold, acw, and one "
                + "slot while not responding; a contact of an exclusive group takes (greatest "
                + "capacity of the group) / (its own) slots",
            filter: filter + "; online and in no custom presence, channels of the profile; told "
                + "apart by agent and team", anchor: .overlap,
            source: "Throughline",
            uses: Uses(counts: [.agentSlotsUsed, .agentSlotsOffered])
        ) { .time($0[.agentSlotsUsed], of: $0[.agentSlotsOffered]) },
        MetricDefinition(
            name: "staffed_time", unit: .milliseconds,
            formula: "Σ time online and not in a custom presence",
            filter: filter + "; told apart by agent and team", anchor: .overlap,
            source: "Amazon Connect", uses: Uses(counts: [.agentStaffedTime])
        ) { .time($0[.agentStaffedTime], of: nil) },
    ]

    private static let filter = "what is open counts as far as the log has come"

    private static func time(
        _ name: String, _ counts: [MetricCount], _ formula: String
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, unit: .milliseconds, formula: formula,
            filter: filter + "; told apart by queue and channel", anchor: .overlap,
            source: "Throughline", uses: Uses(counts: counts)
        ) { figures in .time(counts.reduce(0) { $0 + figures[$1] }, of: nil) }
    }
}
