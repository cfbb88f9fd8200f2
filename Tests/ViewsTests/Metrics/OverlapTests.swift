import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// ANCHOR overlap against plain loops that look at every ten seconds of a day.
@Suite struct OverlapTests {
    private static let start: Int64 = 1_751_328_000_000
    private static let tick: Int64 = 10_000
    private static let hours: Int64 = 6
    private static let agents = ["a0", "a1", "a2"]

    private struct Contact {
        var id: String
        var queue: String
        var channel: String
        var entered: Int64
        /// nil while it waits; then who answered, if anybody did.
        var left: Int64?
        var agent: String?
        var talkEnd: Int64?
        var wrapEnd: Int64?

        var happenings: [Happening] {
            var all = [
                Happening(
                    "interaction.created", entered, id,
                    ["channel": .text(channel), "queue": .ref(queue)]),
                Happening("queue.entered", entered, id, ["queue": .ref(queue)]),
            ]
            guard let left else { return all }
            guard let agent else {
                all.append(
                    Happening("interaction.abandoned", left, id, ["phase": .text("queue")]))
                return all
            }
            all.append(Happening("offer.accepted", left, id, ["agent": .ref(agent)]))
            guard let talkEnd else { return all }
            all.append(
                Happening("interaction.disconnected", talkEnd, id, ["by": .text("customer")]))
            all.append(Happening("wrapup.started", talkEnd, id, ["agent": .ref(agent)]))
            guard let wrapEnd else { return all }
            all.append(Happening("wrapup.ended", wrapEnd, id, ["agent": .ref(agent)]))
            all.append(Happening("interaction.completed", wrapEnd, id))
            return all
        }

        private func holds(_ from: Int64?, _ to: Int64?, _ moment: Int64) -> Bool {
            guard let from else { return false }
            return from <= moment && moment < to ?? .max
        }

        func waits(at moment: Int64) -> Bool { holds(entered, left, moment) }
        func isServed(at moment: Int64) -> Bool {
            agent != nil && holds(left, talkEnd, moment)
        }
        func isWrapped(at moment: Int64) -> Bool {
            agent != nil && holds(talkEnd, wrapEnd, moment)
        }
    }

    /// A day with what is known of it.
    private struct Day {
        var contacts: [Contact] = []
        var presence: [(at: Int64, agent: String, word: String)] = []
        var teams: [(at: Int64, agent: String, team: String)] = []
        /// Offers that did not come to a contact.
        var offers: [(at: Int64, agent: String, word: String)] = []
        /// Until when the log reaches.
        var end: Int64 = 0

        func presence(of agent: String, at moment: Int64) -> String {
            presence.filter { $0.agent == agent && $0.at <= moment }
                .max { $0.at < $1.at }?.word ?? "offline"
        }

        /// Whether the last that was heard of an agent is an offer that they did not answer.
        func isUnanswered(_ agent: String, at moment: Int64) -> Bool {
            var heard: [(at: Int64, isAnswer: Bool)] = []
            for one in offers where one.agent == agent {
                heard.append((one.at, one.word == "rejected"))
            }
            for one in presence where one.agent == agent { heard.append((one.at, true)) }
            for one in contacts where one.agent == agent {
                if let left = one.left { heard.append((left, true)) }
            }
            let last = heard.filter { $0.at <= moment }.max { $0.at < $1.at }
            return last.map { !$0.isAnswer } ?? false
        }

        func team(of agent: String, at moment: Int64) -> String {
            teams.filter { $0.agent == agent && $0.at <= moment }.max { $0.at < $1.at }?.team ?? ""
        }
    }

