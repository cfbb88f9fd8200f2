import EventModel
import FoldTesting
import Testing

@testable import Views

/// How far figures can be trusted, by what feeds say of themselves and the daemon of them.
@Suite struct CompletenessTests {
    private static let start: Int64 = 1_800_000_000_000
    private static let hour: Int64 = 3_600_000

    private func completeness(
        _ told: [(happening: Happening, source: String)]
    ) throws -> Completeness {
        var log = MemoryLog(clock: Self.start)
        for (happening, source) in told { log.append(happening, source: source) }
        var run = FoldRun<MetricsProjection>()
        try run.run(log) { $0.rawValue % 2 == 0 ? .restart : .none }
        return try Completeness(windowDays: 7, from: run.rows)
    }

    private func moment(_ hours: Double) -> Int64 { Self.start + Int64(hours * Double(Self.hour)) }

    private func says(_ type: String, at hours: Double, until: Double) -> Happening {
        Happening(
            type, moment(hours), nil,
            ["covered_until": .time(Timestamp(milliseconds: moment(until)))])
    }

    private func daemon(_ type: String, at hours: Double, until: Double) -> Happening {
        var happening = says(type, at: hours, until: until)
        happening.attributes.append(("feed", .ref("acd")))
        return happening
    }

    private func line(_ hours: Double) -> MetricsLines.Line {
        MetricsLines.Line(
            from: Timestamp(milliseconds: moment(hours)),
            to: Timestamp(milliseconds: moment(hours + 1)))
    }

    @Test("a silence is a gap, whatever the feed is heard by again")
    func gap() throws {
        let silence = [
            (says("source.heartbeat", at: 1, until: 1), "acd"),
            // The daemon tells how far the feed had come, both times.
            (daemon("source.silent", at: 2, until: 1), "throughline"),
            (Happening("interaction.created", moment(4.5), "c-1"), "acd"),
            (daemon("source.resumed", at: 4.5, until: 1), "throughline"),
        ]
        let heard = try completeness(silence + [(says("source.heartbeat", at: 5, until: 5), "acd")])
        #expect(heard.completeUntil?.rawValue == moment(5))
        #expect(!heard.hasGap(line(0)) && !heard.hasGap(line(5)))
        #expect(heard.hasGap(line(1)) && heard.hasGap(line(4)))
        let silent = try completeness(Array(silence.prefix(2)))
        #expect(silent.completeUntil?.rawValue == moment(1) && silent.hasGap(line(8)))
    }

    @Test(
        "a feed that stands at the beginning of 1970 is silent from there, however events are cut")
    func epoch() throws {
        let zero = Double(-Self.start) / Double(Self.hour)
        let told = [
            (says("source.heartbeat", at: 1, until: zero), "acd"),
            (daemon("source.silent", at: 2, until: zero), "throughline"),
            (daemon("source.resumed", at: 3, until: zero), "throughline"),
        ]
        #expect(try completeness(Array(told.prefix(2))).sources.map(\.isSilent) == [true])
        #expect(try completeness(told).hasGap(line(2)))
    }

    @Test("what the daemon says of a feed that never beats does not hold back what comes after")
    func neverBeats() throws {
        let told = try completeness([
            (Happening("interaction.created", moment(1), "c-1"), "acd"),
            (daemon("source.silent", at: 2, until: 1), "throughline"),
            (Happening("interaction.created", moment(3), "c-2"), "acd"),
            (daemon("source.resumed", at: 3, until: 3), "throughline"),
        ])
        #expect(told.completeUntil == nil && told.hasGap(line(2)) && !told.hasGap(line(3)))
        #expect(!told.isIncomplete(line(9)))
    }

    @Test("an import that is over does not hold back the feeds that go on")
    func imported() throws {
        let over = (says("import.completed", at: 0, until: -9_000), "csv")
        let alone = try completeness([over])
        #expect(alone.completeUntil?.rawValue == moment(-9_000))
        let beside = try completeness([
            over, (says("source.heartbeat", at: 5, until: 5), "acd"),
        ])
        #expect(beside.completeUntil?.rawValue == moment(5) && !beside.isIncomplete(line(3)))
        #expect(beside.isIncomplete(line(5)))
    }
}
