import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Every metric against plain loops over the contacts themselves.
@Suite struct NamedMetricsTests {
    private static let from = Timestamp(milliseconds: SimulatedContact.start)
    private static let to = from.advanced(byMilliseconds: 40 * 86_400_000)

    private static func document(_ query: MetricsQuery, _ rows: MemoryRows) throws -> Document {
        var json = JSONWriter()
        try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
        return try Document(json)
    }

    private static func query(
        _ only: [String], per: MetricsDimension? = nil, _ filters: [MetricsFilter] = [],
        days: Int64 = 7, step: MetricsStep = .none
    ) throws -> MetricsQuery {
        try MetricsQuery(
            from: from, to: to, anchor: .created, step: step, grouping: per, filters: filters,
            only: only, windowDays: days)
    }

    private static func compare(
        _ row: [String: Any], _ naive: NaiveMetrics, days: Int64, _ what: String
    ) {
        for (name, count) in naive.counts {
            #expect(row.int("metrics.\(name).value") == Int64(count), "\(name) \(what)")
        }
        let values = naive.values.merging(naive.personal(days: days)) { $1 }
            .merging(naive.threaded) { $1 }
        for (name, expected) in values {
            let ours =
                row.double("metrics.\(name).value") ?? row.double("metrics.\(name).value_ms")
                ?? row.double("metrics.\(name).mean_ms")
            guard let expected, let ours else {
                #expect(
                    ours == nil && expected == nil, "\(name) \(what): \(String(describing: ours))")
                continue
            }
            #expect(abs(ours - expected) < 1e-9 * max(1, abs(expected)), "\(name) \(what)")
        }
    }

    @Test("every metric equals plain loops", arguments: 1...6 as ClosedRange<UInt64>)
    func naive(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(160, &random)
        let rows = try SimulatedContact.folded(contacts, &random)
        let names = MetricDefinition.all.filter { !$0.isOfContacts }.map(\.name)
        for days in FirstContact.windowDays {
            let document = try Self.document(try Self.query(names, days: days), rows)
            let row = try #require(document.rows("rows").first)
            Self.compare(row, NaiveMetrics(contacts), days: days, "seed \(seed), \(days) days")
        }
    }

    @Test("a metric asked for alone is what it is beside all others")
    func alone() throws {
        var random = SeededGenerator(seed: 11)
        let rows = try SimulatedContact.folded(SimulatedContact.random(160, &random), &random)
        let names = MetricDefinition.all.filter { !$0.isOfContacts && $0.anchor != .overlap }
            .map(\.name)
        func figures(_ names: [String]) throws -> [String: String] {
            var json = JSONWriter()
            let query = try MetricsQuery(
                from: Self.from, to: Self.to, grouping: .queue, only: names)
            try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
            var found: [String: String] = [:]
            for row in try Document(json).rows("rows") {
                for (name, value) in row["metrics"] as? [String: [String: Any]] ?? [:] {
                    let parts = value.sorted { $0.key < $1.key }.map { "\($0) \($1)" }
                    found["\(row.string("queue") ?? "") \(name)"] = parts.joined(separator: ",")
                }
            }
            return found
        }
        let all = try figures(names)
        #expect(all.count >= names.count)
        for name in names {
            let own = try figures([name])
            #expect(!own.isEmpty, "\(name)")
            for (key, value) in own { #expect(value == all[key], "\(key)") }
        }
    }

    @Test(
        "looking at each contact gives what the cells give",
        arguments: 1...4 as ClosedRange<UInt64>)
    func scanned(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rows = try SimulatedContact.folded(SimulatedContact.random(120, &random), &random)
        let names = MetricDefinition.all.filter { !$0.isOfContacts && $0.anchor != .overlap }
            .map(\.name).filter { $0 != "lost_demand" }
        // All contacts have the type, so that the condition changes only how they are read.
        let filter = MetricsFilter(.type, names: ["inbound"])
        for step in [MetricsStep.none, .day] {
            let cells = try Self.document(try Self.query(names, per: .queue, step: step), rows)
            let scan = try Self.document(
                try Self.query(names, per: .queue, [filter], step: step), rows)
            #expect(cells.rows("rows").count == scan.rows("rows").count, "seed \(seed)")
            for (left, right) in zip(cells.rows("rows"), scan.rows("rows")) {
                for name in names {
                    for part in ["value", "value_ms", "mean_ms", "n", "low", "p90_ms"] {
                        let path = "metrics.\(name).\(part)"
                        #expect(left.double(path) == right.double(path), "\(path) seed \(seed)")
                    }
                }
            }
        }
    }

    @Test("conditions pick the contacts they name", arguments: 1...4 as ClosedRange<UInt64>)
    func filtered(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(120, &random)
        let rows = try SimulatedContact.folded(contacts, &random)
        let cases: [(MetricsFilter, (SimulatedContact) -> Bool)] = [
            (MetricsFilter(.brand, names: ["north"]), { $0.brand == "north" }),
            (MetricsFilter(.reason, names: ["bill"]), { $0.reasons.contains("bill") }),
            (MetricsFilter(.channel, names: ["chat"]), { $0.channel == "chat" }),
            (
                MetricsFilter(.attribute("ext_campaign"), names: ["summer"]),
                { $0.campaign == "summer" }
            ),
        ]
        for (filter, counts) in cases {
            let naive = NaiveMetrics(contacts.filter(counts))
            let own = naive.counts.keys.filter { $0 != "redials" }
            let document = try Self.document(try Self.query(own.sorted(), [filter]), rows)
            let row = try #require(document.rows("rows").first)
            for name in own {
                #expect(
                    row.int("metrics.\(name).value") == naive.counts[name].map(Int64.init),
                    "\(name) \(filter.dimension.word) seed \(seed)")
            }
        }
        let query = try Self.query(["handled"], per: .agent)
        for row in try Self.document(query, rows).rows("rows") {
            let agent = row.string("agent")
            let expected = contacts.count {
                !$0.isTest && $0.outcome == .answered && $0.agent == agent
            }
            #expect(row.int("metrics.handled.value") == Int64(expected), "\(agent ?? "")")
        }
    }

    @Test(
        "work stands under the team that its agent was in then, however late that was said",
        arguments: 1...6 as ClosedRange<UInt64>)
    func teams(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(200, &random)
        var said: [(moment: Int64, agent: String, team: String)] = []
        for agent in 0...3 {
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let moment =
                    SimulatedContact.start + .random(in: 0..<14 * 86_400_000, using: &random)
                said.append((moment, "a\(agent)", "t\(Int.random(in: 0...2, using: &random))"))
            }
        }
        let events = said.map {
            Happening(
                "agent.assigned", $0.moment, nil, ["agent": .ref($0.agent), "team": .ref($0.team)])
        }
        let rows = try SimulatedContact.folded(contacts, &random, also: events)
        func team(_ contact: SimulatedContact) -> String {
            said.filter { $0.agent == contact.agent && $0.moment <= contact.created }
                .max { $0.moment < $1.moment }?.team ?? ""
        }
        var expected: [String: Int64] = [:]
        for contact in contacts where !contact.isTest && contact.outcome == .answered {
            expected[team(contact), default: 0] += 1
        }
        var found: [String: Int64] = [:]
        for row in try Self.document(Self.query(["handled"], per: .team), rows).rows("rows") {
            let count = row.int("metrics.handled.value") ?? 0
            if count != 0 { found[row.string("team") ?? "?"] = count }
        }
        #expect(found == expected, "seed \(seed)")
        for team in ["t0", "t1", "t2"] {
            let query = try Self.query(["handled"], [MetricsFilter(.team, names: [team])])
            let row = try Self.document(query, rows).rows("rows").first
            #expect(
                row?.int("metrics.handled.value") ?? 0 == expected[team] ?? 0, "\(team) \(seed)")
        }
    }

    @Test("an agent who is assigned again and again keeps their past", arguments: [1, 2])
    func assignedAgain(teams: Int64) throws {
        var random = SeededGenerator(seed: 1)
        let contacts = SimulatedContact.random(40, &random)
        // In one team before all contacts, then six hundred times in the same or in turns.
        let first = SimulatedContact.start - 86_400_000
        let later = SimulatedContact.start + 20 * 86_400_000
        var events: [Happening] = []
        for agent in 0...4 {
            for number in Int64(0)...600 {
                let moment = number == 0 ? first : later + number * 60_000
                let team = number == 0 ? "t0" : "t\(1 + number % teams)"
                events.append(
                    Happening(
                        "agent.assigned", moment, nil,
                        ["agent": .ref("a\(agent)"), "team": .ref(team)]))
            }
        }
        let rows = try SimulatedContact.folded(contacts, &random, also: events)
        let document = try Self.document(Self.query(["answered"], per: .team), rows)
        let found = document.rows("rows").compactMap { row -> String? in
            (row.int("metrics.answered.value") ?? 0) > 0 ? row.string("team") : nil
        }
        // Repeats take no room; where there were more changes than are kept, the oldest kept holds.
        #expect(found == (teams == 1 ? ["t0"] : ["t2"]), "\(found)")
    }

    @Test(
        "offered = answered + abandoned + flowed out + failed + expired + waiting everywhere",
        arguments: 1...4 as ClosedRange<UInt64>)
    func addsUp(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rows = try SimulatedContact.folded(SimulatedContact.random(120, &random), &random)
        let parts = ["answered", "abandoned", "flowed_out", "failed", "expired", "waiting"]
        let dimensions: [MetricsDimension] = [
            .queue, .channel, .agent, .team, .provider, .site, .brand, .type, .reason,
            .attribute("ext_campaign"),
        ]
        for anchor in [MetricAnchor.offered, .created] {
            for dimension in dimensions {
                let query = try MetricsQuery(
                    from: Self.from, to: Self.to, anchor: anchor, step: .hour,
                    grouping: dimension, only: parts + ["offered"])
                var offered: Int64 = 0
                for row in try Self.document(query, rows).rows("rows") {
                    let sum = parts.reduce(0) { $0 + (row.int("metrics.\($1).value") ?? 0) }
                    #expect(row.int("metrics.offered.value") == sum, "\(dimension.word) \(seed)")
                    offered += sum
                }
                #expect(offered > 0)
            }
        }
    }

    @Test(
        "EVENTS shows the contacts behind a number, and no others", arguments: [1, 2] as [UInt64])
    func opened(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(80, &random)
        let rows = try SimulatedContact.folded(contacts, &random)
        var json = JSONWriter()
        try OpenedDocument.write(try Self.query(["abandoned"]), from: rows, to: &json)
        let opened = try Document(json).rows("interactions")
        let expected = NaiveMetrics(contacts).abandoned
        #expect(Set(opened.compactMap { $0.string("interaction") }) == Set(expected.map(\.id)))
        for row in opened {
            let contact = try #require(expected.first { $0.id == row.string("interaction") })
            let kept = contact.happenings.count
            #expect((row["positions"] as? [Any])?.count == kept, "\(contact.id)")
        }
    }

    @Test("what is asked wrongly is refused and says why")
    func refused() throws {
        func refusal(_ body: () throws(MetricsRefusal) -> MetricsQuery) -> MetricsRefusal? {
            do throws(MetricsRefusal) {
                _ = try body()
                return nil
            } catch {
                return error
            }
        }
        #expect(
            refusal { () throws(MetricsRefusal) in
                try MetricsQuery(from: Self.from, to: Self.to, only: ["abandon_rat"])
            } == .unknownMetric(near: "abandon_rate"))
        #expect(
            refusal { () throws(MetricsRefusal) in
                try MetricsQuery(from: Self.from, to: Self.to, windowDays: 8)
            } == .unknownWindow)
        let undeclared = try Self.query(["offered"], per: .attribute("ext_other"))
        #expect(throws: MetricsFault.self) { try Self.document(undeclared, MemoryRows()) }
    }

    @Test("names are unique, and every figure is used by a metric")
    func definitions() {
        let all = MetricDefinition.all
        #expect(Set(all.map(\.name)).count == all.count)
        let used = Set(all.flatMap(\.uses.distributions))
        // Service is shown with the plain figures; custom surveys have no formula of ours; when answers
        // were given says which are late.
        #expect(
            Set(MetricDistribution.allCases).subtracting(used)
                == [.service, .customAnswers, .answerMoments])
    }

    @Test("Wilson's interval is that of published tables")
    func wilson() throws {
        // Newcombe 1998, table I: 81 of 263, and 0 of 20.
        let common = try #require(MetricValue.wilson(81, of: 263))
        #expect(abs(common.low - 0.2553) < 5e-5 && abs(common.high - 0.3662) < 5e-5)
        let none = try #require(MetricValue.wilson(0, of: 20))
        #expect(none.low == 0 && abs(none.high - 0.1611) < 5e-5)
        #expect(MetricValue.wilson(0, of: 0) == nil)
    }

    @Test("what is too young for a repeat to be known is left out and said to be provisional")
    func young() throws {
        var log = MemoryLog()
        log.clock = Self.from.rawValue + 86_400_000
        let who = [Identifier(kind: "crm", value: "7")]
        log.append([
            Happening(
                "interaction.created", Self.from.rawValue, "c",
                ["channel": .text("voice"), "direction": .text("inbound")], who),
            Happening("agent.connected", Self.from.rawValue + 1, "c", ["agent": .ref("a")]),
        ])
        var run = FoldRun<MetricsProjection>()
        try run.run(log)
        let query = try Self.query(["fcr_repeat_any"])
        var row = try #require(try Self.document(query, run.rows).rows("rows").first)
        #expect(row.int("metrics.fcr_repeat_any.n") == 0)
        #expect(row.int("metrics.fcr_repeat_any.left_out") == 1)
        #expect(row.int("metrics.fcr_repeat_any.provisional") == 1)
        // Eight days later nothing has come.
        log.clock += 8 * 86_400_000
        log.append(
            Happening(
                "source.heartbeat", log.clock, nil,
                ["covered_until": .time(Timestamp(milliseconds: log.clock))]))
        try run.run(log)
        let document = try Self.document(query, run.rows)
        row = try #require(document.rows("rows").first)
        #expect(row.double("metrics.fcr_repeat_any.value") == 1)
        #expect(row.int("metrics.fcr_repeat_any.left_out") == nil)
        #expect(row.int("incomplete") == 1)
        #expect(document.root.string("complete_until") != nil)
        #expect(document.rows("sources").first?.string("state") == "live")
    }
}
