import EventLog
import EventModel
import Foundation
import LMDB
import TestSupport
import Testing
import Views

@testable import Projecting

/// A busy centre whose events come in any order, some of them days late, and what its views said at
/// moments that passed.
private struct BusyCentre {
    private static let queues = ["billing", "orders", "returns"]
    private static let agents = ["ana", "luis", "eva"]
    private static let customers = 40

    /// What a view said when it reflected a position.
    struct Said {
        let position: Position
        let now: Timestamp
        let documents: [[UInt8]]
    }

    let store: FoldedStore
    private var random: SeededGenerator
    private var now = FoldedStore.noon
    private var number = 0
    private var steps = [Int](repeating: 0, count: 400)
    private(set) var said: [Said] = []

    init(_ store: FoldedStore, seed: UInt64) {
        self.store = store
        random = SeededGenerator(seed: seed)
    }

    /// Stores events in small commits; what views say is noted now and then.
    mutating func run(events: Int, notes: Int) throws {
        for index in 1...events {
            try stage()
            if index % 64 == 0 || index == events {
                try store.commit(now: now)
                now = now.advanced(byMilliseconds: Int64.random(in: 0...600_000, using: &random))
            }
            if index % (events / notes) == 0 {
                try store.commit(now: now)
                store.catchUp()
                try note()
            }
        }
    }

    private mutating func stage() throws {
        number += 1
        guard !random.once(in: 20) else {
            let agent = random.pick(Self.agents)
            guard !random.once(in: 4) else {
                return try store.stage(
                    "agent.joinedQueue source pbx id \(number) agent \(agent) "
                        + "queue \(random.pick(Self.queues))", now: now)
            }
            let presence = random.pick(["available", "break"])
            try store.stage(
                "agent.presence source pbx id \(number) agent \(agent) "
                    + "presence \(presence)", now: now)
            return
        }
        guard !random.once(in: 12) else { return try stageThing() }
        let window = number / 40
        let call = (window + Int.random(in: 0..<40, using: &random)) % steps.count
        let step = steps[call]
        steps[call] += 1
        let late = random.once(in: 8) ? Int64.random(in: 0...200_000_000, using: &random) : 0
        let occurred = now.advanced(byMilliseconds: -late).rfc3339
        let start = "source pbx id \(number) occurred \(occurred) interaction c-\(call)"
        let person = random.once(in: 2) ? " customer crm:\(call % Self.customers)" : ""
        let line =
            switch step % 6 {
            case 0: "interaction.created \(start) channel voice direction inbound method inbound"
            case 1: "queue.entered \(start) queue \(random.pick(Self.queues))"
            case 2: "offer.accepted \(start) agent \(random.pick(Self.agents)) ring_ms 4000"
            case 3: "note.taken \(start) customer phone:+34\(call % 90)"
            case 4: "interaction.disconnected \(start) by customer"
            default: "interaction.completed \(start) outcome resolved"
            }
        try store.stage(line + person, now: now)
    }

    /// Something about an order or a case, half of them before anybody says whose it is.
    private mutating func stageThing() throws {
        let late = random.once(in: 8) ? Int64.random(in: 0...200_000_000, using: &random) : 0
        let occurred = now.advanced(byMilliseconds: -late).rfc3339
        let start = "source shop id \(number) occurred \(occurred)"
        let order = Int.random(in: 0..<80, using: &random)
        let person = random.once(in: 2) ? " customer crm:\(order % Self.customers)" : ""
        let call = Int.random(in: 0..<400, using: &random)
        let line =
            switch Int.random(in: 0..<5, using: &random) {
            case 0: "order.paid \(start) order o-\(order)\(person)"
            case 1: "order.changed \(start) order o-\(order) reason size\(person)"
            case 2: "order.held \(start) order o-\(order) reason check\(person)"
            case 3: "case.opened \(start) interaction c-\(call) case_id k-\(call) kind damage"
            default: "flag.raised \(start) interaction c-\(call) flag vip"
            }
        try store.stage(line, now: now)
    }

    private mutating func note() throws {
        let position = store.log.head.position
        let identity = try store.views.identity.snapshot()
        var documents: [[UInt8]] = []
        let queues = try store.views.queues.snapshot()
        #expect(queues.position == position)
        try Self.writeQueues(now, queues, &documents)
        let metrics = try store.views.metrics.snapshot()
        try Self.writeMetrics(metrics, &documents)
        try Self.writeWaits(now, queues, metrics, &documents)
        let customers = try store.views.customers.snapshot()
        for number in 0..<Self.customers {
            let found = try IdentityView.person(
                of: Self.identifier(number).rawSpan, asOf: position, identity)
            guard let found else { continue }
            var json = JSONWriter()
            _ = try CustomerDocument.write(
                found.customers, now: now, from: customers, to: &json)
            documents.append(json.bytes)
        }
        said.append(Said(position: position, now: now, documents: documents))
    }

