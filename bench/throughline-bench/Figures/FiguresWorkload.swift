internal import EventModel
internal import ReferenceEvents

/// Two months of a contact centre, a year apart: calls of many queues, spread over the hours in which
/// somebody is there.
struct FiguresWorkload {
    let queues: Int
    let agents: Int
    /// Calls of each queue on each day.
    let calls: Int
    let seed: UInt64

    /// Midnight of 2 January 2025 and of 1 January 2026, UTC: the same weekday, 364 days apart.
    static let months: [Int64] = [1_735_776_000_000, 1_767_225_600_000]
    static let days = 31
    static let day: Int64 = 86_400_000

    /// The events of one day, call by call in the order in which calls begin.
    func events(month: Int, day: Int) -> [EventDraft] {
        var random = SeededNumbers(seed: seed &+ UInt64(month * 100 + day))
        let midnight = Self.months[month] + Int64(day) * Self.day
        var begins: [(at: Int64, queue: Int)] = []
        for queue in 0..<queues {
            for _ in 0..<calls {
                // From eight to eight.
                let second = 28_800 + Int64(random.below(43_200))
                begins.append((midnight + second * 1_000, queue))
            }
        }
        begins.sort { ($0.at, $0.queue) < ($1.at, $1.queue) }
        return begins.enumerated().flatMap { number, call in
            Self.call("\(month)-\(day)-\(number)", call.at, call.queue, agents, &random)
        }
    }

    private static func call(
        _ name: String, _ begin: Int64, _ queue: Int, _ agents: Int, _ random: inout SeededNumbers
    ) -> [EventDraft] {
        var events: [EventDraft] = []
        var at = begin
        func add(
            _ type: String, after milliseconds: Int, _ attributes: [Attribute],
            _ identifiers: [Identifier] = []
        ) {
            at += Int64(milliseconds)
            events.append(
                EventDraft(
                    type: type, source: "acd", id: "\(name)-\(events.count)",
                    occurred: Timestamp(milliseconds: at), identifiers: identifiers,
                    attributes: [Attribute("interaction", .ref(name))] + attributes))
        }
        let agent = Attribute("agent", .ref("agent-\(random.below(agents))"))
        add(
            "interaction.created", after: 0,
            [
                Attribute("channel", .text(random.below(4) == 0 ? "chat" : "voice")),
                Attribute("direction", .text("inbound")), Attribute("method", .text("inbound")),
            ], [Identifier(kind: "crm", value: "\(random.below(100_000))")])
        add(
            "queue.entered", after: 1_000 + random.below(20_000),
            [Attribute("queue", .ref("queue-\(queue)"))])
        let wait = random.below(60_000)
        if random.below(12) == 0 {
            add("interaction.abandoned", after: wait, [Attribute("phase", .text("queue"))])
            return events
        }
        add(
            "offer.made", after: wait / 2,
            [agent, Attribute("offer_id", .ref(name))])
        add("offer.accepted", after: wait / 2, [agent])
        if random.below(5) == 0 {
            add("hold.started", after: 10_000 + random.below(60_000), [])
            add("hold.ended", after: 5_000 + random.below(60_000), [])
        }
        add(
            "interaction.disconnected", after: 20_000 + random.below(400_000),
            [Attribute("by", .text("customer"))])
        add("wrapup.started", after: 0, [agent])
        add("wrapup.ended", after: 5_000 + random.below(60_000), [agent])
        add(
            "interaction.completed", after: 0,
            [Attribute("outcome", .text(random.below(3) == 0 ? "unknown" : "resolved"))])
        if random.below(10) == 0 {
            add(
                "survey.answered", after: 60_000,
                [
                    Attribute("invitation_id", .ref(name)), Attribute("question", .text("q")),
                    Attribute("kind", .text("csat")), Attribute("scale", .text("1-5")),
                    Attribute("score", .integer(Int64(1 + random.below(5)))),
                ])
        }
        return events
    }
}
