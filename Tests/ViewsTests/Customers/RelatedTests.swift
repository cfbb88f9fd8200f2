import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Whom events name in another role: related parties.
@Suite struct RelatedTests {
    private static func named(
        _ role: IdentifierRole, _ value: String, kind: String = "phone"
    ) -> Identifier {
        Identifier(kind: kind, value: value, role: role)
    }

    private static func gift(_ order: String, _ occurred: Int64, to value: String) -> Happening {
        Happening(
            "order.placed", occurred, nil, ["order": .ref(order)],
            [Card.email, named(.recipient, value)])
    }

    @Test(
        "given a gift, then who receives it stands on the card, with role and events, and is nobody"
    )
    func recipient() throws {
        let card = try Card([
            Self.gift("o-1", 5_000, to: "+34600000002"),
            Self.gift("o-2", 2_000, to: "+34600000002"),
            Happening(
                "order.paid", 7_000, nil, ["order": .ref("o-2")],
                [Card.email, Self.named(.payer, "+34600000003")]),
        ])
        let related = try card.list(.related, now: 9_000)
        #expect(related.map { $0.string("role") } == ["payer", "recipient"])
        #expect(related[1].string("kind") == "phone")
        #expect(related[1].string("value") == "+34600000002")
        // What happened first counts as first, whenever it came.
        #expect(related[1].int("first_position") == 3 && related[1].int("last_position") == 2)
        #expect(try card.document(now: 9_000).rows("identifiers").count == 1)
        let whole = try card.document(now: 9_000, sections: nil)
        #expect(whole.rows("related").count == 2)
    }

    @Test("who sends to themselves is no other, told before or behind")
    func themselves() throws {
        let own = Identifier(kind: "phone", value: "+34600000002", strength: .verified)
        let shown = Happening("identity.observed", 4_000, nil, [:], [Card.email, own])
        let gift = Self.gift("o-1", 2_000, to: "+34600000002")
        for order in [[shown, gift], [gift, shown]] {
            let card = try Card(order)
            let other = order[0].type == "identity.observed" ? 2 : 3
            let members: [UInt64] = [1, UInt64(other) | 1 << 60, UInt64(other)]
            let document = try card.document(now: 9_000, sections: [.related], of: members)
            #expect(document.rows("related").isEmpty, "\(order.map(\.type))")
        }
    }

    @Test(
        "for whom somebody calls is told once the caller is known; an order tells whose parcel it is"
    )
    func late() throws {
        let card = try Card([
            Happening(
                "interaction.created", 1_000, "c-1", ["channel": .text("voice")],
                [Self.named(.callerFor, "m-9", kind: "crm")]),
            Card.ana("auth.succeeded", 2_000, "c-1"),
            Card.ana("order.placed", 3_000, nil, ["order": .ref("o-1")]),
            Happening(
                "shipment.sent", 4_000, nil,
                ["order": .ref("o-1"), "shipment_id": .ref("s-1")],
                [Self.named(.recipient, "+34600000002")]),
        ])
        let related = try card.list(.related, now: 9_000)
        #expect(related.map { $0.string("role") } == ["recipient", "caller_for"])
        #expect(related.map { $0.int("last_position") } == [5, 2])
    }

