import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Figures by person while customers become one and two again, against plain loops over contacts whose
/// persons are those of the end.
@Suite struct PersonMetricsTests {
    private static let from = Timestamp(milliseconds: SimulatedContact.start)
    private static let day: Int64 = 86_400_000

    /// Contacts, with what was said of their people meanwhile.
    private struct World {
        var events: [Happening]
        /// Who is one person in the end, by the name in contacts.
        var persons: [String: String] = [:]
        /// Stages, as they were said.
        var stages: [(moment: Int64, person: String, word: String)] = []

        func person(_ name: String?) -> String? { name.map { persons[$0] ?? $0 } }

        var log: MemoryLog {
            var log = MemoryLog()
            log.step = 3_600_000
            log.append(events)
            return log
        }
    }

    private static func said(_ type: String, _ first: String, _ second: String) -> Happening {
        Happening(
            type, SimulatedContact.start, nil,
            ["customers": .text("crm:\(first) crm:\(second)"), "reason": .text("a call")])
    }

    /// Events that come late by days; pairs of people who are united as soon as both are known or
    /// later, some of them parted again, some of these united once more.
    private static func world(
        _ contacts: [SimulatedContact], _ random: inout SeededGenerator
    ) -> World {
        var delays: [String: Int64] = [:]
        var keyed = contacts.flatMap(\.happenings).enumerated().map { index, event in
            // What happened to a contact at one moment keeps its order.
            let group = "\(event.interaction ?? "") \(event.occurred)"
            let delay = delays[group] ?? Int64.random(in: 0...3, using: &random) * day
            delays[group] = delay
            return (event, event.occurred + delay, index)
        }
        keyed.sort { ($0.1, $0.2) < ($1.1, $1.2) }
        var world = World(events: keyed.map(\.0))
        let people = Set(contacts.compactMap(\.person)).sorted()
        for person in people {
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let moment =
                    SimulatedContact.start + .random(in: 0..<14 * day, using: &random)
                let word = ["prospect", "loyal", "atRisk"].randomElement(using: &random) ?? ""
                world.stages.append((moment, person, word))
                let event = Happening(
                    "stage.inferred", moment, nil,
                    ["customer_id": .ref("c_0"), "stage": .text(word), "rule": .text("crm")],
                    [Identifier(kind: "crm", value: person)])
                world.events.insert(
                    event, at: Int.random(in: 0...world.events.count, using: &random))
            }
        }
        for place in stride(from: 0, to: people.count - 1, by: 2) {
            let (first, second) = (people[place], people[place + 1])
            let known =
                [first, second].map { person in
                    world.events.firstIndex { $0.identifiers.contains { $0.value == person } } ?? 0
                }.max() ?? 0
            var at = known + 1
            for step in 0..<Int.random(in: 0...3, using: &random) {
                at = Int.random(in: at...world.events.count, using: &random)
                let type = step == 1 ? "identity.unmerged" : "identity.merged"
                world.events.insert(Self.said(type, first, second), at: at)
                at += 1
                world.persons[second] = step == 1 ? second : first
            }
        }
        return world
    }

    private static func row(
        _ rows: MemoryRows, _ names: [String], days: Int64 = 7, per: MetricsDimension? = nil
    ) throws -> [[String: Any]] {
        var json = JSONWriter()
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: 40 * day), anchor: .created,
            grouping: per, only: names, windowDays: days)
        try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
        return try Document(json).rows("rows")
    }

    private static func folded(
        _ log: MemoryLog, drains: (Position) -> Drain = { $0.rawValue % 61 == 0 ? .take : .none }
    ) throws -> MemoryRows {
        var run = FoldRun<MetricsProjection>()
        try run.run(log, drains: drains)
        return run.rows
    }

    @Test(
        "what depends on a person follows who is one with whom",
        arguments: 1...8 as ClosedRange<UInt64>)
    func united(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var contacts = SimulatedContact.random(160, &random)
        let world = Self.world(contacts, &random)
        let rows = try Self.folded(world.log)
        for index in contacts.indices {
            contacts[index].person = world.person(contacts[index].person)
        }
        let naive = NaiveMetrics(contacts)
        let redials = try Self.row(rows, ["redials"]).first
        #expect(redials?.int("metrics.redials.value") == naive.counts["redials"].map(Int64.init))
        for days in [1, 7, 30] as [Int64] {
            let expected = naive.personal(days: days)
            let row = try #require(try Self.row(rows, expected.keys.sorted(), days: days).first)
            for (name, value) in expected {
                let ours = row.double("metrics.\(name).value")
                #expect((ours == nil) == (value == nil), "\(name) \(days) days, seed \(seed)")
                guard let ours, let value else { continue }
                #expect(abs(ours - value) < 1e-9, "\(name) \(days) days, seed \(seed)")
            }
        }
    }

    @Test(
        "contacts stand under the stage of their person as of then, however late it was said and whose",
        arguments: 1...8 as ClosedRange<UInt64>)
    func stages(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(160, &random)
        let world = Self.world(contacts, &random)
        let rows = try Self.folded(world.log)
        var expected: [String: Int64] = [:]
        for contact in contacts where !contact.isTest && contact.outcome == .answered {
            var stage = "anonymous"
            if let person = world.person(contact.person) {
                stage =
                    world.stages.filter {
                        world.person($0.person) == person && $0.moment <= contact.created
                    }.max { $0.moment < $1.moment }?.word ?? ""
            }
            expected[stage, default: 0] += 1
        }
        var found: [String: Int64] = [:]
        for row in try Self.row(rows, ["handled"], per: .stage) {
            let count = row.int("metrics.handled.value") ?? 0
            if count != 0 { found[row.string("stage") ?? "?"] = count }
        }
        #expect(found == expected, "seed \(seed)")
    }

    @Test(
        "looking at each contact of united people gives what the cells give, whenever changes are taken",
        arguments: 1...4 as ClosedRange<UInt64>)
    func scanned(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(120, &random)
        let log = Self.world(contacts, &random).log
        let rows = try Self.folded(log)
        let everyEvent = try Self.folded(log) { _ in .restart }
        #expect(everyEvent.holdsSameRows(as: rows), "seed \(seed)")
        let names = NaiveMetrics(contacts).personal(days: 7).keys.sorted()
        let cells = try #require(try Self.row(rows, names).first)
        var parts: [String: Int64] = [:]
        for row in try Self.row(rows, names, per: .brand) {
            for name in names {
                parts[name, default: 0] += row.int("metrics.\(name).n") ?? 0
            }
        }
        for name in names {
            #expect(parts[name] == cells.int("metrics.\(name).n") ?? 0, "\(name), seed \(seed)")
        }
    }

    @Test("who is united and parted again has the figures from before")
    func parted() throws {
        var random = SeededGenerator(seed: 7)
        let contacts = SimulatedContact.random(160, &random)
        var log = SimulatedContact.log(of: contacts, isShuffled: true, &random)
        let names = NaiveMetrics(contacts).personal(days: 7).keys.sorted()
        func figures() throws -> [String] {
            let rows = try Self.folded(log)
            return try [MetricsDimension?.none, .stage].flatMap { dimension in
                try Self.row(rows, names, per: dimension).map { row in
                    names.map { "\($0) \(row.double("metrics.\($0).value") ?? -1)" }.joined()
                }
            }
        }
        let before = try figures()
        let people = Set(contacts.compactMap(\.person)).sorted()
        for other in people.dropFirst() {
            log.append(Self.said("identity.merged", people[0], other))
        }
        #expect(try figures() != before)
        for place in people.indices {
            for other in people[(place + 1)...] {
                log.append(Self.said("identity.unmerged", people[place], other))
            }
        }
        #expect(try figures() == before)
    }
}
