import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// What agents answer, against plain loops in the order recorded: nobody's answer is ever shown alone,
/// nor can it be found by subtraction.
@Suite struct AgentSurveyTests {
    private static let start: Int64 = 1_751_328_000_000
    private static let day: Int64 = 86_400_000
    private static let teams = ["north", "south", ""]

    private struct Answer {
        var at: Int64
        var score: Int64
        var most: Int64
        var team: String
        var drivers: [String]
    }

    private enum Told {
        case asked(period: String, at: Int64)
        case answered(Answer)

        var happening: Happening {
            switch self {
            case .asked(let period, let at):
                return Happening(
                    "agent.surveyed", at, nil,
                    ["survey_id": .ref("pulse"), "period": .text(period)])
            case .answered(let answer):
                var event = Happening(
                    "agent.surveyAnswered", answer.at, nil,
                    [
                        "survey_id": .ref("pulse"), "score": .integer(answer.score),
                        "scale": .text("1-\(answer.most)"),
                        "drivers": .text(answer.drivers.joined(separator: ", ")),
                    ])
                if !answer.team.isEmpty { event.attributes.append(("team", .ref(answer.team))) }
                event.personal = ["score", "scale", "drivers"]
                return event
            }
        }
    }

    /// Two rounds, answers of which some come late or before anybody has told of a round.
    private static func random(_ random: inout SeededGenerator) -> [Told] {
        func draw(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
        var told: [(Int64, Told)] = []
        for (number, period) in ["q1", "q2"].enumerated() {
            let at = start + Int64(number) * 10 * day + 60_000
            told.append((at + draw(0...1) * draw(0...day), .asked(period: period, at: at)))
        }
        for _ in 0..<draw(20...90) {
            let at = start + draw(0...20 * day)
            let most: Int64 = draw(0...5) == 0 ? 10 : 5
            let answer = Answer(
                at: at, score: draw(1...most), most: most, team: teams[Int(draw(0...2))],
                drivers: ["pay", "tools"].filter { _ in draw(0...1) == 0 })
            told.append((at + draw(0...2) * draw(0...4 * day), .answered(answer)))
        }
        return told.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private static func folded(_ told: [Told]) throws -> (log: MemoryLog, rows: MemoryRows) {
        var log = MemoryLog()
        log.step = 3_600_000
        log.append(told.map(\.happening))
        var run = FoldRun<MetricsProjection>()
        try run.run(log) { $0.rawValue % 7 == 0 ? .take : .none }
        return (log, run.rows)
    }

    private static func rows(
        _ rows: MemoryRows, _ only: [String], per: MetricsDimension? = nil,
        where filters: [MetricsFilter] = [], from: Int64 = start, days: Int64 = 30,
        step: MetricsStep = .none
    ) throws -> [[String: Any]] {
        let first = Timestamp(milliseconds: from)
        var json = JSONWriter()
        let query = try MetricsQuery(
            from: first, to: first.advanced(byMilliseconds: days * day), step: step,
            grouping: per, filters: filters, only: only)
        try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
        return try Document(json).rows("rows")
    }

    /// The groups of five by plain loops: under which moment they are filed, and their answers.
    private static func naive(
        _ told: [Told]
    ) -> (fives: [(filed: Int64, answers: [Answer])], named: [String: Int64]) {
        var rounds: [String: Int64] = [:]
        var groups: [String: [Answer]] = [:]
        var named: [String: Int64] = [:]
        for one in told {
            switch one {
            case .asked(let period, let at): rounds[period] = min(rounds[period] ?? at, at)
            case .answered(let answer):
                let past = rounds.filter { $0.value <= answer.at }
                let round =
                    past.max { $0.value < $1.value }?.key
                    ?? rounds.min { $0.value < $1.value }?.key ?? ""
                groups["\(round)/\(answer.team)/\(answer.most)", default: []].append(answer)
            }
        }
        let early = groups.filter { $0.key.hasPrefix("/") }.values.joined().map(\.at).min() ?? 0
        var fives: [(filed: Int64, answers: [Answer])] = []
        for (key, answers) in groups {
            let round = key.split(separator: "/", omittingEmptySubsequences: false)[0]
            for index in 0..<answers.count / 5 {
                fives.append(
                    (rounds[String(round)] ?? early, Array(answers[index * 5..<index * 5 + 5])))
            }
            for driver in ["pay", "tools"] {
                // What an answer names waits with it.
                let counted = answers.prefix(answers.count / 5 * 5)
                let count = counted.count { $0.drivers.contains(driver) }
                named[driver, default: 0] += Int64(count - count % 5)
            }
        }
        return (fives, named)
    }

    private static func figures(_ answers: [Answer]) -> [Int64] {
        [Int64(answers.count { $0.score >= $0.most - 1 }), Int64(answers.count)]
    }

    private static func share(_ row: [String: Any]?, _ name: String = "esat") -> [Int64] {
        [row?.int("metrics.\(name).part") ?? 0, row?.int("metrics.\(name).n") ?? 0]
    }

    @Test(
        "groups of five are those of plain loops, by team, scale and day",
        arguments: 1...12 as ClosedRange<UInt64>)
    func naive(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let told = Self.random(&random)
        let (_, rows) = try Self.folded(told)
        let (fives, named) = Self.naive(told)
        let all = fives.flatMap(\.answers)
        let whole = try Self.rows(rows, ["esat", "esat_mean", "esat_named"]).first
        #expect(Self.share(whole) == Self.figures(all), "seed \(seed)")
        let five = all.filter { $0.most == 5 }
        #expect(whole?.int("metrics.esat_mean.n") == Int64(five.count))
        if !five.isEmpty {
            let mean = Double(five.reduce(0) { $0 + $1.score }) / Double(five.count)
            #expect(abs((whole?.double("metrics.esat_mean.value") ?? -1) - mean) < 1e-9)
        }
        #expect(whole?.int("metrics.esat_named.value") == named.values.reduce(0, +))
        let cases: [(MetricsDimension, (Answer) -> String)] = [
            (.team, { $0.team }), (.surveyScale, { "\($0.most)" }),
        ]
        for (dimension, name) in cases {
            let expected = Dictionary(grouping: all, by: name).mapValues(Self.figures)
            var found: [String: [Int64]] = [:]
            for row in try Self.rows(rows, ["esat"], per: dimension) {
                let share = Self.share(row)
                if share[1] > 0 { found[row.string(dimension.word) ?? "?"] = share }
            }
            #expect(found == expected, "\(dimension.word) seed \(seed)")
            for (word, share) in expected {
                let filter = MetricsFilter(dimension, names: [word])
                let row = try Self.rows(rows, ["esat"], where: [filter]).first
                #expect(Self.share(row) == share, "\(word) seed \(seed)")
            }
        }
        for row in try Self.rows(rows, ["esat_named"], per: .driver) {
            let driver = row.string("agent_driver") ?? ""
            #expect(row.int("metrics.esat_named.value") ?? 0 == named[driver] ?? 0, "\(driver)")
        }
        for (index, row) in try Self.rows(rows, ["esat"], step: .day).enumerated() {
            let start = Self.start + Int64(index) * Self.day
            let own = fives.filter { $0.filed >= start && $0.filed < start + Self.day }
            #expect(
                Self.share(row) == Self.figures(own.flatMap(\.answers)), "\(index) seed \(seed)")
        }
    }

    @Test(
        "any two figures differ by whole groups of five: of teams, of scales, of windows, of moments",
        arguments: 1...8 as ClosedRange<UInt64>)
    func subtraction(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let told = Self.random(&random)
        let (log, _) = try Self.folded(told)
        var run = FoldRun<MetricsProjection>()
        var before: [String: Int64] = [:]
        for position in 1...log.head.rawValue {
            try run.run(log, to: Position(position))
            var now: [String: Int64] = [:]
            for dimension in [MetricsDimension?.none, .team, .surveyScale, .driver] {
                for row in try Self.rows(run.rows, ["esat"], per: dimension) {
                    let word = dimension == .driver ? "agent_driver" : dimension?.word
                    let name = word.flatMap { row.string($0) } ?? "all"
                    let n = row.int("metrics.esat.n") ?? 0
                    now["\(dimension?.word ?? "") \(name)"] = n
                    #expect(n % 5 == 0, "\(name) position \(position) seed \(seed)")
                }
            }
            for days in [5, 9] as [Int64] {
                let row = try Self.rows(run.rows, ["esat"], days: days).first
                #expect((row?.int("metrics.esat.n") ?? 0) % 5 == 0)
            }
            for (name, n) in now where name != "driver " {
                let change = n - (before[name] ?? 0)
                #expect(change == 0 || change == 5, "\(name) position \(position) seed \(seed)")
            }
            let parts = now.filter { $0.key.hasPrefix("team ") }.values.reduce(0, +)
            #expect(parts == now[" all"], "the total is the sum of what is shown, seed \(seed)")
            before = now
        }
    }

    @Test(
        "when changes are taken, and what is forgotten then, changes no row",
        arguments: 1...4 as ClosedRange<UInt64>)
    func batches(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (log, _) = try Self.folded(Self.random(&random))
        var whole = FoldRun<MetricsProjection>()
        try whole.run(log)
        var everyEvent = FoldRun<MetricsProjection>()
        try everyEvent.run(log) { _ in .restart }
        #expect(everyEvent.rows.holdsSameRows(as: whole.rows), "seed \(seed)")
    }

    @Test("an agent whom the envelope names is in no row, and no contact stands behind an answer")
    func nobody() throws {
        var log = MemoryLog()
        for _ in 0..<5 {
            log.append(
                Happening(
                    "agent.surveyAnswered", Self.start, nil,
                    [
                        "survey_id": .ref("pulse"), "score": .integer(4), "scale": .text("5"),
                        "agent": .ref("agent-ana"), "drivers": .text("pay"),
                    ]))
        }
        var run = FoldRun<MetricsProjection>()
        try run.run(log)
        for (_, row) in run.rows.all {
            #expect(!String(decoding: row, as: UTF8.self).contains("agent-ana"))
        }
        let row = try Self.rows(run.rows, ["esat"]).first
        #expect(Self.share(row) == [5, 5])
        var json = JSONWriter()
        let from = Timestamp(milliseconds: Self.start)
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: Self.day), only: ["esat"])
        try OpenedDocument.write(query, from: run.rows, to: &json)
        #expect(try Document(json).rows("interactions").isEmpty)
    }
}
