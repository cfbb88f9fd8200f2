import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Every metric of contacts, under its own anchor, against plain loops over the events of weeks in which
/// everything happens that figures are of: by day, by queue, by channel and by agent, with n, parts and
/// percentiles. Late and united they are here; twice nothing comes to a fold: an id that is known is no new
/// event of the log.
@Suite struct WholeMetricsTests {
    private static let from = Timestamp(milliseconds: EventfulWorld.start)
    private static let days: Int64 = 49

    /// What other suites recompute: what agents answer, and time that is split. Business hours by a calendar
    /// have a suite of their own as well.
    private static let elsewhere = MetricDefinition.all.filter { definition in
        definition.anchor == .overlap || definition.isOfAgents
    }

    private struct World {
        let naive: NaiveFigures
        let rows: MemoryRows
    }

    private static func world(_ seed: UInt64, _ count: Int = 220) throws -> World {
        var random = SeededGenerator(seed: seed)
        let world = EventfulWorld(count, seed: seed)
        // Two pairs of people are one person each, and one pair is parted again, amid the events.
        let log = world.log(
            &random,
            also: [
                [("identity.merged", "p0", "p1")], [("identity.merged", "p2", "p3")],
                [("identity.merged", "p4", "p5"), ("identity.unmerged", "p4", "p5")],
            ])
        var run = FoldRun<MetricsProjection>()
        try run.run(log) { $0.rawValue % 53 == 0 ? .restart : .none }
        var told: [String: [Happening]] = [:]
        var refused: [NaiveFigures.Item] = []
        let invited = NaiveFigures.invited(world.events)
        var others: [Happening] = []
        for event in world.events {
            let joined = NaiveFigures.invitation(event).flatMap { invited[$0] }
            guard let name = event.interaction ?? joined else {
                guard event.type == "entry.refused" else {
                    others.append(event)
                    continue
                }
                var said: [String: String] = [:]
                for (key, value) in event.attributes {
                    if case .ref(let text) = value { said[key] = text }
                    if case .text(let text) = value { said[key] = text }
                }
                refused.append(
                    NaiveFigures.Item(
                        queue: said["queue"] ?? "", channel: said["channel"] ?? "", agent: "",
                        site: said["site"] ?? "", at: event.occurred))
                continue
            }
            told[name, default: []].append(event)
        }
        let contacts = told.keys.sorted().map { NaiveContact($0, told[$0] ?? []) }
        let naive = NaiveFigures(
            contacts, refused: refused, surveys: NaiveFigures.surveys(others)
        ) { name in ["p1": "p0", "p3": "p2"][name] ?? name }
        return World(naive: naive, rows: run.rows)
    }

    private static func near(_ left: Double?, _ right: Double?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return abs(left - right) <= 1e-9 * max(1, abs(right))
    }

