import ContactCentre
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
        #expect(Set(LifecycleEvent.allCases.map { "\($0.word)" }) == LifecycleWalk.types)
    }

    @Test(
        "after every event of a simulated day with all there are the view is as plain loops say",
        arguments: 1...2 as ClosedRange<UInt64>)
    func days(seed: UInt64) throws {
        let told = ShopDay.withSurroundings(seed: seed)
        #expect(LifecycleWalk.types.isSubset(of: told.map(\.happening.type)))
        let queues = Set(told.compactMap { $0.happening.text("queue") }).sorted()
        var naive = NaiveQueues()
        var around = NaiveSurroundings()
        var log = MemoryLog(clock: ShopDay.midnight.rawValue)
        var run = FoldRun<QueuesProjection>()
        for (happening, source) in told {
            log.append(happening, source: source)
            try run.run(log)
            naive.apply(happening)
            around.apply(happening, source: source)
            let place = "seed \(seed), event \(log.head)"
            if happening.interaction != nil || happening.type == "entry.refused" {
                try compare(naive, run.rows, queues, place)
            }
            try compare(around, run.rows, queues, place)
        }
        #expect(queues.count > 2 && naive.interactions.count > 30)
        #expect(around.callBacks.values.contains { $0.isOver })
        #expect(around.callBacks.values.contains { !$0.isOver } && around.openings.count > 2)
    }

    private func compare(
        _ around: NaiveSurroundings, _ rows: MemoryRows, _ queues: [String], _ place: String
    ) throws {
        for queue in queues {
            var due: [String] = []
            var start = [DueRow.prefix]
            start.append(keyText: queue)
            try rows.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
                due.append(try key.keyText(at: start.count + 8).text)
                return true
            }
            #expect(due == around.due(in: queue), "\(queue), \(place)")
            var key: [UInt8] = []
            unsafe OpeningWord.writeKey(.queue, queue.utf8Span.span.bytes, to: &key)
            let word = try OpeningWord.decoded(try rows.row(key))
            #expect(word.map { "\($0.state)" } == around.openings[queue], "\(queue), \(place)")
            let feeds = try FeedState.read(queue, rows)
            #expect(
                feeds.complete?.rawValue == around.complete(queue), "\(queue), \(place)")
            let silent = feeds.feeds.filter { $0.record.isSilent }.map(\.name)
            #expect(silent == around.silent(queue), "\(queue), \(place)")
        }
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
