import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Laws that every fold keeps.
@Suite struct FoldLawTests {
    private static func laws<Fold: Projection & ~Copyable>(
        _: Fold.Type, seed: UInt64, step: Int64 = 1_000
    ) throws {
        var random = SeededGenerator(seed: seed)
        for order in SimulatedCall.Order.allCases {
            let calls = SimulatedCall.random(40, &random)
            let log = SimulatedCall.log(of: calls, order, &random, step: step)
            var whole = FoldRun<Fold>()
            try whole.run(log)
            var parts = FoldRun<Fold>()
            let draws = (0...log.head.rawValue).map { _ in Int.random(in: 0...9, using: &random) }
            try parts.run(log) { position in
                switch draws[Int(position.rawValue)] {
                case 0: .restart
                case 1, 2: .take
                default: .none
                }
            }
            #expect(parts.rows.holdsSameRows(as: whole.rows), "\(Fold.name) \(order) seed \(seed)")
            var everyEvent = FoldRun<Fold>()
            try everyEvent.run(log) { _ in .restart }
            #expect(
                everyEvent.rows.holdsSameRows(as: whole.rows),
                "\(Fold.name) \(order) seed \(seed), forgetting after each event")
        }
    }

    @Test(
        "when changes are taken, and what is forgotten then, changes no row",
        arguments: 1...6 as ClosedRange<UInt64>)
    func draining(seed: UInt64) throws {
        try Self.laws(IdentityProjection.self, seed: seed)
        try Self.laws(QueuesProjection.self, seed: seed)
        try Self.laws(MetricsProjection.self, seed: seed)
        try Self.laws(CustomersProjection.self, seed: seed)
    }

    @Test(
        "the same where days end between the events of a batch",
        arguments: 1...4 as ClosedRange<UInt64>)
    func days(seed: UInt64) throws {
        try Self.laws(MetricsProjection.self, seed: seed, step: 7 * 3_600_000)
        try Self.laws(CustomersProjection.self, seed: seed, step: 7 * 3_600_000)
    }

    @Test("every view has a place of its own in the register of personal data")
    func places() {
        let places = [
            IdentityProjection.place, QueuesProjection.place, MetricsProjection.place,
            CustomersProjection.place,
        ]
        let names = [
            IdentityProjection.name, QueuesProjection.name, MetricsProjection.name,
            CustomersProjection.name,
        ]
        #expect(Set(places).count == places.count)
        for (place, name) in zip(places, names) {
            #expect(place.rawValue == "views/\(name)-*.view")
        }
    }

    @Test(
        "late events give the interaction that in-order events give",
        arguments: 1...10 as ClosedRange<UInt64>)
    func lateEvents(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let log = SimulatedCall.log(of: SimulatedCall.random(30, &random), .shuffled, &random)
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        var events: [String: [(Timestamp, Position)]] = [:]
        for position in 1...log.head.rawValue {
            try log.read(Position(position)) { event in
                events[event.text("interaction") ?? "", default: []]
                    .append((event.occurred, event.position))
            }
        }
        for (name, unsorted) in events {
            let order = unsorted.sorted { $0 < $1 }
            var interaction = Interaction()
            for (_, position) in order {
                var next = interaction
                try log.read(position) { event in
                    guard let kind = LifecycleEvent(type: event.type) else { return }
                    next.apply(event, as: kind)
                }
                interaction = next
            }
            let row = try run.rows.row(InteractionKey.of(name))
            let record = try #require(try InteractionRecord.decoded(row))
            #expect(record.interaction == interaction, "\(name) seed \(seed)")
            #expect(record.positions == order.map(\.1.rawValue), "\(name) seed \(seed)")
        }
    }

    @Test(
        "the order in which events arrive changes neither figures nor lists",
        arguments: 1...5 as ClosedRange<UInt64>)
    func arrival(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = SimulatedCall.random(60, &random)
        var figures: [[[UInt8]: [UInt8]]] = []
        var queues: [[[UInt8]: [UInt8]]] = []
        for order in SimulatedCall.Order.allCases {
            let log = SimulatedCall.log(of: calls, order, &random)
            var metrics = FoldRun<MetricsProjection>()
            try metrics.run(log)
            figures.append(Self.rows(metrics.rows, without: "ip"))
            var waiting = FoldRun<QueuesProjection>()
            try waiting.run(log)
            queues.append(Self.rows(waiting.rows, without: "gioz"))
        }
        #expect(figures[0] == figures[1] && figures[1] == figures[2], "seed \(seed)")
        #expect(queues[0] == queues[1] && queues[1] == queues[2], "seed \(seed)")
        #expect(!figures[0].isEmpty && !queues[0].isEmpty)
    }

    /// Rows but those of interactions, agents, persons and feeds, which name positions.
    private static func rows(
        _ rows: MemoryRows, without prefixes: String
    ) -> [[UInt8]: [UInt8]] {
        let pairs = rows.all.filter { !prefixes.utf8.contains($0.key[0]) }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0.key, $0.row) })
    }
}
