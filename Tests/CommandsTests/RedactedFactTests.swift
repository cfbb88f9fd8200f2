import CommandFuzzing
import EventModel
import Foundation
import Testing

/// A name or birth date that two had in common made them one person, or one that they had not kept them
/// apart. What is carried out folds the scrubbed log and holds its figures against those of the log before.
@Suite("A fact that is redacted leaves everybody who they were")
struct RedactedFactTests {
    private static let (phone, email) = ("phone:+34600000001", "email:eva@example.com")
    private let store: FuzzedStore

    init() throws {
        store = try FuzzedStore(within: FileManager.default.temporaryDirectory.path)
    }

    @discardableResult
    private func name(_ value: String, _ who: [String]) throws -> Int {
        try store.tell("trait.set", ["name", "full_name", "value", value] + who)
    }

    /// A contact, so that figures by person have something to count.
    private func call(_ name: String, _ who: String) throws {
        let interaction = ["interaction", name]
        try store.tell(
            "interaction.created",
            interaction + [
                "channel", "voice", "direction", "inbound", "method", "inbound", "customer", who,
            ])
        try store.tell("interaction.disconnected", interaction + ["by", "customer"])
        try store.tell("interaction.completed", interaction + ["outcome", "resolved"])
    }

    private func person(_ name: String) throws -> String {
        let document = try store.answer(["IDENTITY", name])
        let fields =
            try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any] ?? [:]
        return try #require(fields["customer"] as? String, "\(document)")
    }

    private func persons() throws -> [String] { try [Self.phone, Self.email].map(person) }

    private func redact(_ position: Int) throws -> String {
        let answer = try store.answer(
            ["REDACT", "\(position)", "FIELD", "value", "REASON", "misspelt"])
        try #require(answer.hasPrefix("{"), "\(answer)")
        return answer
    }

    private func carryOut() throws {
        try store.carryOutErasures()
        try store.holdViews()
    }

    @Test(
        "who became one by it stay one, whichever of the events loses it",
        arguments: [[1], [2], [1, 2], [2, 1]])
    func united(_ redacted: [Int]) throws {
        try name("Eva Sol", ["customer", Self.phone])
        try name("Sol, Eva", ["customer", Self.phone, "customer", Self.email])
        for number in 1...3 {
            try call("i-\(number)", Self.phone)
            try call("j-\(number)", Self.email)
        }
        #expect(try persons() == ["c_1", "c_1"])
        for position in redacted {
            let answer = try redact(position)
            #expect(answer.contains("\"events\":1,\"places\":1,"), "\(answer)")
            #expect(answer.contains("2:c_1=c_2") || answer.contains("&value"), "\(answer)")
        }
        #expect(try persons() == ["c_1", "c_1"])
        try carryOut()
        for event in try store.events()
        where redacted.contains(where: { event.hasPrefix("{\"position\":\($0),") }) {
            #expect(!event.contains("Eva") && event.contains("\"redacted\""), "\(event)")
        }
        #expect(try persons() == ["c_1", "c_1"])
        // Of who is one it is known since when and by what.
        let known = try store.answer(["IDENTITY", Self.email])
        #expect(known.contains("\"rule\":\"fact\",\"position\":2"), "\(known)")
        try store.foldAnew("identity")
        #expect(try persons() == ["c_1", "c_1"])
    }

    @Test("who became one later, by what was told before, stay one")
    func later() throws {
        try name("Eva Sol", ["customer", Self.phone])
        try name("Eva Sol", ["customer", Self.email])
        try call("i-1", Self.phone)
        try store.tell(
            "note.added",
            ["note_id", "n", "text", "t", "customer", Self.phone, "customer", Self.email])
        #expect(try Set(persons()).count == 1)
        let before = try persons()
        for position in 1...2 { _ = try redact(position) }
        try carryOut()
        #expect(try persons() == before)
        // Who is one proves it for what comes behind.
        try name("Sol Eva", ["customer", Self.phone, "customer", "email:other@example.com"])
        #expect(try person("email:other@example.com") != before[0])
    }

    @Test(
        "who shows it while it is being taken is united by what is left alone", arguments: [1, 2])
    func meanwhile(_ tellings: Int) throws {
        for _ in 0..<tellings { try name("Eva Sol", ["customer", Self.phone]) }
        for number in 1...3 { try call("i-\(number)", Self.phone) }
        _ = try redact(1)
        // Nothing is carried out yet. One who told it twice is still known by it.
        try name("Eva Sol", ["customer", Self.phone, "customer", Self.email])
        for number in 1...3 { try call("j-\(number)", Self.email) }
        let before = try persons()
        #expect((before[0] == before[1]) == (tellings == 2), "\(before)")
        try carryOut()
        #expect(try persons() == before)
    }

    @Test("who agrees in what an erased one told of them, too, stays one with the other")
    func sharedWithErased() throws {
        let third = "crm:3"
        for name in [Self.phone, Self.email] {
            try store.tell("note.added", ["note_id", "n", "text", "t", "customer", name])
        }
        try name("Eva Sol", ["customer", Self.phone, "customer", Self.email])
        try name("Eva Sol", ["customer", third])
        #expect(try person(Self.phone) != person(Self.email))
        try store.tell(
            "note.added", ["note_id", "n", "text", "t", "customer", Self.email, "customer", third])
        #expect(try person(third) == person(Self.email))
        for number in 1...3 {
            try call("i-\(number)", third)
            try call("j-\(number)", Self.email)
        }
        let answer = try store.answer(["ERASE", Self.phone, "REASON", "asked"])
        #expect(answer.contains("=c_"), "\(answer)")
        #expect(try person(third) == person(Self.email))
        try carryOut()
        #expect(try person(third) == person(Self.email))
    }

    @Test("a name without a letter was told, and agrees with nothing")
    func unspoken() throws {
        try name("-", ["customer", Self.email])
        let proved = ["customer:verified", "crm:1", "customer:verified", Self.email]
        try store.tell("note.added", ["note_id", "n", "text", "t"] + proved)
        let before = try [person("crm:1"), person(Self.email)]
        _ = try redact(1)
        try carryOut()
        #expect(try [person("crm:1"), person(Self.email)] == before)
    }

    @Test("whom a source linked because they agree stay linked")
    func linked() throws {
        try name("Eva Sol", ["customer:verified", "crm:1"])
        try name("Eva Sol", ["customer", Self.phone])
        try store.tell("identity.linked", ["from", "crm:1", "to", Self.phone, "proof", "import"])
        #expect(try person("crm:1") == person(Self.phone))
        _ = try redact(2)
        try carryOut()
        #expect(try person("crm:1") == person(Self.phone))
    }

    @Test("who was not one because something else was told is not one without it")
    func apart() throws {
        // A guest of whom nothing was ever told would be the account's.
        try name("Ana Rey", ["customer", Self.email])
        try store.tell(
            "note.added",
            [
                "note_id", "n", "text", "t", "customer:verified", "crm:1", "customer:verified",
                Self.email,
            ])
        #expect(try person("crm:1") != person(Self.email))
        _ = try redact(1)
        try carryOut()
        #expect(try person("crm:1") != person(Self.email))
    }

    @Test("who is erased behind it is, and nobody else")
    func erased() throws {
        try name("Eva Sol", ["customer", Self.phone])
        try name("Sol, Eva", ["customer", Self.phone, "customer", Self.email])
        try call("i-1", Self.email)
        _ = try redact(1)
        try carryOut()
        let answer = try store.answer(["ERASE", Self.email, "REASON", "asked"])
        #expect(answer.hasPrefix("{"), "\(answer)")
        try carryOut()
        #expect(try store.answer(["CUSTOMER", "c_1"]).contains("\"erased\":true"))
        #expect(try store.events().allSatisfy { !$0.contains("eva@") && !$0.contains("600000001") })
    }
}
