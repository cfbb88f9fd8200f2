import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

@Suite struct QueuesTests {
    private static let now = Timestamp(milliseconds: 100_000)
    private let ana = Identifier(kind: "crm", value: "ana")

    private func run(_ happenings: [Happening]) throws -> MemoryRows {
        var log = MemoryLog()
        log.append(happenings)
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        return run.rows
    }

    private func queue(_ name: String, _ rows: MemoryRows) throws -> Document? {
        var json = JSONWriter()
        let found = try QueuesView.writeQueue(name, now: Self.now, from: rows, to: &json)
        return found ? try Document(json) : nil
    }

    private func interaction(_ name: String, _ rows: MemoryRows) throws -> Document? {
        var json = JSONWriter()
        let found = try InteractionDocument.write(name, now: Self.now, from: rows, to: &json)
        return found ? try Document(json) : nil
    }

    private func enters(
        _ id: String, _ moment: Int64, priority: Int64 = 0, queue: String = "billing",
        _ people: [Identifier] = []
    ) -> Happening {
        Happening(
            "queue.entered", moment, id,
            [
                "queue": .ref(queue), "priority": .integer(priority), "channel": .text("voice"),
            ], people)
    }

    @Test("given three who wait, when one is answered, then two are listed in their order")
    func waitingList() throws {
        let rows = try run([
            enters("c-1", 10_000), enters("c-2", 20_000, priority: 2, [ana]),
            enters("c-3", 5_000), enters("c-4", 30_000, priority: -1),
            Happening("offer.accepted", 40_000, "c-3", ["agent": .ref("bea")]),
        ])
        let document = try #require(try queue("billing", rows))
        #expect(document.text.hasPrefix("{\"position\":5,\"now\":"))
        #expect(
            document.rows("waiting").map { $0.string("interaction") } == ["c-2", "c-1", "c-4"])
        #expect(document.rows("waiting").map { $0.int("wait_ms") } == [80_000, 90_000, 70_000])
        #expect(document.rows("waiting")[0]["customers"] as? [String] == ["c_2"])
        #expect(document.root.int("waiting_count") == 3)
        #expect(document.root.int("in_service_count") == 1)
        #expect(document.root.string("oldest.interaction") == "c-1")
        #expect(document.rows("in_service").first?.string("agent") == "bea")
        #expect(document.rows("in_service").first?.int("service_ms") == 60_000)
        #expect(document.root.int("totals.offered") == 4)
        #expect(document.root.int("totals.answered") == 1)
    }

    @Test("a queue nobody spoke of is not known")
    func unknown() throws {
        let rows = try run([enters("c-1", 1)])
        #expect(try queue("bill", rows) == nil && interaction("c-2", rows) == nil)
    }

    @Test("names that begin alike do not mix")
    func prefixes() throws {
        let rows = try run([
            enters("c", 1, queue: "a"), enters("c-1", 2, queue: "ab"),
            enters("c-2", 3, queue: "a"),
        ])
        let document = try #require(try queue("a", rows))
        #expect(document.rows("waiting").map { $0.string("interaction") } == ["c", "c-2"])
    }

    @Test("a keyed place is kept from queue to queue")
    func keptPlace() throws {
        let rows = try run([
            enters("c-1", 1_000, queue: "first"), enters("c-2", 5_000),
            Happening("queue.left", 6_000, "c-1", ["reason": .text("overflow")]),
            Happening(
                "queue.entered", 7_000, "c-1",
                ["queue": .ref("billing"), "keep_place": .boolean(true)]),
        ])
        let document = try #require(try queue("billing", rows))
        #expect(document.rows("waiting").map { $0.string("interaction") } == ["c-1", "c-2"])
        #expect(document.rows("waiting")[0].int("wait_ms") == 93_000)
        #expect(document.root.string("oldest.interaction") == "c-2")
        let first = try #require(try queue("first", rows))
        #expect(first.root.int("totals.flowed_out") == 1)
        #expect(first.root.int("waiting_count") == 0)
    }

    @Test("given a late event, then lists and counts are those of the order it happened in")
    func late() throws {
        let rows = try run([
            enters("c-1", 10_000),
            Happening("agent.connected", 50_000, "c-1", ["agent": .ref("bea")]),
            Happening("queue.left", 20_000, "c-1", ["reason": .text("timeout")]),
            enters("c-1", 30_000, queue: "sales"),
        ])
        let billing = try #require(try queue("billing", rows))
        #expect(billing.root.int("in_service_count") == 0)
        #expect(billing.root.int("totals.flowed_out") == 1)
        #expect(billing.root.int("totals.answered") == 0)
        let sales = try #require(try queue("sales", rows))
        #expect(sales.rows("in_service").count == 1)
        let document = try #require(try interaction("c-1", rows))
        #expect(document.root["positions"] as? [Int] == [1, 3, 4, 2])
        #expect(document.root.int("anomaly_count") == 0)
    }

    @Test("all queues on one page, by name, oldest wait included")
    func allQueues() throws {
        let rows = try run([
            enters("c-1", 10_000, queue: "b"), enters("c-2", 20_000, queue: "a"),
            enters("c-3", 15_000, priority: 9, queue: "b"),
            Happening("interaction.abandoned", 25_000, "c-2", ["phase": .text("queue")]),
        ])
        var json = JSONWriter()
        try QueuesView.writeQueues(
            QueuesQuery(count: 100), now: Self.now, from: rows, to: &json)
        let document = try Document(json)
        #expect(document.rows("queues").map { $0.string("queue") } == ["a", "b"])
        #expect(document.rows("queues")[0].int("totals.abandoned") == 1)
        #expect(document.rows("queues")[1].string("oldest.interaction") == "c-1")
        #expect(document.rows("queues")[0].string("oldest.interaction") == nil)
    }

    @Test("page by page all queues come once, in order, those with agents alone among them")
    func pages() throws {
        var happenings = ["é", "b", "a", "Z", "b\u{0}", "ba"].enumerated().map { number, queue in
            enters("c-\(number)", 10_000, queue: queue)
        }
        happenings += ["b!", "zz"].enumerated().map { number, queue in
            Happening(
                "agent.joinedQueue", 1_000, nil,
                ["agent": .ref("x\(number)"), "queue": .ref(queue)])
        }
        let rows = try run(happenings)
        let all = ["Z", "a", "b", "b\u{0}", "b!", "ba", "zz", "é"]
        for count in 1...9 {
            var (found, from, pages) = ([String](), String?.none, 0)
            repeat {
                var json = JSONWriter()
                try QueuesView.writeQueues(
                    QueuesQuery(from: from, count: count), now: Self.now, from: rows, to: &json)
                let document = try Document(json)
                found += document.rows("queues").compactMap { $0.string("queue") }
                from = document.root.string("from")
                pages += 1
            } while from != nil && pages < 20
            #expect(found == all && pages == (all.count + count - 1) / count, "\(count)")
        }
    }

    @Test("an interaction's document shows its times, and counts what still runs to now")
    func document() throws {
        let rows = try run([
            Happening(
                "interaction.created", 1_000, "c-1",
                [
                    "channel": .text("voice"), "direction": .text("inbound"),
                    "method": .text("inbound"),
                ], [ana]),
            enters("c-1", 10_000),
            Happening("agent.connected", 50_000, "c-1", ["agent": .ref("bea")]),
            Happening("hold.started", 70_000, "c-1"),
            Happening("queue.left", 80_000, "c-1", ["reason": .text("timeout")]),
        ])
        let document = try #require(try interaction("c-1", rows))
        #expect(document.root.string("state") == "held")
        #expect(document.root["customers"] as? [String] == ["c_1"])
        #expect(document.root.int("customer_wait_ms") == 49_000)
        #expect(document.rows("stays").map { $0.int("wait_ms") } == [40_000])
        let connection = try #require(document.rows("connections").first)
        #expect(connection.int("service_ms") == 50_000 && connection.int("hold_ms") == 30_000)
        #expect(connection.int("talk_ms") == 20_000)
        let anomaly = try #require(document.rows("anomalies").first)
        #expect(anomaly.int("position") == 5 && anomaly.string("event") == "queue.left")
        #expect(anomaly.string("got") == "held")
        #expect((anomaly["expected"] as? [String])?.contains("queued") == true)
    }

    @Test("a wait that was announced is kept, with how much longer it was")
    func announced() throws {
        let rows = try run([
            enters("c-1", 10_000),
            Happening("selfservice.humanRequested", 9_000, "c-1"),
            Happening(
                "wait.announced", 12_000, "c-1",
                ["expected_ms": .integer(20_000), "high_ms": .integer(30_000)]),
            Happening("offer.accepted", 40_000, "c-1", ["agent": .ref("bea")]),
        ])
        let document = try #require(try interaction("c-1", rows))
        let stay = try #require(document.rows("stays").first)
        #expect(stay.int("announced.expected_ms") == 20_000)
        #expect(stay.int("announced.error_ms") == 8_000)
        #expect(document.root.int("human_requests") == 1)
    }

    @Test("an agent's document has the last presence and who they are with")
    func agents() throws {
        let rows = try run([
            Happening(
                "agent.presence", 9_000, nil,
                ["agent": .ref("bea"), "presence": .text("available")]),
            Happening(
                "agent.presence", 5_000, nil,
                ["agent": .ref("bea"), "presence": .text("break"), "reason": .text("lunch")]),
            enters("c-1", 10_000),
            Happening("agent.connected", 50_000, "c-1", ["agent": .ref("bea")]),
        ])
        var json = JSONWriter()
        #expect(try AgentDocument.write("bea", now: Self.now, from: rows, to: &json))
        let document = try Document(json)
        #expect(document.root.string("presence.presence") == "available")
        #expect(document.rows("contacts").map { $0.string("queue") } == ["billing"])
        #expect(try !AgentDocument.write("be", now: Self.now, from: rows, to: &json))
    }

    @Test(
        "counts equal a naive count over simulated calls", arguments: 1...5 as ClosedRange<UInt64>)
    func counts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = SimulatedCall.random(100, &random)
        var run = FoldRun<QueuesProjection>()
        try run.run(SimulatedCall.log(of: calls, .shuffled, &random)) { _ in .take }
        for name in ["PS", "NE", "NW"] {
            let own = calls.filter { $0.queue == name && !$0.isTest }
            let document = try #require(try queue(name, run.rows))
            let answered = own.count { $0.outcome == .answered || $0.outcome == .broken }
            let abandoned = own.count { $0.outcome == .abandoned }
            #expect(document.root.int("totals.contacts") == Int64(own.count), "seed \(seed)")
            #expect(document.root.int("totals.answered") == Int64(answered), "seed \(seed)")
            #expect(document.root.int("totals.abandoned") == Int64(abandoned), "seed \(seed)")
            #expect(document.root.int("waiting_count") == 0 && document.rows("waiting").isEmpty)
        }
    }
}
