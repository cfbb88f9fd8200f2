import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import ContactCentre

/// Ends that the daemon inferred, and what is heard of afterwards.
@Suite struct InferredEndTests {
    private let agent: KeyValuePairs<String, AttributeValue> = ["agent": .ref("ana")]

    private func inferred(_ moment: Int64) -> Happening {
        Happening("interaction.inferredEnd", moment, "c", ["rule": .text("silence")])
    }

    private var talking: [Happening] {
        [
            Happening("queue.entered", 1_000, "c", ["queue": .ref("q")]),
            Happening("agent.connected", 5_000, "c", agent),
        ]
    }

    @Test("what never ends is ended: the talk by inference, the wait as expired")
    func ends() throws {
        let talk = try fold(talking + [inferred(90_000)])
        #expect(talk.state == .completed && talk.ended == Timestamp(milliseconds: 90_000))
        #expect(talk.connections.last?.end == .inferred && talk.anomalyCount == 0)
        let wait = try fold([talking[0], inferred(90_000)])
        #expect(wait.stays.last?.outcome == .expired && wait.state == .completed)
    }

    @Test("a real end that comes late and happened before counts; the inference changes nothing")
    func realEndBefore() throws {
        let hangsUp = Happening(
            "interaction.disconnected", 60_000, "c", ["by": .text("customer")])
        let completed = Happening("interaction.completed", 61_000, "c")
        let without = try fold(talking + [hangsUp, completed])
        let with = try fold(talking + [inferred(90_000), hangsUp, completed])
        #expect(with.connections == without.connections && with.ended == without.ended)
        #expect(with.state == .completed && with.anomalyCount == 0 && with.endInferredIn == nil)
    }

    @Test("a call that is heard of again after its inferred end goes on as if there were none")
    func goesOn() throws {
        let later = [
            Happening("hold.started", 100_000, "c"), Happening("hold.ended", 130_000, "c"),
            Happening("interaction.disconnected", 200_000, "c", ["by": .text("agent")]),
            Happening("wrapup.started", 200_000, "c"), Happening("wrapup.ended", 220_000, "c"),
        ]
        let without = try fold(talking + later)
        let with = try fold(talking + [inferred(90_000)] + later)
        #expect(with.connections == without.connections && with.stays == without.stays)
        #expect(with.state == without.state && with.ended == without.ended)
        #expect(with.wrapUpEnded == without.wrapUpEnded && with.anomalyCount == 0)
    }

    @Test("what was on hold has been on hold all the time")
    func held() throws {
        let start = talking + [Happening("hold.started", 50_000, "c")]
        let later = Happening("hold.ended", 150_000, "c")
        let with = try fold(start + [inferred(90_000), later])
        let without = try fold(start + [later])
        #expect(with.connections == without.connections)
    }

    @Test("a call back that silence ended was reached all the same, told of before or after")
    func callback() throws {
        let asked = [
            Happening("queue.entered", 1_000, "c", ["queue": .ref("q")]),
            Happening("callback.requested", 5_000, "c", ["callback_id": .ref("b")]),
        ]
        let expired = Happening(
            "callback.expired", 90_000, "c",
            ["callback_id": .ref("b"), "reason": .text("silence")])
        #expect(try fold(asked + [expired]).state == .expired)
        for moment in [80_000, 100_000] as [Int64] {
            let reached = Happening("callback.reached", moment, "c", ["callback_id": .ref("b")])
            let with = try fold(asked + [expired, reached])
            let without = try fold(asked + [reached])
            #expect(with.state == .completed && with.ended == without.ended)
            #expect(with.stays == without.stays && with.endInferredIn == nil)
            #expect(with.anomalyCount == 0)
        }
    }

    @Test("a word to the customer after a call back expired does not take that back")
    func wordAfterExpiry() throws {
        let call = try fold([
            Happening("queue.entered", 1_000, "c", ["queue": .ref("q")]),
            Happening("callback.requested", 5_000, "c", ["callback_id": .ref("b")]),
            Happening("callback.expired", 90_000, "c", ["callback_id": .ref("b")]),
            Happening("message.sent", 95_000, "c", ["author": .text("agent")]),
        ])
        #expect(call.state == .expired)
    }

    @Test("an end inferred from a silence that was none, as a late event tells, is no end")
    func noSilence() throws {
        func inferred(after silence: Int64) -> Happening {
            Happening(
                "interaction.inferredEnd", 5_000 + silence, "c",
                ["rule": .text("silence"), "after_ms": .integer(silence)])
        }
        #expect(try fold(talking + [inferred(after: 90_000)]).state == .completed)
        let late = Happening("message.received", 90_000, "c", ["author": .text("customer")])
        let open = try fold(talking + [inferred(after: 90_000), late])
        #expect(open.state == .connected && open.ended == nil && open.anomalyCount == 0)
        #expect(open.endInferredIn == nil)
    }

    @Test("what is only told about it does not bring it back")
    func told() throws {
        let call = try fold(
            talking + [
                inferred(90_000),
                Happening("contact.classified", 100_000, "c", ["kind": .text("test")]),
            ])
        #expect(call.state == .completed && call.classification == .test)
        #expect(call.endInferredIn == .connected)
    }

    @Test(
        "an inference before a real step changes nothing but what is impossible either way",
        arguments: 1...60 as ClosedRange<UInt64>)
    func anywhere(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let steps = [
            "interaction.created", "selfservice.entered", "selfservice.left", "queue.entered",
            "offer.made", "offer.missed", "offer.accepted", "hold.started", "hold.ended",
            "interaction.disconnected", "wrapup.started", "wrapup.ended",
        ]
        let real = steps.enumerated().map { index, type in
            Happening(
                type, Int64(index + 1) * 10_000, "c",
                [
                    "agent": .ref("ana"), "queue": .ref("q"), "channel": .text("voice"),
                    "offer_id": .ref("o"), "outcome": .text("handedOver"),
                ])
        }
        let offered = real.filter { $0.type != "offer.missed" }
        let place = Int.random(in: 1..<offered.count, using: &random)
        var with = offered
        with.insert(inferred(offered[place - 1].occurred + 5_000), at: place)
        var ended = try fold(with)
        let plain = try fold(offered)
        ended.lastPosition = plain.lastPosition
        ended.createdPosition = plain.createdPosition
        #expect(ended == plain, "seed \(seed), inferred before \(offered[place].type)")
    }
}
