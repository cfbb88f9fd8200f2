import EventModel
import FoldTesting
import Testing

@testable import Views

/// INTEROP §9, rule by rule: given events, then people.
@Suite("identity: the rules") struct IdentityRulesTests {
    static let day: Int64 = 86_400_000

    static func seen(
        _ identifiers: String..., order: String? = nil, type: String = "web.viewed",
        at occurred: Int64 = 0, brand: String? = nil
    ) -> Happening {
        var happening = Happening(
            type, occurred, nil, [:], identifiers.map { Self.identifier($0) })
        if let order { happening.attributes.append(("order", .ref(order))) }
        if let brand { happening.attributes.append(("brand", .ref(brand))) }
        return happening
    }

    /// Reads `verified email:a@b.example`; without a word in front it is stated.
    private static func identifier(_ text: String) -> Identifier {
        let words = text.split(separator: " ", maxSplits: 1)
        let strength = IdentifierStrength.allCases.first { "\($0.word)" == words[0] }
        let parts = (strength == nil ? text : String(words[1])).split(
            separator: ":", maxSplits: 1)
        return Identifier(
            kind: String(parts[0]), value: String(parts[1]), strength: strength ?? .stated)
    }

    static func says(_ type: String, _ name: String, _ value: String) -> Happening {
        Happening(type, 0, nil, [:]).with([(name, .text(value)), ("reason", .text("test"))])
    }

    func fold(_ happenings: [Happening]) throws -> MemoryRows {
        var log = MemoryLog()
        log.append(happenings)
        var run = FoldRun<IdentityProjection>()
        try run.run(log) { _ in .restart }
        var whole = FoldRun<IdentityProjection>()
        try whole.run(log)
        #expect(whole.rows.holdsSameRows(as: run.rows))
        return run.rows
    }

    func person(
        _ identifier: String, _ rows: MemoryRows, asOf position: UInt64? = nil
    ) throws -> PersonMatch? {
        let bytes = Array(identifier.utf8)
        if let customer = unsafe CustomerID(text: bytes.span.bytes) {
            return try IdentityView.person(ofCustomer: customer, rows)
        }
        return try unsafe IdentityView.person(
            of: bytes.span.bytes, asOf: position.map { Position($0) }, rows)
    }

    private func areOne(
        _ left: String, _ right: String, _ rows: MemoryRows, asOf position: UInt64? = nil
    ) throws -> Bool {
        let one = try person(left, rows, asOf: position)?.person
        return try one != nil && one == person(right, rows, asOf: position)?.person
    }

    @Test("two that are proved in one event are one, in whatever order and however often")
    func proved() throws {
        for names in [
            ["verified crm:1", "verified email:a@x.es"],
            ["verified email:a@x.es", "verified crm:1"],
        ] {
            let event = Self.seen(names[0], names[1])
            let rows = try fold([event, event, event])
            #expect(try areOne("crm:1", "email:a@x.es", rows))
            #expect(try person("crm:1", rows)?.customers.count == 2)
            #expect(try person("crm:1", rows)?.strength == .verified)
        }
    }

    @Test("what is only said comes along with a proved one while nobody has shown it before")
    func attached() throws {
        let login = Self.seen("verified crm:1", "phone:+34600000001")
        #expect(try areOne("crm:1", "phone:+34600000001", fold([login])))
        let known = Self.seen("phone:+34600000001", order: "o-1")
        #expect(try !areOne("crm:1", "phone:+34600000001", fold([known, login])))
        let taken = Self.seen("verified crm:2", "verified email:a@x.es")
        #expect(try !areOne("crm:1", "crm:2", fold([taken, login])))
    }

