import CommandFuzzing
import Foundation
import TestSupport
import Testing

/// Worlds of few people who share numbers, are united and parted, and are spoken of before they are
/// known. Somebody is erased: figures stay (`carryOutErasures` holds them), everybody else is who they
/// were under the same id, and nothing says what the person was called.
@Suite("An erasure in worlds at random")
struct ErasureWorldTests {
    private static let seeds: [UInt64] = {
        let given = ProcessInfo.processInfo.environment["THROUGHLINE_SEED"].flatMap { UInt64($0) }
        return [given ?? UInt64(Date().timeIntervalSince1970 / 86_400)]
    }()
    private static let (worlds, events) = (8, 40)
    private static let names =
        (1...4).map { "crm:person-\($0)" } + (1...3).map { "email:person\($0)@example.com" }
        + (1...3).map { "phone:+3460000010\($0)" } + (1...2).map { "cookie:browser-\($0)" }

    /// One store and what is told to it.
    private struct World {
        let store: FuzzedStore
        var random: SeededGenerator
        var told: [[String]] = []

        mutating func ask(_ words: [String]) throws -> String {
            told.append(words)
            return try store.answer(words)
        }

        mutating func tell(_ type: String, _ words: [String]) throws {
            let answer = try ask(["APPEND", type, "source", "s", "id", "\(told.count)"] + words)
            guard Int(answer) != nil else { throw Refused(answer: answer, words: words) }
        }

        mutating func step() throws {
            if random.once(in: 6) { store.pass(days: 1) }
            let name = { (random: inout SeededGenerator) in
                random.pick(ErasureWorldTests.names)
            }
            var who: [String] = []
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                who += [random.pick(["customer", "customer", "customer:verified"]), name(&random)]
            }
            if random.once(in: 8) { who += ["recipient", name(&random)] }
            let interaction = ["interaction", "i-\(Int.random(in: 1...4, using: &random))"]
            let order = ["order", "o-\(Int.random(in: 1...3, using: &random))"]
            switch Int.random(in: 0..<23, using: &random) {
            case 0..<7:
                try tell("note.added", ["note_id", "n", "text", "said"] + interaction + who)
            case 7..<10:
                try tell(
                    "interaction.created",
                    ["channel", "chat", "direction", "inbound", "method", "inbound"]
                        + interaction + who)
            case 10..<12:
                try tell("note.added", ["note_id", "n", "text", "said"] + who)
            case 12: try tell("order.placed", ["total", "1999 EUR"] + order + who)
            case 13: try tell("shipment.sent", ["shipment_id", "s", "tracking", "t"] + order)
            case 14:
                try tell("identity.released", ["identifier", name(&random), "reason", "r"])
            case 15:
                try tell(
                    "identity.linked",
                    ["from", name(&random), "to", name(&random), "proof", "p"]
                        + random.pick([[], ["verified_by", "crm"]]))
            case 16:
                try tell("identity.blocked", ["identifier", name(&random), "reason", "r"])
            case 17:
                _ = try ask([
                    "UNMERGE", name(&random), name(&random), "REASON", "r", "ACTOR", "ops",
                ])
            case 18..<21:
                // Two who are called alike may be one.
                try tell(
                    "trait.set",
                    random.pick([
                        ["name", "full_name", "value", random.pick(["Ana Ruiz", "Ruiz, Ana"])],
                        ["name", "birth_date", "value", "1980-03-0\(random.pick([1, 2]))"],
                    ]) + who)
            default:
                _ = try ask(["MERGE", name(&random), name(&random), "REASON", "r", "ACTOR", "ops"])
            }
        }

        /// What was told.
        var account: String {
            told.map { $0.joined(separator: " ") }.joined(separator: "\n")
        }

