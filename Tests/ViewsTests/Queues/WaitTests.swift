import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// WAIT: an expected wait is a range with its inputs, by what happened where enough did, else by a
/// model, and what was announced is kept to.
@Suite struct WaitTests {
    private static let start: Int64 = 1_772_440_200_000  // a quarter of an hour
    private static let now = start + 3_600_000 + 600_000

    /// What the last hour was: calls with their waits, who talked for how long, who gave up.
    private struct Hour {
        var answered: [Int64] = []
        var abandoned: [Int64] = []
        var talk: Int64 = 120_000
        var agents = 4

        init(answered: Int, abandoned: Int, _ random: inout SeededGenerator) {
            for _ in 0..<answered {
                self.answered.append(Int64.random(in: 1...300, using: &random) * 1_000)
            }
            for _ in 0..<abandoned {
                self.abandoned.append(Int64.random(in: 1...200, using: &random) * 1_000)
            }
        }

        var happenings: [Happening] {
            var all: [Happening] = []
            for agent in 0..<agents {
                let name: (String, AttributeValue) = ("agent", .ref("agent-\(agent)"))
                var there = Happening(
                    "agent.presence", start, nil, ["presence": .text("available")])
                there.attributes.append(name)
                var joined = Happening("agent.joinedQueue", start, nil, ["queue": .ref("billing")])
                joined.attributes.append(name)
                all += [there, joined]
            }
            for (number, wait) in (answered + abandoned).enumerated() {
                let call = "c-\(number)"
                let entered = start + Int64(number) * 10_000
                all.append(enters(call, entered))
                guard number < answered.count else {
                    all.append(
                        Happening(
                            "interaction.abandoned", entered + wait, call,
                            ["phase": .text("queue")]))
                    continue
                }
                let connected = entered + wait
                all += [
                    // Nobody of those who are there: who serves is counted by themselves.
                    Happening("offer.accepted", connected, call, ["agent": .ref("other")]),
                    Happening("interaction.disconnected", connected + talk, call),
                    Happening("interaction.completed", connected + talk, call),
                ]
            }
            return all
        }
    }

    private static func enters(_ call: String, _ moment: Int64) -> Happening {
        Happening(
            "queue.entered", moment, call, ["queue": .ref("billing"), "channel": .text("voice")])
    }

    private func wait(
        _ happenings: [Happening], _ interaction: String? = nil, now: Int64 = now
    ) throws -> [String: Any]? {
        var log = MemoryLog(clock: Self.start)
        log.append(happenings.sorted { $0.occurred < $1.occurred })
        var queues = FoldRun<QueuesProjection>()
        try queues.run(log)
        var metrics = FoldRun<MetricsProjection>()
        try metrics.run(log)
        var json = JSONWriter()
        guard
            try WaitDocument.write(
                "billing", interaction: interaction, now: Timestamp(milliseconds: now),
                from: queues.rows, metrics: metrics.rows, to: &json)
        else { return nil }
        return try Document(json).root
    }

    /// The least number that so many of a hundred do not exceed.
    private func percentile(_ numbers: [Int64], _ percent: Int) -> Int64 {
        let sorted = numbers.sorted()
        return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }

    @Test("with 50 answers in the hour it is what half and four of five of them waited")
    func empirical() throws {
        var random = SeededGenerator(seed: 1)
        let hour = Hour(answered: 60, abandoned: 12, &random)
        let told = try #require(try wait(hour.happenings))
        #expect(told.string("method") == "empirical")
        #expect(told.int("low_ms") == percentile(hour.answered, 50))
        #expect(told.int("high_ms") == percentile(hour.answered, 80))
        #expect(told.int("empirical.answered") == 60 && told["erlang"] != nil)
        let minutes = (percentile(hour.answered, 80) + 59_999) / 60_000 * 60_000
        #expect(told.int("announce_ms") == minutes)
    }

