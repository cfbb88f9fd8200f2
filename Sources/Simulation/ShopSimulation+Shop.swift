internal import EventModel

/// The shop's own day.
extension ShopSimulation {
    mutating func perform(_ step: ShopStep) {
        switch step {
        case .startDay: startDay()
        case .openQueues: setQueues(open: true)
        case .closeQueues: setQueues(open: false)
        case .heartbeat: beat()
        case .openIncident: openIncident()
        case .resolveIncident: resolveIncident()
        }
    }

    private mutating func startDay() {
        let isFirst = now == options.start.milliseconds
        plan(.shop(.startDay), in: .day)
        plan(.shop(.openQueues), in: ShopHours.opens)
        plan(.shop(.closeQueues), in: ShopHours.closes)
        if isFirst {
            beat()
            defineNeeds()
        }
        for index in agents.indices {
            if isFirst { introduceAgent(index) }
            let late = Int64(chance.below(300)) * .second
            plan(.agent(index: index, step: .logIn), in: agents[index].shiftStart + late)
        }
        // The last day has one that is not over when the run ends.
        let isLast = now + .day >= end
        guard isLast || chance.percent(30) else { return }
        let beforeEnd = max(0, options.lastDayMilliseconds - 70 * .minute)
        plan(.shop(.openIncident), in: isLast ? beforeEnd : 14 * .hour)
        if !isLast { plan(.shop(.resolveIncident), in: 16 * .hour) }
    }

    /// Asks for contacts about one need on several channels to be put into one thread.
    private mutating func defineNeeds() {
        tell(
            "definition.set", from: .crm, [],
            [
                .text("kind", "need"), .text("key", "default"), .text("version", "1"),
                .text("body", "{}"),
            ])
    }

    private mutating func setQueues(open: Bool) {
        areQueuesOpen = open
        for queue in ServiceQueue.allCases {
            tell(
                open ? "queue.opened" : "queue.closed", from: .acd, [],
                [.ref("queue", queue.name), .text("reason", "hours"), .text("by", "calendar")])
        }
    }

    /// Every system says how far its feed has come.
    private mutating func beat() {
        plan(.shop(.heartbeat), in: .hour)
        for source in Source.allCases {
            tell(
                "source.heartbeat", from: source, [],
                [.time("covered_until", now), .integer("expected_gap_ms", .hour)])
        }
    }

    private mutating func openIncident() {
        let id = newName("y")
        incident = id
        tell(
            "incident.opened", from: .logistics, [],
            [
                .ref("incident_id", id), .text("kind", "delivery_delay"),
                .text("severity", "major"), .text("regions", "north"),
                .time("started_at", now - 20 * .minute), .time("expected_end", now + 5 * .hour),
            ])
        tell(
            "notice.published", from: .web, [],
            [
                .ref("notice_id", newName("j")), .text("place", "site,menu"),
                .text("text", "Deliveries in the north are late today. We are sorry."),
                .ref("incident_id", id),
            ])
    }

    private mutating func resolveIncident() {
        guard let id = incident else { return }
        incident = nil
        tell(
            "incident.resolved", from: .logistics, [],
            [
                .ref("incident_id", id), .text("kind", "delivery_delay"),
                .text("severity", "major"),
            ])
    }
}
