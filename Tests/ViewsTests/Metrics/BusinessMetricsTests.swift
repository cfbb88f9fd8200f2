import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Answers within business hours against a loop over seconds.
@Suite struct BusinessMetricsTests {
    private static let start = SimulatedContact.start
    private static let day: Int64 = 86_400_000
    private static let change = start + 7 * day

    private static let calendars: [Happening] = [
        .definition(
            "calendar", "default", #"{"hours":{"tue":["08:00-09:30"],"fri":["00:00-24:00"]}}"#),
        .definition(
            "calendar", "care", #"{"zone":"Test/Two","hours":{"wed":["00:00-24:00"]}}"#),
        // From then on the queue is there round the clock, but on one day.
        Happening(
            "definition.set", start, nil,
            [
                "kind": .text("calendar"), "key": .text("care"), "version": .text("2"),
                "effective_from": .time(Timestamp(milliseconds: change)),
                "body": .text(
                    #"{"hours":{"mon":["00:00-24:00"],"tue":["00:00-24:00"],"wed":["00:00-24:00"],"thu":["00:00-24:00"],"fri":["00:00-24:00"],"sat":["00:00-24:00"],"sun":["00:00-24:00"]},"exceptions":{"2025-07-10":[]}}"#
                ),
            ]),
    ]

    private static func word(
        _ type: String, _ day: Int64, _ hour: Int64, until: Int64? = nil
    ) -> Happening {
        let at = start + day * Self.day + hour * 3_600_000
        var event = Happening(type, at, nil, ["queue": .ref("care"), "reason": .text("fire")])
        if let until {
            event.attributes.append(
                ("until", .time(Timestamp(milliseconds: at + until * 3_600_000))))
        }
        return event
    }

    /// What was said of a queue, whatever its calendar says.
    private static let words = [
        word("queue.closed", 11, 6, until: 30), word("queue.closed", 13, 2),
        word("queue.opened", 14, 7), word("queue.closed", 20, 0, until: 48),
        word("queue.opened", 20, 5), word("queue.opened", 3, 4, until: 9),
        word("queue.closed", 3, 8, until: 2),
    ]

    /// Whether the words leave it to the calendar, or what they say.
    private static func isSaidOpen(_ moment: Int64) -> Bool? {
        let last = words.filter { $0.occurred <= moment }.max { $0.occurred < $1.occurred }
        guard let last else { return nil }
        var until: Int64?
        for (name, value) in last.attributes {
            if name == "until", case .time(let moment) = value { until = moment.rawValue }
        }
        if let until, moment >= until { return nil }
        if last.type == "queue.opened" { return until == nil ? nil : true }
        return false
    }

    /// The same by minute: words begin and end on whole ones.
    private static let said = (0..<60 * 1_440).map { isSaidOpen(start + Int64($0) * 60_000) }

    /// Whether somebody is there, by the texts above; 2025-07-01 was a Tuesday.
    private static func isOpen(_ moment: Int64, _ queue: String) -> Bool {
        let minutes = Int((moment - start) / 60_000)
        if queue == "care", minutes < said.count, let isOpen = said[minutes] { return isOpen }
        if queue == "care", moment >= change { return (moment - start) / day != 9 }
        let local = moment + (queue == "care" ? 2 * 3_600_000 : 0)
        let weekday = ((local - start) / day + 1) % 7
        if queue == "care" { return weekday == 2 }
        let minute = (local - start) % day / 60_000
        return weekday == 4 || weekday == 1 && minute >= 480 && minute < 570
    }

    private static func business(_ from: Int64, _ to: Int64, _ queue: String) -> Int64 {
        var sum: Int64 = 0
        var moment = from
        // Messages come on whole seconds, hours begin on whole minutes.
        while moment < to {
            let next = min(to, moment + 1_000)
            if isOpen(moment, queue) { sum += next - moment }
            moment = next
        }
        return sum
    }

    @Test("what was said of a queue long ago counts, however much was said since")
    func manyWords() throws {
        var story = MetricStory()
        story.begin("m", 0, channel: "chat", ["queue": .ref("care")])
        story.write("m", 1_000, "customer", isReceived: true)
        story.write("m", 3 * MetricStory.hour + 1_000, "agent")
        // Closed from one to two, and then for an hour every day of five months.
        for day in 0..<150 as Range<Int64> {
            let from = day * MetricStory.day + MetricStory.hour
            story.tell("queue.closed", from, nil, ["queue": .ref("care")])
            story.tell("queue.opened", from + MetricStory.hour, nil, ["queue": .ref("care")])
        }
        // One that is waited for over the borders of months.
        story.begin("long", 0, channel: "chat", ["queue": .ref("care")])
        story.write("long", 1_000, "customer", isReceived: true)
        story.write("long", 100 * MetricStory.day + 1_000, "agent")
        let row = try story.row(["response_time_business"])
        let whole = 2 * MetricStory.hour + 100 * (MetricStory.day - MetricStory.hour)
        #expect(row.int("metrics.response_time_business.sum_ms") == whole)
    }

    @Test("answers within hours equal a loop over seconds", arguments: 1...3 as ClosedRange<UInt64>)
    func naive(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(160, &random)
        let rows = try SimulatedContact.folded(contacts, &random, also: Self.calendars + Self.words)
        let names = MetricDefinition.business.map(\.name)
        var query = try MetricsQuery(
            from: Timestamp(milliseconds: Self.start),
            to: Timestamp(milliseconds: Self.start + 40 * Self.day), grouping: .queue, only: names)
        query.zones = { $0 == "UTC" ? UTCOffsets() as any ZoneOffsets : JumpingZone(jump: .latest) }
        var json = JSONWriter()
        try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
        let found = try Document(json).rows("rows")
        #expect(found.count == 2)
        for row in found {
            let queue = try #require(row.string("queue"))
            let own = contacts.filter { $0.queue == queue && !$0.isTest }
            var resolution: [Int64] = []
            for contact in own where contact.outcome == .answered && contact.isResolved {
                let first = contact.messages.first { $0.author == "customer" && !$0.isPrivate }
                resolution.append(
                    Self.business(
                        first?.at ?? contact.created, contact.ended ?? contact.talkEnd, queue))
            }
            let spans = own.map { NaiveMetrics([$0]).spans($0) }
            let expected = [
                "first_response_human_business": spans.compactMap(\.firstHuman),
                "first_response_customer_business": spans.compactMap(\.firstCustomer),
                "response_time_business": spans.flatMap(\.responses),
            ].mapValues { $0.map { Self.business($0.0, $0.1, queue) } }.merging(
                ["resolution_time_business": resolution]) { $1 }
            for (name, values) in expected {
                let what = "\(name) of \(queue), seed \(seed)"
                #expect(row.int("metrics.\(name).n") == Int64(values.count), "\(what)")
                let sum = values.reduce(0, +)
                #expect(row.int("metrics.\(name).sum_ms") ?? 0 == sum, "\(what)")
            }
        }
    }
}