    private static func random(_ random: inout SeededGenerator) -> Day {
        func draw(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
        /// Moments before the window too, so that levels do not begin at 0.
        func moment() -> Int64 { start + draw(-360...hours * 360) * tick }
        var day = Day()
        for number in 0..<40 {
            var contact = Contact(
                id: "c\(number)", queue: ["billing", "care"][Int(draw(0...1))],
                channel: ["voice", "chat"][Int(draw(0...1))], entered: moment())
            if draw(0...9) > 0 {
                let left = contact.entered + draw(1...90) * tick
                contact.left = left
                if draw(0...4) > 0 {
                    contact.agent = agents[Int(draw(0...2))]
                    if draw(0...9) > 0 {
                        let talkEnd = left + draw(1...200) * tick
                        contact.talkEnd = talkEnd
                        if draw(0...9) > 0 { contact.wrapEnd = talkEnd + draw(1...40) * tick }
                    }
                }
            }
            day.contacts.append(contact)
        }
        for agent in agents {
            var taken: Set<Int64> = []
            for _ in 0..<draw(0...14) {
                let at = moment()
                guard taken.insert(at).inserted else { continue }
                let words = ["offline", "available", "break", "custom", "available", "meeting"]
                day.presence.append((at, agent, words[Int(draw(0...5))]))
            }
            taken.formUnion(day.contacts.compactMap { $0.agent == agent ? $0.left : nil })
            for _ in 0..<draw(0...10) {
                let at = moment()
                guard taken.insert(at).inserted else { continue }
                let words = ["missed", "missed", "failed", "rejected"]
                day.offers.append((at, agent, words[Int(draw(0...3))]))
            }
            var assigned: Set<Int64> = []
            for _ in 0..<draw(0...3) {
                let at = moment()
                guard assigned.insert(at).inserted else { continue }
                day.teams.append((at, agent, ["t0", "t1"][Int(draw(0...1))]))
            }
        }
        return day
    }

    private static func folded(
        _ day: inout Day, _ random: inout SeededGenerator
    ) throws -> (log: MemoryLog, rows: MemoryRows) {
        var events = day.contacts.flatMap(\.happenings)
        for (number, one) in day.presence.enumerated() {
            // Logging in and out says the same as the words.
            let isLogin = number % 2 == 0
            switch one.word {
            case "available" where isLogin:
                events.append(
                    Happening("agent.loggedIn", one.at, nil, ["agent": .ref(one.agent)]))
            case "offline" where isLogin:
                events.append(
                    Happening("agent.loggedOut", one.at, nil, ["agent": .ref(one.agent)]))
            default:
                events.append(
                    Happening(
                        "agent.presence", one.at, nil,
                        ["agent": .ref(one.agent), "presence": .text(one.word)]))
            }
        }
        for one in day.teams {
            events.append(
                Happening(
                    "agent.assigned", one.at, nil,
                    ["agent": .ref(one.agent), "team": .ref(one.team)]))
        }
        for (number, one) in day.offers.enumerated() {
            events.append(
                Happening(
                    "offer.\(one.word)", one.at, "o\(number)", ["agent": .ref(one.agent)]))
        }
        let order = ArrivalOrder.late(
            events.map(\.occurred), atMost: 7_200_000, using: &random)
        // The log ends in the fifth of six hours, on a tick.
        day.end = start + 5 * 3_600_000 - 40 * tick
        var log = MemoryLog(clock: day.end)
        log.step = 0
        // What happens later has not been told.
        log.append(order.map { events[$0] }.filter { [end = day.end] in $0.occurred <= end })
        var run = FoldRun<MetricsProjection>()
        try run.run(log) { $0.rawValue % 23 == 0 ? .take : .none }
        return (log, run.rows)
    }

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
        let names = ["handle_time", "occupancy", "staffed_time"]
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
                        staffed += Self.time(day, from, to) {
                            has(["available", "break", "meeting"], $0) ? 1 : 0
                        }
                    }
                    let what = "\(dimension?.word ?? "all") \(group) \(from) seed \(seed)"
                    #expect(row.int("metrics.handle_time.value_ms") == handled, "\(what)")
                    #expect(row.int("metrics.occupancy.part_ms") == busy, "\(what)")
                    #expect(row.int("metrics.occupancy.whole_ms") == busy + idle, "\(what)")
                    #expect(row.int("metrics.staffed_time.value_ms") == staffed, "\(what)")
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