    private static func compare(
        _ name: String, _ row: [String: Any], _ figure: NaiveFigures.Figure, _ what: String,
        _ isIn: (NaiveFigures.Item) -> Bool
    ) {
        let path = "metrics.\(name)"
        func ratio(_ part: Int64, _ whole: Int) -> Double? {
            whole > 0 ? Double(part) / Double(whole) : nil
        }
        switch figure {
        case .count(let items):
            let count = items.count(where: isIn)
            #expect(row.int("\(path).value") ?? 0 == Int64(count), "\(name) \(what)")
        case .share(let part, let whole):
            let (part, whole) = (part.count(where: isIn), whole.count(where: isIn))
            #expect(row.int("\(path).part") ?? 0 == Int64(part), "\(name) part \(what)")
            #expect(row.int("\(path).n") ?? 0 == Int64(whole), "\(name) n \(what)")
            #expect(
                near(row.double("\(path).value"), ratio(Int64(part), whole)), "\(name) \(what)")
        case .spread(let items):
            let numbers = items.filter(isIn).map(\.number).sorted()
            let sum = numbers.reduce(0, +)
            let mean = row.double("\(path).mean_ms") ?? row.double("\(path).value")
            #expect(row.int("\(path).n") ?? 0 == Int64(numbers.count), "\(name) n \(what)")
            #expect(near(mean, ratio(sum, numbers.count)), "\(name) \(what)")
            for percent in [50, 90] where !numbers.isEmpty {
                let ours = row.int("\(path).p\(percent)_ms") ?? row.int("\(path).p\(percent)")
                let rank = (numbers.count * percent + 99) / 100
                #expect(ours == numbers[max(1, rank) - 1], "\(name) p\(percent) \(what)")
            }
        case .mean(let items, let over):
            let sum = items.filter(isIn).reduce(0) { $0 + $1.number }
            let count = over.count(where: isIn)
            #expect(row.int("\(path).n") ?? 0 == Int64(count), "\(name) n \(what)")
            let ours = row.double("\(path).value_ms") ?? row.double("\(path).value")
            #expect(near(ours, ratio(sum, count)), "\(name) \(what)")
        case .net(let promoters, let detractors, let all):
            let (up, down) = (promoters.count(where: isIn), detractors.count(where: isIn))
            let count = all.count(where: isIn)
            #expect(row.int("\(path).promoters") ?? 0 == Int64(up), "\(name) \(what)")
            #expect(row.int("\(path).detractors") ?? 0 == Int64(down), "\(name) \(what)")
            #expect(row.int("\(path).n") ?? 0 == Int64(count), "\(name) n \(what)")
            let score = count < 30 ? nil : 100 * Double(up - down) / Double(count)
            #expect(near(row.double("\(path).value"), score), "\(name) \(what)")
        case .greatest(let items):
            let numbers = items.filter(isIn).map(\.number)
            #expect(row.int("\(path).n") ?? 0 == Int64(numbers.count), "\(name) n \(what)")
            #expect(row.int("\(path).value_ms") == numbers.max(), "\(name) \(what)")
        }
    }

    private static func rows(
        _ world: World, _ names: [String], per: MetricsDimension? = nil, step: MetricsStep = .none,
        anchor: MetricAnchor? = nil
    ) throws -> [[String: Any]] {
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: days * EventfulWorld.day),
            anchor: anchor, step: step, grouping: per, only: names)
        var json = JSONWriter()
        try MetricsDocument.write(query, zone: UTCOffsets(), from: world.rows, to: &json)
        return try Document(json).rows("rows")
    }

    private static func isIn(_ item: NaiveFigures.Item) -> Bool {
        guard let at = item.at else { return false }
        return at < EventfulWorld.start + days * EventfulWorld.day
    }

    @Test("every metric is one that is recomputed, here or in the suite of its kind")
    func complete() throws {
        let naive = try Self.world(1).naive
        let names = Set(naive.figures.keys)
        let all = Set(MetricDefinition.all.map(\.name))
        #expect(all.subtracting(names) == Set(Self.elsewhere.map(\.name)))
        #expect(names.isSubset(of: all))
        // Nothing is compared that never happens.
        var happens: Set<String> = []
        for seed in 1...4 as ClosedRange<UInt64> {
            for (name, figure) in try Self.world(seed).naive.figures {
                let items =
                    switch figure {
                    case .count(let items), .spread(let items): items
                    case .share(let part, _), .net(let part, _, _): part
                    case .mean(let items, _), .greatest(let items): items
                    }
                if !items.isEmpty { happens.insert(name) }
            }
        }
        #expect(names.subtracting(happens).isEmpty)
    }

    @Test("over the whole time and by day", arguments: 1...6 as ClosedRange<UInt64>)
    func days(seed: UInt64) throws {
        let world = try Self.world(seed)
        let names = world.naive.figures.keys.sorted()
        let whole = try #require(try Self.rows(world, names).first)
        let days = try Self.rows(world, names, step: .day)
        #expect(days.count == Int(Self.days))
        for name in names {
            let figure = try #require(world.naive.figures[name])
            Self.compare(name, whole, figure, "seed \(seed)", Self.isIn)
            for (index, row) in days.enumerated() {
                let start = EventfulWorld.start + Int64(index) * EventfulWorld.day
                Self.compare(name, row, figure, "seed \(seed) day \(index)") { item in
                    item.at.map { $0 >= start && $0 < start + EventfulWorld.day } ?? false
                }
            }
        }
    }

    @Test(
        "by queue, channel and agent: no group is left out, and none is made up",
        arguments: 1...4 as ClosedRange<UInt64>)
    func groups(seed: UInt64) throws {
        let world = try Self.world(seed)
        let names = world.naive.figures.keys.sorted()
        let cases: [(MetricsDimension, (NaiveFigures.Item) -> String, [String])] = [
            (.queue, \.queue, names), (.channel, \.channel, names), (.agent, \.agent, names),
            (.site, \.site, ["lost_demand"]),
        ]
        for (dimension, group, names) in cases {
            let found = try Self.rows(world, names, per: dimension)
            var byName: [String: [String: Any]] = [:]
            for row in found { byName[row.string(dimension.word) ?? "?"] = row }
            var expected: Set<String> = []
            for name in names {
                let figure = try #require(world.naive.figures[name])
                let items =
                    switch figure {
                    case .count(let items), .spread(let items): items
                    case .share(_, let whole), .net(_, _, let whole): whole
                    case .mean(_, let over): over
                    case .greatest(let items): items
                    }
                expected.formUnion(items.filter(Self.isIn).map(group))
            }
            // Contacts that say no site have a row, whatever is asked.
            if dimension == .site { byName[""] = nil }
            #expect(Set(byName.keys) == expected, "\(dimension.word) seed \(seed)")
            for name in names {
                let figure = try #require(world.naive.figures[name])
                for key in expected {
                    Self.compare(
                        name, byName[key] ?? [:], figure, "\(dimension.word) \(key) seed \(seed)"
                    ) { Self.isIn($0) && group($0) == key }
                }
            }
        }
    }

    @Test(
        "offered adds up with several stays, for every anchor, interval and dimension",
        arguments: 1...4 as ClosedRange<UInt64>)
    func addsUp(seed: UInt64) throws {
        let world = try Self.world(seed)
        let parts = ["answered", "abandoned", "flowed_out", "failed", "expired", "waiting"]
        let dimensions: [MetricsDimension?] = [
            nil, .queue, .channel, .agent, .team, .provider, .site, .brand, .type, .reason, .stage,
        ]
        for anchor in [nil, .created, .offered, .ended] as [MetricAnchor?] {
            for dimension in dimensions {
                var offered: Int64 = 0
                for row in try Self.rows(
                    world, parts + ["offered"], per: dimension, step: .day, anchor: anchor)
                {
                    let sum = parts.reduce(0) { $0 + (row.int("metrics.\($1).value") ?? 0) }
                    #expect(row.int("metrics.offered.value") == sum, "seed \(seed)")
                    offered += sum
                }
                #expect(offered > 0)
            }
        }
    }
}
