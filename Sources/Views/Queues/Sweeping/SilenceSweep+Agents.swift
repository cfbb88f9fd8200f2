internal import ContactCentre
internal import EventModel

/// Agents who missed an offer, by the timer where one is set.
extension SilenceSweep {
    /// Finds those who have not responded for as long as the rule says: what is inferred of them is
    /// that they are available again, as a switch with such a timer would tell.
    /// Nothing that was told of them later is undone: the later word counts.
    mutating func findAgents<Reader: ViewReader & ~Copyable>(
        _ rule: SilenceRules.Rule, _ now: Timestamp, _ reader: borrowing Reader,
        _ found: inout [InferredEvent]
    ) throws(ViewFault) {
        guard rule.milliseconds > 0 else { return }
        var (left, news): (Int, [InferredEvent]) = (ViewLimits.sweptRowsMax, [])
        let start = nextAgent.isEmpty ? [AgentRecord.prefix] : nextAgent
        nextAgent = []
        try reader.rows(from: start, below: [AgentRecord.prefix + 1]) {
            key, row throws(ViewFault) in
            let agent = try AgentRecord.decoded(row)
            if agent.presence.presence == .available, agent.activity == .notResponding {
                let back = agent.missed.occurred.advanced(byMilliseconds: rule.milliseconds)
                if back <= now {
                    let name = try key.keyText(at: 1).text
                    news.append(Self.returns(name, rule, agent.missed, at: back))
                }
            }
            left -= 1
            guard left > 0, news.count < ViewLimits.inferredEventsMax else {
                nextAgent = key.copied() + [0]
                return false
            }
            return true
        }
        found += news
    }

    private static func returns(
        _ agent: String, _ rule: SilenceRules.Rule, _ missed: Stamp, at moment: Timestamp
    ) -> InferredEvent {
        InferredEvent(
            "agent.presence", rule: "notResponding", version: rule.version, subject: agent,
            after: missed.position, occurred: moment,
            [
                "agent": agent, "presence": "\(Presence.available.word)", "by": "system",
                "reason": "notResponding",
            ])
    }
}