        /// Whom each identifier shows, without positions that move.
        mutating func people(_ names: [String]) throws -> [String: String] {
            var people: [String: String] = [:]
            for name in names {
                let document = try store.answer(["IDENTITY", name])
                let end = document.range(of: "\"unions\":")?.lowerBound ?? document.endIndex
                let start = document.range(of: "\"customer\":")?.lowerBound ?? document.startIndex
                people[name] =
                    document.hasPrefix("{") && start > document.startIndex
                    ? String(document[start..<end]) : "nobody"
            }
            return people
        }
    }

    private struct Refused: Error {
        let answer: String
        let words: [String]
    }

    @Test("takes one person, and leaves everybody else", arguments: seeds)
    func worlds(_ seed: UInt64) throws {
        for number in 0..<UInt64(Self.worlds) {
            // Every second has views copied a few events at a time.
            let folder = FileManager.default.temporaryDirectory.path
            let store =
                number % 2 == 0
                ? try FuzzedStore(within: folder)
                : try FuzzedStore(within: folder, foldingAtATime: 40 + 20 * Int(number))
            var world = World(
                store: store,
                random: SeededGenerator(seed: seed * 1_000 + number))
            let said = "THROUGHLINE_SEED=\(seed) world \(number)"
            do {
                try run(&world, said)
            } catch {
                Issue.record("\(said): \(error)\n\(world.account)")
            }
        }
    }

    /// What people are called goes: everybody is who they were, as figures by person are.
    private func redact(_ world: inout World, _ said: String) throws {
        let before = try world.people(Self.names)
        let words =
            world.random.pick([
                ["PATTERN", "Ana|19"], ["FIELD", "value", "PATTERN", "[A-Z0-9].+"],
            ])
            + ["REASON", "wrong"]
        let answer = try world.ask(
            [
                "REDACT", "1", "TO",
                "\(world.random.pick([world.told.count / 2, world.told.count / 4]))",
            ]
                + words)
        #expect(answer.hasPrefix("{"), "\(said): \(answer)")
        for isDone in [false, true] {
            if isDone { try world.store.carryOutErasures() }
            let after = try world.people(Self.names)
            for name in Self.names where after[name] != before[name] {
                let (was, now) = (before[name] ?? "", after[name] ?? "")
                Issue.record(
                    "\(said), redacted, \(isDone): \(name) was \(was), is \(now)\n\(world.account)")
            }
        }
    }

    private func run(_ world: inout World, _ said: String) throws {
        if world.random.once(in: 3) {
            // What two show is nobody's.
            try world.tell(
                "definition.set",
                [
                    "kind", "identityRules", "key", "default", "version", "1", "body",
                    #"{"kinds":[{"name":"phone","shared_above":1}]}"#,
                ])
        }
        for _ in 0..<Self.events { try world.step() }
        if world.random.once(in: 2) { try redact(&world, said) }
        let whom = world.random.pick(Self.names)
        let plan = try world.ask(["ERASE", whom, "REASON", "a look", "DRYRUN"])
        guard plan.hasPrefix("{") else { return }
        let document =
            try JSONSerialization.jsonObject(with: Data(plan.utf8)) as? [String: Any] ?? [:]
        let gone = Set(document["identifiers"] as? [String] ?? [])
        let others = Self.names.filter { !gone.contains($0) }
        // What was given back may have been somebody else's, too.
        let released = Set(
            world.told.filter { $0[1] == "identity.released" }.compactMap { words in
                words.firstIndex(of: "identifier").map { words[$0 + 1] }
            })
        let before = try world.people(others)
        let answer = try world.ask(["ERASE", whom, "REASON", "asked"])
        #expect(answer.hasPrefix("{"), "\(answer)")
        for isDone in [false, true] {
            if isDone { try world.store.carryOutErasures() }
            let after = try world.people(others)
            for name in others where after[name] != before[name] {
                let (was, now) = (before[name] ?? "", after[name] ?? "")
                Issue.record(
                    "\(said), \(isDone): \(name) was \(was), is \(now)\n\(world.account)")
            }
            for customer in document["customers"] as? [String] ?? [] {
                let stone = try world.store.answer(["CUSTOMER", customer])
                #expect(stone.contains("\"erased\":true"), "\(said), \(isDone): \(stone)")
            }
            for event in try world.store.events() {
                for name in gone.subtracting(released) {
                    let value = name.drop { $0 != ":" }.dropFirst()
                    #expect(!event.contains(value), "\(said), \(isDone): \(value) in \(event)")
                }
            }
        }
    }
}
