import EventModel
import FoldTesting
import Testing

@testable import Views

/// WAITING: what else the person has open, by whichever identifier, and whom it is with.
@Suite struct WaitingPersonTests {
    private static let phone = Identifier(kind: "phone", value: "+34600000001")
    private static let cookie = Identifier(kind: "cookie", value: "f00")
    private static let email = Identifier(kind: "email", value: "ana@example.com")

    private func begins(
        _ id: String, _ moment: Int64, _ channel: String, _ people: [Identifier]
    ) -> [Happening] {
        [
            Happening(
                "interaction.created", moment, id,
                [
                    "channel": .text(channel), "direction": .text("inbound"),
                    "method": .text("inbound"),
                ], people),
            Happening("queue.entered", moment + 1_000, id, ["queue": .ref(channel)]),
        ]
    }

    private func waiting(
        _ happenings: [Happening], persons: (CustomerID) -> [CustomerID] = { [$0] }
    ) throws -> [String: Any] {
        var log = MemoryLog()
        log.append(happenings)
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        var json = JSONWriter()
        #expect(
            try WaitingDocument.write(
                "voice", count: 5, now: Timestamp(milliseconds: 100_000), persons: persons,
                from: run.rows, to: &json))
        return try #require(try Document(json).rows("waiting").first)
    }

    private func elsewhere(_ line: [String: Any]) -> [String] {
        let lines = line["elsewhere"] as? [[String: Any]] ?? []
        return lines.map {
            [$0.string("interaction"), $0.string("state"), $0.string("agent")]
                .compactMap { $0 }.joined(separator: " ")
        }
    }

    @Test("what is open under another customer of the same person is told, and counted once")
    func person() throws {
        let happenings =
            begins("chat-1", 1_000, "chat", [Self.cookie, Self.email])
            + begins("call-1", 9_000, "voice", [Self.phone])
        let alone = try waiting(happenings)
        #expect(elsewhere(alone) == [] && alone.int("attempts_24h") == 1)
        let all = [
            CustomerID(founded: Position(1), number: 0),
            CustomerID(founded: Position(1), number: 1),
        ]
        let together = try waiting(happenings) { own in
            [own] + all.filter { $0 != own }
        }
        #expect(elsewhere(together) == ["chat-1 queued"])
        #expect(together.int("attempts_24h") == 2 && together.int("attempts_today") == 2)
    }

    @Test("a contact that names two customers of one person is one attempt")
    func twoCustomers() throws {
        let line = try waiting(begins("call-1", 9_000, "voice", [Self.phone, Self.email]))
        #expect((line["customers"] as? [String])?.count == 2)
        #expect(line.int("attempts_24h") == 1)
    }

    @Test("who holds it is told while it rings, in the talk and in the work after it")
    func holder() throws {
        let start =
            begins("chat-1", 1_000, "chat", [Self.phone])
            + begins("call-1", 9_000, "voice", [Self.phone])
        var steps = [
            Happening(
                "offer.made", 10_000, "chat-1", ["agent": .ref("bea"), "offer_id": .ref("o")])
        ]
        #expect(elsewhere(try waiting(start + steps)) == ["chat-1 offering bea"])
        steps.append(Happening("offer.accepted", 11_000, "chat-1", ["agent": .ref("bea")]))
        #expect(elsewhere(try waiting(start + steps)) == ["chat-1 connected bea"])
        steps.append(Happening("wrapup.started", 12_000, "chat-1"))
        #expect(elsewhere(try waiting(start + steps)) == ["chat-1 wrapUp bea"])
        steps.append(Happening("wrapup.ended", 13_000, "chat-1"))
        #expect(elsewhere(try waiting(start + steps)) == [])
    }
}
