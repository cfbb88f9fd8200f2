import EventModel
import FoldTesting
import Testing

@testable import Views

/// Until when identifiers are whose, and which are nobody's by definition.
extension IdentityRulesTests {
    @Test("a person says which identifiers are theirs no more, since when and why")
    func ends() throws {
        func ends(_ happenings: [Happening], of name: String = "crm:1") throws -> [IdentifierEnd] {
            try person(name, fold(happenings))?.ends ?? []
        }
        let phone = "phone:+34600000001"
        let login = Self.seen("verified crm:1", "verified \(phone)")
        let line = CustomerID(founded: Position(1), number: 1)
        let released = Self.says("identity.released", "identifier", phone)
        #expect(try ends([login]).isEmpty)
        #expect(
            try ends([login, released, Self.seen("line \(phone)"), released])
                == [IdentifierEnd(customer: line, position: Position(2), reason: .released)])
        let blocked = Self.says("identity.blocked", "identifier", phone)
        // It ends their union as well: who had the number is another then.
        #expect(try ends([login, blocked]).isEmpty)
        #expect(
            try ends([login, blocked], of: "\(line)")
                == [IdentifierEnd(customer: line, position: Position(2), reason: .blocked)])
        let taken = Self.seen(
            "verified crm:2", "verified \(phone)", at: 400 * Self.day)
        #expect(
            try ends([login, taken])
                == [IdentifierEnd(customer: line, position: Position(2), reason: .passedOn)])
        #expect(try ends([login, taken], of: "crm:2").isEmpty)
        // Given back before anybody was united.
        let merged = Self.says("identity.merged", "customers", "crm:1 c_2")
        let before = [Self.seen("crm:1"), Self.seen("line \(phone)"), released, merged]
        #expect(
            try ends(before)
                == [
                    IdentifierEnd(
                        customer: CustomerID(rawValue: 2), position: Position(3),
                        reason: .released)
                ])
        let rules = Happening("definition.set", 0).with([
            ("kind", .text("identityRules")), ("key", .text("main")), ("version", .text("2")),
            ("body", .text(#"{"blocked":["+34600000001"]}"#)),
        ])
        let again = [login, rules, Self.seen("line \(phone)", "crm:3")]
        #expect(try ends(again, of: "\(line)").map(\.reason) == [.blocked])
        #expect(try ends(again).isEmpty && person("crm:1", fold(again))?.customers.count == 1)
    }

    @Test(
        "our own numbers are nobody's, from their definition on, whatever rules come with or behind"
    )
    func ownNumbers() throws {
        func define(_ kind: String, _ body: String) -> Happening {
            Happening("definition.set", 0).with([
                ("kind", .text(kind)), ("key", .text("default")), ("version", .text("1")),
                ("body", .text(body)),
            ])
        }
        let shop = Self.seen("verified crm:1", "line phone:+34911000000")
        let branch = Self.seen("verified crm:1", "line phone:+34911000123")
        let own = define("ownNumbers", #"{"numbers":["+34 911 000 000","+3491100012?"]}"#)
        #expect(try person("phone:+34911000000", fold([shop])) != nil)
        for happenings in [
            [own, shop, branch], [shop, branch, own, shop, branch],
            [own, define("identityRules", #"{"region":"ES"}"#), shop, branch],
            [own, define("ownNumbers", "{}"), shop, branch],
        ] {
            let rows = try fold(happenings)
            #expect(try person("phone:+34911000000", rows) == nil)
            #expect(try person("phone:+34911000123", rows) == nil)
            #expect(try person("crm:1", rows) != nil)
        }
        let given = define("ownNumbers", #"{"numbers":[]}"#)
        #expect(try person("phone:+34911000000", fold([own, given, shop])) != nil)
        // A number without a country is one of the region's.
        let local = define("ownNumbers", #"{"numbers":["911000000"]}"#)
        let region = define("identityRules", #"{"region":"ES"}"#)
        #expect(try person("phone:+34911000000", fold([region, local, shop])) == nil)
        #expect(try IdentityView.rulesState(fold([own])).version == "shipped")
        #expect(
            try IdentityView.rulesState(fold([define("ownNumbers", "{}")])).refused == Position(1))
    }

    @Test("rules for all events leave our own numbers what they are")
    func ownNumbersUnderRulesForAll() throws {
        func define(_ kind: String, _ body: String) -> Happening {
            Happening("definition.set", 0).with([
                ("kind", .text(kind)), ("key", .text("default")), ("version", .text("1")),
                ("body", .text(body)),
            ])
        }
        var log = MemoryLog()
        log.append([
            Self.seen("line phone:911000000"),
            define("ownNumbers", #"{"numbers":["+34911000000"]}"#),
            Self.seen("line phone:911000000"),
            define("identityRules", #"{"region":"ES","all_history":true}"#),
        ])
        var generation: IdentityGeneration?
        try log.read(log.head) { event throws(ViewFault) in generation = IdentityGeneration(event) }
        var run = FoldRun<IdentityProjection>(under: try #require(generation))
        try run.run(log) { _ in .restart }
        #expect(try person("phone:+34911000000", run.rows, asOf: 2)?.person.rawValue == 1)
        #expect(try person("phone:+34911000000", run.rows) == nil)
    }
}
