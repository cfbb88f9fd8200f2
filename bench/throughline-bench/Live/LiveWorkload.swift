internal import EventModel

/// A contact centre at one moment: agents in queues, interactions that are open, and calls that come
/// and go beside them.
struct LiveWorkload {
    let queues: Int
    let agents: Int
    let open: Int
    /// How many of those wait in the first queue.
    let waiting: Int
    /// When all of it happens.
    static let start: Int64 = 1_767_262_000_000

    private static func draft(
        _ type: String, _ id: String, _ second: Int, _ attributes: [Attribute],
        _ identifiers: [Identifier] = []
    ) -> EventDraft {
        EventDraft(
            type: type, source: "acd", id: id,
            occurred: Timestamp(milliseconds: start + Int64(second) * 1_000),
            identifiers: identifiers, attributes: attributes)
    }

    private static func ref(_ name: String, _ value: String) -> Attribute {
        Attribute(name, .ref(value))
    }

    private func queue(_ number: Int) -> String { "queue-\(number % queues)" }

    /// Agents in the first queue and one more, with a skill; all of them are available.
    func agentEvents() -> some Sequence<EventDraft> {
        (0..<agents).lazy.flatMap { number in
            let agent = Self.ref("agent", "agent-\(number)")
            return [
                Self.draft(
                    "agent.joinedQueue", "j\(number)", 0, [agent, Self.ref("queue", queue(0))]),
                Self.draft(
                    "agent.joinedQueue", "k\(number)", 0,
                    [agent, Self.ref("queue", queue(1 + number % max(1, queues - 1)))]),
                Self.draft(
                    "agent.skill", "s\(number)", 0,
                    [
                        agent, Self.ref("skill", "cards"),
                        Attribute("level", .integer(Int64(1 + number % 5))),
                    ]),
                Self.draft(
                    "agent.presence", "p\(number)", number % 900,
                    [agent, Attribute("presence", .text("available"))]),
            ]
        }
    }

    /// Interactions that begin to wait and stay open; the first ones in the first queue.
    func openEvents() -> some Sequence<EventDraft> {
        (0..<open).lazy.flatMap { number in
            let name = Self.ref("interaction", "open-\(number)")
            let place = number < waiting ? 0 : 1 + number % max(1, queues - 1)
            let person = Identifier(kind: "crm", value: "\(number % 50_000)")
            return [
                Self.draft(
                    "interaction.created", "c\(number)", 900 + number % 3_600,
                    [
                        name, Attribute("channel", .text(number % 3 == 0 ? "chat" : "voice")),
                        Attribute("direction", .text("inbound")),
                        Attribute("method", .text("inbound")),
                    ], [person]),
                Self.draft(
                    "queue.entered", "q\(number)", 901 + number % 3_600,
                    [
                        name, Self.ref("queue", queue(place)),
                        Attribute("priority", .integer(Int64(number % 3))),
                        Attribute("skills", .text("cards")),
                    ]),
            ]
        }
    }

    /// Calls that are answered and over again; six events each.
    func calls(_ range: Range<Int>) -> some Sequence<EventDraft> {
        range.lazy.flatMap { number in
            let name = Self.ref("interaction", "call-\(number)")
            let begin = 4_600 + number / 20
            let person = Identifier(kind: "crm", value: "\(number % 50_000)")
            func draft(
                _ type: String, _ step: Int, _ attributes: [Attribute],
                _ identifiers: [Identifier] = []
            ) -> EventDraft {
                Self.draft(
                    type, "d\(number)-\(step)", begin + 20 * step, [name] + attributes, identifiers)
            }
            return [
                draft(
                    "interaction.created", 0,
                    [
                        Attribute("channel", .text("voice")),
                        Attribute("direction", .text("inbound")),
                        Attribute("method", .text("inbound")),
                    ], [person]),
                draft("queue.entered", 1, [Self.ref("queue", queue(1 + number % 400))]),
                draft(
                    "offer.made", 2,
                    [
                        Self.ref("agent", "agent-\(number % agents)"),
                        Self.ref("offer_id", "offer-\(number)"),
                    ]),
                draft("offer.accepted", 3, [Self.ref("agent", "agent-\(number % agents)")]),
                draft("interaction.disconnected", 4, [Attribute("by", .text("customer"))]),
                draft("interaction.completed", 5, [Attribute("outcome", .text("resolved"))]),
            ]
        }
    }
}
