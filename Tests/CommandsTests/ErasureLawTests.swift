import CommandFuzzing
import EventModel
import Foundation
import Testing

/// What is carried out folds the scrubbed log and holds its figures against those of the log before.
@Suite("An erasure takes all of one person, and nothing of others")
struct ErasureLawTests {
    private static let (ana, bea) = ("phone:+34600000001", "crm:bea")
    private static let anaDigits = "600000001"
    private let store: FuzzedStore

    init() throws {
        store = try FuzzedStore(within: FileManager.default.temporaryDirectory.path)
    }

    @discardableResult
    private func note(_ text: String, _ words: [String]) throws -> Int {
        try store.tell("note.added", ["note_id", "n-1", "text", text] + words)
    }

    private func contact(_ name: String, _ words: [String] = []) throws {
        try store.tell(
            "interaction.created",
            [
                "interaction", name, "channel", "chat", "direction", "inbound", "method",
                "inbound",
            ] + words)
    }

    @discardableResult
    private func erase(_ whom: String) throws -> String {
        let answer = try store.answer(["ERASE", whom, "REASON", "asked"])
        try #require(answer.hasPrefix("{"), "\(answer)")
        return answer
    }

    /// Whether some event says something.
    private func isSaid(_ words: String...) throws -> [String] {
        let events = try store.events()
        return events.filter { event in words.contains { event.contains($0) } }
    }

    @Test("what was said in a contact before anybody was known goes with whom it was")
    func anonymous() throws {
        try contact("i-1")
        try note("markedfirst", ["interaction", "i-1"])
        try note("markedlast", ["interaction", "i-1", "customer", Self.ana])
        let known = try store.answer(["EXPORT", Self.ana])
        #expect(known.contains("markedfirst") && known.contains("interaction.created"))
        let answer = try erase(Self.ana)
        #expect(answer.contains("\"events\":3,"), "\(answer)")
        #expect(try isSaid("marked", Self.anaDigits) == [])
        try store.carryOutErasures()
        #expect(try isSaid("marked", Self.anaDigits) == [])
    }

    @Test("what was said of a thing before anybody was known goes with whose it is")
    func things() throws {
        let sent = ["order", "o-1", "shipment_id", "s-1", "tracking", "markedtracking"]
        try store.tell("shipment.sent", sent)
        try store.tell("order.placed", ["order", "o-1", "total", "1999 EUR", "customer", Self.ana])
        let known = try store.answer(["EXPORT", Self.ana])
        #expect(known.contains("markedtracking"))
        try erase(Self.ana)
        try store.carryOutErasures()
        #expect(try isSaid("marked", Self.anaDigits) == [])
    }

    @Test("what was said before two were known in one contact stays, and a dry run names it")
    func two() throws {
        try contact("i-1")
        try note("plainfirst", ["interaction", "i-1"])
        try note("plainof", ["interaction", "i-1", "customer", Self.bea])
        try note("markedlast", ["interaction", "i-1", "customer", Self.ana])
        let dry = try store.answer(["ERASE", Self.ana, "REASON", "a look", "DRYRUN"])
        #expect(dry.contains("\"events\":1,") && dry.contains("\"unattributed\":\"1-2\""), "\(dry)")
        try erase(Self.ana)
        try store.carryOutErasures()
        #expect(try isSaid("plain").count == 2 && isSaid("marked").isEmpty)
    }

    @Test(
        "who was founded by the same event keeps their id, and the erased one's answers for nobody")
    func ids() throws {
        try note("both", ["customer", Self.ana, "customer", Self.bea])
        #expect(try store.answer(["CUSTOMER", Self.bea]).contains("\"customer\":\"c_1-1\""))
        try erase(Self.ana)
        for isDone in [false, true] {
            if isDone { try store.carryOutErasures() }
            let living = try store.answer(["CUSTOMER", "c_1-1"])
            #expect(!living.contains("erased") && living.contains("\"bea\""), "\(living)")
            let stone = try store.answer(["CUSTOMER", "c_1"])
            #expect(stone.contains("\"customer\":\"c_1\",\"erased\":true"), "\(stone)")
            let named = try store.answer(["CUSTOMER", Self.bea])
            #expect(named.contains("\"customer\":\"c_1-1\""), "\(named)")
        }
    }

    @Test("who got an erased person's number from them keeps their id")
    func passedOn() throws {
        try note("markedfirst", ["customer:verified", Self.ana])
        try note("of bea", ["customer:verified", Self.bea])
        store.pass(days: 500)
        try note(
            "new",
            ["customer:verified", Self.ana, "customer:verified", Self.bea, "customer", "loyalty:9"])
        let before = try identifiers(of: "loyalty:9")
        #expect(before.contains(Self.anaDigits) && before.contains("\"c_3-1\""), "\(before)")
        try erase("c_1")
        try store.carryOutErasures()
        let after = try identifiers(of: "loyalty:9")
        #expect(after == before)
    }

    /// The identifiers of a person, each with the customer whom it founded.
    private func identifiers(of whom: String) throws -> String {
        let document = try store.answer(["IDENTITY", whom])
        let start = try #require(document.range(of: "\"identifiers\":"), "\(document)")
        let end = try #require(document.range(of: "\"unions\":"), "\(document)")
        return String(document[start.lowerBound..<end.lowerBound])
    }

