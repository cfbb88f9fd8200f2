import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// How far figures can be trusted, by what feeds say of themselves and the daemon of them.
@Suite struct CompletenessTests {
    private static let start: Int64 = 1_800_000_000_000
    private static let hour: Int64 = 3_600_000

    private func completeness(
        _ told: [(happening: Happening, source: String)], _ queues: [String]? = nil
    ) throws -> Completeness {
        var log = MemoryLog(clock: Self.start)
        for (happening, source) in told { log.append(happening, source: source) }
        var run = FoldRun<MetricsProjection>()
        try run.run(log) { $0.rawValue % 2 == 0 ? .restart : .none }
        return try Completeness(windowDays: 7, queues: queues, from: run.rows)
    }

    private func moment(_ hours: Double) -> Int64 { Self.start + Int64(hours * Double(Self.hour)) }

    private func says(_ type: String, at hours: Double, until: Double) -> Happening {
        Happening(
            type, moment(hours), nil,
            ["covered_until": .time(Timestamp(milliseconds: moment(until)))])
    }

    private func daemon(
        _ type: String, at hours: Double, until: Double, of feed: String = "acd"
    ) -> Happening {
        var happening = says(type, at: hours, until: until)
        happening.attributes.append(("feed", .ref(feed)))
        return happening
    }

    private func line(_ hours: Double) -> MetricsLines.Line {
        MetricsLines.Line(
            from: Timestamp(milliseconds: moment(hours)),
            to: Timestamp(milliseconds: moment(hours + 1)))
    }

    @Test("a silence is a gap, whatever the feed is heard by again")
    func gap() throws {
        let silence = [
            (says("source.heartbeat", at: 1, until: 1), "acd"),
            // The daemon tells how far the feed had come, both times.
            (daemon("source.silent", at: 2, until: 1), "throughline"),
            (Happening("interaction.created", moment(4.5), "c-1"), "acd"),
            (daemon("source.resumed", at: 4.5, until: 1), "throughline"),
        ]
        let heard = try completeness(silence + [(says("source.heartbeat", at: 5, until: 5), "acd")])
        #expect(heard.completeUntil?.rawValue == moment(5))
        #expect(!heard.hasGap(line(0)) && !heard.hasGap(line(5)))
        #expect(heard.hasGap(line(1)) && heard.hasGap(line(4)))
        let silent = try completeness(Array(silence.prefix(2)))
        #expect(silent.completeUntil?.rawValue == moment(1) && silent.hasGap(line(8)))
    }

    @Test(
        "a feed that stands at the beginning of 1970 is silent from there, however events are cut")
    func epoch() throws {
        let zero = Double(-Self.start) / Double(Self.hour)
        let told = [
            (says("source.heartbeat", at: 1, until: zero), "acd"),
            (daemon("source.silent", at: 2, until: zero), "throughline"),
            (daemon("source.resumed", at: 3, until: zero), "throughline"),
        ]
        #expect(try completeness(Array(told.prefix(2))).sources.map(\.isSilent) == [true])
        #expect(try completeness(told).hasGap(line(2)))
    }

    @Test("what the daemon says of a feed that never beats does not hold back what comes after")
    func neverBeats() throws {
        let told = try completeness([
            (Happening("interaction.created", moment(1), "c-1"), "acd"),
            (daemon("source.silent", at: 2, until: 1), "throughline"),
            (Happening("interaction.created", moment(3), "c-2"), "acd"),
            (daemon("source.resumed", at: 3, until: 3), "throughline"),
        ])
        #expect(told.completeUntil == nil && told.hasGap(line(2)) && !told.hasGap(line(3)))
        #expect(!told.isIncomplete(line(9)))
    }

