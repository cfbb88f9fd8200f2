import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// A story of events, moments in milliseconds from its beginning.
struct MetricStory {
    static let start = SimulatedContact.start
    static let minute: Int64 = 60_000
    static let hour: Int64 = 3_600_000
    static let day: Int64 = 86_400_000

    var events: [Happening] = []

    mutating func tell(
        _ type: String, _ at: Int64, _ interaction: String?,
        _ attributes: KeyValuePairs<String, AttributeValue> = [:], person: String? = nil
    ) {
        events.append(
            Happening(
                type, MetricStory.start + at, interaction, attributes,
                person.map { [Identifier(kind: "crm", value: $0)] } ?? []))
    }

    mutating func begin(
        _ interaction: String, _ at: Int64, channel: String = "voice",
        direction: String = "inbound", method: String = "inbound", person: String? = nil,
        _ attributes: KeyValuePairs<String, AttributeValue> = [:]
    ) {
        var event = Happening(
            "interaction.created", MetricStory.start + at, interaction,
            [
                "channel": .text(channel), "direction": .text(direction),
                "method": .text(method),
            ], person.map { [Identifier(kind: "crm", value: $0)] } ?? [])
        for (name, value) in attributes { event.attributes.append((name, value)) }
        events.append(event)
    }

    mutating func enter(_ interaction: String, _ at: Int64, _ queue: String) {
        tell("queue.entered", at, interaction, ["queue": .ref(queue)])
    }

    mutating func connect(_ interaction: String, _ at: Int64, _ agent: String = "ana") {
        tell("agent.connected", at, interaction, ["agent": .ref(agent)])
    }

    mutating func complete(
        _ interaction: String, _ at: Int64, by: String = "customer",
        outcome: String = "resolved"
    ) {
        tell("interaction.disconnected", at, interaction, ["by": .text(by)])
        tell("interaction.completed", at, interaction, ["outcome": .text(outcome)])
    }

    mutating func write(
        _ interaction: String, _ at: Int64, _ author: String, isReceived: Bool = false
    ) {
        tell(
            isReceived ? "message.received" : "message.sent", at, interaction,
            [
                "message_id": .ref("\(interaction)-\(at)"), "author": .text(author),
                "private": .boolean(false),
            ])
    }

    func rows(_ drains: (Position) -> Drain) throws -> MemoryRows {
        var log = MemoryLog(clock: MetricStory.start)
        log.append(events)
        var run = FoldRun<MetricsProjection>()
        try run.run(log, drains: drains)
        return run.rows
    }

    static func answer(
        _ query: MetricsQuery, _ rows: MemoryRows
    ) throws -> [[String: Any]] {
        var json = JSONWriter()
        try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
        return try Document(json).rows("rows")
    }

    /// Asks for metrics by name over sixty days, and holds the cells against a look at each contact.
    func rows(
        _ only: [String], per: MetricsDimension? = nil, days: Int64 = 7,
        step: MetricsStep = .none
    ) throws -> [[String: Any]] {
        let from = Timestamp(milliseconds: Self.start)
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: 60 * Self.day), step: step,
            grouping: per, only: only, windowDays: days)
        let rows = try self.rows { _ in .none }
        let found = try Self.answer(query, rows)
        #expect(try self.rows { _ in .restart }.holdsSameRows(as: rows))
        return found
    }

    func row(
        _ only: [String], days: Int64 = 7
    ) throws -> [String: Any] {
        try #require(try rows(only, days: days).first)
    }
}
