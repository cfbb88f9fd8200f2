import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// What customers answer, against plain loops: by scale, mode, language, driver and agent, however
/// late it comes.
@Suite struct SurveyMetricsTests {
    private static let from = Timestamp(milliseconds: SimulatedSurvey.start)
    private static let day: Int64 = 86_400_000
    private static let days: Int64 = 40

    private static func rows(
        _ surveys: [SimulatedSurvey], _ random: inout SeededGenerator
    ) throws -> (log: MemoryLog, rows: MemoryRows) {
        let events = surveys.flatMap(\.happenings)
        let order = ArrivalOrder.late(
            events.map(\.occurred), atMost: 9 * day, using: &random)
        var log = MemoryLog()
        log.step = 600_000
        log.append(order.map { events[$0] })
        var run = FoldRun<MetricsProjection>()
        try run.run(log) { $0.rawValue % 37 == 0 ? .take : .none }
        return (log, run.rows)
    }

    private static func document(
        _ rows: MemoryRows, _ only: [String], per: MetricsDimension? = nil,
        where filters: [MetricsFilter] = [], step: MetricsStep = .none
    ) throws -> [[String: Any]] {
        var json = JSONWriter()
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: days * day), step: step,
            grouping: per, filters: filters, only: only)
        try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
        return try Document(json).rows("rows")
    }

    /// The share that a row gives, as its part and n.
    private static func share(_ row: [String: Any]?, _ name: String) -> [Int64] {
        [row?.int("metrics.\(name).part") ?? 0, row?.int("metrics.\(name).n") ?? 0]
    }

    private static let drivers = ["rude", "wait", "noPerson", "parking"]

    @Test(
        "scores, bad answers and drivers are those of plain loops",
        arguments: 1...6 as ClosedRange<UInt64>)
    func naive(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let surveys = SimulatedSurvey.random(90, &random)
        let (_, rows) = try Self.rows(surveys, &random)
        let answers = surveys.flatMap(\.answers)
        let counted = answers.filter { $0.kind != "custom" }
        let bad = counted.filter(\.isBad)
        let row = try #require(
            try Self.document(
                rows,
                [
                    "nps", "csat", "csat_mean", "ces", "effort", "fcr_stated", "bad_answers",
                    "driver_rude", "driver_wait", "driver_no_person", "driver_other",
                    "survey_response_rate",
                ]
            ).first)
        func of(_ kind: String, _ most: Int64, low: Bool = false) -> [SimulatedSurvey.Answer] {
            answers.filter { $0.kind == kind && $0.most == most && $0.isLowGood == low }
        }
        let nps = of("nps", 10)
        #expect(row.int("metrics.nps.promoters") == Int64(nps.count { $0.score >= 9 }))
        #expect(row.int("metrics.nps.detractors") == Int64(nps.count { $0.score <= 6 }))
        let csat = answers.filter { $0.kind == "csat" }
        #expect(
            Self.share(row, "csat")
                == [Int64(csat.count { $0.score >= $0.most - 1 }), Int64(csat.count)])
        for (name, some) in [
            ("csat_mean", of("csat", 5)), ("ces", of("ces", 7)),
            ("effort", of("ces", 5, low: true)),
        ] {
            #expect(row.int("metrics.\(name).n") == Int64(some.count), "\(name) seed \(seed)")
            guard !some.isEmpty else { continue }
            let mean = Double(some.reduce(0) { $0 + $1.score }) / Double(some.count)
            #expect(abs((row.double("metrics.\(name).value") ?? -1) - mean) < 1e-9, "\(name)")
        }
        #expect(
            Self.share(row, "bad_answers") == [Int64(bad.count), Int64(counted.count)],
            "seed \(seed)")
        for (word, name) in zip(Self.drivers, ["rude", "wait", "no_person", "other"]) {
            #expect(
                Self.share(row, "driver_\(name)")
                    == [Int64(bad.count { $0.drivers.contains(word) }), Int64(bad.count)],
                "\(word) seed \(seed)")
        }
        #expect(
            Self.share(row, "survey_response_rate")
                == [
                    Int64(surveys.count { $0.isInvited && !$0.answers.isEmpty }),
                    Int64(surveys.count(where: \.isInvited)),
                ])
    }

    @Test(
        "answers stand under the scale, mode, language, drivers and agents they name",
        arguments: 1...6 as ClosedRange<UInt64>)
    func dimensions(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let surveys = SimulatedSurvey.random(90, &random)
        let (_, rows) = try Self.rows(surveys, &random)
        let answers = surveys.flatMap(\.answers).filter { $0.kind != "custom" }
        let cases: [(MetricsDimension, (SimulatedSurvey.Answer) -> [String])] = [
            (.surveyMode, { [$0.mode] }), (.surveyLanguage, { [$0.language] }),
            (.surveyScale, { [$0.isLowGood ? "\($0.most) low" : "\($0.most)"] }),
            (.driver, { $0.drivers.isEmpty ? [""] : $0.drivers }),
            (.agent, { $0.agents.isEmpty ? [""] : $0.agents }),
        ]
        for (dimension, names) in cases {
            var expected: [String: [Int64]] = [:]
            for answer in answers {
                for name in names(answer) {
                    let known = expected[name] ?? [0, 0]
                    expected[name] = [known[0] + (answer.isBad ? 1 : 0), known[1] + 1]
                }
            }
            var found: [String: [Int64]] = [:]
            for row in try Self.document(rows, ["bad_answers"], per: dimension) {
                let share = Self.share(row, "bad_answers")
                if share[1] > 0 { found[row.string(dimension.word) ?? "?"] = share }
            }
            #expect(found == expected, "\(dimension.word) seed \(seed)")
            for (name, share) in expected {
                let filter = MetricsFilter(dimension, names: [name])
                let row = try Self.document(rows, ["bad_answers"], where: [filter]).first
                #expect(
                    Self.share(row, "bad_answers") == share,
                    "\(dimension.word) \(name) seed \(seed)")
            }
        }
    }

    @Test(
        "an answer belongs to its contact's day, and is late there when that was over",
        arguments: 1...4 as ClosedRange<UInt64>)
    func late(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let surveys = SimulatedSurvey.random(90, &random)
        let (_, rows) = try Self.rows(surveys, &random)
        let cells = try Self.document(rows, ["csat", "nps"], step: .day)
        // A condition that all of them meet makes it look at each survey.
        let modes = MetricsFilter(.surveyMode, names: SimulatedSurvey.modes + [""])
        let scan = try Self.document(rows, ["csat", "nps"], where: [modes], step: .day)
        #expect(cells.count == Int(Self.days) && scan.count == cells.count)
        for kind in ["csat", "nps"] {
            var late = 0
            for index in cells.indices {
                let start = SimulatedSurvey.start + Int64(index) * Self.day
                let own = surveys.filter { $0.filed >= start && $0.filed < start + Self.day }
                    .flatMap(\.answers).filter { $0.kind == kind }
                let expected = own.count { $0.at >= start + Self.day }
                late += expected
                let modes = Dictionary(grouping: own, by: \.mode).mapValues { Int64($0.count) }
                for row in [cells[index], scan[index]] {
                    for mode in SimulatedSurvey.modes {
                        #expect(
                            row.int("metrics.\(kind).modes.\(mode)")
                                == (modes.count > 1 ? modes[mode] : nil),
                            "\(mode) \(index) seed \(seed)")
                    }
                    #expect(row.int("metrics.\(kind).n") == Int64(own.count), "\(index) \(seed)")
                    #expect(
                        row.int("metrics.\(kind).late") ?? 0 == Int64(expected),
                        "\(kind) \(index) seed \(seed)")
                }
            }
            #expect(late > 0)
        }
    }

    @Test(
        "when changes are taken, and what is forgotten then, changes no row",
        arguments: 1...4 as ClosedRange<UInt64>)
    func batches(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (log, _) = try Self.rows(SimulatedSurvey.random(40, &random), &random)
        var whole = FoldRun<MetricsProjection>()
        try whole.run(log)
        var everyEvent = FoldRun<MetricsProjection>()
        try everyEvent.run(log) { _ in .restart }
        #expect(everyEvent.rows.holdsSameRows(as: whole.rows), "seed \(seed)")
    }
}
