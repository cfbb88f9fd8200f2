import EventModel
import FoldTesting
import Testing

@testable import Views

/// One spec for each signal: when it begins, what ends it, whatever order events arrive in.
@Suite struct SignalTests {
    static let hour: Int64 = 3_600_000
    static let day = Card.day

    /// Expects a signal as of a moment, on the card and in SIGNALS alike: in order, reversed, and where a
    /// source says all of it again under other ids.
    func expect(
        _ kind: SignalKind, _ isThere: Bool, at now: Int64, _ happenings: [Happening],
        location: SourceLocation = #_sourceLocation
    ) throws {
        for order in [happenings, happenings.reversed(), happenings + happenings] {
            let card = try Card(order)
            let shown = try card.signals(now: now).filter { $0 == "\(kind.word)" }
            let listed = try card.listed(kind, now: now)
            #expect(shown.isEmpty == !isThere, "on the card", sourceLocation: location)
            #expect(listed.isEmpty == !isThere, "in SIGNALS", sourceLocation: location)
            #expect(shown.count == listed.count, sourceLocation: location)
            for signal in listed {
                #expect(signal.string("customer") == "c_1", sourceLocation: location)
                #expect(
                    (signal["positions"] as? [Int])?.isEmpty == false, sourceLocation: location)
            }
        }
    }

    func call(
        _ name: String, _ channel: String, from start: Int64, _ rest: [Happening] = []
    ) -> [Happening] {
        [
            Card.ana(
                "interaction.created", start, name,
                ["channel": .text(channel), "direction": .text("inbound")]),
            Happening("queue.entered", start + 1_000, name, ["queue": .ref("q")]),
        ] + rest
    }

    func abandoned(_ name: String, at moment: Int64) -> Happening {
        Happening("interaction.abandoned", moment, name, ["phase": .text("queue")])
    }

    func answered(_ name: String, at moment: Int64) -> [Happening] {
        [
            Happening("agent.connected", moment, name, ["agent": .ref("bea")]),
            Happening("interaction.disconnected", moment + 60_000, name, ["by": .text("customer")]),
            Happening("interaction.completed", moment + 61_000, name),
        ]
    }

    @Test("answers a survey badly and nobody follows up")
    func badSurvey() throws {
        func answer(_ kind: String, _ score: Int64) -> [Happening] {
            [
                Card.ana(
                    "survey.invited", 1_000, nil, ["invitation_id": .ref("v"), "kind": .text(kind)]),
                Happening(
                    "survey.answered", 5_000, nil,
                    ["invitation_id": .ref("v"), "score": .integer(score)]),
            ]
        }
        try expect(.badSurvey, true, at: 9_000, answer("nps", 0))
        try expect(.badSurvey, true, at: 9_000, answer("nps", 6))
        try expect(.badSurvey, false, at: 9_000, answer("nps", 7))
        try expect(.badSurvey, true, at: 9_000, answer("csat", 2))
        try expect(.badSurvey, false, at: 9_000, answer("csat", 3))
        try expect(.badSurvey, false, at: 40 * Self.day, answer("nps", 0))
        let followed = Happening("survey.followedUp", 7_000, nil, ["invitation_id": .ref("v")])
        try expect(.badSurvey, false, at: 9_000, answer("nps", 0) + [followed])
    }

    @Test("an answer is bad by its own scale, and by the direction of it")
    func scales() throws {
        func answer(
            _ kind: String, _ score: Int64, _ told: [(String, AttributeValue)]
        ) -> [Happening] {
            let asked: [(String, AttributeValue)] = [
                ("invitation_id", .ref("v")), ("kind", .text(kind)),
            ]
            return [
                Card.ana("survey.invited", 1_000).with(asked + told),
                Happening(
                    "survey.answered", 5_000, nil,
                    ["invitation_id": .ref("v"), "score": .integer(score)]),
            ]
        }
        let marks: [(String, AttributeValue)] = [("direction", .text("lowIsGood"))]
        try expect(.badSurvey, false, at: 9_000, answer("csat", 1, marks))
        try expect(.badSurvey, true, at: 9_000, answer("csat", 5, marks))
        let ofTen: [(String, AttributeValue)] = [("scale", .text("1-10"))] + marks
        try expect(.badSurvey, false, at: 9_000, answer("csat", 5, ofTen))
        try expect(.badSurvey, true, at: 9_000, answer("csat", 9, ofTen))
        try expect(.badSurvey, false, at: 9_000, answer("ces", 4, marks))
        try expect(.badSurvey, true, at: 9_000, answer("ces", 6, marks))
    }

    private var order: Happening {
        Card.ana(
            "order.placed", 1_000, nil,
            ["order": .ref("o-1"), "total": .euros(5_000), "promised_to": .at(Self.day)])
    }

    private func parcel(_ type: String, _ moment: Int64) -> Happening {
        Happening(type, moment, nil, ["order": .ref("o-1"), "shipment_id": .ref("s-1")])
    }

    @Test("waits for an order that should be there")
    func orderLate() throws {
        try expect(.orderLate, false, at: Self.day - 1, [order])
        try expect(.orderLate, true, at: Self.day, [order])
        let sent = [order, parcel("shipment.sent", 5_000)]
        try expect(.orderLate, true, at: 2 * Self.day, sent)
        let there = sent + [parcel("delivery.delivered", 2 * Self.day)]
        try expect(.orderLate, false, at: 3 * Self.day, there)
        let cancelled = sent + [Happening("order.cancelled", 6_000, nil, ["order": .ref("o-1")])]
        try expect(.orderLate, false, at: 3 * Self.day, cancelled)
    }

    @Test("had a late delivery and says nothing")
    func silentlyUnhappy() throws {
        let late = [order, parcel("delivery.delivered", 3 * Self.day)]
        try expect(.silentlyUnhappy, false, at: 9 * Self.day, late)
        try expect(.silentlyUnhappy, true, at: 11 * Self.day, late)
        try expect(
            .silentlyUnhappy, false, at: 11 * Self.day,
            late + call("c-1", "voice", from: 4 * Self.day))
        let inTime = [order, parcel("delivery.delivered", 9_000)]
        try expect(.silentlyUnhappy, false, at: 11 * Self.day, inTime)
        // Whoever says what they think is not silent.
        let review = Card.ana(
            "review.posted", 4 * Self.day, nil, ["review_id": .ref("r"), "rating": .integer(1)])
        try expect(.silentlyUnhappy, false, at: 11 * Self.day, late + [review])
        let word = Card.ana(
            "feedback.given", 4 * Self.day, nil,
            ["feedback_id": .ref("f"), "about": .text("delivery")])
        try expect(.silentlyUnhappy, false, at: 11 * Self.day, late + [word])
    }

    @Test("what nobody collected was not delivered, and is not late")
    func notCollected() throws {
        func pickup(_ type: String, _ moment: Int64) -> Happening {
            Happening(type, moment, nil, ["order": .ref("o-1"), "shop": .text("s")])
        }
        let expired = [
            order, pickup("pickup.ready", 9_000), pickup("pickup.expired", 3 * Self.day),
        ]
        try expect(.silentlyUnhappy, false, at: 11 * Self.day, expired)
        try expect(.orderLate, false, at: 11 * Self.day, expired)
        let card = try Card(expired)
        let told = try card.list(.orders, now: 11 * Self.day, history: true)
        #expect(told.first?.string("state") == "expired" && told.first?.int("late_ms") == nil)
    }

    @Test("was promised something that is due; is owed money; could not pay")
    func owed() throws {
        let promise = Card.ana(
            "promise.made", 1_000, nil, ["promise_id": .ref("p"), "due": .at(5_000)])
        try expect(.promiseDue, false, at: 4_999, [promise])
        try expect(.promiseDue, true, at: 5_000, [promise])
        let kept = Happening("promise.kept", 4_000, nil, ["promise_id": .ref("p")])
        try expect(.promiseDue, false, at: 9_000, [promise, kept])

        let about: KeyValuePairs<String, AttributeValue> = [
            "order": .ref("o-1"), "refund_id": .ref("r"), "amount": .euros(100),
        ]
        let asked = Happening("refund.requested", 2_000, nil, about)
        try expect(.refundOverdue, false, at: 14 * Self.day, [order, asked])
        try expect(.refundOverdue, true, at: 14 * Self.day + 2_000, [order, asked])
        let issued = Happening("refund.issued", 3_000, nil, about)
        try expect(.refundOverdue, false, at: 15 * Self.day, [order, asked, issued])

        let failed = Happening("order.paymentFailed", 2_000, nil, ["order": .ref("o-1")])
        let paid = Happening("order.paid", 3_000, nil, ["order": .ref("o-1")])
        try expect(.paymentFailed, true, at: 9_000, [order, failed])
        try expect(.paymentFailed, false, at: 9_000, [order, failed, paid])
    }

    @Test("searches help in vain; leaves a cart after talking to us")
    func lost() throws {
        func search(_ results: Int64, _ moment: Int64) -> Happening {
            Card.ana(
                "search.made", moment, nil,
                ["session_id": .ref("v"), "query": .text("x"), "results": .integer(results)])
        }
        try expect(.searchWithoutResult, true, at: 9_000, [search(3, 1_000), search(0, 2_000)])
        try expect(.searchWithoutResult, false, at: 9_000, [search(0, 1_000), search(3, 2_000)])
        try expect(
            .searchWithoutResult, false, at: 9_000,
            [search(0, 1_000)] + call("c-1", "voice", from: 3_000))

        let cart = Card.ana("cart.changed", 5_000, nil, ["cart_id": .ref("w")])
        let contact = call("c-1", "chat", from: 1_000, answered("c-1", at: 2_000))
        try expect(.cartLeft, true, at: 2 * Self.hour, contact + [cart])
        try expect(.cartLeft, false, at: 2 * Self.hour, [cart])
        let later = call("c-1", "chat", from: 6_000, answered("c-1", at: 7_000))
        try expect(.cartLeft, false, at: 2 * Self.hour, [cart] + later)
        let unpaid = Card.ana(
            "order.placed", 9_000, nil, ["order": .ref("o-8"), "total": .euros(1)])
        try expect(.cartLeft, false, at: 2 * Self.hour, contact + [cart, unpaid])
        let bought = [
            Card.ana("order.placed", 9_000, nil, ["order": .ref("o-9"), "total": .euros(1)]),
            Card.ana("order.paid", 9_001, nil, ["order": .ref("o-9")]),
        ]
        try expect(.cartLeft, false, at: 2 * Self.hour, contact + [cart] + bought)
    }

    @Test("buys more than most and has stopped; buys for the first time, in a season")
    func value() throws {
        func order(_ name: String, _ day: Int64) -> [Happening] {
            [
                Card.ana(
                    "order.placed", day * Self.day, nil,
                    ["order": .ref(name), "total": .euros(9_000)]),
                Card.ana("order.paid", day * Self.day + 1, nil, ["order": .ref(name)]),
            ]
        }
        let orders = order("a", 1) + order("b", 11) + order("c", 21)
        let cut = Happening(
            "thresholds.published", 0, nil,
            ["values": .text("{\"monetary_top\":20000,\"monetary_currency\":\"EUR\"}")])
        try expect(.highValueAtRisk, false, at: 35 * Self.day, orders + [cut])
        try expect(.highValueAtRisk, true, at: 36 * Self.day, orders + [cut])
        try expect(.highValueAtRisk, false, at: 36 * Self.day, orders)
        // As their stage says it: no gap is longer than L, and who bought once may be gone, too.
        let seldom = order("a", 1) + order("b", 101) + order("c", 201)
        try expect(.highValueAtRisk, false, at: 290 * Self.day, seldom + [cut])
        try expect(.highValueAtRisk, true, at: 291 * Self.day, seldom + [cut])
        let low = Happening(
            "thresholds.published", 0, nil,
            ["values": .text("{\"monetary_top\":9000,\"monetary_currency\":\"EUR\"}")])
        try expect(.highValueAtRisk, false, at: 90 * Self.day, order("a", 1) + [low])
        try expect(.highValueAtRisk, true, at: 91 * Self.day, order("a", 1) + [low])
        let season = Happening(
            "definition.set", 0, nil,
            [
                "kind": .text("season"), "key": .text("spring"),
                "body": .text(
                    "{\"from\":\"1970-01-01T00:00:00Z\",\"to\":\"1970-01-10T00:00:00Z\"}"),
            ])
        try expect(.firstInSeason, true, at: 3 * Self.day, order("a", 1) + [season])
        try expect(.firstInSeason, false, at: 13 * Self.day, order("a", 11) + [season])
        try expect(
            .firstInSeason, false, at: 13 * Self.day, order("a", 1) + order("b", 11) + [season])
    }

    @Test("a definition says when a signal begins; SIGNALS lists the oldest first, by age")
    func defined() throws {
        let set = Happening(
            "definition.set", 0, nil,
            [
                "kind": .text("signal"), "key": .text("promiseDue"),
                "body": .text("{\"after_ms\":1000}"),
            ])
        func promise(_ name: String, _ due: Int64) -> Happening {
            Card.ana("promise.made", 1, nil, ["promise_id": .ref(name), "due": .at(due)])
        }
        let card = try Card([
            set, promise("late", 5_000), promise("early", 3_000), promise("x", 9_000),
        ])
        let now: Int64 = 7_000
        let listed = try card.listed(.promiseDue, now: now)
        #expect(listed.map { $0.string("promise") } == ["early", "late"])
        #expect(listed.map { $0.int("age_ms") } == [3_000, 1_000])
        #expect(try card.listed(.promiseDue, now: now, older: 2_000).count == 1)
    }
}
