import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Random operations against the naive model: 250 worlds of 400 operations each.
@Suite("identity: the same people as the naive model")
struct IdentityModelTests {
    private static let operations = 400
    private static let identifiers =
        (1...4).map { "crm:\($0)" } + (1...5).map { "email:p\($0)@example.com" }
        + (1...5).map { "phone:+3460000000\($0)" } + (1...3).map { "cookie:k\($0)" }

    /// A world: its log, and the model after it.
    private struct World {
        var log = MemoryLog()
        var model = IdentityModel()
        /// The model's persons after some events, by position.
        var persons: [UInt64: [CustomerID: CustomerID]] = [:]
        var occurred: Int64 = 1_700_000_000_000

        mutating func step(_ random: inout SeededGenerator) {
            let position = log.head.rawValue + 1
            // Mostly minutes, now and then more than a year.
            occurred += random.once(in: 60) ? 500 * 86_400_000 : 60_000
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<76: observe(at: position, &random)
            case 76..<84: merge(&random)
            case 84..<92: unmerge(&random)
            case 92..<98:
                let identifier = random.pick(IdentityModelTests.identifiers)
                say("identity.released", identifier)
                model.release(identifier)
            default:
                let identifier = random.pick(IdentityModelTests.identifiers)
                say("identity.blocked", identifier)
                model.block(identifier)
            }
            if random.once(in: 80) { keepPersons() }
        }

        mutating func keepPersons() { persons[log.head.rawValue] = model.persons }

        private mutating func say(_ type: String, _ identifier: String) {
            log.append(
                Happening(
                    type, occurred, nil,
                    ["identifier": .text(identifier), "reason": .text("test")]))
        }

        private mutating func observe(at position: UInt64, _ random: inout SeededGenerator) {
            var shown: [IdentityModel.Shown] = []
            for _ in 1...Int.random(in: 1...4, using: &random) {
                let identifier = random.pick(IdentityModelTests.identifiers)
                var strength = random.pick(
                    [.verified, .verified, .stated, .stated] as [IdentifierStrength])
                if IdentityModel.isPhone(identifier), random.once(in: 2) { strength = .line }
                shown.append(.init(identifier: identifier, strength: strength))
            }
            let order = random.once(in: 2) ? "o-\(Int.random(in: 1...9, using: &random))" : nil
            let isHousehold = order == nil && random.once(in: 8)
            let identifiers = shown.map { sight in
                let parts = sight.identifier.split(separator: ":", maxSplits: 1)
                return Identifier(
                    kind: String(parts[0]), value: String(parts[1]), strength: sight.strength)
            }
            if let order {
                log.append(
                    Happening(
                        "order.placed", occurred, nil, ["order": .ref(order)], identifiers))
            } else {
                log.append(
                    Happening(
                        isHousehold ? "household.confirmed" : "web.viewed", occurred, nil, [:],
                        identifiers))
            }
            model.observe(
                shown, order: order, unites: !isHousehold, occurred: occurred, at: position)
        }

        private func pair(_ random: inout SeededGenerator) -> (Int, Int)? {
            guard !model.customers.isEmpty else { return nil }
            let range = model.customers.indices
            return (Int.random(in: range, using: &random), Int.random(in: range, using: &random))
        }

        private mutating func state(_ type: String, _ pair: (Int, Int)) {
            let names = "\(model.customers[pair.0].id) \(model.customers[pair.1].id)"
            log.append(
                Happening(
                    type, occurred, nil,
                    ["customers": .text(names), "reason": .text("test")]))
        }

        private mutating func merge(_ random: inout SeededGenerator) {
            guard let pair = pair(&random) else {
                return observe(at: log.head.rawValue + 1, &random)
            }
            state("identity.merged", pair)
            model.merge(pair.0, pair.1)
        }

        private mutating func unmerge(_ random: inout SeededGenerator) {
            guard let pair = pair(&random) else {
                return observe(at: log.head.rawValue + 1, &random)
            }
            state("identity.unmerged", pair)
            model.unmerge(pair.0, pair.1)
        }
    }

    private func persons(
        _ model: IdentityModel, _ rows: MemoryRows, asOf position: UInt64
    ) throws -> [CustomerID: CustomerID] {
        var found: [CustomerID: CustomerID] = [:]
        for customer in model.customers {
            let match = try IdentityView.person(
                ofCustomer: customer.id, asOf: Position(position), rows)
            if let match {
                #expect(match.customers.contains(customer.id) && match.person == match.customers[0])
                found[customer.id] = match.person
            }
        }
        return found
    }

    @Test("100,000 operations", arguments: 0..<10 as Range<UInt64>)
    func operations(block: UInt64) throws {
        for seed in block * 25..<(block + 1) * 25 {
            var random = SeededGenerator(seed: seed)
            var world = World()
            for _ in 0..<Self.operations { world.step(&random) }
            world.keepPersons()
            var run = FoldRun<IdentityProjection>()
            try run.run(world.log) { $0.rawValue % 97 == 0 ? .take : .none }
            try check(world, run.rows, seed)
            guard seed % 5 == 0 else { continue }
            var cut = FoldRun<IdentityProjection>()
            var draws = random
            try cut.run(world.log) { _ in draws.once(in: 9) ? .restart : .take }
            #expect(cut.rows.holdsSameRows(as: run.rows), "cut otherwise, seed \(seed)")
        }
    }

    private func check(_ world: World, _ rows: MemoryRows, _ seed: UInt64) throws {
        for (position, expected) in world.persons {
            let found = try persons(world.model, rows, asOf: position)
            #expect(found == expected, "seed \(seed), as of \(position)")
        }
        for identifier in Self.identifiers {
            let bytes = Array(identifier.utf8)
            let holder = try unsafe IdentityView.customer(of: bytes.span.bytes, rows)
            let expected = world.model.holders[identifier].map { world.model.customers[$0].id }
            #expect(holder == expected, "seed \(seed), \(identifier)")
        }
    }

    @Test("a merge and its unmerge leave the people as they were, and every other view as it was")
    func undone() throws {
        for seed in 1_000..<1_040 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var world = World()
            for _ in 0..<120 { world.step(&random) }
            let before = world.model.persons
            let customers = world.model.customers
            let first = random.pick(customers).id
            guard let other = customers.first(where: { before[$0.id] != before[first] }) else {
                continue
            }
            var plain = FoldRun<CustomersProjection>()
            try plain.run(world.log)
            for type in ["identity.merged", "identity.unmerged"] {
                let names = "\(first) \(other.id)"
                world.log.append(
                    Happening(
                        type, world.occurred, nil,
                        ["customers": .text(names), "reason": .text("test")]))
            }
            var run = FoldRun<IdentityProjection>()
            try run.run(world.log)
            let head = world.log.head.rawValue
            let merged = try persons(world.model, run.rows, asOf: head - 1)
            #expect(merged[first] == merged[other.id], "seed \(seed)")
            #expect(try persons(world.model, run.rows, asOf: head) == before, "seed \(seed)")
            var undone = FoldRun<CustomersProjection>()
            try undone.run(world.log)
            #expect(undone.rows.holdsSameRows(as: plain.rows), "seed \(seed)")
        }
    }
}
