import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Small stories whose figures DOMAIN.md says: queues, words and anchors.
@Suite struct MetricCasesTests {
    @Test("a part of what a queue handled stands where that does")
    func secondQueue() throws {
        var story = MetricStory()
        for number in 0..<5 {
            let name = "c\(number)"
            story.begin(name, Int64(number) * 1_000)
            story.enter(name, 10_000, "a")
            if number >= 2 {
                story.tell("queue.left", 20_000, name, ["reason": .text("overflow")])
                story.enter(name, 20_000, "b")
            }
            story.tell("offer.made", 25_000, name, ["agent": .ref("ana")])
            story.tell("offer.accepted", 30_000, name, ["agent": .ref("ana")])
            story.tell(
                "interaction.disconnected", 90_000, name,
                ["by": .text(number >= 2 ? "telecom" : "customer")])
            story.tell("interaction.completed", 91_000, name)
        }
        let names = ["drop_rate", "agent_answer_rate", "offered", "answered", "flowed_out"]
        let found = try story.rows(names, per: .queue)
        #expect(found.map { $0.string("queue") } == ["a", "b"])
        #expect(found.map { $0.int("metrics.drop_rate.part") } == [0, 3])
        #expect(found.map { $0.int("metrics.drop_rate.n") } == [2, 3])
        #expect(found.map { $0.int("metrics.agent_answer_rate.n") } == [2, 3])
        #expect(found.map { $0.int("metrics.offered.value") } == [5, 3])
        #expect(found.map { $0.int("metrics.answered.value") } == [2, 3])
        #expect(found.map { $0.int("metrics.flowed_out.value") } == [3, 0])
    }

    @Test("on a message channel the first reply answers, and an assignment has its own time")
    func replied() throws {
        var story = MetricStory()
        story.begin("m", 0, channel: "email")
        story.write("m", 0, "customer", isReceived: true)
        story.enter("m", 0, "mail")
        story.connect("m", 5_000)
        // The machine's word and a word that did not arrive answer nothing.
        story.write("m", 6_000, "bot")
        story.write("m", 7_000, "agent")
        story.tell(
            "message.failed", 8_000, "m",
            ["message_id": .ref("m-7000"), "final": .boolean(true)])
        story.write("m", 2 * MetricStory.hour, "agent")
        story.complete("m", 3 * MetricStory.hour, by: "agent")
        let names = ["sl_answered", "asa", "customer_wait", "assigned", "handled"]
        let row = try story.row(names)
        #expect(row.int("metrics.sl_answered.part") == 0 && row.int("metrics.sl_answered.n") == 1)
        #expect(row.int("metrics.asa.sum_ms") == 2 * MetricStory.hour)
        #expect(row.int("metrics.customer_wait.sum_ms") == 2 * MetricStory.hour)
        #expect(row.int("metrics.assigned.sum_ms") == 5_000)
        #expect(row.int("metrics.handled.value") == 1)
    }

    @Test("who leaves a chat before a reply has abandoned it, and who waits for one waits")
    func unreplied() throws {
        var story = MetricStory()
        for name in ["left", "hung", "open", "closed", "silent"] {
            story.begin(name, 0, channel: "chat", person: name)
            if name != "silent" { story.write(name, 100, "customer", isReceived: true) }
            story.enter(name, 1_000, "chat")
            story.connect(name, 3_000)
        }
        story.tell("interaction.abandoned", 9_000, "left", ["phase": .text("unreplied")])
        story.tell("interaction.completed", 9_500, "left", ["outcome": .text("unknown")])
        story.complete("hung", 12_000, outcome: "unknown")
        story.complete("closed", 13_000, by: "agent", outcome: "unknown")
        // Of what no message is told, the assignment is all that is known of an answer.
        story.complete("silent", 14_000, outcome: "unknown")
        let names = [
            "offered", "answered", "abandoned", "flowed_out", "waiting", "hold_abandons",
            "abandon_unrecovered", "average_time_to_abandon", "assigned",
        ]
        let row = try story.row(names)
        #expect(row.int("metrics.offered.value") == 5)
        #expect(row.int("metrics.answered.value") == 1)
        #expect(row.int("metrics.abandoned.value") == 2)
        #expect(row.int("metrics.flowed_out.value") == 1)
        #expect(row.int("metrics.waiting.value") == 1)
        #expect(row.int("metrics.hold_abandons.value") == 0)
        #expect(row.int("metrics.abandon_unrecovered.part") == 2)
        #expect(row.int("metrics.average_time_to_abandon.sum_ms") == 19_000)
        #expect(row.int("metrics.assigned.n") == 5)
    }