    /// What views say of a past moment now.
    func saidAgain(of moment: PastMoment, _ past: PastViews, _ now: Timestamp) throws -> [[UInt8]] {
        var documents: [[UInt8]] = []
        let (queues, metrics) = (try past.queues(at: moment), try past.metrics(at: moment))
        try Self.writeQueues(now, queues, &documents)
        try Self.writeMetrics(metrics, &documents)
        try Self.writeWaits(now, queues, metrics, &documents)
        for number in 0..<Self.customers {
            let found = try IdentityView.person(
                of: Self.identifier(number).rawSpan, asOf: moment.position, try past.identity())
            guard let found else { continue }
            var json = JSONWriter()
            _ = try CustomerDocument.write(
                found.customers, now: now, from: past.customers(found.customers, at: moment),
                to: &json)
            documents.append(json.bytes)
        }
        return documents
    }

    private static func identifier(_ number: Int) -> [UInt8] { Array("crm:\(number)".utf8) }

    private static func writeQueues<Reader: ViewReader & ~Copyable>(
        _ now: Timestamp, _ reader: borrowing Reader, _ documents: inout [[UInt8]]
    ) throws {
        var json = JSONWriter()
        try QueuesView.writeQueues(now: now, from: reader, to: &json)
        documents.append(json.bytes)
        for queue in queues {
            var json = JSONWriter()
            _ = try QueuesView.writeQueue(queue, now: now, from: reader, to: &json)
            documents.append(json.bytes)
            json = JSONWriter()
            _ = try WaitingDocument.write(queue, count: 30, now: now, from: reader, to: &json)
            documents.append(json.bytes)
            json = JSONWriter()
            let free = FreeAgentsQuery(
                queue: queue, channel: nil, skills: [], language: nil, count: 10)
            _ = try FreeAgentsDocument.write(free, now: now, from: reader, to: &json)
            documents.append(json.bytes)
        }
        var all = JSONWriter()
        try AgentsDocument.write(
            AgentsQuery(queue: nil, state: nil, count: 10), now: now, from: reader, to: &all)
        documents.append(all.bytes)
        for agent in agents {
            var json = JSONWriter()
            _ = try AgentDocument.write(agent, now: now, from: reader, to: &json)
            documents.append(json.bytes)
        }
        for call in stride(from: 0, to: 400, by: 7) {
            var json = JSONWriter()
            _ = try InteractionDocument.write("c-\(call)", now: now, from: reader, to: &json)
            documents.append(json.bytes)
        }
    }

    private static func writeWaits<
        Queues: ViewReader & ~Copyable, Metrics: ViewReader & ~Copyable
    >(
        _ now: Timestamp, _ reader: borrowing Queues, _ metrics: borrowing Metrics,
        _ documents: inout [[UInt8]]
    ) throws {
        for queue in queues {
            var json = JSONWriter()
            _ = try WaitDocument.write(
                queue, interaction: nil, now: now, from: reader, metrics: metrics, to: &json)
            documents.append(json.bytes)
        }
    }

    private static func writeMetrics<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ documents: inout [[UInt8]]
    ) throws {
        let day: Int64 = 86_400_000
        let start = Timestamp(milliseconds: FoldedStore.noon.milliseconds / day * day - 4 * day)
        for anchor in [MetricAnchor.created, .offered, .ended] {
            var json = JSONWriter()
            let query = try MetricsQuery(
                from: start, to: start.advanced(byMilliseconds: 30 * day), anchor: anchor,
                queues: nil, channel: nil, step: .day, grouping: .queue, targets: [20_000],
                shortAbandon: 5_000)
            try MetricsDocument.write(query, zone: UTCOffsets(), from: reader, to: &json)
            documents.append(json.bytes)
        }
    }
}

