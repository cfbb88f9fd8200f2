import ContactCentre
import EventModel
import FoldTesting
import Testing

@testable import Views

/// The same need on another channel: which contacts join the thread of which, and which do not.
@Suite struct NeedSweepTests {
    private static let minute: Int64 = 60_000
    private static let hour: Int64 = 3_600_000

    private func begins(
        _ name: String, _ channel: String, at moment: Int64, order: String? = nil
    ) -> Happening {
        var happening = Card.ana(
            "interaction.created", moment, name,
            ["channel": .text(channel), "direction": .text("inbound")])
        if let order { happening.attributes.append(("order", .ref(order))) }
        return happening
    }

    private func reason(_ name: String, _ reason: String, at moment: Int64) -> Happening {
        Happening("reason.set", moment, name, ["reason": .text(reason), "by": .text("agent")])
    }

    private func ends(_ name: String, at moment: Int64) -> [Happening] {
        [
            Happening("agent.connected", moment, name, ["agent": .ref("bea")]),
            Happening("interaction.disconnected", moment + 1_000, name, ["by": .text("customer")]),
            Happening("interaction.completed", moment + 2_000, name),
        ]
    }

    private func rules(_ body: String, version: String = "2") -> Happening {
        Happening(
            "definition.set", 0, nil,
            [
                "kind": .text("need"), "key": .text("default"), "version": .text(version),
                "body": .text(body),
            ])
    }

    /// What a sweep finds, as interaction, thread and rule; by the proposed rules, unless others
    /// are defined.
    private func joins(_ happenings: [Happening]) throws -> [String] {
        var sweep = NeedSweep()
        let found = try sweep.find(
            members: { [$0] }, from: Card([rules("{}", version: "1")] + happenings).rows)
        #expect(found.allSatisfy { $0.type == "thread.joined" })
        return found.map { event in
            ["interaction", "thread", "rule"].map { name in
                event.attributes.first { $0.name == name }?.value ?? "-"
            }.joined(separator: " ")
        }
    }

    private func expect(
        _ rule: String?, _ happenings: [Happening], location: SourceLocation = #_sourceLocation
    ) throws {
        let expected = rule.map { ["c-1 c-1 \($0)", "c-2 c-1 \($0)"] } ?? []
        for order in [happenings, happenings.reversed()] {
            #expect(try joins(order) == expected, sourceLocation: location)
        }
    }

    @Test("both are about the same order, up to three days after the other ended")
    func sameOrder() throws {
        let call = [begins("c-1", "voice", at: 1_000, order: "o-1")] + ends("c-1", at: 9_000)
        func chat(_ order: String, after: Int64) -> [Happening] {
            call + [begins("c-2", "chat", at: 11_000 + after, order: order)]
        }
        try expect("sameOrder", chat("o-1", after: 72 * Self.hour))
        try expect(nil, chat("o-1", after: 72 * Self.hour + 1))
        try expect(nil, chat("o-2", after: Self.hour))
        let told = Happening(
            "reason.set", 20_000, "c-2",
            ["reason": .text("late"), "by": .text("bot"), "order": .ref("o-1")])
        try expect("sameOrder", call + [begins("c-2", "chat", at: 15_000), told])
    }

    @Test("the customer answers a message that was sent in the other")
    func replyTo() throws {
        func writes(_ type: String, _ name: String, _ moment: Int64, _ words: [String: String])
            -> Happening
        {
            var happening = Happening(type, moment, name)
            happening.attributes = words.map { ($0.key, .text($0.value)) }
            return happening
        }
        let mail = [
            begins("c-1", "email", at: 1_000),
            writes(
                "message.sent", "c-1", 2_000, ["message_id": "m-1", "author": "agent"]),
        ]
        func text(_ message: String) -> [Happening] {
            let start = 5 * 24 * Self.hour
            return [
                begins("c-2", "messaging", at: start),
                writes(
                    "message.received", "c-2", start + 1_000,
                    ["message_id": "m-2", "author": "customer", "in_reply_to": message]),
            ]
        }
        try expect("replyTo", mail + text("m-1"))
        try expect(nil, mail + ends("c-1", at: 3_000) + text("m-9"))
    }

    @Test("both came for the same reason, within a day of the end of the other")
    func sameReason() throws {
        let call =
            [begins("c-1", "voice", at: 1_000), reason("c-1", "late", at: 2_000)]
            + ends("c-1", at: 9_000)
        func chat(_ word: String, after: Int64) -> [Happening] {
            call + [
                begins("c-2", "chat", at: 11_000 + after),
                reason("c-2", word, at: 12_000 + after),
            ]
        }
        try expect("sameReason", chat("late", after: 24 * Self.hour))
        try expect(nil, chat("late", after: 24 * Self.hour + 1))
        try expect(nil, chat("invoice", after: Self.minute))
    }

