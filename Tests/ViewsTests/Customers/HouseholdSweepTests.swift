import EventModel
import FoldTesting
import Testing

@testable import Views

@Suite("households that the daemon suggests") struct HouseholdSweepTests {
    private static let email = Identifier(kind: "email", value: "a@x.es")
    private static let phone = Identifier(kind: "phone", value: "+34600000001")
    private static let other = Identifier(kind: "phone", value: "+34600000002")

    private static func define(_ version: String) -> Happening {
        Happening(
            "definition.set", 0, nil,
            [
                "kind": .text("household"), "key": .text("default"), "version": .text(version),
                "body": .text("{}"),
            ])
    }

    private static func together(
        _ moment: Int64, _ identifiers: Identifier..., order: String? = nil
    ) -> Happening {
        var happening = Happening("form.submitted", moment, nil, [:], identifiers)
        if let order { happening.attributes.append(("order", .ref(order))) }
        return happening
    }

    private struct Folded {
        let people: MemoryRows
        let customers: MemoryRows

        init(_ happenings: [Happening]) throws {
            var log = MemoryLog()
            log.append(happenings)
            var identity = FoldRun<IdentityProjection>()
            try identity.run(log) { $0.rawValue % 2 == 0 ? .restart : .none }
            var customers = FoldRun<CustomersProjection>()
            try customers.run(log)
            (people, self.customers) = (identity.rows, customers.rows)
        }

        func found(_ sweep: inout HouseholdSweep) throws -> [InferredEvent] {
            try sweep.find(in: people, definedBy: customers)
        }
    }

    private func pairs(_ happenings: [Happening]) throws -> [String] {
        var sweep = HouseholdSweep()
        return try Folded(happenings).found(&sweep).map { event in
            event.attributes.first { $0.name == "customers" }?.value ?? "-"
        }
    }

    @Test(
        "two who are only said, and of whom nothing agrees, are suggested once for each definition")
    func suggested() throws {
        let once = [Self.define("1"), Self.together(5_000, Self.email, Self.phone)]
        #expect(try pairs(once) == ["c_2 c_2-1"])
        let again =
            once + [
                Self.together(6_000, Self.phone, Self.email),
                Self.together(7_000, Self.email, Self.other),
            ]
        #expect(try pairs(again) == ["c_2 c_2-1", "c_2 c_4"])
        #expect(try pairs(Array(once.dropFirst())).isEmpty)
        var sweep = HouseholdSweep()
        var found = try Folded(once).found(&sweep)
        #expect(found.map(\.type) == ["household.suggested"])
        #expect(found[0].occurred == Timestamp(milliseconds: 5_000))
        #expect(try Folded(once).found(&sweep).isEmpty)
        found = try Folded(again).found(&sweep)
        #expect(found.count == 1)
        let redefined = try Folded(again + [Self.define("2")]).found(&sweep)
        #expect(redefined.count == 2 && redefined.allSatisfy { $0.id.contains(":2:") })
    }

    @Test("nobody is suggested who is proved, is one by an order, or has become one")
    func notSuggested() throws {
        var proved = Self.email
        proved.strength = .verified
        let by = Self.define("1")
        #expect(try pairs([by, Self.together(1, proved, Self.phone)]).isEmpty)
        #expect(try pairs([by, Self.together(1, Self.email, Self.phone, order: "o-1")]).isEmpty)
        let merged = Happening(
            "identity.merged", 9, nil,
            ["customers": .text("c_2 c_2-1"), "reason": .text("test")])
        #expect(try pairs([by, Self.together(1, Self.email, Self.phone), merged]).isEmpty)
    }

    @Test("who has said otherwise has the last word, and the card names the other")
    func card() throws {
        let before = [Self.define("1"), Self.together(5_000, Self.email, Self.phone)]
        var sweep = HouseholdSweep()
        let event = try #require(try Folded(before).found(&sweep).first)
        let suggested = Happening(
            event.type, event.occurred.rawValue, nil,
            [
                "customers": .text(event.attributes.first { $0.name == "customers" }?.value ?? ""),
                "rule": .text("statedTogether"),
            ])
        let dissolved = Happening(
            "household.dissolved", 6_000, nil,
            ["customers": .text("c_2 c_2-1"), "rule": .text("said")])
        for (happenings, states) in [
            (before + [suggested], ["suggested"]), (before + [dissolved, suggested], []),
        ] {
            var json = JSONWriter()
            #expect(
                try CustomerDocument.write(
                    [CustomerID(rawValue: 2)], now: Timestamp(milliseconds: 9_000),
                    options: CardOptions(sections: [.household]),
                    from: Folded(happenings).customers, to: &json))
            let household = try Document(json).rows("household")
            #expect(household.compactMap { $0.string("state") } == states)
        }
    }
}
