import TestSupport
/// A seeded little contact centre: interactions of a few customers through a few queues, cut into
/// requests of one event or several. The same seed, the same requests.
struct ProducedCentre {
    let requests: [ProducedRequest]
    let interactions: [String]
    let customers: [String]

    static let queues = ["billing", "orders", "returns"]
    static let channels = ["voice", "chat", "email"]

    init(seed: UInt64, interactions count: Int) {
        var random = SeededGenerator(seed: seed)
        let people = (0..<max(2, count / 3)).map { "crm:\(seed)-\($0)" }
        let names = (0..<count).map { "i-\(seed)-\($0)" }
        var events: [ProducedEvent] = []
        // Events of several interactions lie between each other, as in a real log.
        var open: [[ProducedEvent]] = []
        var next = 0
        while next < names.count || !open.isEmpty {
            if next < names.count, open.count < 4 {
                open.append(
                    Self.story(names[next], minute: next, customers: people, &random).reversed())
                next += 1
            }
            let chosen = Int.random(in: open.indices, using: &random)
            if let event = open[chosen].popLast() { events.append(event) }
            if open[chosen].isEmpty { open.remove(at: chosen) }
        }
        requests = Self.cut(events, &random)
        interactions = names
        customers = Set(events.compactMap(\.customer)).sorted()
    }

    /// All events in the order in which they are sent.
    var events: [ProducedEvent] { requests.flatMap(\.events) }

    private static func cut(
        _ events: [ProducedEvent], _ random: inout SeededGenerator
    ) -> [ProducedRequest] {
        var requests: [ProducedRequest] = []
        var rest = events[...]
        while !rest.isEmpty {
            let count = Bool.random(using: &random) ? 1 : Int.random(in: 2...9, using: &random)
            requests.append(ProducedRequest(events: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return requests
    }

    /// The life of one interaction; some end before their time.
    private static func story(
        _ interaction: String, minute: Int, customers: [String],
        _ random: inout SeededGenerator
    ) -> [ProducedEvent] {
        let customer = customers[Int.random(in: customers.indices, using: &random)]
        let queue = queues[Int.random(in: queues.indices, using: &random)]
        let channel = channels[Int.random(in: channels.indices, using: &random)]
        let agent = "agent-\(Int.random(in: 1...4, using: &random))"
        var second = minute * 45
        var events: [ProducedEvent] = []
        func tell(_ type: String, _ attributes: [String: String], text: String? = nil) {
            var all = attributes
            all["interaction"] = interaction
            events.append(
                ProducedEvent(
                    type: type, source: "centre", id: "\(interaction)-\(events.count)",
                    occurred: moment(second), customer: events.isEmpty ? customer : nil,
                    attributes: all, text: text))
            second += Int.random(in: 1...90, using: &random)
        }
        tell(
            "interaction.created",
            ["channel": channel, "direction": "inbound", "method": "inbound"])
        tell("queue.entered", ["queue": queue, "priority": "\(minute % 5)"])
        switch Int.random(in: 0...9, using: &random) {
        case 0: break
        case 1: tell("interaction.abandoned", ["phase": "queue"])
        case 2: tell("offer.accepted", ["agent": agent])
        default:
            tell("offer.accepted", ["agent": agent, "ring_ms": "2000"])
            tell("interaction.disconnected", ["by": "customer"], text: "line \(minute) ended\n")
            tell("interaction.completed", ["outcome": "resolved"])
        }
        return events
    }

    /// A moment on one morning, as the store writes it.
    private static func moment(_ second: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "2026-03-02T\(two(9 + second / 3_600)):\(two(second / 60 % 60)):"
            + "\(two(second % 60)).250Z"
    }
}
