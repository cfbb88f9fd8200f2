import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Who may be the same person by name, birth date and address: suggestions, by which nobody is united.
@Suite("Persons who are alike") struct AlikeTests {
    /// What was said of one person, each of whom has an account of their own.
    struct Told {
        var name: String?
        var born: String?
        var address: (code: String, lines: String)?

        func events(_ account: String) -> [Happening] {
            var events = [AlikeTests.says("identity.observed", account)]
            if let name { events.append(AlikeTests.trait("name", name, of: account)) }
            if let born { events.append(AlikeTests.trait("birth_date", born, of: account)) }
            if let address {
                var set = AlikeTests.says("address.set", account)
                set.attributes = [
                    ("address_id", .ref("home")), ("postal_code", .text(address.code)),
                    ("lines", .text(address.lines)), ("city", .text("Madrid")),
                ]
                events.append(set)
            }
            return events
        }
    }

    private static func says(_ type: String, _ account: String) -> Happening {
        Happening(
            type, 1_000, nil, [:], [Identifier(kind: "crm", value: account, strength: .verified)])
    }

    private static func trait(_ name: String, _ value: String, of account: String) -> Happening {
        var set = says("trait.set", account)
        set.attributes = [("name", .text(name)), ("value", .text(value))]
        return set
    }

    private struct Folded {
        let people: MemoryRows
        let customers: MemoryRows

        init(_ happenings: [Happening]) throws {
            var log = MemoryLog()
            log.append(happenings)
            var identity = FoldRun<IdentityProjection>()
            try identity.run(log)
            var customers = FoldRun<CustomersProjection>()
            try customers.run(log) { $0.rawValue % 3 == 0 ? .restart : .take }
            (people, self.customers) = (identity.rows, customers.rows)
        }

        func match(_ account: String) throws -> PersonMatch {
            let name = Array("crm:\(account)".utf8)
            return try #require(try unsafe IdentityView.person(of: name.span.bytes, people))
        }

        func search(_ account: String) throws -> AlikeSearch {
            try AlikePersons.find(match(account), people: people, customers: customers)
        }

        func alike(_ account: String) throws -> [AlikePerson] { try search(account).persons }

        /// The accounts of those who are suggested.
        func suggested(_ account: String, of accounts: [String]) throws -> [String] {
            try alike(account).map { found in
                try #require(accounts.first { try match($0).person == found.person })
            }
        }
    }

    private static let ana = Told(
        name: "Ana García López", born: "1980-02-03", address: ("28013", "Calle Mayor 5, 3º B"))

    @Test("given one person told of twice, then each is suggested for the other, with the events")
    func suggested() throws {
        let again = Told(
            name: "GARCIA LOPEZ, Ana", born: "1980-02-03", address: ("28 013", "C. Mayor, 5"))
        let folded = try Folded(Self.ana.events("1") + again.events("2"))
        let found = try folded.alike("1")
        let other = try folded.match("2").person
        try #require(found.map(\.person) == [other])
        #expect(found[0].name.score == 1 && found[0].name.positions.map(\.rawValue) == [2, 6])
        #expect(found[0].birthDate?.positions.map(\.rawValue) == [3, 7])
        #expect(found[0].address?.positions.map(\.rawValue) == [4, 8])
        #expect(found[0].score > 0.95 && found[0].score <= 1)
        #expect(try folded.suggested("2", of: ["1", "2"]) == ["1"])
        #expect(try folded.match("1").person != folded.match("2").person)
        var json = JSONWriter()
        try IdentityDocument.write(
            folded.match("1"), alike: folded.search("1"), from: folded.people, to: &json)
        let told = try Document(json).rows("suggestions")
        #expect(told.count == 1 && told[0].string("customer") == "\(found[0].person)")
        #expect(told[0].double("name.score") == 1 && told[0].double("birth_date.score") == 1)
    }

    @Test("the order in which it was told, and when, changes nothing")
    func late() throws {
        let events = Self.ana.events("1") + Self.ana.events("2")
        // The first of each gets them known; what is told of them follows in any order.
        let order = [0, 4, 7, 3, 2, 6, 5, 1]
        let folded = try Folded(order.map { events[$0] } + events)
        #expect(try folded.suggested("1", of: ["1", "2"]) == ["2"])
    }

    @Test(
        "a name alone is nobody, nor one with another birth date, nor another name",
        arguments: [
            Told(name: "Ana García López"),
            Told(name: "Ana García López", born: "1980-02-04", address: AlikeTests.ana.address),
            Told(name: "Berta Ruiz", born: "1980-02-03", address: AlikeTests.ana.address),
            Told(born: "1980-02-03", address: AlikeTests.ana.address),
            Told(name: "Ana García López", address: ("28013", "Gran Vía 5")),
            Told(name: "Ana García López", address: ("28013", "Calle Mayor 7")),
            Told(name: "Ana García López", address: ("28013", "Calle Real 5")),
        ])
    func none(told: Told) throws {
        let folded = try Folded(Self.ana.events("1") + told.events("2"))
        #expect(try folded.alike("1").isEmpty && folded.alike("2").isEmpty)
    }