    @Test("who tells nothing of a queue holds back none of its figures")
    func contributing() throws {
        func enters(_ interaction: String, _ hours: Double, _ queue: String) -> Happening {
            Happening("queue.entered", moment(hours), interaction, ["queue": .ref(queue)])
        }
        let told = [
            (Happening("interaction.created", moment(0), "c-1"), "acd"),
            (enters("c-1", 0, "billing"), "acd"),
            (Happening("interaction.created", moment(0), "c-2"), "chat"),
            (enters("c-2", 0, "care"), "chat"),
            (says("source.heartbeat", at: 5, until: 5), "acd"),
            (says("source.heartbeat", at: 2, until: 2), "chat"),
            (says("source.heartbeat", at: 1, until: 1), "shop"),
            (daemon("source.silent", at: 3, until: 1, of: "shop"), "throughline"),
        ]
        func reach(_ queues: [String]?) throws -> Completeness {
            try completeness(told, queues)
        }
        let billing = try reach(["billing"])
        #expect(billing.sources.map(\.name) == ["acd"])
        #expect(billing.completeUntil?.rawValue == moment(5) && !billing.hasGap(line(2)))
        #expect(try reach(["care"]).completeUntil?.rawValue == moment(2))
        // The shop tells of no contact at all.
        #expect(try reach(nil).sources.map(\.name) == ["acd", "chat"])
        #expect(try reach(nil).completeUntil?.rawValue == moment(2))
        // Of a queue that nobody has told of any feed may.
        #expect(try reach(["other"]).sources.count == 3)
        #expect(try reach(["other"]).hasGap(line(2)))
    }

    @Test("whoever tells of a queue's words and offers contributes to its figures")
    func everyWord() throws {
        func told(_ type: String, _ hours: Double) -> Happening {
            Happening(
                type, moment(hours), "c-1",
                ["message_id": .ref("m"), "author": .text("customer"), "agent": .ref("ana")])
        }
        func reach(_ own: [(Happening, String)]) throws -> [String] {
            let begins = Happening(
                "interaction.created", moment(0), "c-1",
                ["channel": .text("email"), "queue": .ref("mail")])
            let enters = Happening(
                "queue.entered", moment(0.1), "c-1", ["queue": .ref("mail")])
            let beats = ["acd", "mailbox", "desk", "shop"].map {
                (says("source.heartbeat", at: 5, until: 5), $0)
            }
            let log = [(begins, "acd"), (enters, "acd")] + own + beats
            return try completeness(log.map { (happening: $0.0, source: $0.1) }, ["mail"])
                .sources.map(\.name)
        }
        #expect(try reach([]) == ["acd"])
        #expect(try reach([(told("message.received", 1), "mailbox")]) == ["acd", "mailbox"])
        for type in ["offer.missed", "offer.rejected", "offer.failed"] {
            #expect(try reach([(told(type, 1), "desk")]) == ["acd", "desk"], "\(type)")
        }
        // A queue that is told at the beginning, and by a beginning alone.
        let begins = Happening("interaction.created", moment(0), "c-2", ["queue": .ref("forms")])
        let alone = try completeness(
            [
                (begins, "shop"), (says("source.heartbeat", at: 5, until: 5), "shop"),
                (says("source.heartbeat", at: 5, until: 4), "acd"),
            ], ["forms"])
        #expect(alone.sources.map(\.name) == ["shop"])
    }

    @Test("rows by queue are incomplete by the feeds of their queue")
    func rowsByQueue() throws {
        var log = MemoryLog(clock: Self.start)
        for (queue, source) in [("billing", "acd"), ("care", "chat")] {
            log.append(
                Happening("interaction.created", moment(0), queue, ["queue": .ref(queue)]),
                source: source)
            log.append(
                Happening("queue.entered", moment(0), queue, ["queue": .ref(queue)]),
                source: source)
        }
        log.append(says("source.heartbeat", at: 9, until: 9), source: "acd")
        log.append(says("source.heartbeat", at: 1, until: 1), source: "chat")
        var run = FoldRun<MetricsProjection>()
        try run.run(log) { _ in .restart }
        var json = JSONWriter()
        let query = try MetricsQuery(
            from: Timestamp(milliseconds: moment(0)), to: Timestamp(milliseconds: moment(2)),
            grouping: .queue, only: ["offered"])
        try MetricsDocument.write(query, zone: UTCOffsets(), from: run.rows, to: &json)
        let rows = try Document(json).rows("rows")
        #expect(rows.map { $0.string("queue") } == ["billing", "care"])
        #expect(rows.map { $0["incomplete"] as? Bool } == [nil, true])
    }

    @Test("an import that is over does not hold back the feeds that go on")
    func imported() throws {
        let over = (says("import.completed", at: 0, until: -9_000), "csv")
        let alone = try completeness([over])
        #expect(alone.completeUntil?.rawValue == moment(-9_000))
        let beside = try completeness([
            over, (says("source.heartbeat", at: 5, until: 5), "acd"),
        ])
        #expect(beside.completeUntil?.rawValue == moment(5) && !beside.isIncomplete(line(3)))
        #expect(beside.isIncomplete(line(5)))
    }
}
