import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// What silence ends, and what it does not.
@Suite struct SilenceSweepTests {
    static let hour: Int64 = 3_600_000
    static let start: Int64 = 1_800_000_000_000

    /// A log whose clock goes by what happened: a live feed.
    func live(_ happenings: [Happening]) -> MemoryLog {
        var log = MemoryLog()
        for happening in happenings {
            log.clock = happening.occurred - log.step
            log.append(happening)
        }
        return log
    }

    func rows(_ log: MemoryLog) throws -> MemoryRows {
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        return run.rows
    }

    func sweep(_ log: MemoryLog, at moment: Int64) throws -> [InferredEvent] {
        var sweep = SilenceSweep()
        return try sweep.find(now: Timestamp(milliseconds: moment), from: rows(log))
    }

    func call(_ name: String, at moment: Int64, _ channel: String = "voice") -> [Happening] {
        [
            Happening("interaction.created", moment, name, ["channel": .text(channel)]),
            Happening("queue.entered", moment + 1_000, name, ["queue": .ref("billing")]),
        ]
    }

    @Test("a call is ended after four hours of silence, not before, and an e-mail is not")
    func channels() throws {
        let log = live(call("c-1", at: Self.start) + call("m-1", at: Self.start + 2_000, "email"))
        let last = Self.start + 1_000
        #expect(try sweep(log, at: last + 4 * Self.hour - 1).isEmpty)
        let found = try sweep(log, at: last + 4 * Self.hour)
        #expect(found.count == 1)
        #expect(found.first?.type == "interaction.inferredEnd")
        #expect(found.first?.occurred.rawValue == last + 4 * Self.hour)
        #expect(found.first?.id == "silence:shipped-2:2:c-1")
    }

    @Test("what was inferred is inferred no more once it is in the log")
    func once() throws {
        var log = live(call("c-1", at: Self.start))
        let moment = Self.start + 9 * Self.hour
        let found = try #require(try sweep(log, at: moment).first)
        #expect(try sweep(log, at: moment + 1).map(\.id) == [found.id])
        log.append(
            Happening(
                found.type, found.occurred.rawValue, "c-1", ["rule": .text("silence")]))
        #expect(try sweep(log, at: moment).isEmpty)
    }

    @Test("importing a year of old calls ends none early; import.completed ends what stayed open")
    func importing() throws {
        var log = MemoryLog(clock: Self.start)
        let old = Self.start - 366 * 24 * Self.hour
        log.append(call("c-1", at: old))
        log.append(call("c-2", at: old + 3 * Self.hour))
        let now = log.clock + 1_000
        #expect(try sweep(log, at: now).isEmpty)
        // Two hours later in the file the first has been silent for over four hours of the feed's.
        log.append(call("c-3", at: old + 5 * Self.hour))
        #expect(try sweep(log, at: now).map(\.id) == ["silence:shipped-2:2:c-1"])
        log.append(
            Happening(
                "import.completed", log.clock + 1_000, nil,
                ["covered_until": .time(Timestamp(milliseconds: old + 5 * Self.hour))]))
        #expect(Set(try sweep(log, at: now + 10_000).map(\.type)) == ["interaction.inferredEnd"])
        #expect(try sweep(log, at: now + 10_000).count == 3)
    }

    @Test("a definition changes the silence of a channel from when it takes effect")
    func definition() throws {
        let log = live(
            call("c-1", at: Self.start) + [
                Happening(
                    "definition.set", Self.start + 2_000, nil,
                    [
                        "kind": .text("silence"), "key": .text("voice"), "version": .text("7"),
                        "body": .text(#"{"after_ms":60000}"#),
                    ])
            ])
        #expect(
            try sweep(log, at: Self.start + 3 * Self.hour).map(\.id) == ["silence:7:2:c-1"])
        let broken = live(
            call("c-1", at: Self.start) + [
                Happening(
                    "definition.set", Self.start + 2_000, nil,
                    [
                        "kind": .text("silence"), "key": .text("voice"), "version": .text("7"),
                        "body": .text("{"),
                    ])
            ])
        #expect(try sweep(broken, at: Self.start + 3 * Self.hour).isEmpty)
    }