    @Test("who waits already is compared with those who waited as long")
    func elapsed() throws {
        var random = SeededGenerator(seed: 2)
        let hour = Hour(answered: 80, abandoned: 0, &random)
        let waited: Int64 = 100_000
        let told = try #require(
            try wait(hour.happenings + [Self.enters("mine", Self.now - waited)], "mine"))
        let longer = hour.answered.filter { $0 >= waited }.map { $0 - waited }
        #expect(told.int("waited_ms") == waited)
        #expect(told.int("low_ms") == percentile(longer, 50))
        #expect(told.int("high_ms") == percentile(longer, 80))
    }

    @Test("with fewer answers it is the model of what came, of who is there and who gave up")
    func model() throws {
        var random = SeededGenerator(seed: 3)
        let hour = Hour(answered: 30, abandoned: 10, &random)
        let ahead = (0..<9).map { Self.enters("w-\($0)", Self.now - 200_000 + Int64($0)) }
        let told = try #require(try wait(hour.happenings + ahead))
        #expect(told.string("method") == "erlang" && told["empirical"] == nil)
        #expect(told.string("erlang.model") == "A")
        let window = Double(Self.now - Self.start) / 3_600_000
        let arrivals = Double(40 + 9) / window
        // Those who wait now have waited too.
        let open = (0..<9).map { 200_000 - Int64($0) }
        let waits = (hour.answered + hour.abandoned + open).reduce(0, +)
        #expect(abs((told.double("inputs.arrivals_per_hour") ?? 0) - arrivals) < 0.001)
        #expect(told.int("inputs.handling_ms") == hour.talk)
        #expect(told.int("inputs.patience_ms") == (waits + 5) / 10)
        #expect(told.int("inputs.agents") == 4 && told.int("inputs.free") == 4)
        #expect(told.int("inputs.ahead") == 9)
        let queue = try #require(
            Erlang(
                arrivals: arrivals / 3_600, service: 1_000 / Double(hour.talk), agents: 4,
                impatience: 10_000 / Double(waits)))
        // Four of the nine ahead find somebody who is free.
        let low = Int64((queue.wait(behind: 5, notExceededBy: 0.5) * 1_000).rounded())
        #expect(abs((told.int("low_ms") ?? 0) - low) <= 1)
        #expect((told.int("high_ms") ?? 0) > low)
    }

    @Test("who rests from the queue does not serve it; who left it otherwise was patient as long")
    func inputs() throws {
        var random = SeededGenerator(seed: 7)
        let hour = Hour(answered: 30, abandoned: 10, &random)
        let ended: [Happening] = [
            Self.enters("out", Self.start + 1_000),
            Happening(
                "queue.left", Self.start + 301_000, "out", ["reason": .text("overflow")]),
            Self.enters("back", Self.start + 2_000),
            Happening(
                "callback.requested", Self.start + 402_000, "back", ["callback_id": .ref("b")]),
            Self.enters("broken", Self.start + 3_000),
            Happening("interaction.failed", Self.start + 503_000, "broken"),
        ]
        let rests = Happening(
            "agent.presence", Self.start + 4_000, nil,
            ["agent": .ref("agent-0"), "presence": .text("break"), "queue": .ref("billing")])
        let missed = Happening(
            "offer.missed", Self.start + 5_000, "elsewhere", ["agent": .ref("agent-1")])
        let told = try #require(try wait(hour.happenings + ended + [rests, missed]))
        let waits =
            (hour.answered + hour.abandoned).reduce(0, +) + 300_000 + 400_000 + 500_000
        #expect(told.int("inputs.patience_ms") == (waits + 5) / 10)
        #expect(told.int("inputs.agents") == 2 && told.int("inputs.free") == 2)
    }

    @Test("who serves is counted on the channel of the one who waits")
    func channels() throws {
        var random = SeededGenerator(seed: 8)
        let hour = Hour(answered: 30, abandoned: 10, &random)
        var chats: [Happening] = []
        for number in 0..<6 {
            let chat = "chat-\(number)"
            chats += [
                Happening(
                    "queue.entered", Self.now - 9_000, chat,
                    ["queue": .ref("billing"), "channel": .text("chat")]),
                Happening(
                    "agent.connected", Self.now - 8_000, chat,
                    ["agent": .ref("writer-\(number / 3)")]),
            ]
        }
        let mine = Self.enters("mine", Self.now - 1_000)
        let told = try #require(try wait(hour.happenings + chats + [mine], "mine"))
        #expect(told.int("inputs.agents") == 4 && told.int("inputs.free") == 4)
        let chatting = Happening(
            "queue.entered", Self.now - 1_000, "typed",
            ["queue": .ref("billing"), "channel": .text("chat")])
        let typed = try #require(try wait(hour.happenings + chats + [chatting], "typed"))
        #expect(typed.int("inputs.agents") == 2 && typed.int("inputs.free") == 0)
    }

    @Test("more than can be served, and nobody gives up: the model has no value and says so")
    func overloaded() throws {
        var random = SeededGenerator(seed: 4)
        var hour = Hour(answered: 40, abandoned: 0, &random)
        hour.talk = 1_000_000
        let told = try #require(try wait(hour.happenings))
        #expect(told.string("erlang.model") == "C")
        #expect((told["erlang"] as? [String: Any])?["overloaded"] as? Bool == true)
    }

    @Test("what was announced is kept to while it can be, and owned up to once it cannot")
    func announced() throws {
        var random = SeededGenerator(seed: 5)
        let hour = Hour(answered: 60, abandoned: 0, &random)
        let high = (percentile(hour.answered, 80) + 59_999) / 60_000 * 60_000
        func told(_ expected: Int64) throws -> [String: Any] {
            let mine = [
                Self.enters("mine", Self.now - 1_000),
                Happening(
                    "wait.announced", Self.now - 1_000, "mine",
                    ["expected_ms": .integer(1_000), "high_ms": .integer(expected)]),
            ]
            return try #require(try wait(hour.happenings + mine, "mine"))
        }
        let longer = try told(61_000)
        #expect(longer["longer_than_announced"] as? Bool == true)
        #expect((longer.int("announce_ms") ?? 0) > 60_000)
        // A second has passed: of more than the new wait the new one is told, of nearly it the rest.
        let kept = try told(high * 2)
        #expect(kept["longer_than_announced"] as? Bool == false)
        #expect((kept.int("announce_ms") ?? .max) <= high)
        let nearly = try told(high * 9 / 10)
        #expect(nearly["longer_than_announced"] as? Bool == false)
        #expect(nearly.int("announce_ms") == high * 9 / 10 - 1_000)
    }

    @Test("the new wait is told up to a quarter more than what is left")
    func announcement() {
        #expect(WaitEstimate.announcement(120_000, left: nil) == (120_000, false))
        #expect(WaitEstimate.announcement(120_000, left: 300_000) == (120_000, false))
        #expect(WaitEstimate.announcement(120_000, left: 96_000) == (96_000, false))
        #expect(WaitEstimate.announcement(120_000, left: 95_999) == (120_000, true))
        #expect(WaitEstimate.announcement(60_000, left: 0) == (60_000, true))
    }

    @Test("nobody ahead and somebody free: at once; an unknown queue or wait: nothing")
    func edges() throws {
        var random = SeededGenerator(seed: 6)
        let hour = Hour(answered: 10, abandoned: 2, &random)
        let told = try #require(try wait(hour.happenings))
        #expect(told.int("low_ms") == 0 && told.int("high_ms") == 0)
        #expect(try wait(hour.happenings, "nobody") == nil)
        #expect(try wait([]) == nil)
    }
}
