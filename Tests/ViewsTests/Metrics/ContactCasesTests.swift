import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Small stories whose figures DOMAIN.md says: contacts of a person, work of agents, what is left out.
@Suite struct ContactCasesTests {
    @Test("a redial goes on with the try that was lost")
    func redial() throws {
        var story = MetricStory()
        story.begin("lost", 0, person: "p")
        story.enter("lost", 1_000, "a")
        story.tell("interaction.abandoned", 20_000, "lost", ["phase": .text("queue")])
        story.begin("helped", 5 * MetricStory.minute, person: "p")
        story.connect("helped", 6 * MetricStory.minute)
        story.complete("helped", 7 * MetricStory.minute)
        story.begin("nobody", 0)
        story.tell("note.added", 40 * MetricStory.day, nil, ["text": .text("later")])
        let row = try story.row(["fcr_repeat_any", "repeat_rate", "redials", "contacts"])
        #expect(row.int("metrics.fcr_repeat_any.n") == 1)
        #expect(row.int("metrics.fcr_repeat_any.part") == 1)
        #expect(row.int("metrics.redials.value") == 1)
        #expect(row.int("metrics.repeat_rate.n") == 1)
        #expect(row.int("metrics.repeat_rate.part") == 0)
        #expect(abs((row.double("metrics.repeat_rate.coverage") ?? 0) - 2 / 3) < 1e-9)
    }

    @Test("who rings back while the agent works on after the talk goes on, and is recovered")
    func redialInWrapUp() throws {
        var story = MetricStory()
        story.begin("c1", 0, person: "p")
        story.connect("c1", MetricStory.minute)
        story.tell(
            "interaction.disconnected", 5 * MetricStory.minute, "c1", ["by": .text("telecom")])
        story.tell("wrapup.started", 5 * MetricStory.minute, "c1")
        story.begin("c2", 6 * MetricStory.minute, person: "p")
        story.connect("c2", 8 * MetricStory.minute, "ben")
        // A source that never says that c1 is over.
        story.begin("d1", 0, person: "q")
        story.connect("d1", MetricStory.minute)
        story.tell(
            "interaction.disconnected", 5 * MetricStory.minute, "d1", ["by": .text("system")])
        story.begin("d2", 6 * MetricStory.minute, person: "q")
        let names = ["redials", "dropped_recovered", "repeat_rate", "fcr_repeat_any"]
        func expect(_ story: MetricStory, _ recovered: Int64) throws {
            let row = try story.row(names)
            #expect(row.int("metrics.redials.value") == 2)
            #expect(row.int("metrics.dropped_recovered.n") == 2)
            #expect(row.int("metrics.dropped_recovered.part") == recovered)
            #expect(row.int("metrics.repeat_rate.n") == 2)
            #expect(row.int("metrics.repeat_rate.part") == 0)
            #expect(row.int("metrics.fcr_repeat_any.n") == 2)
            #expect(row.int("metrics.fcr_repeat_any.part") == 2)
        }
        story.tell("note.added", 40 * MetricStory.day, nil, ["text": .text("later")])
        try expect(story, 1)
        // The end of the work, and an end that was inferred, change nothing of it.
        story.tell("wrapup.ended", 30 * MetricStory.minute, "c1")
        story.tell(
            "interaction.inferredEnd", 3 * MetricStory.hour, "d1", ["rule": .text("silence")])
        try expect(story, 1)
    }

    @Test("who was lost stands where and when they were gone")
    func whenLost() throws {
        var story = MetricStory()
        story.begin("c", 0, person: "p")
        story.connect("c", MetricStory.minute)
        story.tell("transfer.completed", MetricStory.hour, "c", ["kind": .text("toQueue")])
        story.begin(
            "leg", MetricStory.hour, method: "transfer", person: "p", ["initial": .ref("c")])
        story.enter("leg", MetricStory.hour, "second")
        story.tell(
            "interaction.abandoned", 3 * MetricStory.hour, "leg", ["phase": .text("queue")])
        let found = try story.rows(["abandon_unrecovered"], per: .queue, step: .hour)
        #expect(found.count == 1 && found[0].string("queue") == "second")
        #expect(found[0].int("metrics.abandon_unrecovered.n") == 1)
        #expect(found[0].string("from") == "2025-07-01T03:00:00.000Z")
    }