    @Test(
        "a guest joins an account when the address is proved and something agrees, or by the order")
    func guests() throws {
        let guest = Self.seen("email:a@x.es", "phone:+34600000001", order: "o-1")
        let proved = Self.seen("verified crm:1", "verified email:a@x.es")
        #expect(try !areOne("crm:1", "email:a@x.es", fold([guest, proved])))
        let withPhone = Self.seen(
            "verified crm:1", "verified email:a@x.es", "line phone:+34600000001")
        #expect(try areOne("crm:1", "email:a@x.es", fold([guest, withPhone])))
        let opened = Self.seen("verified crm:1", "email:a@x.es", order: "o-1")
        #expect(try areOne("crm:1", "email:a@x.es", fold([guest, opened])))
        let otherOrder = Self.seen("verified crm:1", "email:a@x.es", order: "o-2")
        #expect(try !areOne("crm:1", "email:a@x.es", fold([guest, otherOrder])))
    }

    @Test("an account that has not proved an address gets nothing that is ordered under it later")
    func unprovedRegistration() throws {
        let order = Self.seen("email:a@x.es", order: "o-1")
        let ordered = Self.seen(
            "verified crm:9", "email:a@x.es", "phone:+34600000001", order: "o-0")
        let called = Self.seen("verified crm:9", "verified phone:+34600000001", "email:a@x.es")
        for registration in [Self.seen("verified crm:9", "email:a@x.es"), ordered, called] {
            #expect(try !areOne("crm:9", "email:a@x.es", fold([registration])))
            #expect(try !areOne("crm:9", "email:a@x.es", fold([registration, order])))
        }
        // By a number that was the account's before.
        let number = Self.seen("verified crm:9", "verified phone:+34600000001")
        let byNumber = Self.seen("verified phone:+34600000001", "email:a@x.es")
        #expect(try !areOne("crm:9", "email:a@x.es", fold([number, byNumber, order])))
    }

    @Test("an address is the account's that proves it, unless somebody ordered under it")
    func confirmedRegistration() throws {
        let registration = Self.seen("verified crm:1", "email:a@x.es")
        let confirmed = Self.seen("verified crm:1", "verified email:a@x.es")
        #expect(try areOne("crm:1", "email:a@x.es", fold([registration, confirmed])))
        let order = Self.seen("email:a@x.es", order: "o-1")
        #expect(try !areOne("crm:1", "email:a@x.es", fold([registration, order, confirmed])))
        let other = Self.seen("verified crm:2", "email:a@x.es")
        #expect(try areOne("crm:1", "email:a@x.es", fold([other, confirmed])))
    }

    @Test("two that are only said are one when an order or a name agrees, else perhaps a household")
    func stated() throws {
        let together = Self.seen("email:a@x.es", "phone:+34600000001")
        #expect(try !areOne("email:a@x.es", "phone:+34600000001", fold([together])))
        let ordered = Self.seen("email:a@x.es", "phone:+34600000001", order: "o-1")
        #expect(try areOne("email:a@x.es", "phone:+34600000001", fold([ordered])))
        let known = [
            Self.seen("email:a@x.es", order: "o-1"), Self.seen("phone:+34600000001", order: "o-2"),
        ]
        let again = Self.seen("email:a@x.es", "phone:+34600000001", order: "o-3")
        #expect(try !areOne("email:a@x.es", "phone:+34600000001", fold(known + [again])))
        let agreeing = known + [Self.seen("phone:+34600000001", order: "o-1"), together]
        #expect(try areOne("email:a@x.es", "phone:+34600000001", fold(agreeing)))
        let role = Self.seen("email:info@x.es", "phone:+34600000001", order: "o-1")
        #expect(try !areOne("email:info@x.es", "phone:+34600000001", fold([role])))
    }