@Suite("The past")
struct PastTests {
    private let folder: TemporaryFolder
    private static let seed =
        ProcessInfo.processInfo.environment["THROUGHLINE_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: 0..<1_000_000)

    init() throws { folder = try TemporaryFolder() }

    @Test("is told as it was: the same bytes, whatever came since")
    func sameBytes() throws {
        print("the past: THROUGHLINE_SEED=\(Self.seed)")
        let store = try FoldedStore(folder.store)
        var centre = BusyCentre(store, seed: Self.seed)
        try centre.run(events: 10_000, notes: 8)
        let past = try store.views.past()
        for said in centre.said {
            let moment = try past.moment(.position(said.position))
            #expect(moment.position == said.position)
            let again = try centre.saidAgain(of: moment, past, said.now)
            #expect(again.count == said.documents.count)
            for (now, then) in zip(again, said.documents) where now != then {
                Issue.record(
                    """
                    at \(said.position), seed \(Self.seed):
                    \(String(decoding: now, as: UTF8.self))
                    instead of
                    \(String(decoding: then, as: UTF8.self))
                    """)
                return
            }
        }
        let kept = try store.views.queues.store.snapshot(atOrBefore: Position(.max))
        #expect(try #require(kept).position >= Position(8_192))
    }

    @Test("by recorded time is that of the last event recorded by then")
    func recordedTime() throws {
        let store = try FoldedStore(folder.store)
        for number in 1...30 {
            let now = FoldedStore.noon.advanced(byMilliseconds: Int64(number / 3) * 1_000)
            try store.stage("note.taken source pbx id \(number) interaction c-1", now: now)
            try store.commit(now: now)
        }
        store.catchUp()
        let past = try store.views.past()
        func at(_ milliseconds: Int64) throws -> Position {
            let moment = FoldedStore.noon.advanced(byMilliseconds: milliseconds)
            return try past.moment(.recorded(moment)).position
        }
        #expect(try at(-1) == .zero)
        #expect(try at(0) == Position(2))
        #expect(try at(999) == Position(2))
        #expect(try at(1_000) == Position(5))
        #expect(try at(60_000) == Position(30))
        let last = try past.moment(.position(Position(4)))
        #expect(last.now == FoldedStore.noon.advanced(byMilliseconds: 1_000))
    }

    @Test("by occurred time holds what is known now of what had happened, however late it came")
    func occurred() throws {
        let store = try FoldedStore(folder.store)
        let noon = FoldedStore.noon
        func time(_ minutes: Int64) -> String {
            noon.advanced(byMilliseconds: minutes * 60_000).rfc3339
        }
        let lines = [
            "interaction.created source pbx id 1 occurred \(time(0)) interaction c-1 channel voice "
                + "direction inbound method inbound customer crm:1",
            "interaction.disconnected source pbx id 2 occurred \(time(30)) interaction c-1 "
                + "by customer",
            "queue.entered source pbx id 3 occurred \(time(10)) interaction c-1 queue billing",
        ]
        for (index, line) in lines.enumerated() {
            let now = noon.advanced(byMilliseconds: Int64(index + 1) * 3_600_000)
            try store.stage(line, now: now)
            try store.commit(now: now)
        }
        store.catchUp()
        let past = try store.views.past()
        let asked = noon.advanced(byMilliseconds: 20 * 60_000)
        let moment = try past.moment(.occurred(asked))
        #expect(moment.position == Position(3))
        var json = JSONWriter()
        #expect(
            try QueuesView.writeQueue(
                "billing", now: moment.now, from: past.queues(at: moment), to: &json))
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text.contains("\"waiting_count\":1"))
        #expect(text.contains("\"wait_ms\":600000"))
        var known = JSONWriter()
        let then = try past.moment(.recorded(asked))
        #expect(
            try !QueuesView.writeQueue(
                "billing", now: asked, from: past.queues(at: then), to: &known))
    }

    @Test("rows in memory are changed and found by key")
    func rows() {
        var random = SeededGenerator(seed: Self.seed)
        var rows = PastRows()
        var model: [[UInt8]: [UInt8]] = [:]
        for _ in 0..<50 {
            var changes: [[UInt8]: [UInt8]?] = [:]
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                let key = random.bytes(Int.random(in: 1...2, using: &random)).map { $0 & 7 }
                changes.updateValue(random.once(in: 3) ? nil : random.bytes(3), forKey: key)
            }
            rows.apply(
                changes.sorted { $0.key.lexicographicallyPrecedes($1.key) }
                    .map { (key: $0.key, row: $0.value) })
            for (key, row) in changes { model[key] = row }
            let sorted = model.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            #expect(rows.keys == sorted.map(\.key) && rows.rows == sorted.map(\.value))
            var bytes: [UInt8] = []
            rows.encode(into: &bytes)
            #expect(unsafe (try? PastRows(stored: bytes.span.bytes))?.rows == rows.rows)
            let key = random.bytes(1).map { $0 & 7 }
            #expect(rows.row(key) == model[key])
        }
    }
}
