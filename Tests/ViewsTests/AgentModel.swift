import EventModel
import FoldTesting
import TestSupport

/// A few agents and what they do, as plain variables and loops: the events it makes say the same.
struct AgentModel {
    struct Agent {
        /// What was said of being there, and when; nil for who was never spoken of.
        var told: (presence: String, since: Int64)?
        var capacity: [String: Int] = [:]
        var group: [String: String] = [:]
        var skills: [String: Int64] = [:]
        var queues: Set<String> = []
        /// When the agent last joined each queue.
        var joined: [String: Int64] = [:]
        var paused: Set<String> = []
        var contacts: [String: (state: String, channel: String)] = [:]
        var released: Int64?
        var lastMissed: Int64?
        var lastHeard: Int64 = 0
        var version = 0
    }

    struct Contact {
        var queue: String
        var channel: String
        var state = "queued"
        var agent: String?
    }

    static let agents = ["ana", "bea", "cai", "dov"]
    static let queues = ["billing", "orders"]
    static let channels = ["voice", "chat"]

    private(set) var agents: [String: Agent] = [:]
    private(set) var contacts: [String: Contact] = [:]
    private(set) var happenings: [Happening] = []
    private(set) var clock: Int64 = 1_751_000_000_000

    init() {
        for name in Self.agents { agents[name] = Agent() }
    }

    init(steps: Int, _ random: inout SeededGenerator) {
        self.init()
        for _ in 0..<steps { step(&random) }
    }

    private mutating func tell(
        _ type: String, _ agent: String?, _ interaction: String? = nil,
        _ attributes: [(String, AttributeValue)] = []
    ) {
        var happening = Happening(type, clock, interaction)
        happening.attributes = attributes
        if let agent {
            happening.attributes.append(("agent", .ref(agent)))
            agents[agent]?.version += 1
        }
        happenings.append(happening)
    }

    mutating func step(_ random: inout SeededGenerator) {
        clock += Int64.random(in: 1...30, using: &random) * 1_000
        let agent = Self.agents[Int.random(in: 0..<Self.agents.count, using: &random)]
        switch Int.random(in: 0...11, using: &random) {
        case 0, 1: tellPresence(agent, &random)
        case 2: tellSlots(agent, &random)
        case 3: tellSkill(agent, &random)
        case 4: join(agent, &random)
        case 5, 6: enter(&random)
        case 7, 8: offer(to: agent, &random)
        default: moveOn(&random)
        }
    }

    private mutating func tellPresence(_ agent: String, _ random: inout SeededGenerator) {
        let words = ["available", "available", "available", "break", "offline"]
        let word = words[Int.random(in: 0..<words.count, using: &random)]
        tell("agent.presence", agent, nil, [("presence", .text(word))])
        agents[agent]?.told = (word, clock)
        agents[agent]?.lastHeard = clock
    }

    private mutating func tellSlots(_ agent: String, _ random: inout SeededGenerator) {
        let channel = Self.channels[Int.random(in: 0...1, using: &random)]
        let capacity = Int.random(in: 0...3, using: &random)
        let isGrouped = Bool.random(using: &random)
        var attributes: [(String, AttributeValue)] = [
            ("channel", .text(channel)), ("capacity", .integer(Int64(capacity))),
        ]
        if isGrouped { attributes.append(("exclusive_group", .text("all"))) }
        tell("agent.slots", agent, nil, attributes)
        agents[agent]?.capacity[channel] = capacity
        agents[agent]?.group[channel] = isGrouped ? "all" : channel
    }

    private mutating func tellSkill(_ agent: String, _ random: inout SeededGenerator) {
        let skill = ["cards", "loans"][Int.random(in: 0...1, using: &random)]
        let level = Int64.random(in: 0...5, using: &random)
        tell("agent.skill", agent, nil, [("skill", .ref(skill)), ("level", .integer(level))])
        agents[agent]?.skills[skill] = level
    }

    private mutating func join(_ agent: String, _ random: inout SeededGenerator) {
        let queue = Self.queues[Int.random(in: 0...1, using: &random)]
        guard Int.random(in: 0...3, using: &random) > 0 else {
            tell("agent.leftQueue", agent, nil, [("queue", .ref(queue))])
            agents[agent]?.queues.remove(queue)
            return
        }
        let isPaused = Int.random(in: 0...3, using: &random) == 0
        tell(
            "agent.joinedQueue", agent, nil,
            [("queue", .ref(queue)), ("paused", .boolean(isPaused))])
        agents[agent]?.queues.insert(queue)
        agents[agent]?.joined[queue] = clock
        if isPaused {
            agents[agent]?.paused.insert(queue)
        } else {
            agents[agent]?.paused.remove(queue)
        }
    }