    @Test("plain figures stand under their own anchors")
    func plain() throws {
        var story = MetricStory()
        story.begin("lost", 0)
        story.tell("selfservice.entered", 1_000, "lost", ["flow": .ref("menu")])
        story.tell("interaction.abandoned", 2_000, "lost", ["phase": .text("preQueue")])
        story.begin("test", 0)
        story.tell("contact.classified", 1, "test", ["kind": .text("test")])
        // Called without a queue, over the border of a day.
        story.begin("direct", MetricStory.day - 60_000)
        story.connect("direct", MetricStory.day - 50_000)
        story.complete("direct", MetricStory.day + 10_000)
        let rows = try story.rows { _ in .none }
        let from = Timestamp(milliseconds: MetricStory.start)
        func days(_ anchor: MetricAnchor?, _ filters: [MetricsFilter]) throws -> [[String: Any]] {
            try MetricStory.answer(
                MetricsQuery(
                    from: from, to: from.advanced(byMilliseconds: 2 * MetricStory.day),
                    anchor: anchor,
                    step: .day, filters: filters), rows)
        }
        for filters in [[], [MetricsFilter(.type, names: ["inbound"])]] {
            let found = try days(nil, filters)
            #expect(found.map { $0.int("contacts") } == [2, 0])
            #expect(found.map { $0.int("abandoned_before_queue") } == [1, 0])
            #expect(found.map { $0.int("excluded.test") } == [1, nil])
            #expect(found.map { $0.int("handled") } == [0, 1])
            #expect(found.map { $0.int("talk.sum_ms") } == [0, 60_000])
            #expect(try days(.created, filters).map { $0.int("talk.sum_ms") } == [60_000, 0])
        }
    }

    @Test("a reopening stands on the day of resolution and takes the customer")
    func reopened() throws {
        var story = MetricStory()
        for (name, thread) in [("again", "t1"), ("ours", "t2"), ("wrote", "t3"), ("leg", "t4")] {
            story.begin(name, 0, person: name, ["thread": .ref(thread)])
            story.connect(name, 1_000)
            story.tell(
                "interaction.disposed", 5 * MetricStory.day, name, ["outcome": .text("resolved")])
            story.complete(name, 5 * MetricStory.day)
        }
        story.begin("again2", 6 * MetricStory.day, person: "again", ["thread": .ref("t1")])
        story.begin(
            "ours2", 6 * MetricStory.day, direction: "outbound", method: "outbound", person: "ours",
            ["thread": .ref("t2")])
        story.write("wrote", 6 * MetricStory.day, "customer", isReceived: true)
        story.begin(
            "leg2", 6 * MetricStory.day, method: "transfer", person: "leg",
            ["thread": .ref("t4"), "initial": .ref("leg")])
        // Taken up twice: the first time counts.
        story.begin("twice", 0, person: "twice")
        story.connect("twice", 1_000)
        story.complete("twice", 5 * MetricStory.day)
        for day in [6, 25] as [Int64] {
            story.tell("interaction.reopened", day * MetricStory.day, "twice")
        }
        let found = try story.rows(["reopen_rate", "fcr_agent"], step: .day)
        #expect(found[0].int("metrics.reopen_rate.n") == 0)
        #expect(found[5].int("metrics.reopen_rate.n") == 5)
        #expect(found[5].int("metrics.reopen_rate.part") == 3)
        #expect(found[0].int("metrics.fcr_agent.n") == 0)
        #expect(found[5].int("metrics.fcr_agent.n") == 4)
        #expect(found[5].int("metrics.fcr_agent.part") == 2)
    }

    @Test("figures are provisional for their own windows")
    func provisional() throws {
        var story = MetricStory()
        story.begin("c", 0, person: "p", ["thread": .ref("t")])
        story.connect("c", 1_000)
        story.complete("c", 2_000)
        story.tell(
            "source.heartbeat", 2 * MetricStory.day, nil,
            [
                "covered_until": .time(
                    Timestamp(milliseconds: MetricStory.start + 3 * MetricStory.day))
            ])
        let names = [
            "reopen_rate", "fcr_agent", "containment", "abandon_unrecovered", "dropped_recovered",
            "fcr_repeat_any", "channel_switch_rate", "repeat_rate", "asa",
        ]
        func provisional(_ days: Int64) throws -> Set<String> {
            let rows = try story.rows { _ in .none }
            let from = Timestamp(milliseconds: MetricStory.start)
            let row = try #require(
                try MetricStory.answer(
                    MetricsQuery(
                        from: from, to: from.advanced(byMilliseconds: MetricStory.day), only: names,
                        windowDays: days), rows
                ).first)
            return Set(names.filter { row.int("metrics.\($0).provisional") == 1 })
        }
        let always: Set = ["reopen_rate", "fcr_agent", "channel_switch_rate"]
        #expect(try provisional(1) == always)
        #expect(try provisional(30) == always.union(["fcr_repeat_any"]))
    }
}
