import EventModel
import FoldTesting
import Testing

@testable import Views

/// Incidents that touch somebody, and how content they are.
@Suite struct IncidentTests {
    private static func says(
        _ type: String, _ occurred: Int64, _ interaction: String? = nil, orders: String? = nil,
        severity: String = "major"
    ) -> Happening {
        var happening = Happening(
            type, occurred, interaction,
            [
                "incident_id": .ref("y-1"), "kind": .text("delay"), "severity": .text(severity),
                "expected_end": .at(99_000),
            ])
        if let orders { happening.attributes.append(("orders", .text(orders))) }
        return happening
    }

    private static let contact = [
        Card.ana(
            "interaction.created", 1_000, "c-1",
            ["channel": .text("voice"), "direction": .text("inbound")])
    ]
    private static let order = Card.ana("order.placed", 1_000, nil, ["order": .ref("o-1")])

    @Test("given a contact linked to an incident, then the card tells of it until it is over")
    func linked() throws {
        let linked = contact() + [Self.says("incident.linked", 3_000, "c-1")]
        let incident = try #require(try Card(linked).list(.incidents, now: 9_000).first)
        #expect(incident.string("incident") == "y-1" && incident.string("state") == "open")
        #expect(incident.string("severity") == "worse" && incident.int("position") == 3)
        #expect(incident.string("linked.state") == "linked" && incident.int("linked.position") == 5)
        #expect(try pop(Card(linked)).string("alerts.incident") == "y-1")
        #expect(try pop(Card(linked)).int("alerts.incident_position") == 5)
        let over = try Card(linked + [Self.says("incident.resolved", 4_000)])
        #expect(try over.document(now: 9_000, sections: nil).rows("incidents").isEmpty)
        #expect(try pop(over).string("alerts.incident") == nil)
        #expect(try over.list(.incidents, now: 9_000).map { $0.string("state") } == ["resolved"])
        let apart = try Card(linked + [Self.says("incident.unlinked", 5_000, "c-1")])
        #expect(try apart.list(.incidents, now: 9_000).isEmpty)
        // An unlinking that was meant for an earlier link and comes late.
        let again = try Card(linked + [Self.says("incident.unlinked", 2_500, "c-1")])
        #expect(try again.list(.incidents, now: 9_000).count == 1)
    }

    private func contact() -> [Happening] {
        Self.contact + [
            Self.says("incident.opened", 2_000),
            Self.says("incident.updated", 2_600, severity: "worse"),
        ]
    }

    private func pop(_ card: Card) throws -> [String: Any] {
        var json = JSONWriter()
        let isFound = try PopDocument.write(
            PopDocument.Question(members: [CustomerID(rawValue: 1)], interaction: "c-1"),
            now: Timestamp(milliseconds: 9_000), zone: { _ in nil }, from: card.rows, to: &json)
        #expect(isFound)
        return try Document(json).root
    }

    @Test(
        "an incident touches whose orders it names, and is no event of theirs",
        arguments: [#"["o-0","o-1"]"#, "o-0, o-1"])
    func orders(list: String) throws {
        let card = try Card([Self.order, Self.says("incident.opened", 2_000, orders: list)])
        let incidents = try card.list(.incidents, now: 9_000)
        #expect(incidents.map { $0.string("linked.state") } == ["touched"])
        let timeline = try Timeline.positions(
            of: .customer(CustomerID(rawValue: 1)), count: 9, card.rows)
        #expect(timeline.map(\.rawValue) == [2, 1])
        let other = try Card([Self.order, Self.says("incident.opened", 2_000, orders: "o-11")])
        #expect(try other.list(.incidents, now: 9_000).isEmpty)
    }

    @Test("a card that is kept does not outlive the incident on it")
    func kept() throws {
        let cache = CardCache()
        let linked =
            Self.contact + [
                Self.says("incident.opened", 2_000), Self.says("incident.linked", 3_000, "c-1"),
            ]
        for (happenings, count) in [
            (linked, 1), (linked + [Self.says("incident.resolved", 4_000)], 0),
        ] {
            let rows = try Card(happenings).rows
            var json = JSONWriter()
            _ = try CustomerDocument.write(
                [CustomerID(rawValue: 1)], now: Timestamp(milliseconds: 9_000), from: rows,
                keptIn: (cache, ViewState(file: 1, position: rows.position)), to: &json)
            #expect(try Document(json).rows("incidents").count == count)
        }
    }

    @Test("how content they are: the last answer and mood, what was before, and where it points")
    func satisfaction() throws {
        func answer(
            _ id: String, _ score: Int64, _ occurred: Int64, _ kind: String, low: Bool = false
        ) -> Happening {
            Card.ana(
                "survey.answered", occurred, nil,
                [
                    "invitation_id": .ref(id), "score": .integer(score), "kind": .text(kind),
                    "direction": .text(low ? "low" : "high"),
                ])
        }
        func mood(_ name: String, _ score: Int64, _ occurred: Int64) -> [Happening] {
            [
                Card.ana(
                    "interaction.created", occurred - 1, name,
                    ["channel": .text("chat"), "direction": .text("inbound")]),
                Happening("sentiment.measured", occurred, name, ["score": .integer(score)]),
            ]
        }
        func satisfaction(_ happenings: [Happening]) throws -> [String: Any] {
            try Card(happenings).document(now: 9_000, sections: [.satisfaction]).root
        }
        var told = try satisfaction(
            [
                answer("i-2", 3, 5_000, "nps"), answer("i-1", 9, 2_000, "nps"),
                answer("i-3", 5, 3_000, "csat"),
            ] + mood("c-1", -40, 3_000) + mood("c-2", -10, 6_000))
        #expect(told.string("satisfaction.answer.trend") == "falling")
        #expect(told.int("satisfaction.answer.score") == 3)
        #expect(told.int("satisfaction.answer.position") == 2)
        #expect(told.int("satisfaction.answer.before.position") == 3)
        #expect(told.string("satisfaction.sentiment.trend") == "rising")
        #expect(told.int("satisfaction.sentiment.position") == 8)
        told = try satisfaction([
            answer("i-1", 5, 2_000, "ces", low: true), answer("i-2", 2, 3_000, "ces", low: true),
        ])
        #expect(told.string("satisfaction.answer.trend") == "rising")
        told = try satisfaction([answer("i-1", 5, 2_000, "ces"), answer("i-2", 5, 3_000, "nps")])
        #expect(told.string("satisfaction.answer.kind") == "nps")
        #expect(told.string("satisfaction.answer.trend") == nil)
        #expect(try Card([]).document(now: 9_000, sections: nil).root["satisfaction"] == nil)
    }

    @Test("POP names the order in question: the one that was said last")
    func orderInQuestion() throws {
        let told = [
            Card.ana("interaction.created", 1_000, "c-1", ["order": .ref("o-1")]),
            Happening("reason.set", 3_000, "c-1", ["reason": .text("late"), "order": .ref("o-2")]),
        ]
        #expect(try pop(Card(told)).string("why_now.order") == "o-2")
        #expect(try pop(Card(told)).int("why_now.order_position") == 3)
        #expect(try pop(Card(Array(told.prefix(1)))).string("why_now.order") == "o-1")
        let plain = [Card.ana("interaction.created", 1_000, "c-1")]
        #expect(try pop(Card(plain)).string("why_now.order") == nil)
    }
}
