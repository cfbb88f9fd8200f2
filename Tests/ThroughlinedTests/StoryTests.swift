import Client
import DaemonTesting
import Foundation
import RESP
import Testing

/// The story of the README: a guest buys, the parcel is late, she searches help, asks the bot for a
/// person, waits, hangs up, writes on another channel, registers, calls. One card, one thread, with
/// the daemon's own rules of identity and needs.
@Suite("A shop's story")
struct StoryTests {
    private let daemon: DaemonProcess
    /// Six days ago, so that nothing lies ahead of the store's clock.
    private let start: Date

    init() throws {
        daemon = try DaemonProcess()
        start = Date(timeIntervalSinceNow: -6 * 86_400)
    }

    private func time(_ days: Double) -> String {
        ISO8601DateFormatter().string(from: start.addingTimeInterval(days * 86_400))
    }

    /// Tells of something that happened so many days after the start.
    private func tell(
        _ type: String, _ days: Double, _ words: String..., on connection: inout Connection
    ) throws {
        let id = UUID().uuidString
        let reply = try connection.call(
            ["APPEND", type, "source", "shop", "id", id, "occurred", time(days)] + words)
        #expect(reply.integerValue != nil, "\(type): \(reply)")
    }

    private func document(
        _ words: String..., at days: Double, on connection: inout Connection
    ) throws -> [String: Any] {
        let head = try #require(try connection.call("HEAD").integerValue)
        let reply = try connection.call(words + ["NOW", time(days), "AFTER", "\(head)"])
        let text = try #require(reply.text, "\(words): \(reply)")
        return try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func list(_ document: [String: Any], _ name: String) -> [[String: Any]] {
        document[name] as? [[String: Any]] ?? []
    }

    private func signals(_ card: [String: Any]) -> [String] {
        list(card, "signals").compactMap { $0["signal"] as? String }
    }

    /// Waits for the daemon's word that a contact belongs to a thread.
    private func waitForThread(of interaction: String, _ connection: inout Connection) throws {
        var start: Int64 = 1
        while true {
            let reply = try connection.call(
                "EVENTS", "FROM", "\(start)", "TYPE", "thread.joined", "WAIT", "60000")
            let answer = try #require(reply.elements, "\(reply)")
            let events = answer.last?.elements?.compactMap(\.text) ?? []
            if events.contains(where: { $0.contains(#""interaction":"\#(interaction)""#) }) {
                return
            }
            // Events of other types came; where none at all does, the minute is over.
            let goesOn = try #require(answer.first?.integerValue)
            try #require(goesOn > start, "no thread was joined within a minute")
            start = goesOn
        }
    }

    @Test("is one card and one thread, and right at every step")
    func story() throws {
        try daemon.start()
        var connection = try daemon.connect()
        try tell(
            "definition.set", 0, "kind", "need", "key", "default", "version", "1", "body", "{}",
            on: &connection)

        // A guest buys; nobody has proved the address.
        let guest = ["customer", "email:ana@example.com"]
        try tell(
            "order.placed", 0, "order", "o-1", "total", "8900 EUR", "guest", "true",
            "promised_to", time(3), guest[0], guest[1], on: &connection)
        try tell("order.paid", 0.1, "order", "o-1", "amount", "8900 EUR", on: &connection)
        try tell(
            "shipment.sent", 1, "order", "o-1", "shipment_id", "s-1", "carrier", "dpd",
            on: &connection)
        var card = try document("CUSTOMER", guest[1], at: 2, on: &connection)
        let ana = try #require(card["customer"] as? String)
        #expect((card["stage"] as? [String: Any])?["stage"] as? String == "firstPurchase")
        #expect(list(card, "orders").first?["state"] as? String == "sent")
        #expect(signals(card).isEmpty)

        // The parcel is late, and nobody has to tell so.
        card = try document("CUSTOMER", guest[1], at: 3.5, on: &connection)
        #expect(signals(card) == ["orderLate"])

        // She searches help, logged out: a browser, which is nobody yet.
        try tell(
            "session.started", 4, "session_id", "v-1", "channel", "web", "customer:device",
            "cookie:k1", on: &connection)
        try tell(
            "search.made", 4.001, "session_id", "v-1", "query", "where is my parcel", "results",
            "0", on: &connection)
        card = try document("CUSTOMER", "cookie:k1", at: 4.01, on: &connection)
        #expect(card["customer"] as? String != ana)
        #expect((card["stage"] as? [String: Any])?["stage"] as? String == "anonymous")

        // She asks the bot for a person, waits, and hangs up. A line proves nobody.
        let line = ["customer:line", "phone:+34600000001"]
        try tell(
            "interaction.created", 4.1, "interaction", "bot-1", "channel", "voice", "direction",
            "inbound", "method", "inbound", "order", "o-1", line[0], line[1], on: &connection)
        try tell(
            "selfservice.entered", 4.1, "interaction", "bot-1", "flow", "bot", on: &connection)
        try tell(
            "selfservice.humanRequested", 4.102, "interaction", "bot-1", "flow", "bot",
            on: &connection)
        try tell(
            "queue.entered", 4.102, "interaction", "bot-1", "queue", "service", on: &connection)
        let ringing = try document(
            "CUSTOMER", "interaction:bot-1", "POP", at: 4.104, on: &connection)
        let why = try #require(ringing["why_now"] as? [String: Any])
        #expect(why["human_asked"] != nil && why["order"] as? String == "o-1")
        let wait = (ringing["effort"] as? [String: Any])?["wait_ms"] as? Int
        #expect(abs((wait ?? 0) - 172_800) <= 1_000, "\(ringing)")
        try tell(
            "interaction.abandoned", 4.11, "interaction", "bot-1", "phase", "queue",
            on: &connection)
        card = try document("CUSTOMER", line[1], at: 4.2, on: &connection)
        #expect(signals(card) == ["abandoned"] && card["customer"] as? String != ana)

        // She writes on another channel, under her address.
        try tell(
            "interaction.created", 4.3, "interaction", "chat-1", "channel", "messaging",
            "direction", "inbound", "method", "inbound", "order", "o-1", guest[0], guest[1],
            on: &connection)
        try tell(
            "message.received", 4.301, "interaction", "chat-1", "message_id", "m-1", "author",
            "customer", on: &connection)
        card = try document("CUSTOMER", guest[1], at: 4.31, on: &connection)
        #expect(list(card, "open").compactMap { $0["interaction"] as? String } == ["chat-1"])

        // She registers and opens her order: what she did before is hers, and no event has changed.
        try tell(
            "identity.observed", 5, "order", "o-1", "customer:verified", "crm:9",
            "customer:verified", guest[1], "customer:verified", line[1], "customer:device",
            "cookie:k1", on: &connection)
        try tell(
            "trait.set", 5, "name", "name", "value", "Ana", "customer:verified", "crm:9",
            on: &connection)
        card = try document("CUSTOMER", "crm:9", at: 5.001, on: &connection)
        #expect(card["customer"] as? String == ana)
        #expect(Set(signals(card)).isSuperset(of: ["orderLate", "abandoned"]))
        #expect(list(card, "session").first?["session"] as? String == "v-1")
        #expect(
            Set(list(card, "touchpoints").compactMap { $0["interaction"] as? String })
                == ["bot-1", "chat-1"])
        for name in [guest[1], line[1], "cookie:k1"] {
            let same = try document("CUSTOMER", name, at: 5.001, on: &connection)
            #expect(same["customer"] as? String == ana, "\(name)")
        }

        // She calls: the daemon puts all three contacts about the order into one thread.
        try tell(
            "interaction.created", 5.1, "interaction", "call-1", "channel", "voice", "direction",
            "inbound", "method", "inbound", "order", "o-1", line[0], line[1], on: &connection)
        try tell(
            "queue.entered", 5.1, "interaction", "call-1", "queue", "service", on: &connection)
        try waitForThread(of: "call-1", &connection)
        let pop = try document("CUSTOMER", "interaction:call-1", "POP", at: 5.101, on: &connection)
        #expect((pop["speak"] as? [String: Any])?["name"] as? String == "Ana")
        let effort = try #require(pop["effort"] as? [String: Any])
        #expect(
            list(effort, "open_elsewhere").compactMap { $0["interaction"] as? String } == ["chat-1"]
        )
        #expect((pop["why_now"] as? [String: Any])?["order"] as? String == "o-1")
        #expect(list(pop, "orders").first?["late_ms"] != nil)
        card = try document("CUSTOMER", "crm:9", at: 5.102, on: &connection)
        let threads = list(card, "open").compactMap { $0["thread"] as? String }
        #expect(threads.count == 2 && Set(threads) == ["bot-1"], "\(card)")
        #expect(card["contacts"] as? Int == 3 && card["abandoned"] as? Int == 1)
        #expect((card["value"] as? [String: Any])?["orders"] as? Int == 1)

        // Why these are one person, by events.
        let identity = try #require(
            try connection.call("IDENTITY", "crm:9").text, "nobody is crm:9")
        for word in ["ana@example.com", "+34600000001", "k1", #""rule":"fact""#] {
            #expect(identity.contains(word), "\(word) in \(identity)")
        }
        #expect(daemon.stop() == 0)
    }
}