    @Test("of messages only the hours of the queue that holds them are silence")
    func business() throws {
        // 2027-01-15, a Friday, 08:00 UTC: one hour that day, eight on each Monday.
        let calendar = Happening(
            "definition.set", Self.start - Self.hour, nil,
            [
                "kind": .text("calendar"), "key": .text("billing"), "version": .text("1"),
                "body": .text(#"{"hours":{"fri":["08:00-09:00"],"mon":["10:00-18:00"]}}"#),
            ])
        let log = live([calendar] + call("m-1", at: Self.start, "messaging"))
        let last = Self.start + 1_000
        let week = 7 * 24 * Self.hour
        // 72 h are eight Fridays and as many Mondays, and of the ninth Friday what the first lacks.
        #expect(try sweep(log, at: last + 7 * week).isEmpty)
        let end = Self.start + 8 * week + 1_000
        #expect(try sweep(log, at: end - 1).isEmpty)
        let found = try #require(try sweep(log, at: end).first)
        #expect(found.occurred.rawValue == end)
        #expect(found.attributes.first { $0.name == "after_ms" }?.value == "\(end - last)")
    }

    @Test("a feed that is silent beyond its gap is said to be, ends nothing, and is heard again")
    func silence() throws {
        let beat = { (moment: Int64) in
            Happening(
                "source.heartbeat", moment, nil,
                [
                    "covered_until": .time(Timestamp(milliseconds: moment)),
                    "expected_gap_ms": .integer(60_000),
                ])
        }
        var log = live(call("c-1", at: Self.start) + [beat(Self.start + 5_000)])
        #expect(try sweep(log, at: Self.start + 60_000).isEmpty)
        let moment = Self.start + 120_000
        let silent = try #require(try sweep(log, at: moment).first)
        #expect(silent.type == "source.silent")
        // The daemon's own word on it; the test log has one source, so it is told as a feed's own.
        log.clock = moment
        log.append(
            Happening(
                "source.silent", moment, nil,
                [
                    "feed": .ref("test"),
                    "covered_until": .time(Timestamp(milliseconds: Self.start + 5_000)),
                ]))
        let rows = try rows(log)
        var key: [UInt8] = []
        let name = Array("test".utf8)
        unsafe SourceRecord.writeKey(name.span.bytes, to: &key)
        let record = try #require(try SourceRecord.decoded(try rows.row(key)))
        #expect(record.silent == log.head && record.expectedGapMilliseconds == 60_000)
        #expect(record.complete.rawValue == Self.start + 5_000)
    }

    @Test("a feed that has restarted lost its open interactions: they are ended where they stood")
    func restart() throws {
        let log = live(
            call("c-1", at: Self.start) + [
                Happening(
                    "source.restarted", Self.start + 9_000, nil,
                    ["covered_until": .time(Timestamp(milliseconds: Self.start + 9_000))])
            ] + call("c-2", at: Self.start + 10_000))
        let found = try sweep(log, at: Self.start + 20_000)
        #expect(found.map(\.id) == ["restart:1:2:c-1"])
        #expect(found.first?.occurred.rawValue == Self.start + 1_000)
    }

    @Test("a call back that nobody made expires an hour after it was due, one that ended does not")
    func callbacks() throws {
        let asks = { (name: String) in
            Happening(
                "callback.requested", Self.start + 5_000, "c-\(name)",
                [
                    "callback_id": .ref("b-\(name)"),
                    "due_to": .time(Timestamp(milliseconds: Self.start + Self.hour)),
                ])
        }
        let log = live(
            call("1", at: Self.start).map { _ in asks("1") }.prefix(1) + [
                asks("2"),
                Happening(
                    "callback.reached", Self.start + 9_000, "c-2", ["callback_id": .ref("b-2")]),
            ])
        #expect(try sweep(log, at: Self.start + 2 * Self.hour - 1).isEmpty)
        let found = try sweep(log, at: Self.start + 2 * Self.hour)
        #expect(found.map(\.type) == ["callback.expired"])
        #expect(found.first?.attributes.first { $0.name == "interaction" }?.value == "c-1")
    }

    @Test("call backs that are not due in one queue do not hide those that are in another")
    func callbackPages() throws {
        func asks(_ name: String, _ queue: String, due: Int64) -> Happening {
            Happening(
                "callback.requested", Self.start, nil,
                [
                    "callback_id": .ref(name), "queue": .ref(queue),
                    "due_to": .time(Timestamp(milliseconds: due)),
                ])
        }
        let waiting = (0..<ViewLimits.sweptRowsMax + 50).map {
            asks("early-\($0)", "a", due: Self.start + 900 * Self.hour)
        }
        let overdue = (0..<ViewLimits.inferredEventsMax + 50).map {
            asks("late-\($0)", "b", due: Self.start + Self.hour)
        }
        var log = MemoryLog()
        log.append(waiting + overdue)
        let rows = try rows(log)
        var sweep = SilenceSweep()
        var ids: Set<String> = []
        for _ in 0..<4 {
            let found = try sweep.find(
                now: Timestamp(milliseconds: Self.start + 3 * Self.hour), from: rows)
            #expect(found.count <= ViewLimits.inferredEventsMax)
            ids.formUnion(found.map(\.id))
        }
        #expect(ids.count == overdue.count)
    }

    @Test("a call back does not expire while the feed of its interaction is silent")
    func callbackOfSilentFeed() throws {
        let asked = [
            Happening("interaction.created", Self.start, "c-1", ["channel": .text("voice")]),
            Happening(
                "callback.requested", Self.start + 5_000, "c-1",
                [
                    "callback_id": .ref("b-1"),
                    "due_to": .time(Timestamp(milliseconds: Self.start + Self.hour)),
                ]),
        ]
        let moment = Self.start + 2 * Self.hour
        #expect(try sweep(live(asked), at: moment).map(\.type) == ["callback.expired"])
        let silent = Happening(
            "source.silent", Self.start + 6_000, nil,
            ["feed": .ref("test"), "lag_ms": .integer(1), "expected_gap_ms": .integer(1)])
        var log = live(asked)
        // Who says so is the daemon: a feed that speaks is not silent.
        log.append(silent, source: "throughline")
        #expect(try sweep(log, at: moment).map(\.type) == [])
    }

    @Test("what the telephone system handed on is silent when the queue's own feed is")
    func handedOn() throws {
        var log = live([
            Happening("interaction.created", Self.start, "c-1", ["channel": .text("voice")])
        ])
        func append(_ happening: Happening, _ source: String) {
            log.clock = happening.occurred - log.step
            log.append(happening, source: source)
        }
        append(
            Happening("queue.entered", Self.start + 1_000, "c-1", ["queue": .ref("billing")]),
            "acd")
        // The system restarts: what it has handed on is no longer its own.
        append(Happening("source.restarted", Self.start + 2_000), "test")
        #expect(try sweep(log, at: Self.start + 60_000).isEmpty)
        append(
            Happening("source.silent", Self.start + 90_000, nil, ["feed": .ref("acd")]),
            "throughline")
        #expect(try sweep(log, at: Self.start + 9 * Self.hour).isEmpty)
        let rows = try rows(log)
        let feeds = try FeedState.read("billing", rows)
        let place = try #require(try QueuesView.waiting(in: "billing", rows, atMost: 1).first)
        #expect(try QueuesView.isUnknown(place.place, "c-1", feeds, rows))
        let row = try rows.row(QueueCounts.key("billing"))
        let counts = try #require(try QueueCounts.decoded(row))
        #expect(try QueuesView.oldest(in: "billing", counts, feeds, rows) == nil)
        append(Happening("source.restarted", Self.start + 100_000), "acd")
        #expect(
            try sweep(log, at: Self.start + 110_000).map(\.type)
                == ["source.resumed", "interaction.inferredEnd"])
    }

