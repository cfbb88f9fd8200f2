import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// METRICS … EVENTS: every contact, survey and refusal behind a number, each once, page by page.
@Suite struct OpenedTests {
    @Test("who asks for a queue looks at its contacts, whatever others there are")
    func ofOneQueue() throws {
        var story = MetricStory()
        for number in 0..<40 as Range<Int64> {
            let name = "c\(number)"
            story.begin(name, number * MetricStory.minute)
            story.enter(name, number * MetricStory.minute + 1, number < 3 ? "rare" : "busy")
            story.connect(name, number * MetricStory.minute + 2)
        }
        var rows = try story.rows { _ in .none }
        // As many contacts of another queue as no answer looks at.
        var key: [UInt8] = []
        var name: [UInt8] = []
        var row: [UInt8] = []
        ContactIndexRow(QueueBits("busy")).encode(into: &row)
        let quarter = MetricInterval.quarter(of: Timestamp(milliseconds: MetricStory.start))
        var many = MemoryRows()
        for number in 0...MetricLimits.contactsReadMax {
            name.removeAll()
            name.append(keyText: "\(1_000_000 + number)")
            ContactIndexRow.writeKey(quarter, name[...], to: &key)
            many.apply(key, row)
        }
        rows.merge(many)
        let from = Timestamp(milliseconds: MetricStory.start)
        func query(_ queue: String) throws -> MetricsQuery {
            try MetricsQuery(
                from: from, to: from.advanced(byMilliseconds: MetricStory.day),
                queues: [queue], grouping: .agent, only: ["answered"])
        }
        let rare = try MetricStory.answer(query("rare"), rows)
        #expect(rare.first?.int("metrics.answered.value") == 3)
        let most = MetricLimits.contactsReadMax
        #expect(try ContactScan.count(query("rare"), most: most, from: rows) == 3)
        #expect(try ContactScan.count(query("busy"), most: most, from: rows) > most)
    }

    private static let from = Timestamp(milliseconds: MetricStory.start)

    private static func page(
        _ rows: MemoryRows, _ only: [String], _ first: String? = nil,
        where filters: [MetricsFilter] = []
    ) throws -> Document {
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: 60 * MetricStory.day),
            filters: filters, only: only)
        let place = first.flatMap { OpenedPlace($0) }
        #expect((place == nil) == (first == nil))
        var json = JSONWriter()
        try OpenedDocument.write(query, first: place, from: rows, to: &json)
        return try Document(json)
    }

    @Test("pages hold each contact once, under whichever of its anchors it stands first")
    func pages() throws {
        var story = MetricStory()
        var names: Set<String> = []
        for number in 0..<2_300 {
            let name = "c\(number)"
            names.insert(name)
            let at = Int64(number) * 60_000
            story.begin(name, at)
            // It stands in several quarters and under all anchors.
            story.enter(name, at + 1_000, "a")
            story.tell("queue.left", at + 1_200_000, name, ["reason": .text("overflow")])
            story.enter(name, at + 1_200_000, "b")
            story.connect(name, at + 1_210_000)
            story.complete(name, at + 3_000_000)
        }
        let rows = try story.rows { $0.rawValue % 997 == 0 ? .take : .none }
        for only in [["contacts", "offered", "handled"], ["offered"], ["aht"], []] {
            var found: [String] = []
            var pages: [Int] = []
            var next: String?
            repeat {
                let page = try Self.page(rows, only, next)
                let listed = page.rows("interactions").compactMap { $0.string("interaction") }
                found += listed
                pages.append(listed.count)
                next = page.root["next"] as? String
            } while next != nil
            #expect(pages == [1_000, 1_000, 300], "\(only)")
            #expect(found.count == names.count && Set(found) == names, "\(only)")
        }
    }

    @Test("answers to surveys about no interaction are opened")
    func surveys() throws {
        var story = MetricStory()
        for number in 0..<1_200 {
            let at = Int64(number) * 60_000
            let name: AttributeValue = .ref("v\(number)")
            story.tell(
                "survey.invited", at, nil,
                [
                    "invitation_id": name, "survey_id": .ref("s"), "kind": .text("csat"),
                    "channel": .text("email"),
                ])
            story.tell(
                "survey.answered", at + 1, nil,
                [
                    "invitation_id": name, "survey_id": .ref("s"), "question": .text("q"),
                    "score": .integer(5),
                ])
        }
        story.begin("c", 0)
        let rows = try story.rows { _ in .none }
        let first = try Self.page(rows, ["csat"])
        #expect(first.rows("surveys").count == 1_000)
        #expect(first.rows("interactions").isEmpty)
        let survey = try #require(first.rows("surveys").first)
        #expect(survey.string("invitation") == "v0" && survey.string("channel") == "email")
        #expect((survey["positions"] as? [Int]) == [1, 2])
        let next = try #require(first.root["next"] as? String)
        let last = try Self.page(rows, ["csat"], next)
        #expect(last.rows("surveys").count == 200 && last.root["next"] == nil)
        #expect(
            last.rows("surveys").first?.string("invitation")
                == next.split(separator: ".").last.map(String.init))
    }

    @Test("customers who were not let in are opened, and told apart like contacts")
    func refused() throws {
        var story = MetricStory()
        story.events.append(.definition("dimension", "priority", "{}"))
        for number in 0..<6 {
            story.tell(
                "entry.refused", Int64(number) * MetricStory.hour, nil,
                [
                    "channel": .text("voice"), "queue": .ref("billing"), "reason": .text("full"),
                    "site": .ref(number < 5 ? "madrid" : "oslo"),
                    "priority": .integer(Int64(number % 2)),
                ])
        }
        let rows = try story.rows { _ in .restart }
        let madrid = [MetricsFilter(.site, names: ["madrid"])]
        let opened = try Self.page(rows, ["lost_demand"], where: madrid).rows("refused")
        #expect(opened.map { $0.int("position") } == [2, 3, 4, 5, 6])
        #expect(opened.allSatisfy { $0.string("queue") == "billing" })
        func values(_ dimension: MetricsDimension) throws -> [String: Int64] {
            let query = try MetricsQuery(
                from: Self.from, to: Self.from.advanced(byMilliseconds: MetricStory.day),
                grouping: dimension, only: ["lost_demand"])
            var values: [String: Int64] = [:]
            for row in try MetricStory.answer(query, rows) {
                values[row.string(dimension.word) ?? "?"] = row.int("metrics.lost_demand.value")
            }
            return values
        }
        #expect(try values(.site) == ["madrid": 5, "oslo": 1])
        #expect(try values(.attribute("priority")) == ["0": 3, "1": 3])
        #expect(try values(.agent) == ["": 6])
    }

    @Test("what is no place of a page is none")
    func places() {
        #expect(OpenedPlace("ended.1945632.c.1-7")?.text == "ended.1945632.c.1-7")
        for text in ["", "ended", "ended.x.c", "overlap.1.c", "refused.1.c", "ended.99999999999.c"]
        {
            #expect(OpenedPlace(text) == nil, "\(text)")
        }
    }
}
