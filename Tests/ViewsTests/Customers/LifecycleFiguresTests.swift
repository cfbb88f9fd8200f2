import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// LIFECYCLE: who comes back, and behind what.
@Suite struct LifecycleFiguresTests {
    private static let day = Card.day
    /// The window is days 1,000 to 1,100.
    private static let from = 1_000 * Card.day
    private static let to = 1_100 * Card.day
    private static let now = 2_000 * Card.day

    private var log = MemoryLog()
    private var persons: [[CustomerID]] = []

    private init() {
        log.append(
            Happening(
                "definition.set", 0, nil,
                [
                    "kind": .text("season"), "key": .text("summer"), "version": .text("1"),
                    "body": .text(
                        #"{"from":"1972-09-27T00:00:00Z","to":"1973-01-05T00:00:00Z"}"#),
                ]))
    }

    private func event(
        _ type: String, _ moment: Int64, _ who: String, _ interaction: String? = nil,
        _ attributes: KeyValuePairs<String, AttributeValue> = [:]
    ) -> Happening {
        Happening(
            type, moment, interaction, attributes,
            [Identifier(kind: "crm", value: who, strength: .verified)])
    }

    private mutating func buys(_ who: String, _ days: Int64...) {
        for day in days {
            let order: AttributeValue = .ref("o-\(who)-\(day)")
            log.append([
                event(
                    "order.placed", day * Self.day, who, nil,
                    ["order": order, "total": .euros(1_000)]),
                event("order.paid", day * Self.day, who, nil, ["order": order]),
            ])
        }
    }

    private mutating func calls(_ who: String, _ day: Int64, resolved: Bool) {
        let name = "c-\(who)-\(day)"
        log.append([
            event(
                "interaction.created", day * Self.day, who, name,
                ["channel": .text("voice"), "direction": .text("inbound")]),
            Happening("queue.entered", day * Self.day + 1, name, ["queue": .ref("q")]),
            Happening("offer.accepted", day * Self.day + 2, name, ["agent": .ref("ana")]),
            Happening("interaction.disconnected", day * Self.day + 3, name),
            Happening(
                "interaction.completed", day * Self.day + 4, name,
                ["outcome": .text(resolved ? "resolved" : "notResolved")]),
        ])
    }

    private mutating func answers(_ who: String, _ score: Int64, _ day: Int64) {
        log.append(
            event(
                "survey.answered", day * Self.day, who, nil,
                [
                    "invitation_id": .ref("i-\(who)-\(day)"), "score": .integer(score),
                    "kind": .text("nps"),
                ]))
    }

    private func document(
        season: String? = nil, now: Int64 = LifecycleFiguresTests.now
    ) throws -> Document? {
        var run = FoldRun<CustomersProjection>()
        try run.run(log)
        var json = JSONWriter()
        let window = (Timestamp(milliseconds: Self.from), Timestamp(milliseconds: Self.to))
        let isFound = try LifecycleDocument.write(
            LifecycleDocument.Question(window: season == nil ? window : nil, season: season),
            now: Timestamp(milliseconds: now),
            members: { customer in
                persons.first { $0.contains(customer) } ?? [customer]
            }, from: run.rows, to: &json)
        return isFound ? try Document(json) : nil
    }

    private func row(
        _ experience: String, days: Int64, in document: Document?
    ) throws -> [String: Any] {
        let rows = try #require(document).rows("rebuy_after")
        return try #require(
            rows.first { $0.string("experience") == experience && $0.int("days") == days })
    }

    private func row(_ experience: String, days: Int64 = 90) throws -> [String: Any] {
        try row(experience, days: days, in: document())
    }

    @Test("repeat purchase is who bought twice of who bought at all, within the window")
    func repeatPurchase() throws {
        var world = LifecycleFiguresTests()
        world.buys("a", 1_001, 1_050)
        world.buys("b", 999, 1_050)
        world.buys("c", 1_099, 1_100)
        world.buys("d", 900)
        let document = try #require(try world.document())
        #expect(document.root.int("repeat_purchase.part") == 1)
        #expect(document.root.int("repeat_purchase.n") == 3)
    }

    @Test("two names of one person make one buyer, whose orders count once")
    func merged() throws {
        var world = LifecycleFiguresTests()
        world.buys("a", 1_001)
        world.buys("b", 1_050)
        // Event 2 founded a, event 4 founded b.
        let (a, b) = (CustomerID(rawValue: 2), CustomerID(rawValue: 4))
        #expect(try #require(try world.document()).root.int("repeat_purchase.n") == 2)
        world.persons = [[a, b]]
        let document = try #require(try world.document())
        #expect(document.root.int("repeat_purchase.part") == 1)
        #expect(document.root.int("repeat_purchase.n") == 1)
    }