    private mutating func enter(_ random: inout SeededGenerator) {
        let name = "c-\(contacts.count)"
        let queue = Self.queues[Int.random(in: 0...1, using: &random)]
        let channel = Self.channels[Int.random(in: 0...1, using: &random)]
        contacts[name] = Contact(queue: queue, channel: channel)
        tell("interaction.created", nil, name, [("channel", .text(channel))])
        tell("queue.entered", nil, name, [("queue", .ref(queue))])
    }

    private func names(_ states: Set<String>) -> [String] {
        contacts.filter { states.contains($0.value.state) }.map(\.key).sorted()
    }

    private mutating func offer(to agent: String, _ random: inout SeededGenerator) {
        let waiting = names(["queued"])
        guard !waiting.isEmpty else { return }
        let name = waiting[Int.random(in: 0..<waiting.count, using: &random)]
        tell("offer.made", agent, name, [("offer_id", .ref("\(name)/\(happenings.count)"))])
        move(name, to: "ringing", agent)
    }

    /// One open contact takes its next step.
    private mutating func moveOn(_ random: inout SeededGenerator) {
        let open = names(["ringing", "connected", "held", "disconnected", "wrapUp"])
        guard !open.isEmpty else { return }
        let name = open[Int.random(in: 0..<open.count, using: &random)]
        guard let contact = contacts[name], let agent = contact.agent else { return }
        let isOdd = Bool.random(using: &random)
        switch contact.state {
        case "ringing":
            let outcome = ["accepted", "missed", "rejected"][
                Int.random(in: 0...2, using: &random)]
            tell("offer.\(outcome)", agent, name)
            if outcome == "missed" {
                agents[agent]?.lastMissed = clock
            } else {
                agents[agent]?.lastHeard = clock
            }
            move(name, to: outcome == "accepted" ? "connected" : "queued", agent)
        case "connected":
            tell(isOdd ? "hold.started" : "interaction.disconnected", nil, name)
            move(name, to: isOdd ? "held" : "disconnected", agent)
        case "held":
            tell(isOdd ? "hold.ended" : "interaction.disconnected", nil, name)
            move(name, to: isOdd ? "connected" : "disconnected", agent)
        case "disconnected":
            tell(isOdd ? "wrapup.started" : "interaction.completed", nil, name)
            move(name, to: isOdd ? "wrapUp" : "over", agent)
        default:
            tell("wrapup.ended", nil, name)
            move(name, to: "over", agent)
        }
    }

    private mutating func move(_ name: String, to state: String, _ agent: String) {
        guard var contact = contacts[name] else { return }
        let wasAtWork = ["connected", "held", "wrapUp"].contains(contact.state)
        contact.state = state
        contact.agent = state == "queued" ? nil : agent
        contacts[name] = contact
        switch state {
        case "ringing", "connected", "held", "wrapUp":
            agents[agent]?.contacts[name] = (state, contact.channel)
        default:
            agents[agent]?.contacts[name] = nil
            if wasAtWork { agents[agent]?.released = clock }
        }
    }
}

/// What DOMAIN says follows from it.
extension AgentModel.Agent {
    /// Who serves a queue and was never spoken of is there: some sources know nothing else.
    var presence: String { told?.presence ?? (queues.isEmpty ? "offline" : "available") }

    var isMissed: Bool { lastMissed.map { $0 > lastHeard } ?? false }

    var activity: String {
        let states = Set(contacts.values.map(\.state))
        if isMissed { return "notResponding" }
        if states.contains("connected") || states.contains("held") { return "onContact" }
        if states.contains("wrapUp") { return "wrapUp" }
        return states.contains("ringing") ? "offering" : "idle"
    }

    /// How many more contacts of a channel fit: shares of a group add up to one at most.
    func free(_ channel: String) -> Bool {
        func used(_ channel: String) -> Int { contacts.values.count { $0.channel == channel } }
        if capacity.values.allSatisfy({ $0 == 0 }), capacity.isEmpty {
            return channel == "voice" && used("voice") == 0
        }
        guard let own = capacity[channel], own > used(channel) else { return false }
        guard group[channel] == "all" else { return true }
        var sixths = 6 / own
        for (other, room) in capacity where group[other] == "all" && room > 0 {
            sixths += min(used(other), room) * (6 / room)
        }
        return sixths <= 6
    }

    /// Whether the agent is there for a channel, with room or without.
    func isStaffed(_ channel: String) -> Bool {
        guard presence == "available" else { return false }
        return capacity.isEmpty ? channel == "voice" : capacity[channel] ?? 0 > 0
    }

    /// Whether work of a queue could be offered on a channel, but for what they have already.
    func isEligible(in queue: String, _ channel: String) -> Bool {
        isStaffed(channel) && !paused.contains(queue) && !isMissed
    }

    func freeChannels(in queue: String) -> Set<String> {
        guard queues.contains(queue), !paused.contains(queue), presence == "available", !isMissed
        else { return [] }
        return Set(AgentModel.channels.filter(free))
    }

    var idleSince: Int64 {
        let since = told?.since ?? queues.compactMap { joined[$0] }.max() ?? 0
        return max(since, released ?? since)
    }
}