    @Test("what is open, or came to nothing, is gone on with on another channel after a short time")
    func shortTime() throws {
        let call = [
            begins("c-1", "voice", at: 1_000),
            Happening("queue.entered", 2_000, "c-1", ["queue": .ref("q")]),
        ]
        let gaveUp =
            call + [
                Happening("interaction.abandoned", 60_000, "c-1", ["phase": .text("queue")])
            ]
        try expect("shortTime", call + [begins("c-2", "chat", at: 90_000)])
        try expect("shortTime", gaveUp + [begins("c-2", "chat", at: 60_000 + 15 * Self.minute)])
        try expect(nil, gaveUp + [begins("c-2", "chat", at: 60_001 + 15 * Self.minute)])
        // On the same channel it is a redial, and who was helped has got what they came for.
        try expect(nil, gaveUp + [begins("c-2", "voice", at: 90_000)])
        try expect(nil, call + ends("c-1", at: 9_000) + [begins("c-2", "chat", at: 90_000)])
        // Who says that it is about something else is believed.
        try expect(
            nil,
            call + [
                reason("c-1", "late", at: 3_000), begins("c-2", "chat", at: 90_000),
                reason("c-2", "invoice", at: 91_000),
            ])
        try expect(
            nil,
            call + [
                Happening(
                    "interaction.created", 90_000, "c-2",
                    ["channel": .text("chat"), "direction": .text("inbound")],
                    [Identifier(kind: "email", value: "bo@example.com", strength: .verified)])
            ])
    }

    @Test("a third contact joins the thread there is; who has one keeps it")
    func threads() throws {
        let threaded = Happening(
            "thread.joined", 2_000, "c-1", ["thread": .ref("need-7"), "rule": .text("agent")])
        let two = [
            begins("c-1", "voice", at: 1_000), threaded, begins("c-2", "chat", at: 30_000),
        ]
        #expect(try joins(two) == ["c-2 need-7 shortTime"])
        let own = Happening(
            "thread.joined", 31_000, "c-2", ["thread": .ref("need-8"), "rule": .text("agent")])
        #expect(try joins(two + [own]) == [])
    }

    @Test("of three about one order all join the first one's thread, each once before it is seen")
    func chain() throws {
        let rows = try Card([
            rules("{}"), begins("c-1", "email", at: 1_000, order: "o-1"),
            begins("c-2", "chat", at: 30_000, order: "o-1"),
            begins("c-3", "voice", at: 60_000, order: "o-1"),
        ]).rows
        var sweep = NeedSweep()
        let found = try sweep.find(members: { [$0] }, from: rows)
        let joined = found.map { event in
            ["interaction", "thread"].map { name in
                event.attributes.first { $0.name == name }?.value ?? "-"
            }
        }
        #expect(joined == [["c-1", "c-1"], ["c-2", "c-1"], ["c-3", "c-1"]])
        // Dated to where they began, they are no sign of life.
        #expect(found.map(\.occurred.rawValue) == [1_000, 30_000, 60_000])
        #expect(try sweep.find(members: { [$0] }, from: rows).isEmpty)
    }

    @Test("what was split stays apart, and a definition turns rules off")
    func reversed() throws {
        let two = [begins("c-1", "voice", at: 1_000), begins("c-2", "chat", at: 30_000)]
        try expect("shortTime", two)
        func moves(_ type: String, _ name: String, _ moment: Int64) -> Happening {
            Happening(
                type, moment, name,
                ["thread": .ref("c-1"), "rule": .text("shortTime"), "reason": .text("other")])
        }
        let joined =
            two + [
                moves("thread.joined", "c-1", 30_000), moves("thread.joined", "c-2", 30_000),
            ]
        #expect(try joins(joined) == [])
        #expect(try joins(joined + [moves("thread.split", "c-2", 60_000)]) == [])
        try expect(nil, [rules(#"{"gap_ms":0}"#)] + two)
        try expect("shortTime", [rules(#"{"gap_ms":29000}"#)] + two)
        try expect(nil, [rules(#"{"gap_ms":28999}"#)] + two)
        try expect(nil, [rules(#"{"order_ms":0,"reply_ms":0,"reason_ms":0,"gap_ms":0}"#)] + two)
    }

    @Test("of many open contacts all are looked at in turn, the newest at once")
    func pages() throws {
        var happenings: [Happening] = []
        let people = ViewLimits.sweptContactsMax * 2
        for number in 0..<people {
            let who = Identifier(kind: "crm", value: "p\(number)", strength: .verified)
            for (channel, after) in [("voice", 0), ("chat", 30_000)] as [(String, Int64)] {
                happenings.append(
                    Happening(
                        "interaction.created", Int64(number) * 100_000 + after,
                        "\(channel)-\(number)",
                        ["channel": .text(channel), "direction": .text("inbound")], [who]))
            }
        }
        let rows = try Card([rules("{}")] + happenings).rows
        var sweep = NeedSweep()
        var ids: Set<String> = []
        for round in 0..<9 {
            let found = try sweep.find(members: { [$0] }, from: rows)
            #expect(found.count <= 2 * ViewLimits.sweptContactsMax)
            if round == 0 { #expect(found.contains { $0.id.hasSuffix(":chat-\(people - 1)") }) }
            ids.formUnion(found.map(\.id))
        }
        let all = (0..<people).flatMap { ["chat-\($0)", "voice-\($0)"] }
        let missing = all.filter { name in !ids.contains { $0.hasSuffix(":\(name)") } }
        #expect(missing == [])
    }
}
