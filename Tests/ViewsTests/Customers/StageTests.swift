import EventModel
import FoldTesting
import Testing

@testable import Views

/// One spec for each stage of a customer's life, and the figures beside it.
@Suite struct StageTests {
    private static let day = Card.day

    /// A paid order placed on a day.
    private func order(_ name: String, on day: Int64, cents: Int64 = 1_000) -> [Happening] {
        [
            Card.ana(
                "order.placed", day * Self.day, nil,
                ["order": .ref(name), "total": .euros(cents)]),
            Happening("order.paid", day * Self.day + 1, nil, ["order": .ref(name)]),
        ]
    }

    /// A stage, the day it began, and whether time alone brought it.
    private struct Moved: Equatable {
        let word: String?
        let since: Int64?
        let isByTime: Bool

        init(_ word: String?, _ since: Int64?, byTime: Bool = false) {
            self.word = word
            self.since = since
            isByTime = byTime
        }
    }

    /// The stage as of a day, the same in whatever order the events arrive, and where a source says all of
    /// it again under other ids.
    private func stage(
        on day: Int64, _ happenings: [Happening], location: SourceLocation = #_sourceLocation
    ) throws -> Moved {
        let now = day * Self.day + Self.day / 2
        let stages = try [happenings, happenings.reversed(), happenings + happenings].map { order in
            try Card(order).document(now: now, sections: [.stage]).root
        }
        for other in stages.dropFirst() {
            for key in ["stage.stage", "stage.since"] {
                #expect(stages[0].string(key) == other.string(key), sourceLocation: location)
            }
        }
        let since = stages[0].string("stage.since").flatMap { text in
            unsafe Timestamp(rfc3339: text.utf8Span.span.bytes)
        }
        let object = stages[0]["stage"] as? [String: Any]
        return Moved(
            stages[0].string("stage.stage"), since.map { $0.rawValue / Self.day },
            byTime: object?["by_time"] as? Bool ?? false)
    }

    @Test("a cookie is anonymous, an address is a prospect")
    func known() throws {
        var log = MemoryLog()
        let cookie = Identifier(kind: "cookie", value: "x", strength: .device)
        log.append(Happening("web.viewed", 1_000, nil, ["session_id": .ref("v")], [cookie]))
        var run = FoldRun<CustomersProjection>()
        try run.run(log)
        var json = JSONWriter()
        _ = try CustomerDocument.write(
            [CustomerID(rawValue: 1)], now: Timestamp(milliseconds: 9_000), from: run.rows,
            to: &json)
        #expect(try Document(json).root.string("stage.stage") == "anonymous")
        #expect(try stage(on: 1, []).word == "prospect")
    }

    @Test("orders lead from the first purchase to loyalty")
    func orders() throws {
        let all = order("a", on: 10) + order("b", on: 40) + order("c", on: 70) + order("d", on: 100)
        #expect(try stage(on: 11, Array(all.prefix(2))) == Moved("firstPurchase", 10))
        #expect(try stage(on: 41, Array(all.prefix(4))) == Moved("building", 40))
        #expect(try stage(on: 71, Array(all.prefix(6))) == Moved("building", 40))
        #expect(try stage(on: 101, all) == Moved("loyal", 100))
    }

    @Test("silence puts a customer at risk, then lapses; an order wins back for a while")
    func silence() throws {
        let all = order("a", on: 10) + order("b", on: 30)
        // Half again the median gap of 20 days.
        #expect(try stage(on: 59, all) == Moved("building", 30))
        #expect(try stage(on: 60, all) == Moved("atRisk", 60, byTime: true))
        #expect(try stage(on: 209, all) == Moved("atRisk", 60, byTime: true))
        #expect(try stage(on: 210, all) == Moved("lapsed", 210, byTime: true))
        let back = all + order("c", on: 300)
        #expect(try stage(on: 310, back) == Moved("wonBack", 300))
    }

