import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// METRICS against a naive count over the simulated calls themselves.
@Suite struct MetricsTests {
    private static let day: Int64 = 86_400_000

    private struct HourAhead: ZoneOffsets {
        func offsetMilliseconds(at moment: Timestamp) -> Int64 { 3_600_000 }
    }

    private static func document(
        _ query: MetricsQuery, _ rows: MemoryRows, _ zone: some ZoneOffsets = UTCOffsets()
    ) throws -> Document {
        var json = JSONWriter()
        try MetricsDocument.write(query, zone: zone, from: rows, to: &json)
        return try Document(json)
    }

    private static func moment(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds)
    }

    /// The parser that reads documents back is a last digit off here and there.
    private static func near(_ left: Double?, _ right: Double?) -> Bool {
        guard let left, let right else { return left == right }
        return abs(left - right) < 1e-12
    }

    /// Compares one line with the calls that belong to it.
    private static func compare(
        _ row: [String: Any], _ all: [SimulatedCall], _ targets: [Int64], _ what: String
    ) {
        let calls = all.filter { !$0.isTest }
        let answered = calls.filter { $0.outcome == .answered || $0.outcome == .broken }
        let abandoned = calls.filter { $0.outcome == .abandoned }
        let left = calls.filter { $0.outcome == .left }
        let served = calls.filter { $0.outcome == .answered }
        let offered = answered.count + abandoned.count
        func expect(_ path: String, _ value: Int, _ line: String = "") {
            #expect(row.int(path) == Int64(value), "\(path) \(what)")
        }
        expect("contacts", calls.count)
        #expect((row.int("excluded.test") ?? 0) == Int64(all.count - calls.count))
        expect("offered", offered)
        expect("answered", answered.count)
        expect("abandoned", abandoned.count)
        expect("abandoned_before_queue", left.count)
        expect("waiting", 0)
        expect("flowed_out", 0)
        check(row, "wait_answered", answered.map(\.wait), what)
        check(row, "wait_answered_queued_only", answered.map(\.wait).filter { $0 > 0 }, what)
        check(row, "wait_abandoned", abandoned.map(\.wait), what)
        check(row, "service", served.map { $0.serviceExit - $0.serviceStart }, what)
        check(row, "talk", served.map { $0.serviceExit - $0.serviceStart - $0.hold }, what)
        check(row, "hold", served.map(\.hold).filter { $0 > 0 }, what)
        let rate = offered > 0 ? Double(abandoned.count) / Double(offered) : nil
        #expect(near(row.double("abandonment_rate"), rate), "\(what)")
        let lines = row["targets"] as? [[String: Any]] ?? []
        #expect(lines.count == targets.count)
        for (line, target) in zip(lines, targets) {
            let within = answered.count { $0.wait <= target }
            let lost = abandoned.count { $0.wait <= target }
            #expect(line.int("target_ms") == target)
            #expect(line.int("answered_within") == Int64(within), "\(what)")
            #expect(line.int("answered_below") == Int64(answered.count { $0.wait < target }))
            #expect(line.int("abandoned_below") == Int64(abandoned.count { $0.wait < target }))
            let ratio = { (part: Int, whole: Int) in
                whole > 0 ? Double(part) / Double(whole) : nil
            }
            let level = line["service_level"] as? [String: Any] ?? [:]
            #expect(near(level.double("answered"), ratio(within, answered.count)))
            #expect(near(level.double("offered"), ratio(within, offered)))
            #expect(near(level.double("ignore_abandon"), ratio(within, offered - lost)))
            #expect(near(level.double("positive_abandon"), ratio(within + lost, offered)))
            let short = abandoned.count { $0.wait < 5_000 }
            #expect(near(level.double("long_offered"), ratio(within, offered - short)))
        }
    }

    private static func check(
        _ row: [String: Any], _ name: String, _ unsorted: [Int64], _ what: String
    ) {
        let values = unsorted.sorted()
        #expect(row.int("\(name).n") == Int64(values.count), "\(name) \(what)")
        #expect(row.int("\(name).sum_ms") == values.reduce(0, +), "\(name) \(what)")
        #expect(row.int("\(name).min_ms") == values.first, "\(name) \(what)")
        #expect(row.int("\(name).max_ms") == values.last, "\(name) \(what)")
        guard !values.isEmpty else {
            #expect(row.double("\(name).mean_ms") == nil)
            return
        }
        for (percent, key) in [(50, "p50_ms"), (90, "p90_ms")] {
            let rank = (values.count * percent + 99) / 100
            #expect(row.int("\(name).\(key)") == values[max(0, rank - 1)], "\(name) \(what)")
        }
        let mean = Double(values.reduce(0, +)) / Double(values.count)
        #expect(abs((row.double("\(name).mean_ms") ?? -1) - mean) < 1e-6 * max(1, mean))
        guard values.count > 1 else { return }
        let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        let deviation = (squares / Double(values.count - 1)).squareRoot()
        #expect(
            abs((row.double("\(name).sd_ms") ?? -1) - deviation) < 1e-6 * max(1, deviation))
    }

    /// The most at once of half-open spans, within a window, and when first, by trying every
    /// instant at which something starts.
    private static func naivePeak(
        _ spans: [(Int64, Int64)], from: Int64, to: Int64
    ) -> (level: Int64, moment: Int64) {
        var best: (level: Int64, moment: Int64) = (0, from)
        for moment in Set([from] + spans.map(\.0)).sorted() where moment >= from && moment < to {
            let level = Int64(spans.count { $0.0 <= moment && moment < $0.1 })
            if level > best.level { best = (level, moment) }
        }
        return best
    }

    @Test("one line for everything equals a naive count", arguments: 1...8 as ClosedRange<UInt64>)
    func whole(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = SimulatedCall.random(120, &random)
        let order = SimulatedCall.Order.allCases.randomElement(using: &random) ?? .byCall
        var run = FoldRun<MetricsProjection>()
        try run.run(SimulatedCall.log(of: calls, order, &random)) { position in
            position.rawValue % 7 == 0 ? .take : .none
        }
        let start = (calls.map(\.entry).min() ?? 0).flooredQuotient(Self.day) * Self.day
        let targets: [Int64] = [0, 20_000, 30_000]
        for anchor in MetricAnchor.filed {
            let query = try MetricsQuery(
                from: Self.moment(start - Self.day), to: Self.moment(start + 3 * Self.day),
                anchor: anchor, targets: targets)
            let document = try Self.document(query, run.rows)
            let row = try #require(document.rows("rows").first)
            #expect(document.rows("rows").count == 1)
            #expect(document.text.hasPrefix("{\"position\":\(run.rows.position),"))
            if anchor == .offered {
                // Who never entered a queue has no such moment, and is in no interval.
                let reached = calls.filter { $0.outcome != .left }
                #expect(row.int("contacts") == Int64(reached.count { !$0.isTest }))
                Self.compare(row, reached, targets, "seed \(seed) \(anchor)")
            } else {
                Self.compare(row, calls, targets, "seed \(seed) \(anchor)")
            }
        }
    }

    @Test(
        "lines by time, queue and channel equal naive counts",
        arguments: 1...4 as ClosedRange<UInt64>)
    func lines(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = SimulatedCall.random(150, &random)
        var run = FoldRun<MetricsProjection>()
        try run.run(SimulatedCall.log(of: calls, .shuffled, &random))
        let start = (calls.map(\.entry).min() ?? 0).flooredQuotient(Self.day) * Self.day
        let window = (Self.moment(start), Self.moment(start + 2 * Self.day))
        let steps: [(MetricsStep, Int64)] = [(.quarter, 900_000), (.hour, 3_600_000)]
        for (step, length) in steps {
            let query = try MetricsQuery(
                from: window.0, to: window.1, anchor: .created, step: step, grouping: .queue)
            for row in try Self.document(query, run.rows).rows("rows") {
                let from = try #require(Timestamp(rfc3339: row.string("from") ?? "")).rawValue
                let to = try #require(Timestamp(rfc3339: row.string("to") ?? "")).rawValue
                #expect(to - from == length)
                let queue = row.string("queue")
                let own = calls.filter {
                    $0.queue == queue && $0.entry >= from && $0.entry < to
                }
                Self.compare(row, own, [20_000], "seed \(seed) \(step) \(queue ?? "")")
            }
        }
        let video = try MetricsQuery(
            from: window.0, to: window.1, anchor: .created, queues: ["PS", "NE"],
            channel: .video, step: .day)
        let days = try Self.document(video, run.rows, HourAhead()).rows("rows")
        // A local day begins an hour before the UTC one: the window touches three.
        #expect(days.count == 3)
        for row in days {
            let from = try #require(Timestamp(rfc3339: row.string("from") ?? "")).rawValue
            let to = try #require(Timestamp(rfc3339: row.string("to") ?? "")).rawValue
            let own = calls.filter {
                $0.channel == "video" && $0.queue != "NW" && $0.entry >= from && $0.entry < to
            }
            Self.compare(row, own, [20_000], "seed \(seed) video")
        }
    }

    @Test(
        "the most waiting and in service at once equal a naive sweep",
        arguments: 1...8 as ClosedRange<UInt64>)
    func peaks(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = SimulatedCall.random(200, &random)
        var run = FoldRun<MetricsProjection>()
        try run.run(SimulatedCall.log(of: calls, .shuffled, &random))
        let start = (calls.map(\.entry).min() ?? 0).flooredQuotient(Self.day) * Self.day
        for queues in [nil, ["PS"], ["PS", "NW"]] {
            // A window that begins in the middle of things.
            let query = try MetricsQuery(
                from: Self.moment(start + 3_600_000 * 5), to: Self.moment(start + 2 * Self.day),
                queues: queues, step: .hour)
            let counted = calls.filter {
                !$0.isTest && $0.outcome != .left && queues?.contains($0.queue) ?? true
            }
            let waits = counted.map { ($0.queueStart, $0.queueExit) }
            let services = counted.filter { $0.outcome == .answered }
                .map { ($0.serviceStart, $0.serviceExit) }
            for row in try Self.document(query, run.rows).rows("rows") {
                let from = try #require(Timestamp(rfc3339: row.string("from") ?? "")).rawValue
                let to = try #require(Timestamp(rfc3339: row.string("to") ?? "")).rawValue
                for (name, spans) in [("max_waiting", waits), ("max_in_service", services)] {
                    let peak = Self.naivePeak(spans, from: from, to: to)
                    #expect(row.int(name) == peak.level, "\(name) seed \(seed) at \(from)")
                    guard peak.level > 0 else { continue }
                    #expect(
                        row.string("\(name)_at") == Self.moment(peak.moment).rfc3339,
                        "\(name) seed \(seed)")
                }
            }
        }
    }

    @Test("a contact found out to be a test leaves every figure but its own")
    func reclassified() throws {
        var log = MemoryLog()
        log.append([
            Happening("queue.entered", 0, "c", ["queue": .ref("q"), "channel": .text("voice")]),
            Happening("agent.connected", 7_000, "c", ["agent": .ref("a")]),
            Happening("interaction.disconnected", 9_000, "c"),
        ])
        var run = FoldRun<MetricsProjection>()
        try run.run(log)
        let query = try MetricsQuery(
            from: Self.moment(0), to: Self.moment(900_000), anchor: .offered)
        var row = try #require(try Self.document(query, run.rows).rows("rows").first)
        #expect(row.int("answered") == 1 && row.int("max_in_service") == 1)
        // The word comes two days later: what the earlier day recorded stays as it was.
        log.clock += 2 * Self.day
        log.append(Happening("note.added", 60_000, nil, ["text": .text("x")]))
        try run.run(log)
        let closed = run.rows.all.filter { $0.key.first == ClosedFigures.prefix }
        #expect(!closed.isEmpty)
        log.append(Happening("contact.classified", 60_000, "c", ["kind": .text("spam")]))
        try run.run(log)
        #expect(run.rows.all.contains { $0.key.first == MetricCell.prefix })
        for row in closed { #expect(try run.rows.row(row.key) == row.row) }
        row = try #require(try Self.document(query, run.rows).rows("rows").first)
        #expect(row.int("contacts") == 0 && row.int("offered") == 0)
        #expect(row.int("answered") == 0 && row.int("max_in_service") == 0)
        #expect(row.int("excluded.spam") == 1)
        #expect(row.double("abandonment_rate") == nil)
        log.append(Happening("contact.classified", 61_000, "c", ["kind": .text("genuine")]))
        try run.run(log)
        row = try #require(try Self.document(query, run.rows).rows("rows").first)
        #expect(row.int("answered") == 1 && row.int("excluded.spam") == nil)
    }

    @Test("flow-outs and call backs: a closed interval adds up")
    func balance() throws {
        var log = MemoryLog()
        for (index, end) in [
            ("queue.left", "timeout"), ("queue.left", "toCallback"), ("interaction.failed", ""),
            ("interaction.expired", ""), ("", ""),
        ].enumerated() {
            let id = "c-\(index)"
            log.append(Happening("queue.entered", 1_000, id, ["queue": .ref("q")]))
            guard !end.0.isEmpty else { continue }
            log.append(Happening(end.0, 5_000, id, ["reason": .text(end.1)]))
        }
        log.append(
            Happening(
                "queue.entered", 2_000, "cb",
                ["queue": .ref("q"), "stay_kind": .text("callback")]))
        var run = FoldRun<MetricsProjection>()
        try run.run(log)
        let query = try MetricsQuery(from: Self.moment(0), to: Self.moment(900_000))
        let row = try #require(try Self.document(query, run.rows).rows("rows").first)
        #expect(row.int("offered") == 5 && row.int("flowed_out") == 2)
        #expect(row.int("callbacks_taken") == 1 && row.int("failed") == 1)
        #expect(row.int("expired") == 1 && row.int("waiting") == 1)
        #expect(row.int("max_waiting") == 5)
        let target = try #require((row["targets"] as? [[String: Any]])?.first)
        #expect(target.double("service_level.removed") == 0.25)
        #expect(target.double("service_level.answered") == nil)
    }

    @Test("a query that cannot be answered is refused and says why")
    func refusals() {
        func refusal(_ body: () throws(MetricsRefusal) -> MetricsQuery) -> MetricsRefusal? {
            do throws(MetricsRefusal) {
                _ = try body()
                return nil
            } catch {
                return error
            }
        }
        let quarter = Self.moment(900_000)
        let far = Self.moment(900_000 * 40_000)
        #expect(
            refusal { () throws(MetricsRefusal) in try MetricsQuery(from: quarter, to: quarter) }
                == .emptyWindow)
        #expect(
            refusal { () throws(MetricsRefusal) in
                try MetricsQuery(from: Self.moment(1), to: quarter)
            } == .offGrid)
        #expect(
            refusal { () throws(MetricsRefusal) in
                try MetricsQuery(from: quarter, to: far, step: .quarter)
            } == .tooMany(what: "lines", actual: 39_999, most: ViewLimits.metricsRowsMax))
        #expect(
            refusal { () throws(MetricsRefusal) in
                try MetricsQuery(from: quarter, to: far, targets: [-1])
            } == .negative)
        #expect("\(MetricsRefusal.offGrid)".contains("quarter of an hour"))
    }

    @Test("weeks begin on Monday, months on the first, in local time")
    func calendar() throws {
        // 2026-11-22 is a Sunday.
        let from = try #require(Timestamp(rfc3339: "2026-11-21T23:00:00Z"))
        let to = try #require(Timestamp(rfc3339: "2026-12-08T23:00:00Z"))
        let weeks = MetricsLines(try MetricsQuery(from: from, to: to, step: .week), HourAhead())
        #expect(
            weeks.lines.map(\.from.rfc3339) == [
                "2026-11-21T23:00:00.000Z", "2026-11-22T23:00:00.000Z",
                "2026-11-29T23:00:00.000Z", "2026-12-06T23:00:00.000Z",
            ])
        let months = MetricsLines(try MetricsQuery(from: from, to: to, step: .month), HourAhead())
        #expect(
            months.lines.map(\.from.rfc3339)
                == ["2026-11-21T23:00:00.000Z", "2026-11-30T23:00:00.000Z"])
        #expect(weeks.lines.last?.to == to)
    }
}