    @Test("who missed an offer is taken to be there again by a timer, where one is set")
    func notResponding() throws {
        func missed(_ agent: String) -> [Happening] {
            [
                Happening(
                    "agent.presence", Self.start, nil,
                    ["agent": .ref(agent), "presence": .text("available")]),
                Happening(
                    "offer.missed", Self.start + 5_000, "c-\(agent)", ["agent": .ref(agent)]),
            ]
        }
        let gone = Happening(
            "agent.presence", Self.start + 4_000, nil,
            ["agent": .ref("bea"), "presence": .text("break")])
        let told = missed("ana") + missed("bea") + [gone]
        let moment = Self.start + 65_000
        #expect(try sweep(live(told), at: moment).isEmpty)
        let timer = Happening(
            "definition.set", Self.start - 1_000, nil,
            [
                "kind": .text("silence"), "key": .text("notResponding"), "version": .text("1"),
                "body": .text(#"{"after_ms":60000}"#),
            ])
        let log = live([timer] + told.sorted { $0.occurred < $1.occurred })
        #expect(try sweep(log, at: moment - 1).isEmpty)
        let found = try sweep(log, at: moment)
        let back = try #require(found.first)
        #expect(found.count == 1 && back.type == "agent.presence")
        #expect(back.occurred.rawValue == moment)
        var after = log
        var presence = Happening(back.type, back.occurred.rawValue)
        presence.attributes = back.attributes.map { ($0.name, .text($0.value)) }
        after.clock = moment
        after.append(presence, source: "throughline")
        #expect(try sweep(after, at: moment + 9_000).isEmpty)
        let row = try #require(try rows(after).row(AgentRecord.key("ana")))
        #expect(try AgentRecord.decoded(row)?.activity == .idle)
    }

    @Test("many who are silent are ended a page at a time, each once")
    func pages() throws {
        var log = MemoryLog()
        log.step = 0
        let count = ViewLimits.sweptRowsMax + 300
        for index in 0..<count {
            log.clock = Self.start + Int64(index)
            log.append(call("c-\(index)", at: log.clock)[0])
        }
        let rows = try rows(log)
        var sweep = SilenceSweep()
        var ids: Set<String> = []
        for _ in 0..<20 {
            let found = try sweep.find(
                now: Timestamp(milliseconds: Self.start + 9 * Self.hour), from: rows)
            #expect(found.count <= ViewLimits.inferredEventsMax)
            ids.formUnion(found.map(\.id))
        }
        #expect(ids.count == count)
    }
}
