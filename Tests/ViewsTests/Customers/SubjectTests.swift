import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

@Suite struct SubjectTests {
    @Test(
        "given an order, when the warehouse speaks of its parcel without naming her, then it is hers"
    )
    func parcel() throws {
        let card = try Card([
            Card.ana(
                "order.placed", 1_000, nil,
                ["order": .ref("o-1"), "total": .euros(5_000), "promised_to": .at(9_000)]),
            Happening(
                "shipment.sent", 3_000, nil,
                ["order": .ref("o-1"), "shipment_id": .ref("s-1"), "carrier": .text("dpd")]),
            Happening(
                "delivery.delivered", 12_000, nil,
                ["order": .ref("o-1"), "shipment_id": .ref("s-1")]),
        ])
        let order = try #require(try card.list(.orders, now: 20_000).first)
        #expect(order.string("order") == "o-1" && order.string("state") == "delivered")
        #expect(order.int("position") == 4 && order.int("placed_position") == 2)
        #expect(order.int("late_ms") == 3_000 && order.int("total.minor_units") == 5_000)
        let shipment = try #require((order["shipments"] as? [[String: Any]])?.first)
        #expect(shipment.string("carrier") == "dpd" && shipment.string("state") == "delivered")
        let timeline = try Timeline.positions(
            of: .customer(CustomerID(rawValue: 1)), count: 9, card.rows)
        #expect(timeline.map(\.rawValue) == [4, 3, 2, 1])
    }

    @Test("an order is open until all of its parcels are there and all of its money is back")
    func open() throws {
        var happenings = [
            Card.ana("order.placed", 1_000, nil, ["order": .ref("o-1"), "total": .euros(5_000)]),
            Happening(
                "shipment.sent", 2_000, nil, ["order": .ref("o-1"), "shipment_id": .ref("a")]),
            Happening(
                "shipment.sent", 2_000, nil, ["order": .ref("o-1"), "shipment_id": .ref("b")]),
            Happening(
                "delivery.delivered", 3_000, nil, ["order": .ref("o-1"), "shipment_id": .ref("a")]),
        ]
        func isOpen() throws -> Bool {
            let order = try Card(happenings).list(.orders, now: 10_000).first
            return order?["open"] as? Bool ?? false
        }
        #expect(try isOpen())
        happenings.append(
            Happening(
                "delivery.delivered", 4_000, nil, ["order": .ref("o-1"), "shipment_id": .ref("b")]))
        #expect(try !isOpen())
        happenings.append(
            Happening(
                "refund.requested", 5_000, nil,
                ["order": .ref("o-1"), "refund_id": .ref("r"), "amount": .euros(1_000)]))
        #expect(try isOpen())
        happenings.append(
            Happening(
                "refund.issued", 6_000, nil,
                ["order": .ref("o-1"), "refund_id": .ref("r"), "amount": .euros(1_000)]))
        #expect(try !isOpen())
        let value = try Card(happenings).document(now: 10_000).root
        // Nothing was paid, so that it does not count yet.
        #expect(value["value"] == nil)
    }

    @Test("what is said of a trait later counts, whenever it arrives; earlier values stay")
    func traits() throws {
        let card = try Card([
            Card.ana("trait.set", 5_000, nil, ["name": .text("city"), "value": .text("Porto")]),
            Card.ana("trait.set", 2_000, nil, ["name": .text("city"), "value": .text("Lisboa")]),
            Card.ana("trait.set", 3_000, nil, ["name": .text("name"), "value": .text("Ana")]),
            Card.ana("trait.removed", 4_000, nil, ["name": .text("name")]),
        ])
        let traits = try card.list(.traits, now: 9_000)
        #expect(traits.count == 1 && traits[0].string("value") == "Porto")
        #expect(traits[0].int("position") == 2 && traits[0].string("source") == "test")
        let all = try card.list(.traits, now: 9_000, history: true)
        #expect(all.map { $0.string("state") } == ["set", "removed"])
        let earlier = try #require(all[0]["earlier"] as? [[String: Any]])
        #expect(earlier.map { $0.string("value") } == ["Lisboa"])
        let unknown = try card.document(now: 9_000).root["unknown"] as? [String]
        #expect(unknown == ["name", "language", "phone", "consent"])
    }

    @Test("of consents said at one moment the more protective counts", arguments: [true, false])
    func consents(withdrawnFirst: Bool) throws {
        let about: KeyValuePairs<String, AttributeValue> = [
            "purpose": .text("marketing"), "brand": .ref("shop"), "channel": .text("email"),
        ]
        let given = Card.ana("consent.given", 5_000, nil, about)
        let withdrawn = Card.ana("consent.withdrawn", 5_000, nil, about)
        let card = try Card(withdrawnFirst ? [withdrawn, given] : [given, withdrawn])
        let consents = try card.list(.consents, now: 9_000)
        #expect(consents.map { $0.string("state") } == ["withdrawn"])
        let later = Card.ana("consent.given", 6_000, nil, about)
        let again = try Card([given, later, withdrawn]).list(.consents, now: 9_000)
        #expect(again.map { $0.string("state") } == ["given"])
        #expect(again[0].string("channel") == "email")
    }

