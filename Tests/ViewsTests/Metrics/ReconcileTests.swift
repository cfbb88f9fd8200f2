import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// METRICS … RECONCILE: a source's claims beside what its events say.
@Suite struct ReconcileTests {
    private static let from = SimulatedContact.start
    private static let to = from + 20 * 86_400_000

    private static func claim(
        _ metric: String, _ value: Int64, queue: String? = nil, interactions: String? = nil,
        from: Int64 = from
    ) -> Happening {
        var event = Happening(
            "source.claimed", to, nil,
            [
                "metric": .text(metric), "value": .integer(value),
                "from": .time(Timestamp(milliseconds: from)),
                "to": .time(Timestamp(milliseconds: to)),
            ])
        if let queue { event.attributes.append(("queue", .ref(queue))) }
        if let interactions { event.attributes.append(("interactions", .text(interactions))) }
        return event
    }

    private static func claims(_ rows: MemoryRows, _ source: String = "test") throws
        -> [[String: Any]]
    {
        var json = JSONWriter()
        let query = try MetricsQuery(
            from: Timestamp(milliseconds: from), to: Timestamp(milliseconds: to))
        try ReconciledDocument.write(query, source: source, from: rows, to: &json)
        return try Document(json).rows("claims")
    }

    @Test(
        "difference and the contacts on one side only", arguments: 1...3 as ClosedRange<UInt64>)
    func compared(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(400, &random)
        let abandoned = NaiveMetrics(contacts).abandoned.filter { $0.queue == "billing" }
            .map(\.id).sorted()
        try #require(abandoned.count > 2)
        let named = abandoned.dropFirst(2) + ["unheard"]
        let list = "[" + named.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        let rows = try SimulatedContact.folded(
            contacts, &random,
            also: [
                Self.claim("abandoned", 3, queue: "billing", interactions: list),
                Self.claim("offered", .min),
                Self.claim("abandon_rate", 250, interactions: list), Self.claim("asa", 1_000),
                Self.claim("staffed_time", 3_600_000, queue: "billing"),
                Self.claim("Service Level (%)", 80), Self.claim("answered", 1, from: Self.from + 1),
                // Said anew: the later one counts.
                Self.claim("abandoned", 7, queue: "billing", interactions: list),
            ])
        let claims = try Self.claims(rows)
        #expect(claims.count == 7)
        let queue = try #require(claims.first { $0.string("metric") == "abandoned" })
        #expect(queue.int("claimed") == 7 && queue.int("ours") == Int64(abandoned.count))
        #expect(queue.int("difference") == 7 - Int64(abandoned.count))
        let own = queue["ours_only"] as? [String: Any] ?? [:]
        #expect(own["interactions"] as? [String] == Array(abandoned.prefix(2)))
        let theirs = queue["theirs_only"] as? [String: Any] ?? [:]
        #expect(theirs["interactions"] as? [String] == ["unheard"])
        let naive = NaiveMetrics(contacts)
        let rate = try #require(claims.first { $0.string("metric") == "abandon_rate" })
        let expected = try #require(naive.values["abandon_rate"] ?? nil)
        let ours = try #require(rate.double("ours"))
        #expect(rate.double("claimed") == 0.25 && abs(ours - expected) < 1e-9)
        #expect(rate["ours_only"] == nil)
        let impossible = try #require(claims.first { $0.string("metric") == "offered" })
        #expect(impossible.int("claimed") == .min && impossible["difference"] == nil)
        let asa = try #require(claims.first { $0.string("metric") == "asa" })
        let wait = try #require(naive.values["asa"] ?? nil)
        let mean = try #require(asa.double("ours_ms"))
        #expect(abs(mean - wait) < 1e-6)
        let vendor = try #require(claims.first { $0.string("metric") == "Service Level (%)" })
        #expect(vendor.string("incomparable") == "no metric has that name")
        // Presence knows no queues.
        let staffed = try #require(claims.first { $0.string("metric") == "staffed_time" })
        #expect(staffed.string("incomparable")?.contains("staffed_time cannot be split") == true)
        #expect(staffed["ours_ms"] == nil && staffed.int("claimed") == 3_600_000)
        let offGrid = try #require(claims.first { $0.string("metric") == "answered" })
        #expect(offGrid.string("incomparable")?.contains("quarter") == true)
        #expect(try Self.claims(rows, "other").isEmpty)
    }

    @Test("a claim is held against figures by the versions that WITH names")
    func chosen() throws {
        var story = MetricStory()
        for (version, hours) in [("1", "00:00-24:00"), ("2", "00:00-00:01")] {
            let week = BusinessCalendar.days.map { #""\#($0)":["\#(hours)"]"# }
            story.events.append(
                .definition(
                    "calendar", "default", "{\"hours\":{\(week.joined(separator: ","))}}"))
            story.events[story.events.count - 1].attributes = story.events[
                story.events.count - 1
            ].attributes.map { $0.0 == "version" ? ("version", .text(version)) : $0 }
        }
        story.begin("m", 0, channel: "chat")
        story.write("m", 1_000, "customer", isReceived: true)
        story.write("m", 2 * MetricStory.hour + 1_000, "agent")
        story.events.append(Self.claim("response_time_business", 60_000))
        let rows = try story.rows { _ in .none }
        func ours(_ version: String) throws -> Double? {
            var query = try MetricsQuery(
                from: Timestamp(milliseconds: Self.from), to: Timestamp(milliseconds: Self.to))
            query.choices = [
                try #require(DefinitionChoice("calendar/default", version: version))
            ]
            var json = JSONWriter()
            try ReconciledDocument.write(query, source: "test", from: rows, to: &json)
            return try Document(json).rows("claims").first?.double("ours_ms")
        }
        #expect(try ours("1") == Double(2 * MetricStory.hour))
        #expect(try ours("2") == 59_000)
        #expect(throws: MetricsFault.self) { try ours("3") }
    }
}
