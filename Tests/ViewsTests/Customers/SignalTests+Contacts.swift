import EventModel
import FoldTesting
import Testing

@testable import Views

/// Signals of contacts: what waits, came again, gave up or has no answer.
extension SignalTests {
    @Test("waits on two channels at once")
    func waitingTwice() throws {
        let both = call("c-1", "voice", from: 1_000) + call("c-2", "chat", from: 5_000)
        try expect(.waitingTwice, true, at: 20_000, both)
        try expect(.waitingTwice, false, at: 20_000, call("c-1", "voice", from: 1_000))
        try expect(.waitingTwice, false, at: 99_000, both + answered("c-1", at: 9_000))
    }

    @Test("comes again within seven days; a redial is none")
    func repeatContact() throws {
        let first = call("c-1", "voice", from: 1_000, answered("c-1", at: 9_000))
        try expect(
            .repeatContact, true, at: 3 * Self.day,
            first + call("c-2", "voice", from: 3 * Self.day - 5_000))
        try expect(
            .repeatContact, false, at: 9 * Self.day,
            first + call("c-2", "voice", from: 9 * Self.day - 5_000))
        let gaveUp = call("c-1", "voice", from: 1_000, [abandoned("c-1", at: 9_000)])
        try expect(
            .repeatContact, false, at: 500_000, gaveUp + call("c-2", "voice", from: 400_000))
        // Whatever is said of it afterwards; and when the line breaks.
        let completed = gaveUp + [Happening("interaction.completed", 9_500, "c-1")]
        try expect(
            .repeatContact, false, at: 500_000, completed + call("c-2", "voice", from: 400_000))
        let broke = call(
            "c-1", "voice", from: 1_000,
            [
                Happening("agent.connected", 5_000, "c-1", ["agent": .ref("bea")]),
                Happening("interaction.disconnected", 9_000, "c-1", ["by": .text("telecom")]),
                Happening("interaction.completed", 9_001, "c-1"),
            ])
        try expect(
            .repeatContact, false, at: 500_000, broke + call("c-2", "voice", from: 60_000))
        // The agent's work goes on for long, and they come back within it: no redial any more.
        let wrapped = broke.dropLast() + [Happening("wrapup.ended", 2_400_000, "c-1")]
        try expect(
            .repeatContact, true, at: 2_500_000, wrapped + call("c-2", "voice", from: 1_800_000))
        try expect(
            .repeatContact, false, at: 2_500_000, wrapped + call("c-2", "voice", from: 60_000))
    }

    @Test("comes on another channel after a wait that nobody ended")
    func channelSwitch() throws {
        let gaveUp = call("c-1", "voice", from: 1_000, [abandoned("c-1", at: 90_000)])
        try expect(
            .channelSwitch, true, at: 900_000, gaveUp + call("c-2", "chat", from: 800_000))
        try expect(
            .channelSwitch, false, at: 900_000, gaveUp + call("c-2", "voice", from: 800_000))
        let served = call("c-1", "voice", from: 1_000, answered("c-1", at: 90_000))
        try expect(
            .channelSwitch, false, at: 900_000, served + call("c-2", "chat", from: 800_000))
        // A try on the new channel that got nowhere hides nothing.
        let tried = call("c-2", "chat", from: 700_000, [abandoned("c-2", at: 750_000)])
        try expect(
            .channelSwitch, true, at: 900_000, gaveUp + tried + call("c-3", "chat", from: 800_000))
    }

    @Test("gives up and is not reached within a day")
    func abandonedContact() throws {
        let gaveUp = call("c-1", "voice", from: 1_000, [abandoned("c-1", at: 90_000)])
        try expect(.abandoned, true, at: Self.hour, gaveUp)
        let reached = call("c-2", "chat", from: 800_000, answered("c-2", at: 900_000))
        try expect(.abandoned, false, at: Self.hour, gaveUp + reached)
        try expect(.abandoned, false, at: 8 * Self.day, gaveUp)
        let completed = gaveUp + [Happening("interaction.completed", 91_000, "c-1")]
        try expect(.abandoned, true, at: Self.hour, completed)
    }

