import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Interactions that name another one and no thread go on with its thread, in whatever order they come.
@Suite struct LinkedThreadTests {
    @Test("a channel that nobody told is no other one, nor is the task of who left a message")
    func untold() throws {
        var story = MetricStory()
        story.begin("call", 0, ["thread": .ref("t")])
        story.begin("task", MetricStory.minute, channel: "task", ["thread": .ref("t")])
        story.tell("hold.started", 2 * MetricStory.minute, "late", ["thread": .ref("t")])
        // One begins untold and goes on by mail, and then by chat.
        story.tell("hold.started", 0, "first", ["thread": .ref("u")])
        story.begin("mail", MetricStory.minute, channel: "email", ["thread": .ref("u")])
        let before = try story.row(["channel_switch_rate"])
        #expect(before.int("metrics.channel_switch_rate.n") == 2)
        #expect(before.int("metrics.channel_switch_rate.part") == 0)
        story.begin("chat", MetricStory.hour, channel: "chat", ["thread": .ref("u")])
        #expect(
            try story.row(["channel_switch_rate"]).int("metrics.channel_switch_rate.part") == 1)
    }

    private static let names = [
        "reopen_rate", "channel_switch_rate", "digital_first", "fall_through", "fcr_agent",
    ]

    /// A need on chat that is resolved, and taken up again by telephone a day later.
    private static func story(
        thread: String?, second: String?, person: String? = "p"
    ) -> MetricStory {
        var story = MetricStory()
        story.begin("c1", 0, channel: "chat", person: "p")
        if let thread { story.events[0].attributes.append(("thread", .ref(thread))) }
        story.connect("c1", 1_000)
        story.tell("interaction.disposed", 2_000, "c1", ["outcome": .text("resolved")])
        story.complete("c1", 60_000)
        story.begin("c2", MetricStory.day, person: person, ["previous": .ref("c1")])
        if let second {
            story.events[story.events.count - 1].attributes.append(("thread", .ref(second)))
        }
        story.connect("c2", MetricStory.day + 1_000)
        story.complete("c2", MetricStory.day + 60_000, outcome: "unknown")
        story.tell("note.added", 40 * MetricStory.day, nil, ["text": .text("later")])
        return story
    }

    private static func parts(_ row: [String: Any]) -> [[Int64?]] {
        names.map { [row.int("metrics.\($0).part"), row.int("metrics.\($0).n")] }
    }

    private static let oneThread: [[Int64?]] = [[1, 1], [1, 1], [1, 1], [1, 1], [0, 1]]
    private static let twoThreads: [[Int64?]] = [[0, 1], [0, 2], [1, 2], [0, 1], [1, 1]]

    @Test("whether the thread is named by both, by the first, or by none")
    func named() throws {
        for (thread, second) in [("t", "t"), ("t", nil), (nil, nil)] as [(String?, String?)] {
            let row = try Self.story(thread: thread, second: second).row(Self.names)
            #expect(Self.parts(row) == Self.oneThread, "\(thread ?? "") \(second ?? "")")
        }
        // What names a thread of its own, or is nobody's who is known, goes on with none.
        let other = try Self.story(thread: nil, second: "t").row(Self.names)
        #expect(Self.parts(other) == Self.twoThreads)
        let unknown = try Self.story(thread: nil, second: nil, person: nil).row(Self.names)
        #expect(Self.parts(unknown) == Self.twoThreads)
    }

    /// Interactions of which each goes on with the one before, and the first with the last if they are a
    /// ring; the last is resolved.
    private static func many(_ count: Int, isRing: Bool, thread: String?) -> MetricStory {
        var story = MetricStory()
        for number in 0..<count {
            let moment = Int64(number) * 3_600_000
            story.begin(
                "c\(number)", moment, channel: number % 2 == 0 ? "chat" : "voice", person: "p")
            let last = story.events.count - 1
            let before = number > 0 ? number - 1 : isRing ? count - 1 : nil
            if let before {
                story.events[last].attributes.append(("related", .ref("c\(before)")))
            }
            if let thread { story.events[last].attributes.append(("thread", .ref(thread))) }
            story.connect("c\(number)", moment + 1_000)
            story.complete(
                "c\(number)", moment + 60_000,
                outcome: number == count - 1 ? "resolved" : "unknown")
        }
        story.tell("note.added", 40 * MetricStory.day, nil, ["text": .text("later")])
        return story
    }

    @Test("a long chain, and interactions that go on with each other, are one thread")
    func many() throws {
        for (count, isRing) in [(12, false), (3, true), (12, true)] {
            let linked = try Self.many(count, isRing: isRing, thread: nil).row(Self.names)
            let named = try Self.many(count, isRing: isRing, thread: "t").row(Self.names)
            #expect(Self.parts(linked) == Self.parts(named), "\(count) \(isRing)")
        }
        let apart = try Self.many(1, isRing: false, thread: nil).row(Self.names)
        let chain = try Self.many(12, isRing: false, thread: nil).row(Self.names)
        #expect(Self.parts(apart) != Self.parts(chain))
    }

    @Test("told in any order, with cells and looks at each contact saying the same")
    func anyOrder() throws {
        for thread in ["t", nil] as [String?] {
            var story = Self.story(thread: thread, second: nil)
            // The last first; what happens at one moment stays as it is.
            story.events = story.events.enumerated().sorted {
                ($1.element.occurred, $0.offset) < ($0.element.occurred, $1.offset)
            }.map(\.element)
            let row = try story.row(Self.names)
            #expect(Self.parts(row) == Self.oneThread)
            let found = try story.rows(Self.names, per: .type)
            var sums = Self.names.map { _ in [Int64(0), 0] }
            for row in found {
                for (index, name) in Self.names.enumerated() {
                    sums[index][0] += row.int("metrics.\(name).part") ?? 0
                    sums[index][1] += row.int("metrics.\(name).n") ?? 0
                }
            }
            #expect(sums == Self.oneThread.map { $0.compactMap { $0 } })
        }
    }

    @Test("it follows who becomes one person, and is parted again")
    func persons() throws {
        var story = Self.story(thread: "t", second: nil, person: "q")
        #expect(Self.parts(try story.row(Self.names)) == Self.twoThreads)
        func state(_ type: String) {
            story.tell(
                type, 41 * MetricStory.day, nil,
                ["customers": .text("crm:p crm:q"), "reason": .text("x")])
        }
        state("identity.merged")
        #expect(Self.parts(try story.row(Self.names)) == Self.oneThread)
        state("identity.unmerged")
        #expect(Self.parts(try story.row(Self.names)) == Self.twoThreads)
    }

    @Test("a thread that is named late takes back what the link said")
    func late() throws {
        var story = Self.story(thread: "t", second: nil)
        story.tell("thread.joined", MetricStory.day + 2_000, "c2", ["thread": .ref("t")])
        let row = try story.row(Self.names)
        #expect(Self.parts(row) == Self.oneThread)
    }

    @Test("a reply is of whom the message names, else of who has the contact")
    func writers() throws {
        var story = MetricStory()
        story.begin("m", 0, channel: "chat", person: "p")
        story.write("m", 1_000, "customer", isReceived: true)
        story.enter("m", 2_000, "a")
        story.connect("m", 3_000, "ana")
        story.write("m", 5_000, "agent")
        story.events[story.events.count - 1].attributes.append(("agent", .ref("ben")))
        story.write("m", 6_000, "customer", isReceived: true)
        story.write("m", 9_000, "agent")
        story.complete("m", 10_000)
        let found = try story.rows(["first_response_human", "response_time", "asa"], per: .agent)
        func sum(_ agent: String, _ name: String) -> Int64? {
            found.first { $0.string("agent") == agent }?.int("metrics.\(name).sum_ms")
        }
        #expect(sum("ben", "first_response_human") == 4_000 && sum("ben", "asa") == 3_000)
        #expect(sum("ben", "response_time") == 4_000 && sum("ana", "response_time") == 3_000)
        #expect(sum("ana", "first_response_human") ?? 0 == 0)
    }
}
