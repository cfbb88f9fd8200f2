import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// How long it took until something was resolved: without machines, without the customer, of a whole thread;
/// and small things of documents.
@Suite struct ResolutionTests {
    @Test("machines and the customer are left out, and a thread counts to its first and last end")
    func times() throws {
        let minute = MetricStory.minute
        var story = MetricStory()
        story.begin("m", 0, channel: "chat", person: "p", ["thread": .ref("t")])
        story.write("m", minute, "customer", isReceived: true)
        story.tell("selfservice.entered", 2 * minute, "m", ["flow": .ref("bot")])
        story.tell(
            "selfservice.left", 5 * minute, "m",
            ["flow": .ref("bot"), "outcome": .text("handedOver")])
        story.connect("m", 6 * minute)
        story.write("m", 10 * minute, "agent")
        story.write("m", 30 * minute, "customer", isReceived: true)
        story.write("m", 32 * minute, "agent")
        story.complete("m", 42 * minute, by: "agent")
        story.begin("again", MetricStory.hour * 2, person: "p", ["previous": .ref("m")])
        story.connect("again", MetricStory.hour * 2 + minute)
        story.complete("again", MetricStory.hour * 3)
        story.tell("note.added", 40 * MetricStory.day, nil, ["text": .text("later")])
        let names = MetricDefinition.resolutions.map(\.name) + ["resolution_time"]
        let found = try story.rows(names, per: .channel)
        let row = try #require(found.first { $0.string("channel") == "chat" })
        func sum(_ name: String) -> Int64? { row.int("metrics.\(name).sum_ms") }
        #expect(sum("resolution_time") == 41 * minute)
        for suffix in ["", "_business"] {
            #expect(sum("resolution_time_human" + suffix) == 38 * minute)
            // From its first word to a reply, from its second to one: 9 and 2 minutes.
            #expect(sum("resolution_time_ours" + suffix) == 11 * minute)
        }
        #expect(sum("thread_resolution_first") == 41 * minute)
        #expect(sum("thread_resolution_total") == 179 * minute)
        let voice = try #require(found.first { $0.string("channel") == "voice" })
        #expect(voice.int("metrics.thread_resolution_first.n") ?? 0 == 0)
    }

    @Test("shares without ONLY have their n and interval")
    func intervals() throws {
        var story = MetricStory()
        for number in 0..<8 {
            story.begin("c\(number)", 0)
            story.enter("c\(number)", 1_000, "a")
            if number < 2 {
                story.tell(
                    "interaction.abandoned", 9_000, "c\(number)", ["phase": .text("queue")])
            } else {
                story.connect("c\(number)", 9_000)
            }
        }
        let from = Timestamp(milliseconds: MetricStory.start)
        let query = try MetricsQuery(from: from, to: from.advanced(byMilliseconds: MetricStory.day))
        let row = try #require(
            try MetricStory.answer(query, try story.rows { _ in .none }).first)
        #expect(row.int("abandonment_interval.n") == 8)
        // Wilson's interval of 2 in 8, by hand.
        #expect(abs((row.double("abandonment_interval.low") ?? 0) - 0.071_479) < 1e-5)
        #expect(abs((row.double("abandonment_interval.high") ?? 0) - 0.590_725) < 1e-5)
        let targets = row["targets"] as? [[String: Any]] ?? []
        #expect(targets.first?.int("service_level_intervals.answered.n") == 6)
        #expect(targets.first?.int("service_level_intervals.offered.n") == 8)
    }

    @Test("a queue that was there before and is gone has its row in a scorecard")
    func gone() throws {
        var story = MetricStory()
        for (name, queue, at) in [("c1", "old", Int64(0)), ("c2", "new", MetricStory.day)] {
            story.begin(name, at, ["queue": .ref(queue)])
            story.enter(name, at + 1_000, queue)
            story.connect(name, at + 2_000)
            story.complete(name, at + 3_000)
        }
        let from = Timestamp(milliseconds: MetricStory.start + MetricStory.day)
        var json = JSONWriter()
        try ScorecardDocument.write(
            .times(from, from.advanced(byMilliseconds: MetricStory.day)), MetricsConditions(),
            per: .queue, against: .periodBefore, zone: UTCOffsets(),
            from: try story.rows { _ in .none }, to: &json)
        let rows = try Document(json).rows("rows")
        #expect(rows.map { $0.string("queue") } == ["new", "old"])
        let old = rows.last?["metrics"] as? [[String: Any]] ?? []
        #expect(old.first { $0.string("name") == "asa" }?.int("before.n") == 1)
    }
}
