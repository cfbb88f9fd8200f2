import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Whether a queue is open, what it is to keep to, and what silence is in business time.
@Suite struct OpeningTests {
    /// A Monday, 2026-03-02, 00:00 UTC.
    private static let monday: Int64 = 1_772_409_600_000
    private static let hour: Int64 = 3_600_000
    private static let hours = #"{"hours":{"mon":["09:00-18:00"],"tue":["09:00-18:00"]}}"#

    private func at(_ hours: Double) -> Timestamp {
        Timestamp(milliseconds: Self.monday + Int64(hours * Double(Self.hour)))
    }

    private func defines(
        _ kind: String, _ key: String, _ body: String, from hours: Double = -100
    ) -> Happening {
        Happening(
            "definition.set", at(hours).rawValue, nil,
            [
                "kind": .text(kind), "key": .text(key), "version": .text("1"),
                "body": .text(body),
            ])
    }

    private func waits(_ id: String, _ hours: Double, _ channel: String = "voice") -> Happening {
        Happening(
            "queue.entered", at(hours).rawValue, id,
            ["queue": .ref("billing"), "channel": .text(channel)])
    }

    private func says(_ word: String, _ hours: Double, until: Double? = nil) -> Happening {
        var happening = Happening(
            "queue.\(word)", at(hours).rawValue, nil,
            ["queue": .ref("billing"), "reason": .text("drill")])
        if let until { happening.attributes.append(("until", .time(at(until)))) }
        return happening
    }

    private func run(_ happenings: [Happening]) throws -> MemoryRows {
        var log = MemoryLog()
        log.append(happenings)
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        return run.rows
    }

    private func queue(_ happenings: [Happening], at hours: Double) throws -> Document {
        var json = JSONWriter()
        let rows = try run([waits("c-1", 8)] + happenings)
        #expect(try QueuesView.writeQueue("billing", now: at(hours), from: rows, to: &json))
        return try Document(json)
    }

    private func opening(_ happenings: [Happening], at hours: Double) throws -> String? {
        let root = try queue(happenings, at: hours).root
        guard root["opening"] != nil else { return nil }
        let isOpen = (root["opening"] as? [String: Any])?["open"] as? Bool ?? false
        return [
            isOpen ? "open" : "closed", root.string("opening.by") ?? "?",
            root.string("opening.next_change") ?? "?",
        ].joined(separator: " ")
    }

    @Test("without events and calendars a queue is neither open nor closed")
    func unknown() throws {
        #expect(try opening([], at: 10) == nil)
    }

