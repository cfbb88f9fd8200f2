import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Word of mouth in LIFECYCLE: customers with an accepted referral over those who are active.
@Suite struct ReferralTests {
    private static let day = Card.day
    /// The window is days 100 to 200, asked on day 300; L is 90 days.
    private static let window = (from: 100 * Card.day, to: 200 * Card.day)

    private static func email(_ person: String) -> Identifier {
        Identifier(kind: "email", value: "\(person)@x.es", strength: .verified)
    }

    private static func says(
        _ type: String, _ day: Int64, of person: String?,
        _ attributes: KeyValuePairs<String, AttributeValue>
    ) -> Happening {
        Happening(type, day * Self.day, nil, attributes, person.map { [email($0)] } ?? [])
    }

    private static func made(_ id: String, by person: String?, _ day: Int64) -> Happening {
        says(
            "referral.made", day, of: person,
            ["referral_id": .ref(id), "referrer": .text("email:\(person ?? "?")")])
    }

    private static func accepted(_ id: String, by person: String?, _ day: Int64) -> Happening {
        says(
            "referral.accepted", day, of: person,
            ["referral_id": .ref(id), "referrer": .text("email:?")])
    }

    private static func buys(_ person: String, _ day: Int64) -> [Happening] {
        let order = AttributeValue.ref("o-\(person)-\(day)")
        return [
            says("order.placed", day, of: person, ["order": order, "total": .euros(100)]),
            says("order.paid", day, of: person, ["order": order]),
        ]
    }

    private static func united(_ people: [String], _ day: Int64) -> Happening {
        Happening("identity.observed", day * Self.day, nil, [:], people.map(email))
    }

    private func told(
        _ happenings: [Happening], now: Int64 = 300
    ) throws -> [String: Any] {
        var log = MemoryLog()
        log.append(happenings)
        var run = FoldRun<CustomersProjection>()
        try run.run(log) { $0.rawValue % 3 == 0 ? .restart : .none }
        var identity = FoldRun<IdentityProjection>()
        try identity.run(log)
        let people = identity.rows
        var json = JSONWriter()
        let isFound = try LifecycleDocument.write(
            LifecycleDocument.Question(
                window: (
                    Timestamp(milliseconds: Self.window.from),
                    Timestamp(milliseconds: Self.window.to)
                )),
            now: Timestamp(milliseconds: now * Self.day),
            members: { (customer) throws(ViewFault) in
                try IdentityView.person(ofCustomer: customer, people)?.customers
            }, from: run.rows, to: &json)
        #expect(isFound)
        return try #require(try Document(json).root["referral"] as? [String: Any])
    }

    @Test("whose referral was accepted in the window counts once, over who is active at its end")
    func story() throws {
        let happenings =
            Self.buys("ana", 150) + Self.buys("ben", 120) + Self.buys("old", 105)
            // Neither is active at the end: bought 91 days before it, or behind it.
            + Self.buys("gone", 109) + Self.buys("late", 201) + [
                Self.made("r1", by: "ana", 50), Self.accepted("r1", by: "friend", 150),
                Self.made("r2", by: "ana", 60), Self.accepted("r2", by: "other", 160),
                // Told by nobody's own event is none's acceptance; of the referrer it is one.
                Self.made("r3", by: "ben", 60), Self.accepted("r3", by: nil, 160),
                Self.made("r4", by: "gone", 60), Self.accepted("r4", by: "gone", 199),
                // Before the window, behind it, never accepted, made by nobody.
                Self.made("r5", by: "old", 50), Self.accepted("r5", by: "x", 99),
                Self.made("r6", by: "old", 50), Self.accepted("r6", by: "x", 200),
                Self.made("r7", by: "old", 50), Self.accepted("r8", by: "x", 150),
            ]
        let referral = try told(happenings.reversed())
        #expect(referral.int("part") == 2 && referral.int("n") == 2)
        #expect(referral.int("inactive") == 1 && referral.int("left_out") == 1)
        #expect(referral["value"] as? Double == 1 && referral["low"] == nil)
        // Accepted again in the window: the first time counts.
        let again = try told(
            happenings + [Self.accepted("r5", by: "y", 150), Self.united(["ana", "ben"], 250)])
        #expect(again.int("part") == 2 && again.int("n") == 1)
    }

    @Test("without anybody active there is no rate, and an interval where all who referred are")
    func edges() throws {
        let none = try told([Self.made("r", by: "a", 1), Self.accepted("r", by: "b", 150)])
        #expect(none["value"] == nil && none.int("part") == 1 && none.int("n") == 0)
        #expect(none.int("inactive") == 1)
        let one = try told(
            Self.buys("a", 150) + Self.buys("c", 150) + [
                Self.made("r", by: "a", 1), Self.accepted("r", by: "b", 150),
            ])
        #expect(one["value"] as? Double == 0.5 && one["low"] != nil && one["high"] != nil)
        // As of a moment within the window nothing behind it counts.
        let early = try told(
            [Self.made("r", by: "a", 1), Self.accepted("r", by: "b", 150)], now: 149)
        #expect(early.int("part") == 0)
    }

    @Test("a plain recomputation of random lives agrees", arguments: 1...8 as ClosedRange<UInt64>)
    func recomputed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func below(_ bound: Int64) -> Int64 { Int64.random(in: 0..<bound, using: &random) }
        var happenings: [Happening] = []
        var orders: [(person: Int64, day: Int64)] = []
        var makers: [Int64: Set<Int64>] = [:]
        var firstAccepted: [Int64: Int64] = [:]
        for _ in 0..<160 {
            let (person, day, id) = (below(24), below(320), below(40))
            switch below(4) {
            case 0:
                happenings += Self.buys("\(person)", day)
                orders.append((person, day))
            case 1:
                happenings.append(Self.made("r\(id)", by: "\(person)", day))
                if day <= 300 { makers[id, default: []].insert(person) }
            default:
                happenings.append(Self.accepted("r\(id)", by: "\(person)", day))
                if day <= 300 { firstAccepted[id] = min(firstAccepted[id] ?? .max, day) }
            }
        }
        happenings.shuffle(using: &random)
        // Pairs are one person: 0 and 1, 2 and 3.
        happenings += [Self.united(["0", "1"], 310), Self.united(["2", "3"], 310)]
        func person(_ number: Int64) -> Int64 { number < 4 ? number / 2 * 2 : number }
        var active: Set<Int64> = []
        for order in orders where order.day <= 200 && 200 - order.day <= 90 {
            active.insert(person(order.person))
        }
        var referrers: Set<Int64> = []
        var unmade: Int64 = 0
        for (id, day) in firstAccepted where (100..<200).contains(day) {
            let own = makers[id] ?? []
            if own.isEmpty { unmade += 1 }
            referrers.formUnion(own.map(person))
        }
        let referral = try told(happenings)
        #expect(referral.int("part") == Int64(referrers.count))
        #expect(referral.int("n") == Int64(active.count))
        #expect(referral.int("inactive") == Int64(referrers.subtracting(active).count))
        #expect(referral.int("left_out") == unmade)
    }
}