    @Test("who is handed on and waits still waits, and gives up where nobody answers")
    func handedOn() throws {
        let first = call(
            "c-1", "voice", from: 1_000,
            [Happening("agent.connected", 5_000, "c-1", ["agent": .ref("bea")])])
        let leg = [
            Card.ana(
                "interaction.created", 60_000, "c-2",
                [
                    "channel": .text("voice"), "direction": .text("inbound"),
                    "method": .text("transfer"), "initial": .ref("c-1"),
                ]),
            Happening("queue.entered", 61_000, "c-2", ["queue": .ref("q")]),
        ]
        let over = [Happening("interaction.completed", 59_000, "c-1")]
        let chat = call("c-3", "chat", from: 70_000)
        try expect(.waitingTwice, true, at: 90_000, first + over + leg + chat)
        let lost = leg + [abandoned("c-2", at: 90_000)]
        try expect(.abandoned, true, at: Self.hour, first + over + lost)
        try expect(.repeatContact, false, at: Self.hour, first + over + leg)
    }

    @Test("writes and has no answer; a bot's or a private note is none")
    func unanswered() throws {
        func message(_ type: String, _ author: String, _ moment: Int64) -> Happening {
            Happening(
                type, moment, "c-1",
                ["message_id": .ref("m-\(moment)"), "author": .text(author)])
        }
        let chat =
            call("c-1", "chat", from: 1_000) + [message("message.received", "customer", 2_000)]
        try expect(.messageUnanswered, false, at: Self.hour, chat)
        try expect(.messageUnanswered, true, at: 2 * Self.hour, chat)
        let bot = chat + [message("message.sent", "bot", 3_000)]
        try expect(.messageUnanswered, true, at: 2 * Self.hour, bot)
        let replied = chat + [message("message.sent", "agent", 4_000)]
        try expect(.messageUnanswered, false, at: 2 * Self.hour, replied)
        let again = replied + [message("message.received", "customer", 5_000)]
        try expect(.messageUnanswered, true, at: 2 * Self.hour, again)
        let over = again + answered("c-1", at: 6_000)
        try expect(.messageUnanswered, false, at: 2 * Self.hour, over)
        // However much is written behind it.
        let more = (1...6).map { message("message.received", "customer", 2_000 + $0 * 900_000) }
        try expect(.messageUnanswered, true, at: Self.hour + 9_000, chat + more)
        let machines = [
            message("message.sent", "bot", 5_000), message("message.sent", "system", 6_000),
            message("message.sent", "bot", 7_000), message("message.sent", "system", 8_000),
        ]
        try expect(.messageUnanswered, false, at: 2 * Self.hour, replied + machines)
        // Silence is no answer.
        let silent = Happening(
            "interaction.inferredEnd", 2_000 + Self.day, "c-1", ["after_ms": .integer(Self.day)])
        try expect(.messageUnanswered, true, at: 2 * Self.day, chat + [silent])
        try expect(.messageUnanswered, false, at: 2 * Self.day, replied + [silent])
    }

    @Test("an answer is awaited by the channel's own time where that is defined")
    func channelTarget() throws {
        let set = Happening(
            "definition.set", 0, nil,
            [
                "kind": .text("signal"), "key": .text("messageUnanswered.email"),
                "body": .text("{\"after_ms\":86400000}"),
            ])
        for (channel, isThere) in [("email", false), ("chat", true)] {
            let wrote = Happening(
                "message.received", 2_000, "c-1",
                ["message_id": .ref("m"), "author": .text("customer")])
            let contact = call("c-1", channel, from: 1_000) + [wrote]
            try expect(.messageUnanswered, isThere, at: 2 * Self.hour, [set] + contact)
            try expect(.messageUnanswered, true, at: 2 * Self.day, [set] + contact)
        }
    }
}