    @Test("by its calendar a queue is open within hours, and the next change is told")
    func calendar() throws {
        let calendar = defines("calendar", "default", Self.hours)
        #expect(try opening([calendar], at: 8) == "closed calendar 2026-03-02T09:00:00.000Z")
        #expect(try opening([calendar], at: 9) == "open calendar 2026-03-02T18:00:00.000Z")
        #expect(try opening([calendar], at: 18) == "closed calendar 2026-03-03T09:00:00.000Z")
        // From Tuesday evening to the next Monday.
        #expect(try opening([calendar], at: 43) == "closed calendar 2026-03-09T09:00:00.000Z")
        let own = defines("calendar", "billing", #"{"hours":{"mon":["00:00-24:00"]}}"#)
        #expect(try opening([calendar, own], at: 8) == "open calendar 2026-03-03T00:00:00.000Z")
    }

    @Test("an event closes a queue within its hours, until then or until it is opened")
    func closed() throws {
        let calendar = defines("calendar", "default", Self.hours)
        let closed = says("closed", 10)
        #expect(try opening([calendar, closed], at: 11) == "closed event ?")
        #expect(
            try opening([calendar, closed, says("opened", 12)], at: 13)
                == "open calendar 2026-03-02T18:00:00.000Z")
        let until = says("closed", 10, until: 12)
        #expect(
            try opening([calendar, until], at: 11) == "closed event 2026-03-02T12:00:00.000Z")
        #expect(
            try opening([calendar, until], at: 12) == "open calendar 2026-03-02T18:00:00.000Z")
        // A closure that ends at night lasts until the morning.
        let night = says("closed", 10, until: 20)
        #expect(
            try opening([calendar, night], at: 11) == "closed event 2026-03-03T09:00:00.000Z")
        #expect(try opening([until], at: 11) == "closed event 2026-03-02T12:00:00.000Z")
        #expect(try opening([until], at: 13) == "open event ?")
    }

    @Test("an event opens a queue longer, and what happened last counts, not what came last")
    func opened() throws {
        let calendar = defines("calendar", "default", Self.hours)
        let longer = says("opened", 17, until: 20)
        #expect(
            try opening([calendar, longer], at: 19) == "open event 2026-03-02T20:00:00.000Z")
        #expect(
            try opening([longer, says("closed", 16), calendar], at: 19)
                == "open event 2026-03-02T20:00:00.000Z")
        #expect(try opening([says("opened", 8)], at: 19) == "open event ?")
    }

    @Test("channels that are closed or work badly are told with every queue")
    func channels() throws {
        let say = { (type: String, channel: String, hours: Double) in
            Happening(
                "channel.\(type)", self.at(hours).rawValue, nil,
                ["channel": .text(channel), "reason": .text("outage")])
        }
        let told = [
            say("closed", "chat", 9), say("degraded", "voice", 9), say("closed", "sms", 9),
            say("opened", "sms", 10), say("degraded", "email", 9), say("restored", "email", 11),
        ]
        let trouble = try queue(told, at: 12).rows("channels_in_trouble")
        #expect(trouble.map { $0.string("channel") } == ["chat", "voice"])
        #expect(trouble.map { $0.string("state") } == ["closed", "degraded"])
        #expect(try queue([], at: 12).root["channels_in_trouble"] == nil)
    }

    @Test("of the limits of a queue those are told that are reached")
    func overflow() throws {
        let rules = defines(
            "queue", "billing",
            #"{"waiting_max":2,"wait_max_ms":3600000,"overflow_to":"orders"}"#)
        #expect(try queue([], at: 8.5).root["overflow"] == nil)
        let reached = { (document: Document) in
            (document.root["overflow"] as? [String: Any])?["reached"] as? [String]
        }
        let calm = try queue([rules], at: 8.5)
        #expect(reached(calm) == [])
        #expect(calm.root.int("overflow.waiting_max") == 2)
        #expect(calm.root.string("overflow.to") == "orders")
        #expect(reached(try queue([rules], at: 9)) == ["wait_max_ms"])
        let both = try queue([rules, waits("c-2", 8.2)], at: 9.5)
        #expect(reached(both) == ["waiting_max", "wait_max_ms"])
    }

    @Test("who wrote was promised a reply in business time, and today begins where the queue is")
    func replyBy() throws {
        let ana = Identifier(kind: "crm", value: "ana")
        let created = { (id: String, hours: Double) in
            Happening(
                "interaction.created", self.at(hours).rawValue, id,
                [
                    "channel": .text("email"), "direction": .text("inbound"),
                    "method": .text("inbound"),
                ], [ana])
        }
        let rows = try run([
            defines("calendar", "default", Self.hours),
            defines("queue", "default", #"{"reply_within_ms":7200000}"#),
            created("m-0", -2), created("m-1", 17), waits("m-1", 17.2, "email"), waits("c-1", 17),
        ])
        var json = JSONWriter()
        #expect(
            try WaitingDocument.write(
                "billing", count: 9, now: at(17.5), from: rows, to: &json))
        let lines = try Document(json).rows("waiting")
        #expect(lines.map { $0.string("interaction") } == ["c-1", "m-1"])
        #expect(lines[0].string("reply_by") == nil)
        // One hour on Monday, one on Tuesday.
        #expect(lines[1].string("reply_by") == "2026-03-03T10:00:00.000Z")
        #expect(lines[1].int("attempts_24h") == 2)
        #expect(lines[1].int("attempts_today") == 1)
    }

    @Test("a wait of a silent source is marked, and is not the oldest")
    func silent() throws {
        let beat = Happening(
            "source.heartbeat", at(8.1).rawValue, nil,
            ["covered_until": .time(at(8.1)), "expected_gap_ms": .integer(60_000)])
        let silent = Happening(
            "source.silent", at(8.2).rawValue, nil,
            ["covered_until": .time(at(8.1)), "feed": .ref("test")])
        // Both events are of the source `test`; the daemon's own word on it comes from elsewhere.
        var log = MemoryLog()
        log.append([waits("c-1", 8), beat])
        log.append(silent, source: "throughline")
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        var json = JSONWriter()
        #expect(try QueuesView.writeQueue("billing", now: at(9), from: run.rows, to: &json))
        let document = try Document(json)
        #expect(document.root["oldest"] == nil)
        #expect(document.rows("waiting").first?["unknown"] as? Bool == true)
    }

    @Test(
        "the next change and the end of business time equal a loop over minutes",
        arguments: [(2, 1), (1, 2)] as [(Int64, Int64)])
    func minutes(offsets: (Int64, Int64)) throws {
        let body = """
            {"zone":"Test/Jump","hours":{"mon":["09:00-14:00","16:00-20:00"],"tue":["00:00-24:00"],
            "wed":["00:00-06:00"],"fri":["09:00-17:30"],"sun":["01:00-05:00"]},
            "exceptions":{"2026-10-26":[],"2026-10-24":["10:00-11:00"]}}
            """
        let jump = Timestamp(milliseconds: 1_792_890_000_000)
        let zone = JumpingZone(jump: jump, before: offsets.0, after: offsets.1)
        var defined = DefinitionVersions()
        try Self.define(body, 0, &defined)
        // A second version, half a week behind the change of clocks.
        let later = jump.advanced(byMilliseconds: 84 * Self.hour)
        try Self.define(body.replacing("\"fri\"", with: "\"thu\""), later.rawValue, &defined)
        let calendar = CalendarVersions(defined) { $0 == "Test/Jump" ? zone : nil }
        var random = SeededGenerator(seed: 5)
        for _ in 0..<40 {
            let start = jump.advanced(
                byMilliseconds: Int64.random(in: -9_000...9_000, using: &random) * 60_000)
            let minute = { (number: Int64) in start.advanced(byMilliseconds: number * 60_000) }
            let isOpen = try #require(calendar.isOpen(at: start) as Bool?)
            let change = try #require(
                (1...30_000).first { calendar.isOpen(at: minute($0)) != isOpen })
            #expect(calendar.change(after: start) == minute(change), "\(start.rfc3339)")
            let business = Int64.random(in: 1...3_000, using: &random)
            var (left, end) = (business, Int64(0))
            while left > 0 {
                if calendar.isOpen(at: minute(end)) == true { left -= 1 }
                end += 1
            }
            #expect(
                calendar.moment(business * 60_000, after: start) == minute(end),
                "\(start.rfc3339) + \(business) min")
            #expect(
                calendar.business(from: start, to: minute(end)) == business * 60_000,
                "\(start.rfc3339)")
        }
    }

    private static func define(
        _ body: String, _ from: Int64, _ versions: inout DefinitionVersions
    ) throws {
        var log = MemoryLog()
        log.append(
            Happening(
                "definition.set", from, nil,
                ["version": .text("v"), "body": .text(body), "key": .text("default")]))
        var next = versions
        try log.read(Position(1)) { event in next.apply(event, keeping: 8) }
        versions = next
    }

    @Test("a calendar without hours, or without an end of them, has no next change")
    func noChange() throws {
        for body in [
            #"{"hours":{}}"#,
            """
            {"hours":{"mon":["00:00-24:00"],"tue":["00:00-24:00"],"wed":["00:00-24:00"],
            "thu":["00:00-24:00"],"fri":["00:00-24:00"],"sat":["00:00-24:00"],
            "sun":["00:00-24:00"]}}
            """,
        ] {
            var defined = DefinitionVersions()
            try Self.define(body, 0, &defined)
            let calendar = CalendarVersions(defined, UTCOffsets.only)
            #expect(calendar.change(after: at(1)) == nil)
        }
        var closed = DefinitionVersions()
        try Self.define(#"{"hours":{}}"#, 0, &closed)
        #expect(CalendarVersions(closed, UTCOffsets.only).moment(1, after: at(1)) == nil)
    }

    @Test("the live figures take the headline, and count who waits past the target as missed")
    func live() throws {
        let answered = { (id: String) in
            Happening("offer.accepted", self.at(8.01).rawValue, id, ["agent": .ref("ana")])
        }
        var log = MemoryLog()
        log.append([
            defines(
                "target", "sl",
                #"{"metric":"sl_offered","at_least":0.8,"queue":"billing","within_ms":60000}"#),
            waits("c-1", 8), waits("c-2", 8), waits("c-3", 8), waits("c-4", 8.2), answered("c-1"),
            Happening(
                "interaction.abandoned", at(8.1).rawValue, "c-2", ["phase": .text("queue")]),
        ])
        var run = FoldRun<MetricsProjection>()
        try run.run(log)
        var json = JSONWriter()
        json.beginObject()
        // c-3 waits past the minute, c-4 has waited for half of it.
        try QueuesView.writeLive(
            "billing", now: at(8.2).advanced(byMilliseconds: 30_000), from: run.rows, to: &json)
        json.endObject()
        let root = try Document(json).root
        #expect(root.int("live.offered") == 4 && root.int("live.answered") == 1)
        #expect(root.int("live.abandoned") == 1 && root.int("live.asa_ms") == 36_000)
        #expect(root.string("live.service_level.metric") == "sl_offered")
        #expect(root.int("live.service_level.n") == 3)
        #expect(root.int("live.service_level.waiting_past_target") == 1)
        #expect(root.double("live.service_level.value").map { abs($0 - 1.0 / 3) < 1e-6 } == true)
    }
}
