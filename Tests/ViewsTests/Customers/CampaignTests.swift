import EventModel
import FoldTesting
import Testing

@testable import Views

@Suite("campaigns: who was reached, and what they answered with") struct CampaignTests {
    private static let day = Card.day

    private static func says(
        _ type: String, _ day: Int64, _ campaign: String?, of person: String,
        _ attributes: KeyValuePairs<String, AttributeValue> = [:]
    ) -> Happening {
        var happening = Happening(
            type, day * Self.day, nil, attributes,
            [Identifier(kind: "crm", value: person, strength: .verified)])
        if let campaign { happening.attributes.append(("campaign", .ref(campaign))) }
        return happening
    }

    private static func coupon(_ day: Int64, _ campaign: String?, of person: String) -> Happening {
        says("coupon.applied", day, campaign, of: person, ["coupon": .text("X")])
    }

    private static func order(_ day: Int64, of person: String) -> [Happening] {
        let order = AttributeValue.ref("o-\(person)-\(day)")
        return [
            says("order.placed", day, nil, of: person, ["order": order, "total": .euros(100)]),
            says("order.paid", day, nil, of: person, ["order": order]),
        ]
    }

    private func told(
        _ happenings: [Happening], from: Int64 = 0, to: Int64 = 100, now: Int64 = 100
    ) throws -> [[String: Any]] {
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
                    Timestamp(milliseconds: from * Self.day), Timestamp(milliseconds: to * Self.day)
                ), hasCampaigns: true),
            now: Timestamp(milliseconds: now * Self.day),
            members: { (customer) throws(ViewFault) in
                try IdentityView.person(ofCustomer: customer, people)?.customers
            }, from: run.rows, to: &json)
        #expect(isFound)
        return try Document(json).rows("campaigns")
    }

    @Test("a coupon and an order count from the entry on, an order until the end, late events too")
    func responses() throws {
        let happenings =
            [
                Self.says("campaign.entered", 10, "spring", of: "1"),
                Self.says("campaign.entered", 10, "spring", of: "2"),
                Self.says("campaign.entered", 10, "spring", of: "3"),
                Self.says("campaign.entered", 20, "summer", of: "3"),
                Self.coupon(12, "spring", of: "1"), Self.coupon(13, "spring", of: "1"),
                // Before the campaign had reached them, and one of no campaign.
                Self.coupon(9, "spring", of: "2"), Self.coupon(12, nil, of: "3"),
                Self.says("campaign.left", 30, "spring", of: "2"),
            ] + Self.order(31, of: "2") + Self.order(9, of: "3") + Self.order(15, of: "1")
        var campaigns = try told(happenings.reversed())
        #expect(campaigns.map { $0.string("campaign") } == ["spring", "summer"])
        #expect(campaigns[0].int("coupon_response.n") == 3)
        #expect(campaigns[0].int("coupon_response.part") == 1 && campaigns[0].int("coupons") == 3)
        #expect(campaigns[0].int("purchase_response.part") == 1)
        #expect(campaigns[1].int("coupon_response.n") == 1)
        #expect(campaigns[1].int("purchase_response.part") == 0)
        campaigns = try told(happenings, from: 15)
        #expect(campaigns.map { $0.string("campaign") } == ["summer"])
        #expect(try told(happenings, now: 9).isEmpty)
    }

    @Test("two customers who are one person are reached once")
    func once() throws {
        let email = Identifier(kind: "email", value: "a@x.es", strength: .verified)
        var entered = Self.says("campaign.entered", 1, "spring", of: "1")
        var again = entered
        again.identifiers = [email]
        entered.occurred += 1
        let login = Happening(
            "identity.observed", 2 * Self.day, nil, [:],
            [Identifier(kind: "crm", value: "1", strength: .verified), email])
        let campaigns = try told([entered, again, login, Self.coupon(3, "spring", of: "1")])
        #expect(campaigns.count == 1 && campaigns[0].int("coupon_response.n") == 1)
        #expect(campaigns[0].int("coupon_response.part") == 1)
    }

    @Test("the card names the campaigns they are in")
    func card() throws {
        let card = try Card([
            Card.ana("campaign.entered", 1_000, nil, ["campaign": .ref("spring")]),
            Card.ana("campaign.entered", 1_000, nil, ["campaign": .ref("summer")]),
            Card.ana(
                "coupon.applied", 2_000, nil, ["campaign": .ref("spring"), "coupon": .text("X")]),
            Card.ana("campaign.left", 3_000, nil, ["campaign": .ref("summer")]),
            Card.ana(
                "coupon.applied", 2_000, nil, ["campaign": .ref("never"), "coupon": .text("Y")]),
        ])
        let campaigns = try card.list(.campaigns, now: 9_000)
        #expect(campaigns.map { $0.string("campaign") } == ["spring"])
        #expect(campaigns[0].string("coupon") == "X" && campaigns[0].int("position") == 2)
    }
}
