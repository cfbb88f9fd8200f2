import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Agents' answers of which something was redacted or erased: figures before and after differ by whole
/// fives, so that nobody's answer is found by subtraction.
@Suite struct LostAnswerTests {
    private static let start: Int64 = 1_751_328_000_000
    private static let day: Int64 = 86_400_000

    private struct Answer {
        var position: Position
        var score: Int64
        var most: Int64
        var team: String
        var isNamed: Bool
    }

    /// What goes of an answer.
    private enum Loss: CaseIterable {
        case score, drivers, scale, cutScale, everything

        var removal: PartRemoval {
            switch self {
            case .score: PartRemoval(takesAll: false, fields: ["score"])
            case .drivers: PartRemoval(takesAll: false, fields: ["drivers"])
            case .scale: PartRemoval(takesAll: false, fields: ["scale", "score"])
            case .cutScale:
                PartRemoval(takesAll: false, cuts: ["scale": [TextCut(start: 2, count: 1)]])
            case .everything: PartRemoval(takesAll: true)
            }
        }

        var takesScale: Bool { self == .scale || self == .cutScale || self == .everything }
    }

    private static func log(
        _ random: inout SeededGenerator
    ) -> (log: MemoryLog, answers: [Answer]) {
        var log = MemoryLog()
        log.step = 3_600_000
        log.append(
            Happening(
                "agent.surveyed", start, nil, ["survey_id": .ref("pulse"), "period": .text("q")]))
        var answers: [Answer] = []
        for _ in 0..<Int.random(in: 20...70, using: &random) {
            let most: Int64 = Int.random(in: 0...4, using: &random) == 0 ? 10 : 5
            let answer = Answer(
                position: log.head.next, score: .random(in: 1...most, using: &random), most: most,
                team: ["north", "south"].randomElement(using: &random) ?? "",
                isNamed: Bool.random(using: &random))
            var event = Happening(
                "agent.surveyAnswered", start + .random(in: 1...day, using: &random), nil,
                [
                    "survey_id": .ref("pulse"), "score": .integer(answer.score),
                    "scale": .text("1-\(answer.most)"), "team": .ref(answer.team),
                    "drivers": .text(answer.isNamed ? "pay" : "tools"),
                ])
            event.personal = ["score", "scale", "drivers"]
            log.append(event)
            answers.append(answer)
        }
        return (log, answers)
    }

    private static func rows(_ log: MemoryLog) throws -> MemoryRows {
        var run = FoldRun<MetricsProjection>()
        try run.run(log) { $0.rawValue % 7 == 0 ? .restart : .none }
        return run.rows
    }

    private static func figures(
        _ rows: MemoryRows, per dimension: MetricsDimension? = nil
    ) throws -> [String: [Int64]] {
        var json = JSONWriter()
        let first = Timestamp(milliseconds: start)
        let query = try MetricsQuery(
            from: first, to: first.advanced(byMilliseconds: 3 * day), grouping: dimension,
            only: ["esat", "esat_named"])
        try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
        var found: [String: [Int64]] = [:]
        for row in try Document(json).rows("rows") {
            let figures = ["esat.part", "esat.n", "esat_named.value"].map {
                row.int("metrics.\($0)") ?? 0
            }
            if figures != [0, 0, 0] {
                found[dimension.flatMap { row.string($0.word) } ?? ""] = figures
            }
        }
        return found
    }

    /// By plain loops: fives in the order recorded, of which those count that are whole.
    private static func naive(
        _ answers: [Answer], _ lost: [Position: Loss], team: String?
    ) -> [Int64] {
        var figures: [Int64] = [0, 0, 0]
        for group in ["north", "south"] where team == nil || team == group {
            let own = answers.filter { $0.team == group }
            if own.contains(where: { lost[$0.position]?.takesScale == true }) { continue }
            for most in [5, 10] as [Int64] {
                let scale = own.filter { $0.most == most }
                var named: [Bool: Int64] = [:]
                for five in 0..<scale.count / 5 {
                    let five = scale[five * 5..<five * 5 + 5]
                    if five.contains(where: { lost[$0.position] != nil }) { continue }
                    figures[0] += Int64(five.count { $0.score >= most - 1 })
                    figures[1] += 5
                    for answer in five { named[answer.isNamed, default: 0] += 1 }
                }
                figures[2] += named.values.reduce(0) { $0 + $1 - $1 % 5 }
            }
        }
        return figures
    }

