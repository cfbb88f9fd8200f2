import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Answers whose interaction is told by their invitation, or of which nothing else is known.
@Suite struct SurveyJoinTests {
    private static let invitation: KeyValuePairs<String, AttributeValue> = [
        "invitation_id": .ref("v1"), "survey_id": .ref("s"), "kind": .text("csat"),
        "scale": .text("1-5"),
    ]

    private static func answer(_ at: Int64, _ score: Int64, in story: inout MetricStory) {
        story.tell(
            "survey.answered", at, nil,
            ["invitation_id": .ref("v1"), "question": .text("q"), "score": .integer(score)])
    }

    private static func contact() -> MetricStory {
        var story = MetricStory()
        story.begin("c1", 0, person: "p")
        story.enter("c1", 1_000, "billing")
        story.connect("c1", 2_000)
        story.complete("c1", 3_000)
        return story
    }

    private static func expectJoined(_ story: MetricStory) throws {
        let names = ["csat", "survey_response_rate"]
        for (dimension, group) in [
            (.queue, "billing"), (.agent, "ana"), (.channel, "voice"),
        ] as [(MetricsDimension, String)] {
            let found = try story.rows(names, per: dimension)
            let row = try #require(found.first { $0.string(dimension.word) == group })
            #expect(row.int("metrics.csat.n") == 1 && row.int("metrics.csat.part") == 0)
            #expect(row.int("metrics.survey_response_rate.n") == 1)
            #expect(row.int("metrics.survey_response_rate.part") == 1)
            for other in found where other.string(dimension.word) != group {
                #expect(other.int("metrics.csat.n") ?? 0 == 0)
                #expect(other.int("metrics.survey_response_rate.n") ?? 0 == 0)
            }
        }
    }

    @Test("an answer that names its invitation alone is of the invitation's interaction")
    func joined() throws {
        var story = Self.contact()
        story.tell("survey.invited", MetricStory.hour, "c1", Self.invitation)
        Self.answer(2 * MetricStory.day, 2, in: &story)
        try Self.expectJoined(story)
        // A late event folds the interaction anew, from what it kept.
        story.tell("hold.started", 2_200, "c1")
        story.tell("hold.ended", 2_300, "c1")
        try Self.expectJoined(story)
        // They change their mind.
        Self.answer(3 * MetricStory.day, 1, in: &story)
        try Self.expectJoined(story)
    }

    @Test("whichever of them comes first, and whichever names the interaction")
    func eitherOrder() throws {
        var story = Self.contact()
        Self.answer(2 * MetricStory.day, 2, in: &story)
        story.tell("survey.invited", MetricStory.hour, "c1", Self.invitation)
        try Self.expectJoined(story)
        var other = Self.contact()
        other.tell("survey.invited", MetricStory.hour, nil, Self.invitation)
        other.tell(
            "survey.answered", 2 * MetricStory.day, "c1",
            ["invitation_id": .ref("v1"), "question": .text("q"), "score": .integer(2)])
        try Self.expectJoined(other)
    }

    @Test("EVENTS of an answer shows the contact that its invitation is of")
    func opened() throws {
        var story = Self.contact()
        Self.answer(2 * MetricStory.day, 2, in: &story)
        story.tell("survey.invited", MetricStory.hour, "c1", Self.invitation)
        let from = Timestamp(milliseconds: MetricStory.start)
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: MetricStory.day), only: ["csat"])
        var json = JSONWriter()
        try OpenedDocument.write(query, from: try story.rows { _ in .none }, to: &json)
        let document = try Document(json)
        #expect(document.rows("interactions").map { $0.string("interaction") } == ["c1"])
        #expect(document.rows("interactions")[0]["positions"] as? [Int] == Array(1...7))
        #expect(document.rows("surveys").isEmpty)
    }

    @Test("a survey of what no feed tells of counts, and moves to it once one does")
    func unknown() throws {
        var story = MetricStory()
        story.tell(
            "survey.answered", MetricStory.day + 5, "pbx-77",
            [
                "invitation_id": .ref("v1"), "question": .text("q"), "score": .integer(5),
                "kind": .text("csat"), "scale": .text("1-5"),
            ])
        let first = try story.rows(["csat", "contacts"], step: .day)
        #expect(first[1].int("metrics.csat.n") == 1 && first[1].int("metrics.csat.part") == 1)
        #expect(first[1].int("metrics.contacts.value") ?? 0 == 0)
        let from = Timestamp(milliseconds: MetricStory.start)
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: 2 * MetricStory.day), only: ["csat"])
        var json = JSONWriter()
        try OpenedDocument.write(query, from: try story.rows { _ in .none }, to: &json)
        let opened = try Document(json).rows("interactions")
        #expect(opened.map { $0.string("interaction") } == ["pbx-77"])
        #expect(opened[0].string("created") == "2025-07-02T00:00:00.005Z")
        story.begin("pbx-77", 0, ["queue": .ref("billing")])
        let then = try story.rows(["csat", "contacts"], per: .queue, step: .day)
        #expect(then.count == 1 && then[0].string("queue") == "billing")
        #expect(then[0].int("metrics.csat.n") == 1 && then[0].int("metrics.contacts.value") == 1)
    }
}
