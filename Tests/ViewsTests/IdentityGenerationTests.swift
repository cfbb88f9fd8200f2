import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Rules over all events, and what they would make of persons.
@Suite("identity: rules for all events") struct IdentityGenerationTests {
    private static let identifiers =
        (1...3).map { "crm:\($0)" }
        + ["phone:60000000%", "phone:+3460000000%"].flatMap { form in
            (1...3).map { form.replacing("%", with: "\($0)") }
        } + ["a.na@x.es", "ana@x.es", "b.en@x.es", "ben@x.es"].map { "email:\($0)" }
        + ["loyalty:7-1", "loyalty:71"]

    private static let bodies = [
        #"{"region":"ES""#, #"{"email":[{"domain":"x.es","dots":true}]"#,
        #"{"region":"ES","blocked":["+34600000002"]"#,
        #"{"kinds":[{"name":"phone","form":"phone","limit":1}]"#,
        #"{"kinds":[{"name":"email","form":"email","shared_above":1}]"#,
    ]

    private static func definition(_ body: String) -> Happening {
        Happening(
            "definition.set", 0, nil,
            [
                "kind": .text("identityRules"), "key": .text("default"), "version": .text("2"),
                "body": .text(body),
            ])
    }

    private static func happenings(_ random: inout SeededGenerator) -> [Happening] {
        (0..<120).map { number in
            var shown: [Identifier] = []
            for _ in 1...Int.random(in: 1...3, using: &random) {
                let parts = random.pick(identifiers).split(separator: ":", maxSplits: 1)
                shown.append(
                    Identifier(
                        kind: String(parts[0]), value: String(parts[1]),
                        strength: random.pick([.verified, .verified, .stated])))
            }
            guard !random.once(in: 12) else {
                return Happening(
                    random.once(in: 2) ? "identity.released" : "identity.blocked",
                    Int64(number), nil,
                    [
                        "identifier": .text(random.pick(identifiers)), "reason": .text("test"),
                    ])
            }
            return Happening(
                "order.placed", Int64(number), nil,
                ["order": .ref("o-\(Int.random(in: 1...30, using: &random))")], shown)
        }
    }

    private static func fold(
        _ log: MemoryLog, under generation: IdentityGeneration = .none
    ) throws -> MemoryRows {
        var run = FoldRun<IdentityProjection>(under: generation)
        try run.run(log) { $0.rawValue % 7 == 0 ? .restart : .none }
        return run.rows
    }

    private static func generation(_ log: MemoryLog) throws -> IdentityGeneration {
        var found: IdentityGeneration?
        try log.read(log.head) { event throws(ViewFault) in found = IdentityGeneration(event) }
        return try #require(found)
    }

    /// All rows but those about rules.
    private static func people(_ rows: MemoryRows) throws -> [[UInt8]: [UInt8]] {
        var all: [[UInt8]: [UInt8]] = [:]
        try rows.rows(from: [0], below: [0xFF]) { key, row throws(ViewFault) in
            if key[0] != IdentityDefinitions.key[0] { all[key.copied()] = row.copied() }
            return true
        }
        return all
    }

    @Test(
        "a view that is begun with a definition at the end has the people of one that stood first",
        arguments: 1...60 as ClosedRange<UInt64>)
    func over(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let happenings = Self.happenings(&random)
        let body = random.pick(Self.bodies)
        var first = MemoryLog()
        first.append([Self.definition(body + "}")] + happenings)
        var last = MemoryLog()
        // An earlier definition gives way.
        let other = random.once(in: 2) ? random.pick(Self.bodies) + "}" : "{}"
        last.append([Self.definition(other)] + happenings)
        last.append(Self.definition(body + #","all_history":true}"#))
        let generation = try Self.generation(last)
        let live = try Self.fold(last)
        #expect(try IdentityView.rulesState(live).pending == last.head, "seed \(seed)")
        #expect(try IdentityView.wantedGeneration(live) == generation, "seed \(seed)")
        let over = try Self.fold(last, under: generation)
        #expect(try Self.people(over) == Self.people(Self.fold(first)), "seed \(seed)")
        #expect(try IdentityView.rulesState(over).pending == nil, "seed \(seed)")
        #expect(try IdentityView.generation(over) == last.head, "seed \(seed)")
        #expect(try IdentityView.rulesState(over).version == "2", "seed \(seed)")
    }

    @Test(
        "who would join and split is what asking for each identifier tells",
        arguments: 1...60 as ClosedRange<UInt64>)
    func difference(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var log = MemoryLog()
        log.append(Self.happenings(&random).filter { $0.type == "order.placed" })
        let body = random.pick(Self.bodies)
        let tried = try #require(IdentityGeneration(trying: body + "}", at: log.head.next))
        let (before, after) = (try Self.fold(log), try Self.fold(log, under: tried))
        let found = try PersonDifference(from: before, to: after, examples: 1_000)
        var pairs: Set<[CustomerID]> = []
        for identifier in Self.identifiers {
            let bytes = Array(identifier.utf8)
            func person(_ rows: MemoryRows) throws -> CustomerID? {
                let holder = try unsafe IdentityView.customer(of: bytes.span.bytes, rows)
                return try holder.flatMap { try IdentityView.person(ofCustomer: $0, rows)?.person }
            }
            if let was = try person(before), let now = try person(after) {
                pairs.insert([was, now])
            }
        }
        let joins = Dictionary(grouping: pairs) { $0[1] }.filter { $0.value.count > 1 }
        let splits = Dictionary(grouping: pairs) { $0[0] }.filter { $0.value.count > 1 }
        // Identifiers that went out of use meanwhile are asked for as of when they were somebody's.
        guard found.nobodys == 0, !body.contains("shared") else { return }
        #expect(found.joinedInto == joins.count, "seed \(seed)")
        #expect(found.joined == joins.values.reduce(0) { $0 + $1.count }, "seed \(seed)")
        #expect(found.split == splits.count, "seed \(seed)")
        #expect(found.joins.allSatisfy { $0.identifiers.count == $0.before.count })
        #expect(found.splits.allSatisfy { $0.identifiers.count == $0.after.count })
        let same = try PersonDifference(from: before, to: before, examples: 1)
        #expect(same.isNone && same.before == same.after, "seed \(seed)")
    }

    @Test("a body that cannot be read is nothing to try")
    func unreadable() {
        #expect(IdentityGeneration(trying: "{", at: Position(9)) == nil)
        #expect(IdentityGeneration(trying: #"{"all_history":"yes"}"#, at: Position(9)) == nil)
        #expect(IdentityGeneration(trying: "{}", at: Position(9)) != nil)
    }
}
