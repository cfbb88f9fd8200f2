import ArgumentParser
import Importing
import JSON
import RESP
import Testing

@testable import throughline

@Suite("command lines")
struct CommandTests {
    @Test("metrics become the words of METRICS, seconds as milliseconds")
    func metrics() throws {
        let command = try #require(
            try Throughline.parseAsRoot([
                "metrics", "--from", "a", "--to", "b", "--queue", "x", "--queue", "y", "--by",
                "hour",
                "--target", "20", "--short", "5",
            ]) as? MetricsCommand)
        #expect(
            command.words == [
                "METRICS", "FROM", "a", "TO", "b", "QUEUE", "x", "QUEUE", "y", "SHORT", "5000",
                "BY", "hour", "TARGET", "20000",
            ])
    }

    @Test("scorecard becomes the words of SCORECARD, of a period or of a season")
    func scorecard() throws {
        let command = try #require(
            try Throughline.parseAsRoot([
                "scorecard", "--season", "w", "--against", "yearBefore", "--per", "queue",
                "--where", "agent=a=b", "--target", "30", "--days", "7",
            ]) as? ScorecardCommand)
        #expect(
            command.words == [
                "SCORECARD", "SEASON", "w", "AGAINST", "yearBefore", "PER", "queue", "TARGET",
                "30000", "WHERE", "agent", "a=b", "DAYS", "7",
            ])
        let period = try #require(
            try Throughline.parseAsRoot(["scorecard", "--from", "a", "--to", "b", "--at", "9"])
                as? ScorecardCommand)
        #expect(period.words == ["SCORECARD", "FROM", "a", "TO", "b", "AT", "9"])
    }

    @Test("season becomes the words of SEASON")
    func season() throws {
        let command = try #require(
            try Throughline.parseAsRoot([
                "season", "w", "--against", "v", "--align", "trading", "--like", "queue", "--only",
                "asa", "--channel", "voice", "--occurred", "t", "--now", "n",
            ]) as? SeasonCommand)
        #expect(
            command.words == [
                "SEASON", "w", "AGAINST", "v", "ALIGN", "trading", "LIKE", "queue", "ONLY", "asa",
                "CHANNEL", "voice", "OCCURRED", "t", "NOW", "n",
            ])
    }

    @Test("timeline becomes the words of TIMELINE")
    func timeline() throws {
        let command = try #require(
            try Throughline.parseAsRoot([
                "timeline", "agent-ana", "--from", "7", "--count", "20", "--channel", "voice",
                "--type", "offer.*", "--type", "note.taken",
            ]) as? TimelineCommand)
        #expect(
            command.words == [
                "TIMELINE", "agent-ana", "FROM", "7", "COUNT", "20", "CHANNEL", "voice", "TYPE",
                "offer.*", "TYPE", "note.taken",
            ])
    }

    @Test(
        "command lines that cannot be meant are refused",
        arguments: [
            ["import"], ["import", "--batch", "0", "f"], ["import", "--batch", "x", "f"],
            ["customer", "8812"], ["customer"], ["tail", "--count", "0"], ["tail", "--from", "0"],
            ["timeline"], ["timeline", "x", "--from", "1", "--before", "2"],
            ["timeline", "x", "--count", "0"],
            ["queues", "--within", "5"], ["metrics", "--from", "x"], ["nonsense"], ["verify"],
            ["verify", "s", "--jobs", "0"],
            ["verify", "s", "--from", "0"], ["verify", "s", "--from", "5", "--to", "4"],
            ["verify", "s", "--repair", "--to", "4"],
        ])
    func refused(words: [String]) {
        do {
            _ = try Throughline.parseAsRoot(words)
            Issue.record("taken: \(words)")
        } catch {
            #expect(Throughline.exitCode(for: error) == .validationFailure)
        }
    }

    @Test("INFO's sections become a document")
    func info() throws {
        let value = StatusCommand.sections(
            of: "# Server\r\nversion:1.0.0\r\nsocket:/a:b\r\n\r\n# Log\r\nhead:12\r\nempty:\r\n")
        #expect(value["server"]?["version"] == .string("1.0.0"))
        #expect(value["server"]?["socket"] == .string("/a:b"))
        #expect(value["log"]?["head"] == .integer(12))
        #expect(value["log"]?["empty"] == .string(""))
    }

    @Test("append takes name=value, values with an equals sign too, and guards by stream=n")
    func append() throws {
        let command = try #require(
            try Throughline.parseAsRoot([
                "append", "note.taken", "source=desk", "id=7", "text=a=b", "note=", "--expect",
                "order-a=b=3", "--expect", "agent-ana=none",
            ]) as? AppendCommand)
        #expect(
            command.words == [
                "APPEND", "note.taken", "source", "desk", "id", "7", "text", "a=b", "note", "",
            ])
        #expect(
            command.guards == ["EXPECT", "order-a=b", "3", "EXPECT", "agent-ana", "none"])
    }

    @Test("what APPEND answers is told apart: stored now, before, or before and erased since")
    func appended() throws {
        let cases: [(Reply, AppendAnswer.State)] = [
            (.integer(4), .stored), (.array([.integer(4), .simple("REPEAT")]), .repeated),
            (.array([.integer(4), .simple("ERASED")]), .erased),
        ]
        for (reply, state) in cases {
            let answer = try #require(AppendAnswer(reply))
            #expect(answer.position == 4 && answer.state == state)
            #expect(answer.document["repeat"] == .boolean(state != .stored))
            #expect((answer.document["erased"] == .boolean(true)) == (state == .erased))
            #expect(answer.text.contains("stored before") == (state != .stored))
            #expect(answer.text.contains("is erased") == (state == .erased))
        }
        let senseless: [Reply] = [
            .simple("OK"), .array([]), .array([.integer(4)]),
            .array([.integer(4), .simple("LATER")]), .array([.simple("ERASED")]),
        ]
        for reply in senseless { #expect(AppendAnswer(reply) == nil, "\(reply)") }
    }

    @Test("agents become the words of AGENTS, as of a moment too")
    func agents() throws {
        let command = try #require(
            try Throughline.parseAsRoot([
                "agents", "--free", "billing", "--skill", "cards>=3", "--language", "es",
                "--count", "5", "--at", "41",
            ]) as? AgentsCommand)
        #expect(
            command.words == [
                "AGENTS", "FREE", "billing", "LANGUAGE", "es", "COUNT", "5", "SKILL", "cards>=3",
                "AT", "41",
            ])
    }

    @Test(
        "options that contradict each other are refused",
        arguments: [
            ["queues", "--json", "--csv"], ["queue", "x", "--at", "1", "--occurred", "2"],
            ["agents", "--channel", "voice"], ["agents", "--free", "x", "--state", "offline"],
            ["append", "note.taken", "text"], ["append", "note.taken", "--expect", "agent-ana"],
            ["tail", "--identifier", "8812"], ["doctor", "--plan", "0"], ["event", "0"],
            ["inspect", "event", "s", "0"], ["step", "8812"], ["step", "identifier-crm:8812"],
            ["step", "order-crm:7"], ["step", "order-7"], ["step", "thread-7"], ["step", "case-7"],
            ["scorecard"], ["scorecard", "--from", "a"],
            ["scorecard", "--from", "a", "--to", "b", "--season", "w"],
            ["season"], ["season", "w", "--align", "day"], ["season", "w", "--like", "queue"],
            ["timeline", "agent-ana", "--at", "5", "--occurred", "x"],
            ["export", "s", "--identifier", "a:b", "--customer", "a:b"],
            ["export", "s", "--customer", "ana"], ["export", "s", "--view", "nonsense"],
            ["export", "s", "--view", "queues", "--type", "x"],
            ["export", "s", "--view", "queues", "--resume", "-o", "f"],
            ["replay"], ["replay", "s", "--diff", "a", "b"], ["replay", "--diff", "a"],
            ["replay", "--diff", "a", "b", "--to", "4"], ["replay", "s", "--step", "order-7"],
            ["replay", "s", "--only", "stage"],
            ["replay", "s", "--step", "crm:7", "--compare"],
        ])
    func contradicting(words: [String]) {
        do {
            _ = try Throughline.parseAsRoot(words)
            Issue.record("taken: \(words)")
        } catch {
            #expect(Throughline.exitCode(for: error) == .validationFailure)
        }
    }
}
