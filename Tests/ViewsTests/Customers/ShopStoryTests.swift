import EventModel
import FoldTesting
import Testing

@testable import Views

/// A shop's story, told with the one address by which she is known all along: a guest buys, the
/// parcel is late, she searches help, asks the bot for a person, waits, hangs up, writes on another
/// channel, registers, calls.
@Suite struct ShopStoryTests {
    private static let day = Card.day
    private static let minute: Int64 = 60_000

    private let buys = [
        Card.ana(
            "order.placed", 1 * day, nil,
            [
                "order": .ref("o-1"), "total": .euros(8_900), "guest": .boolean(true),
                "promised_to": .at(4 * day),
            ]),
        Happening("order.paid", 1 * day + minute, nil, ["order": .ref("o-1")]),
        Happening(
            "shipment.sent", 2 * day, nil,
            ["order": .ref("o-1"), "shipment_id": .ref("s-1"), "carrier": .text("dpd")]),
    ]
    private let searches = [
        Card.ana(
            "session.started", 5 * day, nil, ["session_id": .ref("v-1"), "channel": .text("web")]),
        Happening(
            "search.made", 5 * day + minute, nil,
            [
                "session_id": .ref("v-1"), "query": .text("where is my parcel"),
                "results": .integer(0),
            ]),
    ]
    private let asksTheBot = [
        Card.ana(
            "interaction.created", 5 * day + 5 * minute, "bot-1",
            ["channel": .text("voice"), "direction": .text("inbound")]),
        Happening("selfservice.entered", 5 * day + 5 * minute, "bot-1", ["flow": .ref("bot")]),
        Happening(
            "selfservice.stepped", 5 * day + 6 * minute, "bot-1",
            ["flow": .ref("bot"), "node": .text("track"), "outcome": .text("noMatch")]),
        Happening(
            "reason.set", 5 * day + 6 * minute, "bot-1",
            ["reason": .text("lateParcel"), "by": .text("bot")]),
        Happening("selfservice.humanRequested", 5 * day + 7 * minute, "bot-1"),
        Happening("queue.entered", 5 * day + 8 * minute, "bot-1", ["queue": .ref("service")]),
    ]
    private let hangsUp = [
        Happening(
            "interaction.abandoned", 5 * day + 20 * minute, "bot-1", ["phase": .text("queue")])
    ]
    private let writes = [
        Card.ana(
            "interaction.created", 5 * day + 60 * minute, "chat-1",
            ["channel": .text("messaging"), "direction": .text("inbound")]),
        Happening("queue.entered", 5 * day + 60 * minute, "chat-1", ["queue": .ref("messages")]),
        Happening(
            "message.received", 5 * day + 61 * minute, "chat-1",
            ["message_id": .ref("m-1"), "author": .text("customer")]),
        Happening(
            "reason.set", 5 * day + 61 * minute, "chat-1",
            ["reason": .text("lateParcel"), "by": .text("model")]),
    ]
    private let registers = [
        Card.ana("trait.set", 6 * day, nil, ["name": .text("name"), "value": .text("Ana")]),
        Card.ana(
            "preference.set", 6 * day, nil, ["name": .text("language"), "value": .text("pt")]),
        Card.ana(
            "loyalty.enrolled", 6 * day, nil, ["programme": .ref("club"), "tier": .text("blue")]),
    ]
    private let calls = [
        Card.ana(
            "interaction.created", 6 * day + 60 * minute, "call-1",
            ["channel": .text("voice"), "direction": .text("inbound")]),
        Happening(
            "reason.set", 6 * day + 61 * minute, "call-1",
            ["reason": .text("lateParcel"), "by": .text("ivr")]),
        Happening("queue.entered", 6 * day + 61 * minute, "call-1", ["queue": .ref("service")]),
    ]

    private func pop(_ card: Card, of interaction: String?, now: Int64) throws -> Document {
        var json = JSONWriter()
        let found = try PopDocument.write(
            .init(members: [CustomerID(rawValue: 1)], interaction: interaction),
            now: Timestamp(milliseconds: now), zone: { _ in UTCOffsets() }, from: card.rows,
            to: &json)
        #expect(found && json.count <= ViewLimits.popBytesMax)
        return try Document(json)
    }