    @Test("what is no more said does not count")
    func overtaken() throws {
        let twin = Told(name: Self.ana.name, born: "1980-02-03")
        var corrected = Self.trait("birth_date", "1985-12-30", of: "2")
        corrected.occurred = 2_000
        let folded = try Folded(Self.ana.events("1") + twin.events("2") + [corrected])
        #expect(try folded.alike("1").isEmpty)
    }

    @Test("the likeliest come first: with birth date and address, with one of them")
    func ranked() throws {
        let born = Told(name: "Ana Garcia Lopes", born: "1980-02-03")
        let lives = Told(name: "Ana García López", address: Self.ana.address)
        let folded = try Folded(
            Self.ana.events("1") + lives.events("2") + born.events("3") + Self.ana.events("4"))
        #expect(try folded.suggested("1", of: ["2", "3", "4"]) == ["4", "3", "2"])
    }

    @Test("whoever is one person, was said to be two, or is known to live there, is not suggested")
    func settled() throws {
        let both = Self.ana.events("1") + Self.ana.events("2")
        func after(_ type: String, _ attributes: KeyValuePairs<String, AttributeValue>) throws
            -> Int
        {
            let folded = try Folded(both + [Happening(type, 2_000, nil, attributes)])
            return try folded.alike("1").count
        }
        let two: AttributeValue = .text("c_1 c_5")
        #expect(try after("note.added", ["text": .text("nothing of this")]) == 1)
        #expect(try after("identity.merged", ["customers": two]) == 0)
        #expect(try after("identity.unmerged", ["customers": two]) == 0)
        #expect(try after("household.confirmed", ["customers": two]) == 0)
        #expect(try after("household.suggested", ["customers": two]) == 1)
    }

    @Test("Jaro's and Winkler's measure is that of the literature")
    func measure() {
        func score(_ left: String, _ right: String) -> Int {
            Int((NameLikeness.score(left, right) * 1_000).rounded())
        }
        #expect(score("MARTHA", "marhta") == 961)
        #expect(score("DWAYNE", "DUANE") == 840)
        #expect(score("DIXON", "DICKSONX") == 813)
        #expect(score("Müller", "Muller") == 1_000 && score("Strauß", "Strauss") == 1_000)
        #expect(score("Jose\u{301}", "José") == 1_000)
        #expect(score("Bo", "Bartholomew of the long name") < 800)
        #expect(score("Bartholomew of the long name", "Bo") < 800)
        #expect(score("", "") == 0 && score("a", "b") == 0 && score("...", "a") == 0)
    }

    @Test("given one birth date that more share than are looked at, then the answer says so")
    func cut() throws {
        let twin = Told(name: Self.ana.name, born: "1980-02-03")
        func others(_ count: Int) -> [Happening] {
            (1...count).flatMap { Told(name: "Berta \($0)", born: "1980-02-03").events("b\($0)") }
        }
        let most = ViewLimits.alikeRowsRead
        let few = try Folded(twin.events("1") + twin.events("2") + others(most - 2))
        #expect(try few.suggested("1", of: ["2"]) == ["2"])
        #expect(try !few.search("1").isCut)
        let many = try Folded(twin.events("1") + twin.events("2") + others(most - 1))
        let search = try many.search("1")
        #expect(search.persons.isEmpty && search.isCut)
        var json = JSONWriter()
        try IdentityDocument.write(
            many.match("1"), alike: search, from: many.people, to: &json)
        #expect(try Document(json).root["suggestions_cut"] as? Bool == true)
    }

    @Test(
        "those who are found are those whom comparing everybody finds",
        arguments: 1...12 as ClosedRange<UInt64>)
    func all(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = ["Ana García", "Garcia, Ana", "Anna Garcia", "Berta Ruiz", "Berta Ruíz"]
        let accounts = (1...14).map { "\($0)" }
        var told: [String: Told] = [:]
        var events: [Happening] = []
        for account in accounts {
            var one = Told()
            if !random.once(in: 6) { one.name = random.pick(names) }
            if !random.once(in: 3) { one.born = random.pick(["1980-02-03", "1981-02-03"]) }
            if !random.once(in: 3) {
                one.address = (
                    random.pick(["28013", "08001"]),
                    random.pick(["Mayor 5", "C/ Mayor 5", "Sol 9"])
                )
            }
            told[account] = one
            events += one.events(account)
        }
        let folded = try Folded(events)
        for account in accounts {
            let mine = try #require(told[account])
            let expected = accounts.filter { other in
                guard other != account, let their = told[other], let name = mine.name,
                    let theirs = their.name, NameLikeness.score(name, theirs) >= 0.92
                else { return false }
                if let born = mine.born, let other = their.born {
                    if born != other { return false }
                }
                let isBorn = mine.born != nil && mine.born == their.born
                guard let here = mine.address, let there = their.address, here.code == there.code
                else { return isBorn }
                let isNear =
                    here.lines.filter(\.isNumber) == there.lines.filter(\.isNumber)
                    && here.lines.contains("Mayor") == there.lines.contains("Mayor")
                return isBorn || isNear
            }
            let found = try folded.suggested(account, of: accounts)
            #expect(Set(found).isSubset(of: expected), "seed \(seed), \(account)")
            #expect(found.count == min(5, expected.count), "seed \(seed), \(account)")
        }
    }
}