    @Test("a name agrees however it is spelled: accents as one letter or two, last name first")
    func names() throws {
        func told(_ identifier: String, _ name: String) -> Happening {
            Self.seen(identifier, type: "trait.set").with([
                ("name", .text("name")), ("value", .text(name)),
            ])
        }
        let first = told("email:a@x.es", "Jos\u{E9} Garc\u{ED}a")
        let together = Self.seen("email:a@x.es", "phone:+34600000001")
        for (name, agrees) in [
            ("JOSE\u{301} GARCI\u{301}A", true), ("Garc\u{ED}a, Jos\u{E9}", true),
            ("Josefa Garc\u{ED}a", false),
        ] {
            let second = told("phone:+34600000001", name)
            let rows = try fold([first, second, together])
            #expect(try areOne("email:a@x.es", "phone:+34600000001", rows) == agrees, "\(name)")
        }
    }

    @Test("a household makes no two one, whatever proves each of them and whatever agrees")
    func households() throws {
        for type in ["household.suggested", "household.confirmed", "household.dissolved"] {
            let rows = try fold([
                Self.seen("verified crm:1", order: "o-1"),
                Self.seen(
                    "verified crm:1", "verified email:a@x.es", "phone:+34600000001", order: "o-1",
                    type: type),
            ])
            #expect(try !areOne("crm:1", "email:a@x.es", rows), "\(type)")
            #expect(try !areOne("crm:1", "phone:+34600000001", rows), "\(type)")
            #expect(try person("email:a@x.es", rows)?.customers.count == 1, "\(type)")
        }
    }

    @Test("a line proposes and never unites; with two persons it is ambiguous, the latest first")
    func lines() throws {
        let first = Self.seen("verified crm:1", "line phone:+34600000001")
        let second = Self.seen("verified crm:2", "line phone:+34600000001")
        let rows = try fold([first, second, first])
        let one = try #require(try person("phone:+34600000001", rows, asOf: 1))
        #expect(try one.person == person("crm:1", rows)?.person && one.strength == .line)
        #expect(one.candidates.isEmpty && one.customers.count == 2)
        let both = try #require(try person("phone:+34600000001", rows))
        #expect(both.candidates.map(\.last) == [Position(3), Position(2)])
        #expect(try both.candidates[0].person == person("crm:1", rows)?.person)
        #expect(try !areOne("crm:1", "crm:2", rows))
    }

