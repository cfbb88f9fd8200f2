import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// ANCHOR overlap against plain loops that look at every ten seconds of a day.
@Suite struct OverlapTests {
    static let start: Int64 = 1_751_328_000_000
    static let tick: Int64 = 10_000
    static let hours: Int64 = 6
    static let agents = ["a0", "a1", "a2"]

    private static func rows(
        _ rows: MemoryRows, _ only: [String], per: MetricsDimension? = nil,
        step: MetricsStep = .none, where filters: [MetricsFilter] = []
    ) throws -> [[String: Any]] {
        let first = Timestamp(milliseconds: start)
        var json = JSONWriter()
        let query = try MetricsQuery(
            from: first, to: first.advanced(byMilliseconds: hours * 3_600_000), step: step,
            grouping: per, filters: filters, only: only)
        try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
        return try Document(json).rows("rows")
    }

    /// Counts the ticks of a window for which something holds, in milliseconds.
    private static func time(
        _ day: Day, _ from: Int64, _ to: Int64, _ many: (Int64) -> Int
    ) -> Int64 {
        var sum: Int64 = 0
        var moment = from
        while moment < min(to, day.end) {
            sum += Int64(many(moment)) * tick
            moment += tick
        }
        return sum
    }

    @Test(
        "waits, talks and wrap-ups are split at the borders, by queue and channel",
        arguments: 1...6 as ClosedRange<UInt64>)
    func queues(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var day = Self.random(&random)
        let (_, rows) = try Self.folded(&day, &random)
        let names = ["wait_time", "service_time", "acw_time", "handle_time"]
        let cases: [(MetricsDimension?, (Contact) -> String)] = [
            (nil, { _ in "" }), (.queue, { $0.queue }), (.channel, { $0.channel }),
        ]
        for (dimension, key) in cases {
            for step in [MetricsStep.none, .quarter] {
                for row in try Self.rows(rows, names, per: dimension, step: step) {
                    let from = try #require(Timestamp(rfc3339: row.string("from") ?? ""))
                    let to = try #require(Timestamp(rfc3339: row.string("to") ?? ""))
                    let group = dimension.flatMap { row.string($0.word) } ?? ""
                    let own = day.contacts.filter { key($0) == group }
                    func time(_ such: (Contact, Int64) -> Bool) -> Int64 {
                        Self.time(day, from.rawValue, to.rawValue) { moment in
                            own.count { such($0, moment) }
                        }
                    }
                    let waits = time { $0.waits(at: $1) }
                    let service = time { $0.isServed(at: $1) }
                    let wrapUp = time { $0.isWrapped(at: $1) }
                    for (name, expected) in zip(
                        names, [waits, service, wrapUp, service + wrapUp])
                    {
                        #expect(
                            row.int("metrics.\(name).value_ms") == expected,
                            "\(name) \(group) \(from) seed \(seed)")
                    }
                }
            }
        }
    }

    @Test(
        "occupancy, staffed and handled time are those of plain loops, by agent and team",
        arguments: 1...6 as ClosedRange<UInt64>)
    func agents(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var day = Self.random(&random)
        let (_, rows) = try Self.folded(&day, &random)
        let names = [
            "handle_time", "occupancy", "staffed_time", "agent_clock_time", "utilisation",
        ]
        let known = day
        let cases: [(MetricsDimension?, (String, Int64) -> String)] = [
            (nil, { _, _ in "" }), (.agent, { agent, _ in agent }),
            (.team, { known.team(of: $0, at: $1) }),
        ]
        for (dimension, key) in cases {
            for step in [MetricsStep.none, .hour] {
                for row in try Self.rows(rows, names, per: dimension, step: step) {
                    let from = try #require(Timestamp(rfc3339: row.string("from") ?? "")).rawValue
                    let to = try #require(Timestamp(rfc3339: row.string("to") ?? "")).rawValue
                    let group = dimension.flatMap { row.string($0.word) } ?? ""
                    var (handled, busy, idle, staffed): (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
                    var (used, offered): (Int64, Int64) = (0, 0)
                    for agent in Self.agents {
                        let own = day.contacts.filter { $0.agent == agent }
                        func contacts(_ moment: Int64) -> Int {
                            guard key(agent, moment) == group else { return 0 }
                            return own.count {
                                $0.isServed(at: moment) || $0.isWrapped(at: moment)
                            }
                        }
                        func has(_ words: [String], _ moment: Int64) -> Bool {
                            key(agent, moment) == group
                                && words.contains(day.presence(of: agent, at: moment))
                        }
                        handled += Self.time(day, from, to, contacts)
                        busy += Self.time(day, from, to) { contacts($0) > 0 ? 1 : 0 }
                        idle += Self.time(day, from, to) {
                            contacts($0) == 0 && has(["available"], $0)
                                && !known.isUnanswered(agent, at: $0) ? 1 : 0
                        }
                        used += Self.time(day, from, to) {
                            key(agent, $0) == group ? Int(known.use(of: agent, at: $0).used) : 0
                        }
                        offered += Self.time(day, from, to) {
                            key(agent, $0) == group ? Int(known.use(of: agent, at: $0).offered) : 0
                        }
                        staffed += Self.time(day, from, to) {
                            has(["available", "break", "meeting"], $0) ? 1 : 0
                        }
                    }
                    let what = "\(dimension?.word ?? "all") \(group) \(from) seed \(seed)"
                    #expect(row.int("metrics.handle_time.value_ms") == handled, "\(what)")
                    #expect(row.int("metrics.occupancy.part_ms") == busy, "\(what)")
                    #expect(row.int("metrics.occupancy.whole_ms") == busy + idle, "\(what)")
                    #expect(row.int("metrics.staffed_time.value_ms") == staffed, "\(what)")
                    #expect(row.int("metrics.agent_clock_time.value_ms") == busy, "\(what)")
                    #expect(row.int("metrics.utilisation.part_ms") == used, "\(what)")
                    #expect(row.int("metrics.utilisation.whole_ms") == offered, "\(what)")
                }
            }
        }
    }

    @Test(
        "when changes are taken, and what is forgotten then, changes no row",
        arguments: 1...3 as ClosedRange<UInt64>)
    func batches(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var day = Self.random(&random)
        let (log, _) = try Self.folded(&day, &random)
        var whole = FoldRun<MetricsProjection>()
        try whole.run(log)
        var everyEvent = FoldRun<MetricsProjection>()
        try everyEvent.run(log) { _ in .restart }
        #expect(everyEvent.rows.holdsSameRows(as: whole.rows), "seed \(seed)")
    }

    @Test("what cannot be split, or not so, is refused and says what can")
    func refused() throws {
        let first = Timestamp(milliseconds: Self.start)
        let to = first.advanced(byMilliseconds: 3_600_000)
        func refusal(
            _ only: [String], _ anchor: MetricAnchor? = nil, _ per: MetricsDimension? = nil
        ) throws -> MetricsRefusal? {
            var json = JSONWriter()
            do throws(MetricsFault) {
                let query: MetricsQuery
                do throws(MetricsRefusal) {
                    query = try MetricsQuery(
                        from: first, to: to, anchor: anchor, grouping: per, only: only)
                } catch {
                    return error
                }
                try MetricsDocument.write(query, zone: UTCOffsets(), from: MemoryRows(), to: &json)
            } catch {
                if case .refused(let why) = error { return why }
            }
            return nil
        }
        #expect(try refusal([], .overlap) != nil)
        #expect(try refusal(["aht"], .overlap) == .notSplit(metric: "aht"))
        #expect(try refusal(["occupancy"], nil, .queue) == .notSplit(metric: "occupancy"))
        #expect(try refusal(["wait_time"], nil, .agent) == .notSplit(metric: "wait_time"))
        #expect(try refusal(["handle_time"], nil, .brand) == .notSplit(metric: "handle_time"))
        #expect(try refusal(["handle_time"], .overlap, .team) == nil)
    }
}
