import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// METRICS by each queue's own T and short abandon, where the question names none.
@Suite struct OwnBoundsTests {
    private struct Call {
        let queue: String
        let wait: Int64
        let isAnswered: Bool
    }

    /// T and the short abandon that each queue's targets say; others have those of the general target,
    /// which says no short abandon.
    private static let own: [String: (within: Int64, short: Int64)] = [
        "billing": (30_000, 3_000), "care": (10_000, 8_000), "other": (15_000, 5_000),
    ]

    private static func calls(_ seed: UInt64) -> [Call] {
        var random = SeededGenerator(seed: seed)
        return (0..<90).map { _ in
            Call(
                queue: own.keys.sorted().randomElement(using: &random) ?? "",
                wait: Int64.random(in: 0...40, using: &random) * 1_000,
                isAnswered: Bool.random(using: &random))
        }
    }

    private static func story(_ calls: [Call]) -> MetricStory {
        var story = MetricStory()
        for (key, body) in [
            ("all", #"{"metric":"sl_answered","at_least":0.8,"within_ms":15000}"#),
            // On whichever metric they stand, they hold for levels and abandons.
            (
                "billing",
                #"{"metric":"sl_long_offered","at_least":0.8,"queue":"billing","#
                    + #""within_ms":30000,"short_ms":3000}"#
            ),
            (
                "care",
                #"{"metric":"sl_answered","at_least":0.8,"queue":"care","#
                    + #""within_ms":10000,"short_ms":8000}"#
            ),
        ] {
            story.events.append(.definition("target", key, body))
        }
        for (number, call) in calls.enumerated() {
            let (name, at) = ("c\(number)", Int64(number) * MetricStory.minute)
            story.begin(name, at)
            story.enter(name, at, call.queue)
            if call.isAnswered {
                story.connect(name, at + call.wait)
                story.complete(name, at + call.wait + 1_000)
            } else {
                story.tell(
                    "interaction.abandoned", at + call.wait, name, ["phase": .text("queue")])
            }
        }
        return story
    }

    private static let metrics = [
        "sl_answered", "sl_long_offered", "long_abandon_rate", "sl/long", "asa",
    ]

    /// Part and whole of a metric, counted call by call.
    private static func counted(
        _ metric: String, _ calls: [Call], _ bounds: (String) -> (within: Int64, short: Int64)
    ) -> (part: Int64, whole: Int64) {
        var (part, whole): (Int64, Int64) = (0, 0)
        for call in calls {
            let (within, short) = bounds(call.queue)
            let isShort = !call.isAnswered && call.wait < short
            let isMet = call.isAnswered && call.wait <= within
            switch metric {
            case "sl_answered":
                part += isMet ? 1 : 0
                whole += call.isAnswered ? 1 : 0
            case "long_abandon_rate":
                part += call.isAnswered || isShort ? 0 : 1
                whole += isShort ? 0 : 1
            default:
                part += isMet ? 1 : 0
                whole += isShort ? 0 : 1
            }
        }
        return (part, whole)
    }

    private func ask(
        _ rows: MemoryRows, per: MetricsDimension? = nil, queues: [String]? = nil,
        targets: [Int64]? = nil, short: Int64? = nil, only: [String] = Self.metrics
    ) throws -> [[String: Any]] {
        let from = Timestamp(milliseconds: MetricStory.start)
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: MetricStory.day), queues: queues,
            grouping: per, targets: targets, shortAbandon: short, only: only)
        return try MetricStory.answer(query, rows)
    }

    private func expect(
        _ row: [String: Any], _ calls: [Call], _ name: String,
        _ bounds: (String) -> (within: Int64, short: Int64)
    ) {
        for metric in Self.metrics where metric != "asa" {
            let (part, whole) = Self.counted(metric, calls, bounds)
            #expect(
                row.int("metrics.\(metric).part") == part
                    && row.int("metrics.\(metric).n") == whole, "\(name) \(metric)")
        }
    }

    @Test(
        "each queue by its own bounds, one of several or all together, recomputed call by call",
        arguments: 1...4 as ClosedRange<UInt64>)
    func own(seed: UInt64) throws {
        let calls = Self.calls(seed)
        let rows = try Self.story(calls).rows { _ in .none }
        func bounds(_ queue: String) -> (within: Int64, short: Int64) {
            Self.own[queue] ?? (0, 0)
        }
        for row in try ask(rows, per: .queue) {
            let queue = try #require(row.string("queue"))
            expect(row, calls.filter { $0.queue == queue }, queue, bounds)
            #expect(row.int("metrics.sl_answered.within_ms") == bounds(queue).within)
            let short = row.int("metrics.long_abandon_rate.short_abandon_ms")
            #expect(short == (queue == "other" ? nil : bounds(queue).short))
        }
        let all = try #require(try ask(rows).first)
        expect(all, calls, "all", bounds)
        #expect(all.string("metrics.sl_answered.bounds") == "by_queue")
        #expect(all.string("metrics.asa.bounds") == nil)
        let two = ["billing", "care"]
        let both = try #require(try ask(rows, queues: two).first)
        expect(both, calls.filter { two.contains($0.queue) }, "two", bounds)
        let one = try #require(try ask(rows, queues: ["care"]).first)
        expect(one, calls.filter { $0.queue == "care" }, "one", bounds)
        // What the question says holds for all.
        let asked = try #require(try ask(rows, targets: [5_000], short: 1_000).first)
        expect(asked, calls, "asked") { _ in (5_000, 1_000) }
        #expect(asked.string("metrics.sl_answered.bounds") == nil)
        let halved = try #require(try ask(rows, targets: [5_000]).first)
        expect(halved, calls, "target alone") { (5_000, bounds($0).short) }
    }

    @Test("figures without names go by a queue's own bounds, and by the general ones together")
    func plain() throws {
        let calls = Self.calls(9)
        let rows = try Self.story(calls).rows { _ in .none }
        for row in try ask(rows, per: .queue, only: []) {
            let queue = try #require(row.string("queue"))
            let own = try #require(Self.own[queue])
            let level = try #require((row["targets"] as? [[String: Any]])?.first)
            #expect(level.int("target_ms") == own.within)
            let calls = calls.filter { $0.queue == queue }
            #expect(
                level.int("answered_within")
                    == Int64(calls.count { $0.isAnswered && $0.wait <= own.within }))
            #expect(
                row.int("short_abandoned")
                    == Int64(calls.count { !$0.isAnswered && $0.wait < own.short }))
        }
        let all = try #require(try ask(rows, only: []).first)
        let level = try #require((all["targets"] as? [[String: Any]])?.first)
        #expect(level.int("target_ms") == 15_000 && all.int("short_abandon_ms") == nil)
        #expect(
            all.int("short_abandoned")
                == Int64(calls.count { !$0.isAnswered && $0.wait < 5_000 }))
    }

    @Test("a scorecard and a claim are judged by the same bounds")
    func alike() throws {
        let calls = Self.calls(10)
        var story = Self.story(calls)
        let (from, to) = (MetricStory.start, MetricStory.start + MetricStory.day)
        for metric in ["sl_long_offered", "sl_answered"] {
            story.tell(
                "source.claimed", MetricStory.hour, nil,
                [
                    "metric": .text(metric), "from": .time(Timestamp(milliseconds: from)),
                    "to": .time(Timestamp(milliseconds: to)), "value": .integer(0),
                    "queue": .ref("billing"),
                ])
        }
        let window = (Timestamp(milliseconds: from), Timestamp(milliseconds: to))
        let rows = try story.rows { _ in .none }
        let own = try #require(Self.own["billing"])
        var claims = JSONWriter()
        try ReconciledDocument.write(
            try MetricsQuery(from: window.0, to: window.1), source: "test", from: rows, to: &claims)
        let told = try Document(claims).rows("claims")
        #expect(told.count == 2)
        for claim in told {
            let metric = try #require(claim.string("metric"))
            let (part, whole) = Self.counted(
                metric, calls.filter { $0.queue == "billing" }
            ) { _ in own }
            #expect(claim.int("n") == whole, "\(metric)")
            #expect(claim.double("ours") == Double(part) / Double(whole), "\(metric)")
        }
        var asked = MetricsConditions()
        for short in [nil, Int64(1_000)] {
            asked.shortAbandon = short
            for grouping in [nil, MetricsDimension.queue] {
                var json = JSONWriter()
                try ScorecardDocument.write(
                    .times(window.0, window.1), asked, per: grouping, against: nil,
                    zone: UTCOffsets(), from: rows, to: &json)
                try expect(scorecard: try Document(json).rows("rows"), calls, short)
            }
        }
    }

    /// Holds the levels and abandons of a scorecard against each queue's bounds, and those that were asked
    /// for.
    private func expect(scorecard rows: [[String: Any]], _ calls: [Call], _ short: Int64?) throws {
        #expect(!rows.isEmpty)
        for row in rows {
            let queue = row.string("queue")
            let lines = row["metrics"] as? [[String: Any]] ?? []
            for line in lines where ["sl", "long_abandon_rate"].contains(line.string("name")) {
                let metric = try #require(line.string("metric"))
                let (part, whole) = Self.counted(
                    metric, calls.filter { queue == nil || $0.queue == queue }
                ) { queue in
                    let own = Self.own[queue] ?? (0, 0)
                    return (own.within, short ?? own.short)
                }
                #expect(
                    line.int("part") == part && line.int("n") == whole,
                    "\(queue ?? "all") \(metric), short \(short ?? 0)")
            }
        }
    }
}
