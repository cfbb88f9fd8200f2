import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@testable import throughline

/// What an operator asks, each by one command: the guide shows what this store answers.
/// `THROUGHLINE_RECORD=1` writes the answers anew; the difference is then to be read.
@Suite("what an operator asks")
struct OperatorQuestionsTests {
    private static let records = ProcessInfo.processInfo.environment["THROUGHLINE_RECORD"] != nil
    private static let guide = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/Commands/GUIDE.md")
    private static let heading = "## What an operator asks\n"
    /// What the guide calls the store.
    private static let shownStore = "/srv/centre/store"

    /// A morning of calls, a customer who becomes loyal, and a call that comes late.
    private static var events: [[String]] {
        func call(_ id: String, _ customer: String, _ hour: String) -> [[String]] {
            let start = ["source", "pbx", "interaction", id]
            func at(_ minute: Int, _ words: [String]) -> [String] {
                [
                    words[0], "id", "\(id)-\(minute)", "occurred",
                    "2026-03-02T\(hour):0\(minute):00Z",
                ]
                    + start + words.dropFirst()
            }
            return [
                at(
                    0,
                    [
                        "interaction.created", "channel", "voice", "direction", "inbound",
                        "method", "inbound", "customer", customer,
                    ]),
                at(1, ["queue.entered", "queue", "billing"]),
                at(2, ["offer.accepted", "agent", "ana"]),
                at(3, ["interaction.disconnected", "by", "customer"]),
                at(4, ["interaction.completed", "outcome", "resolved"]),
            ]
        }
        // Each soon enough after the one before, and the last of them yesterday.
        let orders = [60.0, 30, 10, 1].enumerated().flatMap { index, days in
            ["order.placed", "order.paid"].map { type in
                [
                    type, "source", "shop", "id", "\(type)-\(index)", "occurred",
                    Date(timeIntervalSinceNow: -days * 86_400).formatted(.iso8601), "order",
                    "o-\(index)", "customer", "crm:8812",
                ] + (type == "order.placed" ? ["total", "4999 EUR"] : [])
            }
        }
        let phone = [
            "identity.linked", "source", "crm", "id", "link-1", "occurred",
            "2026-03-02T10:30:00Z", "customer", "crm:8812", "customer",
            "phone:+34600000001", "from", "phone:+34600000001", "to", "crm:8812", "proof", "code",
        ]
        return call("c-1", "crm:7", "09") + call("c-2", "crm:9", "10") + orders + [phone]
            + call("c-3", "crm:7", "11") + call("c-4", "crm:5", "12").dropLast(3) + definitions
    }

    /// What a call should wait at most, and dates with a name.
    private static var definitions: [[String]] {
        let bodies = [
            ("target", "asa", #"{"metric":"asa","at_most":20000}"#),
            (
                "season", "spring",
                #"{"from":"2026-03-02T00:00:00Z","to":"2026-03-05T00:00:00Z"}"#
            ),
            (
                "season", "winter",
                #"{"from":"2026-02-28T00:00:00Z","to":"2026-03-03T00:00:00Z"}"#
            ),
        ]
        return bodies.map { kind, key, body in
            [
                "definition.set", "source", "ops", "id", key, "occurred", "2026-01-01T00:00:00Z",
                "kind", kind, "key", key, "version", "1", "body", body,
            ]
        }
    }

    private let daemon: DaemonProcess

    init() throws {
        daemon = try DaemonProcess()
        try daemon.start(arguments: ["--set", "access.rules=user:\(geteuid())=operator"])
        var connection = try daemon.connect()
        for event in Self.events {
            let reply = try connection.call(["APPEND"] + event)
            try #require(reply.integerValue != nil, "\(event): \(reply)")
        }
        let day = ["FROM", "2026-03-02T00:00:00Z", "TO", "2026-03-03T00:00:00Z"]
        for view in [["QUEUES"], ["SIGNALS"], ["METRICS"] + day] {
            let seen = try connection.call(
                view + ["AFTER", "\(Self.events.count)", "WITHIN", "60000"])
            try #require(seen.text != nil, "\(view): \(seen)")
        }
    }

    /// Where the section's answers stand, and what is behind them.
    private static func parts() throws -> (before: Substring, block: Substring, behind: Substring) {
        let text = try String(contentsOf: guide, encoding: .utf8)
        let section = try #require(text.range(of: heading))
        let open = try #require(
            text.range(of: "```\n", range: section.upperBound..<text.endIndex))
        let close = try #require(
            text.range(of: "```\n", range: open.upperBound..<text.endIndex))
        return (
            text[..<open.upperBound], text[open.upperBound..<close.lowerBound],
            text[close.lowerBound...]
        )
    }

    /// What differs from run to run says only that it is there.
    private static func masked(_ text: String) -> String {
        text.replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "<time>")
            .replacing(/[0-9a-f]{32,64}/, with: "<digest>")
            .replacing(/[0-9,]+ events\/s/, with: "<rate>")
            .replacing(/[0-9]+\.[0-9] s\b/, with: "<seconds>")
    }

    @Test("each question takes one command, and the guide shows its answer")
    func answers() throws {
        let (before, block, behind) = try Self.parts()
        let commands = block.split(separator: "\n").filter { $0.hasPrefix("$ throughline ") }
        try #require(commands.count >= 6)
        var answered = ""
        for command in commands {
            let line = command.split(separator: "#")[0]
            let words = line.split(separator: " ").dropFirst(2).map {
                String($0).replacing(Self.shownStore, with: daemon.store)
            }
            let run = try daemon.tool(words)
            #expect(run.code == 0, "\(command): \(run.error)")
            #expect(!run.output.isEmpty, "\(command)")
            answered += "\(command)\n" + run.output.replacing(daemon.store, with: Self.shownStore)
        }
        if Self.records {
            try Data((before + answered + behind).utf8).write(to: Self.guide)
        } else {
            #expect(Self.masked(answered) == Self.masked(String(block)))
        }
    }
}
