import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// What a figure says by `provisional`: a row that is not never changes, whatever happens afterwards.
@Suite struct ProvisionalTests {
    /// Those that a time after their interval can change, and that time is known.
    private static let metrics = MetricDefinition.all.filter {
        $0.window != .none && $0.window != .open
    }.map(\.name)

    /// The events of a world, and contacts that take their time.
    private static func events(seed: UInt64) -> [Happening] {
        var story = MetricStory()
        let (hour, day) = (MetricStory.hour, MetricStory.day)
        story.begin("mail", 0, channel: "email", person: "mail")
        story.connect("mail", day)
        story.tell("interaction.disposed", 11 * day - 1, "mail", ["outcome": .text("resolved")])
        story.complete("mail", 11 * day)
        story.write("mail", 14 * day, "customer", isReceived: true)
        // Dropped, and lost in a queue, long after they began.
        for (name, isTalk) in [("dropped", true), ("lost", false)] {
            story.begin(name, 0, person: name)
            story.enter(name, 1_000, "care")
            if isTalk {
                story.connect(name, 2_000)
                story.tell("interaction.disconnected", 30 * hour, name, ["by": .text("system")])
            } else {
                story.tell("interaction.abandoned", 30 * hour, name, ["phase": .text("queue")])
            }
            story.begin("\(name)-again", 30 * hour + hour / 3, person: name)
            story.connect("\(name)-again", 30 * hour + hour / 3 + 1_000)
        }
        let world = EventfulWorld(90, seed: seed).events + story.events
        return world.enumerated().sorted {
            ($0.element.occurred, $0.offset) < ($1.element.occurred, $1.offset)
        }.map(\.element)
    }

    /// What is known when everything until a moment was told and nothing behind it.
    private static func rows(
        _ events: [Happening], until moment: Int64, _ days: Int64, by anchor: MetricAnchor?
    ) throws -> [[String: Any]] {
        var log = MemoryLog(clock: EventfulWorld.start)
        log.step = 0
        log.append(events.filter { $0.occurred < moment })
        log.append(
            Happening(
                "source.heartbeat", moment, nil,
                ["covered_until": .time(Timestamp(milliseconds: moment))]))
        var run = FoldRun<MetricsProjection>()
        try run.run(log)
        let from = Timestamp(milliseconds: EventfulWorld.start)
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: 22 * EventfulWorld.day),
            anchor: anchor, step: .hour, only: metrics, windowDays: days)
        return try MetricStory.answer(query, run.rows)
    }

    @Test(
        "a row that is not provisional never changes, whenever one asks and by whatever anchor",
        arguments: [(1, 7, nil), (2, 1, nil), (3, 3, .created), (4, 7, .ended)]
            as [(UInt64, Int64, MetricAnchor?)])
    func settled(seed: UInt64, days: Int64, anchor: MetricAnchor?) throws {
        var random = SeededGenerator(seed: seed)
        let events = Self.events(seed: seed)
        let last = EventfulWorld.start + 60 * EventfulWorld.day
        let end = try Self.rows(events, until: last, days, by: anchor)
        var settled: Set<String> = []
        for day in [2, 9, 13, 19] as [Int64] {
            let within = Int64.random(in: 0..<EventfulWorld.day, using: &random)
            let moment = EventfulWorld.start + day * EventfulWorld.day + within
            let rows = try Self.rows(events, until: moment, days, by: anchor)
            #expect(rows.count == end.count)
            for (index, row) in rows.enumerated() {
                for name in Self.metrics {
                    let path = "metrics.\(name)"
                    guard row.int("\(path).provisional") != 1 else { continue }
                    for part in ["n", "part", "left_out"] {
                        let (now, then) = (
                            row.int("\(path).\(part)") ?? 0, end[index].int("\(path).\(part)") ?? 0
                        )
                        #expect(now == then, "\(name) \(part) of hour \(index) on day \(day)")
                    }
                    if row.int("\(path).n") ?? 0 > 0 { settled.insert(name) }
                }
            }
        }
        // By a beginning nothing that counts from an end is ever settled.
        let never = Set(
            anchor == .created
                ? MetricDefinition.all.filter { $0.anchor == .ended }.map(\.name) : [])
        #expect(settled == Set(Self.metrics).subtracting(never))
    }
}