    @Test("churn is who was active at the start and lapsed by the end")
    func churn() throws {
        var world = LifecycleFiguresTests()
        // L is 90 days: who bought on day 915 lapses on day 1,095, on day 925 not before the end.
        world.buys("lapses", 915)
        world.buys("stays", 915, 1_094)
        world.buys("lapsesLater", 925)
        world.buys("wasNotActive", 905)
        let document = try #require(try world.document())
        #expect(document.root.int("churn.part") == 1 && document.root.int("churn.n") == 3)
    }

    @Test("who bought again stands under what they had last gone through")
    func rebuy() throws {
        var world = LifecycleFiguresTests()
        world.buys("promoter", 990, 1_080)
        world.answers("promoter", 9, 1_010)
        world.buys("passive", 990, 1_300)
        world.answers("passive", 7, 1_010)
        world.buys("detractor", 990)
        world.answers("detractor", 6, 1_010)
        // An answer before a later contact is of another experience.
        world.buys("resolved", 990, 1_040)
        world.answers("resolved", 2, 1_005)
        world.calls("resolved", 1_010, resolved: true)
        world.buys("unresolved", 990)
        world.calls("unresolved", 1_010, resolved: false)
        // Resolved, but the second time within a week.
        world.buys("repeats", 990, 1_020)
        world.calls("repeats", 999, resolved: true)
        world.calls("repeats", 1_005, resolved: true)
        world.buys("quiet", 990, 1_050, 1_060)
        // Nothing happened to them in the window, or they had bought nothing yet.
        world.buys("before", 990)
        world.answers("before", 9, 999)
        world.answers("stranger", 9, 1_010)
        world.buys("stranger", 1_200)
        let expected: [(String, Int64, Int64, Int64)] = [
            ("promoter", 90, 1, 1), ("passive", 90, 0, 1), ("passive", 365, 1, 1),
            ("detractor", 90, 0, 1), ("detractor", 365, 0, 1), ("resolved", 90, 1, 1),
            ("unresolved", 90, 1, 2), ("no_contact", 90, 0, 1),
        ]
        for (experience, days, part, n) in expected {
            let row = try world.row(experience, days: days)
            #expect(row.int("part") == part && row.int("n") == n, "\(experience) \(days)")
            #expect(row.int("left_out") == 0, "\(experience) \(days)")
        }
        // A year behind the answer the detractor has not bought for over two L.
        #expect(try world.row("detractor", days: 365).int("lapsed.part") == 1)
        #expect(try world.row("detractor", days: 90).int("lapsed.part") == 0)
    }

    @Test("who cannot be judged yet is left out")
    func young() throws {
        var world = LifecycleFiguresTests()
        world.buys("a", 990)
        world.answers("a", 9, 1_010)
        let early = try world.document(now: 1_100 * Self.day - 1)
        let row = try world.row("promoter", days: 90, in: early)
        #expect(row.int("n") == 0 && row.int("left_out") == 1)
        #expect(row["value"] == nil && early?.root["provisional"] as? Bool == true)
        let later = try world.document(now: 1_100 * Self.day)
        #expect(try world.row("promoter", days: 90, in: later).int("n") == 1)
        #expect(later?.root["provisional"] == nil)
    }

    @Test("a season keeps whom it brought and who bought again within a year behind it")
    func season() throws {
        var world = LifecycleFiguresTests()
        world.buys("kept", 1_050, 1_400)
        world.buys("keptWithin", 1_050, 1_060)
        world.buys("keptLate", 1_050, 1_466)
        world.buys("old", 900, 1_050, 1_200)
        world.buys("called", 1_050, 1_200)
        world.calls("called", 1_060, resolved: true)
        let document = try #require(try world.document(season: "summer"))
        #expect(document.root.int("season_new") == 4)
        func kept(_ experience: String) throws -> [String: Any] {
            try #require(
                document.rows("season_keep").first { $0.string("experience") == experience })
        }
        #expect(try kept("no_contact").int("part") == 1 && kept("no_contact").int("n") == 3)
        #expect(try kept("resolved").int("part") == 1 && kept("resolved").int("n") == 1)
        #expect(try world.document(season: "winter") == nil)
        #expect(document.root["provisional"] == nil)
        let early = try world.document(season: "summer", now: 1_400 * Self.day)
        #expect(early?.root["provisional"] as? Bool == true)
    }
}