    @Test("nobody waits for an answer in what is over, but where it is taken up again")
    func unanswered() throws {
        var story = MetricStory()
        for (name, channel) in [
            ("thanks", "chat"), ("never", "email"), ("again", "email"), ("waits", "email"),
            ("ours", "email"), ("failed", "email"),
        ] {
            story.begin(name, 0, channel: channel)
            story.connect(name, 1_000)
        }
        story.write("thanks", 2_000, "customer", isReceived: true)
        story.write("thanks", 3_000, "agent")
        story.write("thanks", 4_000, "customer", isReceived: true)
        story.write("never", 2_000, "customer", isReceived: true)
        story.write("never", 3_000, "bot")
        story.write("again", 2_000, "customer", isReceived: true)
        story.write("again", 3_000, "agent")
        story.write("waits", 2_000, "customer", isReceived: true)
        story.write("ours", 2_000, "agent")
        story.write("ours", 3_000, "customer", isReceived: true)
        story.write("failed", 2_000, "customer", isReceived: true)
        story.write("failed", 3_000, "agent")
        story.tell(
            "message.failed", 4_000, "failed",
            ["message_id": .ref("failed-3000"), "final": .boolean(true)])
        for name in ["thanks", "never", "again", "ours", "failed"] {
            story.complete(name, MetricStory.minute)
        }
        story.write("again", MetricStory.hour, "customer", isReceived: true)
        let row = try story.row(["unanswered_now", "unanswered"])
        #expect(row.int("metrics.unanswered_now.value") == 2)
        #expect(row.int("metrics.unanswered.value") == 2)
    }

    @Test("legs are of the contact they were made out of, by method or by name")
    func legs() throws {
        var story = MetricStory()
        story.begin("c1", 0, person: "p")
        story.connect("c1", 1_000)
        story.tell("transfer.completed", 60_000, "c1", ["kind": .text("toQueue")])
        // The method says it, and `previous` whose.
        story.begin("c2", 61_000, method: "transfer", person: "p", ["previous": .ref("c1")])
        story.tell("reason.set", 62_000, "c2", ["reason": .text("bill"), "by": .text("agent")])
        story.connect("c2", 63_000)
        story.complete("c2", 90_000)
        story.begin(
            "c3", 91_000, direction: "internal", method: "consult", ["previous": .ref("c2")])
        // We call, and they answer that.
        story.begin(
            "out", MetricStory.hour, direction: "outbound", method: "outbound", person: "p")
        story.begin("in", 2 * MetricStory.hour, person: "p", ["related": .ref("out")])
        // A leg lost in its queue.
        story.begin("d1", 0, person: "q")
        story.connect("d1", 1_000)
        story.tell("transfer.completed", 60_000, "d1", ["kind": .text("toQueue")])
        story.begin("d2", 60_000, method: "queueTransfer", person: "q", ["initial": .ref("d1")])
        story.enter("d2", 60_000, "b")
        story.tell("interaction.abandoned", 90_000, "d2", ["phase": .text("queue")])
        story.begin("d3", 200_000, person: "q")
        story.tell("note.added", 40 * MetricStory.day, nil, ["text": .text("later")])
        let row = try story.row(
            ["contacts", "repeat_rate", "fcr_repeat", "fcr_repeat_resolved", "redials"])
        #expect(row.int("metrics.contacts.value") == 5)
        #expect(row.int("metrics.repeat_rate.n") == 2 && row.int("metrics.repeat_rate.part") == 0)
        #expect(row.int("metrics.fcr_repeat.n") == 1 && row.int("metrics.fcr_repeat.part") == 1)
        #expect(row.int("metrics.fcr_repeat_resolved.n") == 1)
        #expect(row.int("metrics.redials.value") == 1)
    }