    @Test("what is unpaid, cancelled, refunded, exchanged or free does not count")
    func counting() throws {
        let placed = order("a", on: 1).prefix(1)
        #expect(try stage(on: 2, Array(placed)).word == "prospect")
        let paid = order("a", on: 1)
        let cancelled = Happening("order.cancelled", 2 * Self.day, nil, ["order": .ref("a")])
        #expect(try stage(on: 3, paid + [cancelled]).word == "prospect")
        func refund(_ cents: Int64) -> Happening {
            Happening(
                "refund.issued", 2 * Self.day, nil,
                ["order": .ref("a"), "refund_id": .ref("r"), "amount": .euros(cents)])
        }
        #expect(try stage(on: 3, paid + [refund(400)]).word == "firstPurchase")
        let value = try Card(paid + [refund(400)]).document(now: 3 * Self.day).root
        #expect((value["value"] as? [String: Any])?.int("monetary.minor_units") == 600)
        #expect(try stage(on: 3, paid + [refund(1_000)]).word == "prospect")
        #expect(try stage(on: 3, order("a", on: 1, cents: 0)).word == "prospect")
        let exchange = Card.ana(
            "order.placed", Self.day, nil,
            ["order": .ref("x"), "total": .euros(900), "exchange_of": .ref("a")])
        let both = paid + [exchange, Happening("order.paid", Self.day, nil, ["order": .ref("x")])]
        #expect(try stage(on: 3, both).word == "firstPurchase")
    }

    @Test("a bad answer holds loyalty back until somebody follows up")
    func detractor() throws {
        let all = (1...4).flatMap { order("o\($0)", on: Int64($0) * 10) }
        let bad = Card.ana(
            "survey.answered", 41 * Self.day, nil,
            ["invitation_id": .ref("v"), "score": .integer(2), "kind": .text("nps")])
        #expect(try stage(on: 42, all + [bad]).word == "building")
        let followed = Happening(
            "survey.followedUp", 42 * Self.day, nil, ["invitation_id": .ref("v")])
        #expect(try stage(on: 43, all + [bad, followed]).word == "loyal")
    }

    @Test("thresholds are definitions; the base's figures are published")
    func thresholds() throws {
        let all = order("a", on: 10) + order("b", on: 40, cents: 90_000)
        func set(_ body: String) -> Happening {
            Happening(
                "definition.set", 0, nil,
                ["kind": .text("stages"), "key": .text("default"), "body": .text(body)])
        }
        #expect(try stage(on: 41, all + [set("{\"loyal_orders\":2}")]).word == "loyal")
        #expect(
            try stage(on: 70, all + [set("{\"active_days\":20}")])
                == Moved("atRisk", 60, byTime: true))
        #expect(try stage(on: 41, all + [set("not JSON")]).word == "building")
        let published = Happening(
            "thresholds.published", 0, nil,
            [
                "values": .text(
                    """
                    {"monetary_top":50000,"monetary_currency":"EUR","churn_permille":250,\
                    "recency_days":[300,120,60,30],"frequency":[2,3,5,8],\
                    "monetary":[1000,5000,20000,90000]}
                    """)
            ])
        #expect(try stage(on: 41, all + [published]).word == "loyal")
        let root = try Card(all + [published]).document(now: 41 * Self.day).root
        let value = try #require(root["value"] as? [String: Any])
        #expect(value["rfm"] as? [Int] == [5, 2, 5])
        #expect(value.int("lifetime.historic.minor_units") == 91_000)
        // One year counts at least: 910 euros a year for four years.
        #expect(value.int("lifetime.simple.minor_units") == 364_000)
    }

    @Test("the daemon's word on a stage by time lends it its position")
    func inferred() throws {
        let said = Happening(
            "stage.inferred", 61 * Self.day, nil,
            ["customer_id": .ref("c_1"), "stage": .text("atRisk"), "rule": .text("gap")])
        let card = try Card(order("a", on: 10) + order("b", on: 30) + [said])
        let root = try card.document(now: 70 * Self.day).root
        #expect(root.string("stage.stage") == "atRisk" && root.int("stage.position") == 6)
        // Somebody whom the store does not know gets no card by it.
        let nobody = Happening(
            "stage.inferred", 1, nil,
            ["customer_id": .ref("c_7"), "stage": .text("atRisk"), "rule": .text("gap")])
        #expect(throws: (any Error).self) { try Card([nobody]).document(now: 9, of: [7]) }
    }
}