    @Test("one card and every figure right, at every step")
    func story() throws {
        var card = try Card(buys)
        var now = 2 * Self.day + Self.minute
        #expect(try card.document(now: now).root.string("stage.stage") == "firstPurchase")
        #expect(try card.list(.orders, now: now).first?.string("state") == "sent")
        #expect(try card.signals(now: now).isEmpty)

        now = 4 * Self.day + Self.minute
        #expect(try card.signals(now: now) == ["orderLate"])
        #expect(try card.list(.orders, now: now).first?.int("late_ms") == Self.minute)

        card = try Card(buys + searches)
        now = 5 * Self.day + 2 * Self.minute
        #expect(try card.signals(now: now) == ["orderLate", "searchWithoutResult"])

        card = try Card(buys + searches + asksTheBot)
        now = 5 * Self.day + 18 * Self.minute
        let waiting = try pop(card, of: "bot-1", now: now).root
        #expect(waiting.string("why_now.reason") == "lateParcel")
        #expect(waiting.string("why_now.flow") == "bot")
        #expect(waiting.string("why_now.human_asked") == "1970-01-06T00:07:00.000Z")
        #expect(waiting.int("effort.wait_ms") == 10 * Self.minute)
        #expect(try card.signals(now: now) == ["orderLate"])

        card = try Card(buys + searches + asksTheBot + hangsUp)
        now = 5 * Self.day + 30 * Self.minute
        #expect(try card.signals(now: now) == ["abandoned", "orderLate"])
        #expect(try card.document(now: now).root.int("abandoned") == 1)

        card = try Card(buys + searches + asksTheBot + hangsUp + writes)
        now = 5 * Self.day + 62 * Self.minute
        let written = try card.signals(now: now)
        #expect(written == ["repeatContact", "channelSwitch", "abandoned", "orderLate"])

        let all = buys + searches + asksTheBot + hangsUp + writes + registers + calls
        card = try Card(all)
        now = 6 * Self.day + 62 * Self.minute
        let ringing = try pop(card, of: "call-1", now: now).root
        #expect(ringing.string("speak.name") == "Ana" && ringing.string("speak.language") == "pt")
        #expect(ringing.int("effort.same_reason_7d") == 2)
        let elsewhere = (ringing["effort"] as? [String: Any])?["open_elsewhere"] as? [[String: Any]]
        #expect(elsewhere?.map { $0.string("interaction") } == ["chat-1"])
        #expect((ringing["orders"] as? [[String: Any]])?.first?.string("order") == "o-1")
        #expect(ringing.string("standing.tier") == "blue")
        let signals = try Set(card.signals(now: now))
        #expect(
            signals == [
                "waitingTwice", "repeatContact", "channelSwitch", "messageUnanswered", "abandoned",
                "orderLate",
            ])
        // Late, and in the other order, it is the same story.
        let late = try Card(all.reversed())
        #expect(try Set(late.signals(now: now)) == signals)
        #expect(try pop(late, of: "call-1", now: now).root.int("effort.same_reason_7d") == 2)
    }

    @Test("sections are withheld until the contact is authenticated as their definition asks")
    func withheld() throws {
        let asks = Happening(
            "definition.set", 0, nil,
            ["kind": .text("card"), "key": .text("orders"), "body": .text("{\"level\":2}")])
        let all = [asks] + buys + calls
        let now = 6 * Self.day + 62 * Self.minute
        let before = try pop(try Card(all), of: "call-1", now: now).root
        #expect(before["withheld"] as? [String] == ["orders"] && before["orders"] == nil)
        func auth(_ type: String, _ level: Int64, _ at: Int64) -> Happening {
            Happening(
                type, 6 * Self.day + at * Self.minute, "call-1",
                ["method": .text("otp"), "level": .integer(level)])
        }
        let proven = try pop(
            try Card(all + [auth("auth.succeeded", 2, 61)]), of: "call-1", now: now)
        #expect(proven.root["withheld"] == nil && proven.root["orders"] != nil)
        #expect(proven.root.int("match.authentication.level") == 2)
        let weak = try pop(try Card(all + [auth("auth.succeeded", 1, 61)]), of: "call-1", now: now)
        #expect(weak.root["withheld"] as? [String] == ["orders"])
        let failed = [auth("auth.succeeded", 2, 61), auth("auth.failed", 0, 62)]
        let taken = try pop(try Card(all + failed), of: "call-1", now: now)
        #expect(taken.root["withheld"] as? [String] == ["orders"])
    }
}