    @Test(
        "those seen last are kept, as telling it naively says",
        arguments: 1...8 as ClosedRange<UInt64>)
    func naive(seed: UInt64) throws {
        struct Told: Equatable {
            var role: IdentifierRole
            var value: String
            var last: (Int64, Int)
            static func == (left: Told, right: Told) -> Bool {
                left.role == right.role && left.value == right.value && left.last == right.last
            }
        }
        var random = SeededGenerator(seed: seed)
        var happenings: [Happening] = []
        var told: [Told] = []
        for position in 2...200 {
            let role = try #require(
                IdentifierRole.allCases.dropFirst().randomElement(using: &random))
            let value = "n-\(Int.random(in: 0..<24, using: &random))"
            let occurred = Int64.random(in: 0..<9_000, using: &random)
            happenings.append(
                Happening(
                    "order.placed", occurred, nil, ["order": .ref("o-1")],
                    [Card.email, Self.named(role, value, kind: "crm")]))
            if let index = told.firstIndex(where: { $0.role == role && $0.value == value }) {
                if told[index].last < (occurred, position) {
                    told[index].last = (occurred, position)
                }
            } else {
                told.append(Told(role: role, value: value, last: (occurred, position)))
            }
            if told.count > ViewLimits.relatedKept {
                told.sort { $1.last < $0.last }
                told.removeLast()
            }
        }
        told.sort { $1.last < $0.last }
        let related = try Card(happenings).list(.related, now: 9_000)
        #expect(related.compactMap { $0.string("value") } == told.map(\.value), "seed \(seed)")
        #expect(
            related.compactMap { $0.string("role") } == told.map { "\($0.role.attributeName)" },
            "seed \(seed)")
        #expect(related.count == ViewLimits.relatedKept, "seed \(seed)")
    }

    @Test("who is redacted as a recipient, or erased, is named on nobody's card from then on")
    func removed() throws {
        let gifts = [
            Self.gift("o-1", 1_000, to: "+34600000002"),
            Self.gift("o-2", 2_000, to: "+34600000003"),
        ]
        for removal in [
            Happening(
                "event.redacted", 3_000, nil,
                ["parts": .text("2:#1"), "reason": .text("test")]),
            Happening(
                "customer.erased", 3_000, nil,
                [
                    "surrogate": .ref(Surrogate(drawing: { 77 << 20 }).text),
                    "reason": .text("test"), "quoted": .text("1=0/0:2"),
                ]),
        ] {
            let related = try Card(gifts + [removal]).list(.related, now: 9_000)
            #expect(related.map { $0.string("value") } == ["+34600000003"], "\(removal.type)")
        }
    }
}

/// Who lives together.
@Suite struct HouseholdTests {
    private static let ben = Identifier(
        kind: "email", value: "ben@example.com", strength: .verified)
    private static let seen = Happening("identity.observed", 500, nil, [:], [ben])

    private static func says(_ type: String, _ occurred: Int64) -> Happening {
        Happening(
            type, occurred, nil, ["rule": .text("sameAddress"), "kind": .text("family")],
            [Card.email, ben])
    }

    private static func household(
        _ card: Card, of member: UInt64, history: Bool = false
    ) throws -> [[String: Any]] {
        try card.document(
            now: 9_000, sections: [.household], history: history, of: [member]
        ).rows("household")
    }

    @Test("a household is told on both cards, and the two stay two")
    func suggested() throws {
        let card = try Card([Self.seen, Self.says("household.suggested", 1_000)])
        let anas = try Self.household(card, of: 1)
        #expect(anas.map { $0.string("customer") } == ["c_2"])
        #expect(anas[0].string("state") == "suggested" && anas[0].int("position") == 3)
        #expect(anas[0].string("rule") == "sameAddress" && anas[0].string("kind") == "family")
        #expect(try Self.household(card, of: 2).map { $0.string("customer") } == ["c_1"])
        // Whoever turned out to be the same person lives with nobody else.
        let one = try card.document(now: 9_000, sections: [.household], of: [1, 2])
        #expect(one.rows("household").isEmpty)
    }

    @Test("the last word counts, whenever it comes; what is dissolved is history")
    func states() throws {
        let words = [
            Self.says("household.confirmed", 2_000), Self.says("household.suggested", 1_000),
        ]
        let confirmed = try Card([Self.seen] + words)
        #expect(try Self.household(confirmed, of: 1).map { $0.string("state") } == ["confirmed"])
        let over = try Card([Self.seen, Self.says("household.dissolved", 3_000)] + words)
        #expect(try Self.household(over, of: 1).isEmpty)
        let all = try Self.household(over, of: 2, history: true)
        #expect(all.map { $0.string("state") } == ["dissolved"])
        let earlier = try #require(all[0]["earlier"] as? [[String: Any]])
        #expect(earlier.map { $0.string("state") } == ["confirmed", "suggested"])
    }

    @Test("customers can be named by their ids; one that nobody has makes no row")
    func named() throws {
        let card = try Card([
            Self.seen,
            Happening(
                "household.confirmed", 1_000, nil, ["customers": .text("c_1, c_2 c_7 c_ZZ nobody")]),
        ])
        #expect(try Self.household(card, of: 1).map { $0.string("customer") } == ["c_2"])
        #expect(try Self.household(card, of: 2).map { $0.string("customer") } == ["c_1"])
        var json = JSONWriter()
        let isKnown = try CustomerDocument.write(
            [CustomerID(rawValue: 7)], now: Timestamp(milliseconds: 9_000), from: card.rows,
            to: &json)
        #expect(!isKnown)
        let timeline = try Timeline.positions(
            of: .customer(CustomerID(rawValue: 2)), count: 9, card.rows)
        #expect(timeline.map(\.rawValue) == [3, 2])
    }
}