    @Test("who waits still is in no service level but that of a wallboard")
    func waiting() throws {
        var story = MetricStory()
        for name in ["served", "young", "old"] { story.begin(name, 0) }
        story.enter("served", 0, "a")
        story.enter("old", 1_000, "a")
        story.connect("served", 5_000)
        story.enter("young", 60_000, "a")
        let presets = MetricDefinition.serviceLevels.map(\.name)
        let row = try story.row(presets)
        for name in presets {
            let whole: Int64 = name == "sl_wallboard" ? 2 : 1
            #expect(row.int("metrics.\(name).n") == whole, "\(name)")
            #expect(row.int("metrics.\(name).part") == 1, "\(name)")
        }
    }

    @Test("offers are the work of whom they were made to")
    func offers() throws {
        var story = MetricStory()
        for number in 0..<4 {
            let name = "c\(number)"
            story.begin(name, 0)
            story.enter(name, 1_000, "a")
            for agent in ["ana", "ben"] {
                story.tell(
                    "offer.made", 2_000, name,
                    ["agent": .ref(agent), "offer_id": .ref("\(name)-\(agent)")])
            }
            let missed = number == 0 ? "ben" : "ana"
            story.tell(
                "offer.missed", 3_000, name,
                ["agent": .ref(missed), "offer_id": .ref("\(name)-\(missed)")])
            story.tell(
                "offer.accepted", 4_000, name, ["agent": .ref(number == 0 ? "ana" : "ben")])
            story.complete(name, 9_000)
        }
        // It rang at three; who hangs up on hold did not give up those offers.
        story.begin("hold", 0)
        story.enter("hold", 1_000, "b")
        for agent in ["x", "y", "z"] {
            story.tell("offer.made", 2_000, "hold", ["agent": .ref(agent)])
        }
        story.tell("offer.accepted", 3_000, "hold", ["agent": .ref("x")])
        story.tell("hold.started", 4_000, "hold")
        story.tell("interaction.abandoned", 5_000, "hold", ["phase": .text("hold")])
        story.tell("interaction.completed", 6_000, "hold")
        let found = try story.rows(["agent_answer_rate", "offers_missed"], per: .agent)
        func of(_ agent: String, _ part: String) -> Int64? {
            found.first { $0.string("agent") == agent }?.int("metrics.\(part)")
        }
        #expect(of("ana", "agent_answer_rate.part") == 1 && of("ana", "agent_answer_rate.n") == 4)
        #expect(of("ben", "agent_answer_rate.part") == 3 && of("ana", "offers_missed.value") == 3)
        let queues = try story.rows(["agent_answer_rate_reached", "hold_abandons"], per: .queue)
        #expect(queues.last?.int("metrics.agent_answer_rate_reached.n") == 3)
        #expect(queues.last?.int("metrics.agent_answer_rate_reached.part") == 1)
        #expect(queues.last?.int("metrics.hold_abandons.value") == 1)
    }

    @Test("what follows a contact is figured for who took it")
    func agents() throws {
        var story = MetricStory()
        story.begin("c", 0, person: "p")
        story.connect("c", 1_000, "ana")
        story.complete("c", 2_000)
        story.begin("d", MetricStory.day, person: "p")
        story.connect("d", MetricStory.day + 1_000, "ben")
        story.complete("d", MetricStory.day + 2_000)
        story.tell("note.added", 40 * MetricStory.day, nil, ["text": .text("later")])
        let found = try story.rows(
            ["fcr_repeat_any", "repeat_rate", "reopen_rate", "contacts"], per: .agent)
        #expect(found.map { $0.string("agent") } == ["ana", "ben"])
        #expect(found.map { $0.int("metrics.fcr_repeat_any.n") } == [1, 0])
        #expect(found.map { $0.int("metrics.repeat_rate.part") } == [0, 1])
        #expect(found.map { $0.int("metrics.reopen_rate.n") } == [1, 1])
        #expect(found.map { $0.double("metrics.repeat_rate.coverage") } == [1, 1])
    }

