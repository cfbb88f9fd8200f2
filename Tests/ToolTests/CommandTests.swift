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
                "METRICS", "FROM", "a", "TO", "b", "QUEUE", "x", "QUEUE", "y", "BY", "hour",
                "TARGET",
                "20000", "SHORT", "5000",
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

    @Test("a page of events says where to go on; anything else is refused")
    func page() throws {
        let document = Reply.bulk(Array("{\"position\":4}".utf8))
        let page = try EventPage(.array([.integer(5), .array([document])]))
        #expect(page.next == 5)
        #expect(page.events.count == 1)
        let wrong: [Reply] = [
            .null, .integer(5), .array([.integer(5)]),
            .array([.integer(5), .array([.integer(1)])]),
        ]
        for reply in wrong {
            #expect(throws: ToolFailure.self) { try EventPage(reply) }
        }
    }
}