    /// Six persons show one number, which is out of use with the last of them.
    private func showSwitchboard(to persons: Range<Int>) throws {
        for person in persons {
            try note(
                "of \(person)", ["customer", "phone:+34911000000", "customer", "crm:p\(person)"])
        }
    }

    @Test("a number that many show is nobody's, also when one of them is erased")
    func switchboard() throws {
        try showSwitchboard(to: 1..<7)
        let state = try store.answer(["IDENTITY", "phone:+34911000000"])
        #expect(state.contains("\"state\":\"shared\""), "\(state)")
        try contact("i-7", ["customer", "phone:+34911000000"])
        try erase("crm:p3")
        // Figures are held against those before: whom the seventh contact shows.
        try store.carryOutErasures()
        #expect(try store.answer(["IDENTITY", "phone:+34911000000"]).contains("shared"))
    }

    @Test("a number that many show is out of use, also when one of them is being erased")
    func switchboardMeanwhile() throws {
        try showSwitchboard(to: 1..<6)
        try erase("crm:p3")
        try showSwitchboard(to: 6..<7)
        let state = try store.answer(["IDENTITY", "phone:+34911000000"])
        #expect(state.contains("\"state\":\"shared\""), "\(state)")
        try contact("i-7", ["customer", "phone:+34911000000"])
        try store.carryOutErasures()
    }

    @Test(
        "statements that name the person say it no more",
        arguments: [
            "identity.released", "identity.blocked",
        ])
    func statements(_ type: String) throws {
        try note("markedfirst", ["customer", Self.ana])
        try store.tell(type, ["identifier", Self.ana, "reason", "a reason"])
        try contact("i-1", ["customer", Self.ana])
        let answer = try erase("c_1")
        #expect(answer.contains("\"events\":2,"), "\(answer)")
        if type == "identity.released" { try erase(Self.ana) }
        #expect(try isSaid("marked", Self.anaDigits) == [])
        try store.carryOutErasures()
        #expect(try isSaid("marked", Self.anaDigits) == [])
    }

    @Test("statements that name others, too, keep those")
    func mixedStatements() throws {
        try note("markedfirst", ["customer", Self.ana])
        try note("of bea", ["customer", Self.bea])
        try contact("i-1", ["customer", Self.bea])
        try store.tell(
            "identity.linked", ["from", Self.ana, "to", Self.bea, "proof", "a call"])
        for type in ["MERGE", "UNMERGE"] {
            let answer = try store.answer(
                [type, Self.ana, Self.bea, "REASON", "a call", "ACTOR", "ops"])
            try #require(!answer.hasPrefix("-"), "\(answer)")
        }
        try erase(Self.ana)
        #expect(try isSaid("marked", Self.anaDigits) == [])
        try store.carryOutErasures()
        #expect(try isSaid("marked", Self.anaDigits) == [])
        #expect(try isSaid("\"bea\"").count == 2)
        let merged = try isSaid("identity.merged")
        #expect(merged.count == 1 && merged[0].contains(" c_2"), "\(merged)")
    }

    @Test("an identifier of theirs that is nobody's goes, wherever it is shown")
    func nobodys() throws {
        try note("markedfirst", ["customer", Self.ana])
        try store.tell("identity.blocked", ["identifier", Self.ana, "reason", "a reason"])
        try contact("i-1", ["customer", Self.ana, "customer", Self.bea])
        try note("of bea", ["interaction", "i-1", "customer", Self.ana])
        try erase("c_1")
        #expect(try isSaid("marked", Self.anaDigits) == [])
        try store.carryOutErasures()
        #expect(try isSaid("marked", Self.anaDigits) == [])
        let card = try store.answer(["CUSTOMER", Self.bea])
        #expect(card.contains("\"bea\""))
    }

    @Test("who turned out to be one person are one from that day on, as they were")
    func days() throws {
        try contact("i-1", ["customer", Self.ana])
        try contact("i-2", ["customer", "email:ana@example.com"])
        store.pass(days: 2)
        _ = try store.answer(
            ["MERGE", Self.ana, "email:ana@example.com", "REASON", "a call", "ACTOR", "ops"])
        store.pass(days: 2)
        try note("markedlast", ["customer", Self.ana])
        try contact("i-3", ["customer", Self.bea])
        store.pass(days: 2)
        try contact("i-4", ["customer", Self.bea])
        try erase(Self.ana)
        // Figures of days are held against those before.
        try store.carryOutErasures()
        #expect(try isSaid("marked", Self.anaDigits, "ana@example.com") == [])
    }

