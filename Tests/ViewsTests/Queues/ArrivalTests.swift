import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Late and out-of-order events end in the same state as in-order ones.
@Suite("Queues and agents, in whatever order events come")
struct ArrivalTests {
    /// Nobody is named: whose id is whose depends on who was seen first.
    private static func state(_ happenings: [Happening], _ order: [Int]) throws -> LiveState {
        var log = MemoryLog(clock: ShopDay.midnight.rawValue)
        for number in order {
            var happening = happenings[number]
            happening.identifiers = []
            log.append(happening)
        }
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        let last = happenings.map(\.occurred).max() ?? 0
        return try LiveState(
            of: run.rows, numbers: order, now: Timestamp(milliseconds: last + 60_000))
    }

    private static func compare(_ happenings: [Happening], _ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let moments = happenings.map(\.occurred)
        let inOrder = try state(happenings, Array(happenings.indices))
        #expect(inOrder.count > 100)
        for (name, order) in [
            ("shuffled", ArrivalOrder.shuffled(moments, using: &random)),
            ("late", ArrivalOrder.late(moments, atMost: 3_600_000, using: &random)),
        ] {
            let differences = try state(happenings, order).differences(from: inOrder)
            #expect(differences.isEmpty, "\(name), seed \(seed): \(differences)")
        }
    }

    @Test("days of a shop", arguments: 1...3 as ClosedRange<UInt64>)
    func days(seed: UInt64) throws {
        try Self.compare(ShopDay.happenings(seed: seed, customers: 50, days: 2), seed)
    }

    @Test("every event of the lifecycle", arguments: 1...6 as ClosedRange<UInt64>)
    func walks(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var walk = LifecycleWalk()
        for _ in 0..<600 { _ = walk.step(&random) }
        try Self.compare(walk.happenings, seed)
    }

    @Test("agents and all that is told of them", arguments: 1...4 as ClosedRange<UInt64>)
    func agents(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        try Self.compare(AgentModel(steps: 400, &random).happenings, seed)
    }

    private static let available = [
        Happening(
            "agent.presence", 1_000, nil, ["agent": .ref("ana"), "presence": .text("available")]),
        Happening(
            "agent.joinedQueue", 1_000, nil, ["agent": .ref("ana"), "queue": .ref("billing")]),
    ]

    private func idleSince(_ happenings: [Happening]) throws -> String? {
        var log = MemoryLog()
        log.append(Self.available + happenings)
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        var json = JSONWriter()
        let now = Timestamp(milliseconds: 100_000)
        #expect(try AgentDocument.write("ana", now: now, from: run.rows, to: &json))
        return try Document(json).root.string("idle_since")
    }

    @Test("who is free is so since the end of the work after the talk, whenever its begin is told")
    func lateWrapUp() throws {
        let talk = [
            Happening("queue.entered", 5_000, "c-1", ["queue": .ref("billing")]),
            Happening("agent.connected", 9_000, "c-1", ["agent": .ref("ana")]),
        ]
        let begun = Happening("wrapup.started", 20_000, "c-1")
        let ended = Happening("wrapup.ended", 50_000, "c-1")
        let inOrder = try idleSince(talk + [begun, ended])
        #expect(inOrder == Timestamp(milliseconds: 50_000).rfc3339)
        #expect(try idleSince(talk + [ended, begun]) == inOrder)
        #expect(try idleSince([ended, begun] + talk) == inOrder)
    }

    @Test("a contact that turns out to have been somebody else's gives back what it said")
    func otherAgent() throws {
        let own = [
            Happening("queue.entered", 5_000, "c-1", ["queue": .ref("billing")]),
            Happening("agent.connected", 9_000, "c-1", ["agent": .ref("ana")]),
            Happening("interaction.disconnected", 30_000, "c-1"),
            Happening("interaction.completed", 30_000, "c-1"),
        ]
        #expect(try idleSince(own) == Timestamp(milliseconds: 30_000).rfc3339)
        let other = Happening("agent.connected", 7_000, "c-1", ["agent": .ref("bea")])
        #expect(try idleSince(own + [other]) == Timestamp(milliseconds: 1_000).rfc3339)
    }

    @Test("a call back is made for the queue in which it was asked for, whenever that is told")
    func lateStay() throws {
        func enters(_ queue: String, _ moment: Int64) -> Happening {
            Happening("queue.entered", moment, "c-1", ["queue": .ref(queue)])
        }
        let asked = Happening("callback.requested", 20_000, "c-1", ["callback_id": .ref("k-1")])
        let left = Happening("queue.left", 8_000, "c-1", ["reason": .text("overflow")])
        let all = [enters("orders", 5_000), left, enters("billing", 9_000), asked]
        let later = Happening(
            "queue.entered", 30_000, "c-1",
            ["queue": .ref("returns"), "stay_kind": .text("callback")])
        for order in [[0, 1, 2, 3, 4], [3, 4, 0, 1, 2], [0, 1, 3, 4, 2], [2, 3, 1, 0, 4]] {
            var log = MemoryLog()
            let happenings = all + [later]
            log.append(order.map { happenings[$0] })
            var run = FoldRun<QueuesProjection>()
            try run.run(log) { _ in .restart }
            var json = JSONWriter()
            let now = Timestamp(milliseconds: 100_000)
            #expect(try QueuesView.writeQueue("billing", now: now, from: run.rows, to: &json))
            #expect(
                try Document(json).rows("callbacks").map { $0.string("callback") } == ["k-1"],
                "\(order)")
        }
    }
}
