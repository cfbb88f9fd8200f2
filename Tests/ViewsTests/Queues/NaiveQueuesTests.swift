import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Queues: what the view says against plain loops, after every event.
@Suite struct NaiveQueuesTests {
    @Test(
        "after every step of random interactions the view is as a plain recomputation says",
        arguments: 1...6 as ClosedRange<UInt64>)
    func walks(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var walk = LifecycleWalk()
        var log = MemoryLog()
        var run = FoldRun<QueuesProjection>()
        for step in 1...400 {
            log.append(walk.step(&random))
            // Now and then the fold knows no more than its rows.
            try run.run(log, drains: { _ in step % 7 == 0 ? .restart : .none })
            try compare(walk.naive, run.rows, LifecycleWalk.queues, "seed \(seed), event \(step)")
        }
    }

    @Test("walks take every event of the lifecycle")
    func allTypes() {
        var random = SeededGenerator(seed: 1)
        var walk = LifecycleWalk()
        for _ in 0..<6_000 { _ = walk.step(&random) }
        #expect(Set(walk.happenings.map(\.type)) == LifecycleWalk.types)
    }

    @Test(
        "after every event of a simulated day with all there are the view is as plain loops say",
        arguments: 1...2 as ClosedRange<UInt64>)
    func days(seed: UInt64) throws {
        let happenings = ShopDay.withEveryEvent(seed: seed)
        #expect(LifecycleWalk.types.isSubset(of: happenings.map(\.type)))
        let queues = Set(happenings.compactMap { $0.text("queue") }).sorted()
        var naive = NaiveQueues()
        var log = MemoryLog(clock: ShopDay.midnight.rawValue)
        var run = FoldRun<QueuesProjection>()
        for happening in happenings {
            log.append(happening)
            try run.run(log)
            naive.apply(happening)
            guard happening.interaction != nil || happening.type == "entry.refused" else {
                continue
            }
            try compare(naive, run.rows, queues, "seed \(seed), event \(log.head)")
        }
        #expect(queues.count > 2 && naive.interactions.count > 30)
    }

    private func compare(
        _ naive: NaiveQueues, _ rows: MemoryRows, _ queues: [String], _ place: String
    ) throws {
        for queue in queues {
            let expected = naive.waiting(in: queue)
            let waiting = try QueuesView.waiting(in: queue, rows, atMost: 1_000)
            #expect(waiting.map(\.interaction) == expected.map(\.name), "\(queue), \(place)")
            #expect(
                waiting.map(\.place.entered.rawValue) == expected.map(\.stay.entered),
                "\(queue), \(place)")
            let served = try QueuesView.served(in: queue, rows, atMost: 1_000)
            #expect(
                served.map { "\($0.interaction) \($0.place.agent) \($0.place.isHeld)" }
                    == naive.served(for: queue), "\(queue), \(place)")
            let row = try rows.row(QueueCounts.key(queue))
            let counts = try QueueCounts.decoded(row) ?? QueueCounts()
            let told = [
                counts.waiting, counts.inService, counts.contacts, counts.offered, counts.answered,
                counts.abandoned, counts.flowedOut, counts.failed, counts.expired, counts.refused,
            ]
            let plain = [
                Int64(expected.count), Int64(served.count), naive.contacts(of: queue),
                naive.stays(in: queue), naive.stays(in: queue, "answered"),
                naive.stays(in: queue, "abandoned"), naive.stays(in: queue, "flowedOut"),
                naive.stays(in: queue, "failed"), naive.stays(in: queue, "expired"),
                naive.refused[queue] ?? 0,
            ]
            #expect(told == plain, "\(queue), \(place)")
            let oldest = try QueuesView.oldest(in: queue, counts, FeedState(), rows)
            #expect(
                oldest?.entered.rawValue == expected.map(\.stay.entered).min(),
                "\(queue), \(place)")
            let priorities = Dictionary(grouping: expected, by: \.stay.priority)
            #expect(
                counts.priorities.map { [$0.priority, $0.waiting] }
                    == priorities.sorted { $0.key > $1.key }.map {
                        [$0.key, Int64($0.value.count)]
                    },
                "\(queue), \(place)")
        }
    }
}
