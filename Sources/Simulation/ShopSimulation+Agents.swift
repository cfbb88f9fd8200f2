internal import EventModel

/// The working day of an agent.
extension ShopSimulation {
    private static let shift = 8 * Int64.hour + 30 * Int64.minute

    mutating func perform(_ step: AgentStep, _ index: Int) {
        switch step {
        case .logIn: logIn(index)
        case .startBreak: startBreak(index)
        case .endBreak: endBreak(index)
        case .respondAgain: respondAgain(index)
        case .logOut: logOut(index)
        }
    }

    private mutating func tellAgent(
        _ type: String, _ index: Int, _ attributes: [Attribute], from source: Source = .acd
    ) {
        tell(type, from: source, [], [.ref("agent", agentNames[index])] + attributes)
    }

    /// What is told of an agent once, on the first day.
    mutating func introduceAgent(_ index: Int) {
        let agent = agents[index]
        tellAgent(
            "agent.assigned", index,
            [
                .ref("team", agent.team), .ref("supervisor", agentNames[0]),
                .text("employment", index % 6 == 5 ? "seasonal" : "own"),
            ], from: .workforce)
        for queue in agent.queues {
            tellAgent(
                "agent.skill", index,
                [
                    .ref("skill", queue.name),
                    .integer("level", Int64(Self.skillLevel + index % 3)),
                ],
                from: .workforce)
        }
        // Whoever takes a contact understands the customer, and knows the queue well enough.
        for language in Language.allCases {
            tellAgent(
                "agent.skill", index,
                [
                    .ref("skill", language.code), .integer("level", Int64(5 - index % 3)),
                    .text("language", language.code),
                ], from: .workforce)
        }
    }

    /// The least level that an agent has of the skill of a queue they serve: what contacts need.
    static let skillLevel = 3

    private mutating func logIn(_ index: Int) {
        tellAgent("agent.loggedIn", index, [.text("channels", "voice,chat,messaging,email")])
        tellAgent("agent.slots", index, [.text("channel", "voice"), .integer("capacity", 1)])
        for channel in ["chat", "messaging", "email"] {
            tellAgent(
                "agent.slots", index,
                [
                    .text("channel", channel),
                    .integer("capacity", Int64(SimulationLimits.messagesPerAgent)),
                    .text("exclusive_group", "text"),
                ])
        }
        for queue in agents[index].queues {
            tellAgent("agent.joinedQueue", index, [.ref("queue", queue.name)])
        }
        tellPresence(index, "available")
        agents[index].presence = .available
        agents[index].idleSince = now
        plan(.agent(index: index, step: .startBreak), in: 2 * .hour + chance.length(mean: .hour))
        plan(.agent(index: index, step: .logOut), in: Self.shift)
        findAllWork(for: index)
    }

    private mutating func tellPresence(_ index: Int, _ presence: String, reason: String? = nil) {
        var attributes: [Attribute] = [.text("presence", presence), .text("by", "self")]
        if let reason { attributes.append(.text("reason", reason)) }
        tellAgent("agent.presence", index, attributes)
    }

    private mutating func startBreak(_ index: Int) {
        guard agents[index].presence == .available else { return }
        guard agents[index].load == 0, agents[index].ringing < 0 else {
            return plan(.agent(index: index, step: .startBreak), in: 2 * .minute)
        }
        agents[index].presence = .onBreak
        let isLunch = chance.percent(40)
        tellPresence(index, "break", reason: isLunch ? "lunch" : "coffee")
        let length = isLunch ? 40 * Int64.minute : 12 * Int64.minute
        plan(.agent(index: index, step: .endBreak), in: chance.length(mean: length))
    }

    private mutating func endBreak(_ index: Int) {
        guard agents[index].presence == .onBreak else { return }
        tellPresence(index, "available")
        agents[index].presence = .available
        agents[index].idleSince = now
        plan(.agent(index: index, step: .startBreak), in: 2 * .hour + chance.length(mean: .hour))
        findAllWork(for: index)
    }

    private mutating func respondAgain(_ index: Int) {
        if agents[index].presence == .notResponding {
            tellPresence(index, "available")
            agents[index].presence = .available
            agents[index].idleSince = now
        }
        findAllWork(for: index)
    }

    /// Takes work until nothing more fits: letters do not ring, so several may come at once.
    private mutating func findAllWork(for index: Int) {
        var load = -1
        while agents[index].load != load {
            load = agents[index].load
            findWork(for: index)
        }
    }

    /// Goes home when the last contact is over.
    private mutating func logOut(_ index: Int) {
        guard agents[index].load == 0, agents[index].ringing < 0 else {
            agents[index].presence = .onBreak
            return plan(.agent(index: index, step: .logOut), in: .minute)
        }
        agents[index].presence = .offline
        for queue in agents[index].queues {
            tellAgent("agent.leftQueue", index, [.ref("queue", queue.name)])
        }
        tellAgent("agent.loggedOut", index, [.text("reason", "shift_ended")])
    }
}
