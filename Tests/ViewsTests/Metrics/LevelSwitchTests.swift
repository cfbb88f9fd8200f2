import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Service levels by their switches, and a past period by another version of a definition.
@Suite struct LevelSwitchTests {
    /// Two answered, one of them in time; three abandoned: short, within T, late; one call back within T,
    /// one flow-out; one who waits.
    private static func story() -> MetricStory {
        var story = MetricStory()
        func enter(_ name: String) {
            story.begin(name, 0)
            story.enter(name, 1_000, "a")
        }
        for name in ["early", "late", "short", "soon", "gone", "back", "out", "waits"] {
            enter(name)
        }
        story.connect("early", 21_000)
        story.connect("late", 22_000)
        for (name, wait) in [("short", 4_000), ("soon", 10_000), ("gone", 30_000)] {
            story.tell(
                "interaction.abandoned", 1_000 + Int64(wait), name, ["phase": .text("queue")])
        }
        story.tell("callback.requested", 5_000, "back", ["callback_id": .ref("cb")])
        story.tell("queue.left", 9_000, "out", ["reason": .text("timeout")])
        story.tell("note.added", MetricStory.day, nil, ["text": .text("later")])
        return story
    }

    @Test(
        "each switch does what it says",
        arguments: [
            ("sl/all", 1, 5), ("sl/long", 1, 4), ("sl/late", 1, 3), ("sl/none", 1, 2),
            ("sl+abandoned/all", 3, 5), ("sl+callbacks/all+flow_outs", 2, 7),
            ("sl+abandoned+callbacks/none+flow_outs", 4, 4), ("sl/long+waiting", 1, 5),
            ("sl/late+flow_outs+waiting", 1, 6),
        ] as [(String, Int64, Int64)])
    func levels(name: String, part: Int64, whole: Int64) throws {
        let row = try Self.story().row([name, "sl_genesys", "sl_genesys_long"])
        #expect(row.int("metrics.\(name).part") == part && row.int("metrics.\(name).n") == whole)
        #expect(row.int("metrics.sl_genesys.n") == 5 && row.int("metrics.sl_genesys_long.n") == 4)
    }

    @Test("what is no level has no name")
    func names() {
        for name in [
            "sl", "sl/", "sl/some", "sl+all/all", "sl+callbacks+abandoned/all", "sl/all+all",
            "sl/all+waiting+flow_outs", "asa/all", "sl/all/all", "sl+/all",
        ] {
            #expect(MetricDefinition.named(name) == nil, "\(name)")
        }
    }

    @Test("a level by its switches is a queue's headline where its target is the nearest")
    func headline() throws {
        var story = Self.story()
        story.events.insert(
            .definition(
                "target", "sl",
                #"{"metric":"sl/long","at_least":0.8,"queue":"a","within_ms":30000}"#), at: 0)
        let rows = try story.rows { _ in .none }
        let from = Timestamp(milliseconds: MetricStory.start)
        var json = JSONWriter()
        try ScorecardDocument.write(
            .times(from, from.advanced(byMilliseconds: MetricStory.day)), MetricsConditions(),
            per: .queue, against: nil, zone: UTCOffsets(), from: rows, to: &json)
        let row = try #require(try Document(json).rows("rows").first { $0.string("queue") == "a" })
        let lines = row["metrics"] as? [[String: Any]] ?? []
        let level = try #require(lines.first { $0.string("name") == "sl" })
        #expect(level.string("metric") == "sl/long" && level.int("within_ms") == 30_000)
        #expect(level.int("part") == 2 && level.int("n") == 4)
        // QUEUE shows the same one.
        var live = JSONWriter()
        live.beginObject()
        try QueuesView.writeLive(
            "a", now: from.advanced(byMilliseconds: MetricStory.hour / 2), from: rows, to: &live)
        live.endObject()
        let root = try Document(live).root
        #expect(root.string("live.service_level.metric") == "sl/long")
        #expect(root.int("live.service_level.within_ms") == 30_000)
    }

    @Test("a queue's own target says what wait is short")
    func short() throws {
        var story = Self.story()
        story.events.insert(
            contentsOf: [
                .definition(
                    "target", "level",
                    #"{"metric":"sl/long","at_least":0.8,"queue":"a","short_ms":12000}"#),
                .definition(
                    "target", "abandons",
                    #"{"metric":"long_abandon_rate","at_most":0.1,"queue":"a","short_ms":12000}"#),
            ], at: 0)
        let rows = try story.rows { _ in .none }
        let from = Timestamp(milliseconds: MetricStory.start)
        var json = JSONWriter()
        try ScorecardDocument.write(
            .times(from, from.advanced(byMilliseconds: MetricStory.day)), MetricsConditions(),
            per: .queue, against: nil, zone: UTCOffsets(), from: rows, to: &json)
        let row = try #require(try Document(json).rows("rows").first { $0.string("queue") == "a" })
        let lines = row["metrics"] as? [[String: Any]] ?? []
        // Two of the three who gave up waited less.
        let level = try #require(lines.first { $0.string("name") == "sl" })
        #expect(level.int("n") == 3 && level.int("short_abandon_ms") == 12_000)
        let abandons = try #require(lines.first { $0.string("name") == "long_abandon_rate" })
        #expect(abandons.int("part") == 1 && abandons.int("n") == 6)
        #expect(abandons.int("short_abandon_ms") == 12_000)
        var live = JSONWriter()
        live.beginObject()
        try QueuesView.writeLive(
            "a", now: from.advanced(byMilliseconds: MetricStory.hour / 2), from: rows, to: &live)
        live.endObject()
        #expect(try Document(live).root.int("live.service_level.short_abandon_ms") == 12_000)
    }

    @Test("WITH judges a past period by another version, and refuses one that is not kept")
    func versions() throws {
        var story = MetricStory()
        for (version, hours) in [("1", "00:00-24:00"), ("2", "00:00-00:01")] {
            let day = #"["\#(hours)"]"#
            let week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map { "\"\($0)\":\(day)" }
            story.events.append(
                Happening(
                    "definition.set", MetricStory.start - MetricStory.day, nil,
                    [
                        "kind": .text("calendar"), "key": .text("default"),
                        "version": .text(version),
                        "body": .text("{\"hours\":{\(week.joined(separator: ","))}}"),
                    ]))
        }
        story.begin("m", 0, channel: "chat")
        story.write("m", 1_000, "customer", isReceived: true)
        story.write("m", 2 * MetricStory.hour + 1_000, "agent")
        let rows = try story.rows { _ in .none }
        let from = Timestamp(milliseconds: MetricStory.start)
        func sum(_ choices: [DefinitionChoice]) throws -> Int64? {
            var query = try MetricsQuery(
                from: from, to: from.advanced(byMilliseconds: MetricStory.day),
                only: ["response_time_business"])
            query.choices = choices
            return try MetricStory.answer(query, rows).first?
                .int("metrics.response_time_business.sum_ms")
        }
        let first = try #require(DefinitionChoice("calendar/default", version: "1"))
        let second = try #require(DefinitionChoice("calendar/default", version: "2"))
        let third = try #require(DefinitionChoice("calendar/default", version: "3"))
        #expect(try sum([first]) == 2 * MetricStory.hour)
        #expect(try sum([second]) == 59_000)
        #expect(throws: MetricsFault.self) { try sum([third]) }
        #expect(DefinitionChoice("queue/a", version: "1") == nil)
        #expect(DefinitionChoice("calendar", version: "1") == nil)
    }
}