    @Test("an answer to nobody's invitation is no part of those invited")
    func uninvited() throws {
        var story = MetricStory()
        for number in 0..<10 {
            let name = "c\(number)"
            story.begin(name, 0)
            if number == 0 {
                story.tell(
                    "survey.invited", 1_000, name,
                    ["invitation_id": .ref(name), "survey_id": .ref("s"), "kind": .text("csat")])
            }
            story.tell(
                "survey.answered", 2_000, name,
                [
                    "invitation_id": .ref(name), "question": .text("q"), "score": .integer(4),
                    "kind": .text("csat"), "scale": .text("1-5"),
                ])
        }
        let row = try story.row(["survey_response_rate", "csat"])
        #expect(row.int("metrics.survey_response_rate.part") == 1)
        #expect(row.int("metrics.survey_response_rate.n") == 1)
        #expect(row.int("metrics.csat.n") == 10)
    }

    @Test("who drops out of self-service has given up before any queue")
    func dropped() throws {
        var story = MetricStory()
        for name in ["gone", "stays"] {
            story.begin(name, 0, person: name)
            story.tell("selfservice.entered", 1_000, name, ["flow": .ref("menu")])
            story.tell("selfservice.humanRequested", 2_000, name)
            story.tell("selfservice.left", 3_000, name, ["outcome": .text("dropped")])
        }
        story.enter("stays", 4_000, "a")
        let row = try story.row(["pre_queue_abandons", "human_blocked", "abandon_unrecovered"])
        #expect(row.int("metrics.pre_queue_abandons.value") == 1)
        #expect(row.int("metrics.human_blocked.part") == 1)
        #expect(row.int("metrics.abandon_unrecovered.n") == 1)
    }

    @Test("a call back that nobody got is lost, one that reached the customer recovers them")
    func callbacks() throws {
        var story = MetricStory()
        for (name, end) in [("got", "reached"), ("failed", "failed"), ("late", "expired")] {
            story.begin(name, 0, person: name)
            story.enter(name, 1_000, "a")
            story.tell(
                "callback.requested", 5_000, name, ["callback_id": .ref(name)])
            story.tell("callback.\(end)", MetricStory.hour, name, ["callback_id": .ref(name)])
        }
        story.begin("gone", 0, person: "got")
        story.enter("gone", 500, "b")
        story.tell("interaction.abandoned", 900, "gone", ["phase": .text("queue")])
        let names = ["callbacks_lost", "callbacks_taken", "abandon_unrecovered"]
        let found = try story.rows(names, per: .queue)
        #expect(found.map { $0.int("metrics.callbacks_lost.value") } == [2, 0])
        #expect(found.map { $0.int("metrics.callbacks_taken.value") } == [3, 0])
        #expect(found.last?.int("metrics.abandon_unrecovered.n") == 1)
        #expect(found.last?.int("metrics.abandon_unrecovered.part") == 0)
    }

    @Test("a contact is young until all of its quarter of an hour is old enough")
    func young() throws {
        var story = MetricStory()
        story.begin("c", 14 * MetricStory.minute, person: "p")
        story.connect("c", 14 * MetricStory.minute + 1)
        story.complete("c", 14 * MetricStory.minute + 2)
        story.tell(
            "source.heartbeat", MetricStory.day, nil,
            [
                "covered_until": .time(
                    Timestamp(
                        milliseconds: MetricStory.start + 7 * MetricStory.day + MetricStory.minute))
            ])
        let row = try story.row(["fcr_repeat_any"])
        #expect(row.int("metrics.fcr_repeat_any.n") == 0)
        #expect(row.int("metrics.fcr_repeat_any.left_out") == 1)
    }

    @Test("what is left out for what it is stands beside named metrics")
    func excluded() throws {
        var story = MetricStory()
        for (name, kind) in [("a", "test"), ("b", "spam"), ("c", "genuine")] {
            story.begin(name, 0)
            story.tell("contact.classified", 1, name, ["kind": .text(kind)])
        }
        let row = try story.row(["asa"])
        #expect(row.int("excluded.test") == 1 && row.int("excluded.spam") == 1)
    }
}