    @Test("flags and preferences hold until their time is over")
    func until() throws {
        let card = try Card([
            Card.ana("flag.raised", 1_000, nil, ["flag": .text("vip"), "until": .at(8_000)]),
            Card.ana(
                "flag.raised", 1_000, nil, ["flag": .text("vulnerable"), "reason": .text("secret")]),
            Card.ana(
                "preference.set", 1_000, nil,
                ["name": .text("language"), "value": .text("pt"), "valid_until": .at(8_000)]),
            Card.ana("flag.cleared", 3_000, nil, ["flag": .text("minor")]),
        ])
        #expect(
            try card.list(.flags, now: 5_000).map { $0.string("flag") } == ["vip", "vulnerable"])
        #expect(try card.list(.flags, now: 9_000).map { $0.string("flag") } == ["vulnerable"])
        #expect(try card.list(.preferences, now: 9_000).isEmpty)
        #expect(try !card.document(now: 5_000, history: true).text.contains("secret"))
    }

    @Test("a case shows its step and owner, a promise when it is due, a callback whether it came")
    func service() throws {
        let card = try Card([
            Card.ana(
                "case.opened", 1_000, nil,
                ["case_id": .ref("k-1"), "kind": .text("damage"), "owner": .ref("ana")]),
            Happening(
                "case.stepped", 3_000, nil,
                [
                    "case_id": .ref("k-1"), "step": .text("photo"), "state": .text("waiting"),
                    "owner": .ref("bea"),
                ]),
            Happening(
                "case.stepped", 2_000, nil,
                ["case_id": .ref("k-1"), "step": .text("intake"), "state": .text("done")]),
            Card.ana(
                "promise.made", 1_000, nil,
                ["promise_id": .ref("p-1"), "what": .text("call back"), "due": .at(7_000)]),
            Happening(
                "callback.scheduled", 1_500, nil,
                ["callback_id": .ref("b-1"), "due_from": .at(4_000)]),
            Card.ana(
                "callback.requested", 1_000, "c-1",
                ["callback_id": .ref("b-1"), "number": .text("+34")]),
            Happening("callback.reached", 4_000, nil, ["callback_id": .ref("b-1")]),
        ])
        let open = try #require(try card.list(.cases, now: 9_000).first)
        #expect(open.string("step") == "photo" && open.string("step_state") == "waiting")
        #expect(open.string("owner") == "bea" && open.string("state") == "open")
        #expect(open.string("kind") == "damage")
        let promise = try #require(try card.list(.promises, now: 9_000).first)
        #expect(promise.string("due") == "1970-01-01T00:00:07.000Z")
        #expect(try card.list(.callbacks, now: 9_000).map { $0.string("state") } == ["reached"])
        let bounded = try card.document(now: 9_000, sections: nil)
        #expect(bounded.rows("callbacks").isEmpty)
    }

    @Test("a visit before somebody is known is theirs once the visit names them")
    func visit() throws {
        let card = try Card([
            Happening(
                "session.started", 1_000, nil, ["session_id": .ref("v-1"), "channel": .text("web")]),
            Happening(
                "search.made", 2_000, nil,
                ["session_id": .ref("v-1"), "query": .text("return"), "results": .integer(0)]),
            Happening(
                "web.viewed", 3_000, nil, ["session_id": .ref("v-1"), "page": .text("/help")]),
            Card.ana(
                "cart.changed", 4_000, nil, ["cart_id": .ref("w-1"), "product": .ref("shoe")]),
            Card.ana(
                "web.viewed", 5_000, nil, ["session_id": .ref("v-1"), "page": .text("/login")]),
        ])
        let visit = try #require(try card.list(.session, now: 9_000).first)
        #expect(visit.string("session") == "v-1" && visit.string("page") == "/login")
        #expect(visit.string("query") == "return" && visit.int("results") == 0)
        #expect(try card.list(.cart, now: 9_000).first?.string("product") == "shoe")
    }

    @Test(
        "whatever order events arrive in, the card says the same",
        arguments: 1...12 as ClosedRange<UInt64>)
    func arrival(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let happenings = RandomLife.happenings(120, &random)
        let inOrder = try Card(happenings)
        let now: Int64 = 400 * Card.day
        let expected = try Self.withoutPositions(inOrder.document(now: now, history: true).root)
        for _ in 0..<3 {
            let shuffled = try Card(happenings.shuffled(using: &random))
            let text = try Self.withoutPositions(shuffled.document(now: now, history: true).root)
            #expect(text == expected, "seed \(seed)")
            for kind in SignalKind.allCases {
                let there = try inOrder.listed(kind, now: now).map { Self.plain($0) }
                let here = try shuffled.listed(kind, now: now).map { Self.plain($0) }
                #expect(Set(there) == Set(here), "\(kind) seed \(seed)")
            }
        }
    }

    private static func plain(_ object: [String: Any]) -> String {
        withoutPositions(object)
    }

    /// A document as text with its members in order and without the places of events in the log.
    private static func withoutPositions(_ value: Any) -> String {
        switch value {
        case let object as [String: Any]:
            let kept = object.keys.filter { !$0.contains("position") && $0 != "events" }
            return "{"
                + kept.sorted().map { "\($0):\(withoutPositions(object[$0] ?? ""))" }
                .joined(separator: ",") + "}"
        case let array as [Any]:
            return "[" + array.map { withoutPositions($0) }.joined(separator: ",") + "]"
        default: return "\(value)"
        }
    }
}