    @Test(
        "a lost answer takes its five with it, one whose scale is gone its round and team, and no other five is cut otherwise",
        arguments: 1...20 as ClosedRange<UInt64>)
    func lost(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (log, answers) = Self.log(&random)
        var lost: [Position: Loss] = [:]
        var before = try Self.figures(try Self.rows(log), per: .team)
        for _ in 0..<3 {
            let answer = try #require(answers.randomElement(using: &random))
            lost[answer.position] = Loss.allCases.randomElement(using: &random) ?? .score
            let rows = try Self.rows(try log.removing(lost.mapValues(\.removal)))
            let now = try Self.figures(rows, per: .team)
            for team in ["north", "south"] {
                let figures = now[team] ?? [0, 0, 0]
                #expect(figures == Self.naive(answers, lost, team: team), "\(lost), seed \(seed)")
                let change = (before[team] ?? [0, 0, 0])[1] - figures[1]
                #expect(change >= 0 && change % 5 == 0, "seed \(seed)")
            }
            let whole = Self.naive(answers, lost, team: nil)
            #expect(try Self.figures(rows)[""] ?? [0, 0, 0] == whole, "seed \(seed)")
            before = now
        }
    }

    @Test("an answer outside its scale takes its five with it, whether it is redacted or not")
    func outside() throws {
        var log = MemoryLog()
        for number in 0..<10 {
            var event = Happening(
                "agent.surveyAnswered", Self.start, nil,
                [
                    "survey_id": .ref("pulse"), "score": .integer(number == 2 ? 9 : 4),
                    "scale": .text("1-5"),
                ])
            event.personal = ["score", "scale"]
            log.append(event)
        }
        let redacted = try log.removing([
            Position(3): PartRemoval(takesAll: false, fields: ["score"])
        ])
        for log in [log, redacted] {
            #expect(try Self.figures(try Self.rows(log))[""] == [5, 5, 0])
        }
    }

    @Test("what agents answered makes no row beside other metrics, and none by queue")
    func rows() throws {
        var log = MemoryLog()
        for _ in 0..<5 {
            log.append(
                Happening(
                    "agent.surveyAnswered", Self.start, nil,
                    [
                        "survey_id": .ref("pulse"), "score": .integer(4), "scale": .text("1-5"),
                        "team": .ref("north"),
                    ]))
        }
        let rows = try Self.rows(log)
        let first = Timestamp(milliseconds: Self.start)
        func count(_ only: [String], _ dimension: MetricsDimension) throws -> Int {
            var json = JSONWriter()
            let query = try MetricsQuery(
                from: first, to: first.advanced(byMilliseconds: Self.day), grouping: dimension,
                only: only)
            try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
            return try Document(json).rows("rows").count
        }
        for dimension in [MetricsDimension.queue, .channel, .brand, .stage] {
            for only in [[], ["esat"], ["esat", "answered"]] {
                #expect(try count(only, dimension) == 0, "\(dimension.word) \(only)")
            }
        }
        #expect(try count(["esat"], .team) == 1)
        #expect(try count(["esat", "csat"], .team) == 0)
        var json = JSONWriter()
        try ScorecardDocument.write(
            .times(first, first.advanced(byMilliseconds: Self.day)), MetricsConditions(),
            per: .team, against: nil, zone: UTCOffsets(), from: rows, to: &json)
        #expect(try Document(json).rows("rows").isEmpty)
    }
}