    @Test("a contact shows whom its line shows, unless somebody is proved in it")
    func contacts() throws {
        let first = Self.seen("verified crm:1", "line phone:+34600000001")
        let call = Self.seen("line phone:+34600000001", type: "interaction.created")
        let second = Self.seen("verified crm:2", "line phone:+34600000001")
        let rows = try fold([first, call, second])
        let line = try #require(try person("phone:+34600000001", rows)?.by)
        let ana = try #require(try person("crm:1", rows)?.person)
        let bea = try #require(try person("crm:2", rows)?.person)
        let one = try #require(
            try IdentityView.person(ofContactOf: [line], asOf: Position(2), rows))
        #expect(one.person == ana && one.by == line && one.strength == .line)
        let both = try #require(try IdentityView.person(ofContactOf: [line], rows))
        #expect(both.candidates.map(\.person) == [bea, ana])
        let proved = try #require(try IdentityView.person(ofContactOf: [line, bea], rows))
        #expect(proved.person == bea && proved.by == bea && proved.candidates.isEmpty)
        #expect(try IdentityView.person(ofContactOf: [bea], asOf: Position(2), rows) == nil)
        #expect(try IdentityView.person(ofContactOf: [], rows) == nil)
    }

    @Test("a contact that shows two persons shows the surest, and the other as a candidate")
    func severalInContact() throws {
        let rows = try fold([
            Self.seen("verified crm:1", "verified email:a@x.es"), Self.seen("verified crm:2"),
            Self.seen("email:c@x.es"), Self.seen("line phone:+34600000001"),
        ])
        func holder(_ name: String) throws -> CustomerID {
            try #require(try person(name, rows)?.by)
        }
        let (ana, bea) = (try holder("crm:1"), try holder("crm:2"))
        let (carl, line) = (try holder("email:c@x.es"), try holder("phone:+34600000001"))
        for order in [[carl, bea, line, ana], [carl, line, bea, ana]] {
            let match = try #require(try IdentityView.person(ofContactOf: order, rows))
            #expect(match.person == bea && match.by == bea)
            #expect(match.candidates.map(\.person) == [ana, carl])
            #expect(match.candidates.allSatisfy { $0.last == nil && $0.count == nil })
        }
        // Two identifiers of one person are no two.
        let mail = try holder("email:a@x.es")
        let one = try #require(try IdentityView.person(ofContactOf: [mail, ana], rows))
        #expect(one.person == ana && one.candidates.isEmpty)
    }

    @Test("a device goes with whom it meets first and joins no two persons")
    func devices() throws {
        let rows = try fold([
            Self.seen("cookie:k"), Self.seen("verified crm:1", "cookie:k"),
            Self.seen("verified crm:2", "cookie:k"),
        ])
        #expect(try areOne("crm:1", "cookie:k", rows) && !areOne("crm:1", "crm:2", rows))
        #expect(try !areOne("crm:1", "cookie:k", rows, asOf: 1))
    }

    @Test("what more persons show than a household would is shared, and shows nobody")
    func shared() throws {
        var happenings: [Happening] = []
        for number in 1...6 { happenings.append(Self.seen("crm:\(number)", "line phone:+346")) }
        #expect(try person("phone:+346", fold(happenings)) == nil)
        happenings.removeLast()
        #expect(try person("phone:+346", fold(happenings))?.candidates.count == 5)
    }

    @Test("one person has no second account")
    func limits() throws {
        let rows = try fold([
            Self.seen("verified crm:1", "verified email:a@x.es"),
            Self.seen("verified crm:2", "verified email:a@x.es"),
        ])
        #expect(try !areOne("crm:1", "crm:2", rows) && areOne("crm:1", "email:a@x.es", rows))
    }

    @Test("a program that logs in with a new cookie each time makes no person without bounds")
    func manyDevices() throws {
        for kind in ["cookie", "x"] {
            var happenings: [Happening] = []
            for number in 1...200 {
                happenings.append(
                    Self.seen("verified crm:1", "\(kind):\(number)", at: Int64(number)))
            }
            let rows = try fold(happenings)
            #expect(try person("crm:1", rows)?.customers.count == 65)
            // Who changes devices over the years gets new ones.
            happenings.append(Self.seen("verified crm:1", "\(kind):new", at: 91 * Self.day))
            #expect(try person("crm:1", fold(happenings))?.customers.count == 66)
        }
    }

    @Test("values that say nothing of a person found nobody, and spellings are one")
    func values() throws {
        let rows = try fold([
            Self.seen("line phone:anonymous", "email:noemail@x.es", "crm:0000"),
            Self.seen("line phone:+34 600 000 001"), Self.seen("line phone:0034-600000001"),
            Self.seen("whatsapp:34600000001@s.whatsapp.net"),
            Self.seen("email:A.na+shop@GoogleMail.com"), Self.seen("email:Ana@Example.COM"),
            Self.seen("loyalty:ab 12-3"), Self.seen("phone:+82 010-1234-5678"),
            Self.seen("phone:+8215881234"),
        ])
        let expected: [(String, UInt64?)] = [
            ("phone:anonymous", nil), ("email:noemail@x.es", nil), ("crm:0000", nil),
            ("phone:+34600000001", 2), ("email:ana@gmail.com", 5), ("email:Ana@example.com", 6),
            ("email:ana@example.com", nil), ("loyalty:AB123", 7), ("phone:+821012345678", 8),
            ("phone:+8215881234", nil),
        ]
        for (name, position) in expected {
            #expect(try person(name, rows)?.person.rawValue == position, "\(name)")
        }
    }

    @Test("what was given back is a new customer's; what came before stays")
    func released() throws {
        let login = Self.seen("verified crm:1", "verified phone:+34600000001")
        let rows = try fold([
            login, Self.says("identity.released", "identifier", "phone:+34 600000001"),
            Self.seen("line phone:+34600000001"),
        ])
        #expect(try areOne("crm:1", "phone:+34600000001", rows, asOf: 1))
        #expect(try person("phone:+34600000001", rows, asOf: 2) == nil)
        #expect(try person("phone:+34600000001", rows)?.person.rawValue == 3)
        #expect(try person("crm:1", rows)?.customers.count == 2)
    }

    @Test("a number unseen for a year goes to who proves it then")
    func passedOn() throws {
        let first = Self.seen("verified crm:1", "verified phone:+34600000001")
        for (days, isPassedOn) in [(300, false), (400, true)] as [(Int64, Bool)] {
            let rows = try fold([
                first,
                Self.seen(
                    "verified crm:2", "verified phone:+34600000001", at: days * Self.day),
            ])
            #expect(try areOne("crm:2", "phone:+34600000001", rows) == isPassedOn)
            #expect(try areOne("crm:1", "phone:+34600000001", rows, asOf: 1))
        }
    }

    @Test("a merge is undone exactly, and no rule does it again")
    func unmerged() throws {
        let login = Self.seen("verified crm:1", "verified email:a@x.es")
        let rows = try fold([
            Self.seen("crm:1"), Self.seen("email:b@x.es"), login,
            Self.says("identity.merged", "customers", "crm:1 email:b@x.es"),
            Self.says("identity.unmerged", "customers", "crm:1,email:b@x.es"),
            Self.says("identity.unmerged", "customers", "c_1 email:a@x.es"), login,
        ])
        #expect(try areOne("crm:1", "email:b@x.es", rows, asOf: 4))
        #expect(try !areOne("crm:1", "email:b@x.es", rows, asOf: 5))
        #expect(try areOne("crm:1", "email:a@x.es", rows, asOf: 5))
        #expect(try !areOne("crm:1", "email:a@x.es", rows))
    }

    @Test("brands of two scopes know nothing of each other")
    func scopes() throws {
        let rules = Happening("definition.set", 0).with([
            ("kind", .text("identityRules")), ("key", .text("main")), ("version", .text("2")),
            ("body", .text(#"{"region":"ES","scopes":{"outlet":"second"}}"#)),
        ])
        let rows = try fold([
            rules, Self.seen("verified crm:1", "verified email:a@x.es"),
            Self.seen("verified crm:1", "verified phone:600000001", brand: "outlet"),
            Self.says("identity.merged", "customers", "c_2 c_3"),
        ])
        #expect(try !areOne("crm:1", "second/crm:1", rows))
        #expect(try areOne("second/crm:1", "second/phone:+34600000001", rows))
        #expect(try IdentityView.rulesState(rows).version == "2")
    }

    @Test("a definition that cannot be read is noted and changes nothing")
    func refused() throws {
        let rules = Happening("definition.set", 0).with([
            ("kind", .text("identityRules")), ("key", .text("main")), ("version", .text("3")),
            ("body", .text(#"{"region":"XX"}"#)),
        ])
        let rows = try fold([rules, Self.seen("crm:1")])
        let state = try IdentityView.rulesState(rows)
        #expect(state.version == "shipped" && state.refused == Position(1))
    }

    @Test("a person who grows beyond the bounds raises an alert")
    func alerts() throws {
        var happenings: [Happening] = []
        for number in 1...6 {
            happenings.append(Self.seen("verified crm:1", "verified x:\(number)"))
        }
        #expect(try IdentityView.alertCount(fold(happenings)) == 1)
        happenings.removeLast()
        #expect(try IdentityView.alertCount(fold(happenings)) == 0)
    }
}

extension Happening {
    func with(_ attributes: [(String, AttributeValue)]) -> Happening {
        var happening = self
        happening.attributes += attributes
        return happening
    }
}