    @Test(
        "two whom one event made somebody else's person are erased one after the other",
        arguments: [false, true])
    func movedTogether(inOneRound: Bool) throws {
        let theirs = [
            [Self.ana, "email:ana@example.com"], ["loyalty:9001", "email:lo@example.com"],
        ]
        try note("of bea", ["customer:verified", Self.bea])
        for name in theirs.joined() { try note("marked", ["customer:verified", name]) }
        store.pass(days: 2)
        for pair in theirs { try told(["MERGE", pair[0], pair[1], "REASON", "r", "ACTOR", "ops"]) }
        store.pass(days: 2)
        let words = [Self.bea, theirs[0][0], theirs[1][0]].flatMap { ["customer:verified", $0] }
        let event = try note("marked", words)
        #expect(try Set(theirs.joined().map(person)) == [person(Self.bea)])
        store.pass(days: 2)
        for pair in theirs {
            try told(["UNMERGE", Self.bea, pair[0], "REASON", "r", "ACTOR", "ops"])
        }
        #expect(try Set(theirs.joined().map(person)).count == 2)
        for pair in theirs {
            try erase(pair[0])
            if !inOneRound { try store.carryOutErasures() }
        }
        try store.carryOutErasures()
        #expect(try isSaid("marked", Self.anaDigits, "@example.com", "9001") == [])
        // Of each of the four it says whose they became, behind the three that it shows; of one twice where
        // both are of one round, as the other's erasure calls them.
        let count = try store.identifierCount(at: UInt64(event))
        #expect(count == (inOneRound ? 8 : 7))
    }

    @Test(
        "who was one with somebody who stays, and is not any more, was one with them then",
        arguments: [false, true])
    func parted(isOlder: Bool) throws {
        let names = isOlder ? [Self.ana, Self.bea] : [Self.bea, Self.ana]
        for (number, name) in names.enumerated() {
            try contact("a-\(number)", ["customer", name])
        }
        for (step, type) in ["MERGE", "UNMERGE"].enumerated() {
            store.pass(days: 2)
            try told([type, Self.ana, Self.bea, "REASON", "a call", "ACTOR", "ops"])
            store.pass(days: 2)
            for (number, name) in names.enumerated() {
                try contact("b-\(step)-\(number)", ["customer", name])
            }
        }
        store.pass(days: 2)
        try erase(Self.ana)
        // Figures of days are held against those before.
        try store.carryOutErasures()
        #expect(try isSaid(Self.anaDigits) == [])
        #expect(try person(Self.bea) == (isOlder ? "c_2" : "c_1"))
    }

    @Test(
        "two who were one by somebody alone are two behind them",
        arguments: [["first", "second"], ["second", "first"]], [false, true])
    func oneByAnother(order: [String], isLinked: Bool) throws {
        let (cora, dan) = ("email:cora@example.com", "email:dan@example.com")
        let both = ["customer:verified", cora, "customer:verified", dan]
        for name in order {
            try note(
                name,
                ["customer:verified", Self.ana, "customer:verified", name == "first" ? cora : dan])
        }
        // They are one already, so this unites nobody.
        if isLinked {
            try store.tell(
                "identity.linked",
                ["from", cora, "to", dan, "proof", "a call", "verified_by", "crm"])
        } else {
            try note("both", both)
        }
        #expect(try person(cora) == person(dan))
        try store.tell("identity.blocked", ["identifier", Self.ana, "reason", "a reason"])
        #expect(try person(cora) != person(dan))
        let before = try [person(cora), person(dan)]
        for (number, name) in [cora, dan].enumerated() {
            try contact("i-\(number)", ["customer", name])
        }
        try erase("c_1")
        #expect(try [person(cora), person(dan)] == before)
        // Figures of persons are held against those before, and rows against those of the scrubbed log.
        try store.carryOutErasures()
        try store.holdViews()
        #expect(try [person(cora), person(dan)] == before)
        // Whoever shows both once more unites them.
        try note("both", both)
        #expect(try person(cora) == person(dan))
    }

    @Test("whom one statement made another's person with more others than it can tell of stays")
    func movedByHundreds() throws {
        try note("first", ["customer:verified", "loyalty:9001"])
        let others = (1...EventLimits.erasedMovesMax).map { "email:ana\($0)@example.com" }
        let names = [Self.ana] + others
        for name in names { try note("marked", ["customer:verified", name]) }
        try store.tell(
            "identity.merged", ["customers", names.joined(separator: " "), "reason", "a call"])
        try told(["MERGE", "loyalty:9001", Self.ana, "REASON", "r", "ACTOR", "ops"])
        let customers = try store.answer(["ERASE", Self.ana, "REASON", "a look", "DRYRUN"])
        #expect(customers.hasPrefix("-TOOLARGE event \(names.count + 3) "), "\(customers)")
        let answer = try store.answer(["ERASE", Self.ana, "REASON", "asked"])
        #expect(answer.hasPrefix("-TOOLARGE event \(names.count + 3) "), "\(answer)")
        #expect(try isSaid("marked").count == names.count)
    }

    /// The customer that a person is named after.
    private func person(_ name: String) throws -> String {
        let document = try store.answer(["IDENTITY", name])
        let start = try #require(document.range(of: "\"customer\":\""), "\(document)")
        return String(document[start.upperBound...].prefix { $0 != "\"" })
    }

    @discardableResult
    private func told(_ words: [String]) throws -> String {
        let answer = try store.answer(words)
        try #require(!answer.hasPrefix("-"), "\(words): \(answer)")
        return answer
    }
}
