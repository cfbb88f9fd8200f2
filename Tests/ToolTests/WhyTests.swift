import Client
import DaemonTesting
import Foundation
import JSON
import RESP
import Testing

@testable import throughline

/// Two calls of one person, the second of which turns up after the figure was looked at.
@Suite("why a figure has changed")
struct WhyTests {
    private let daemon: DaemonProcess
    private let looked: Int64
    private static let day = ["--from", "2026-03-02T00:00:00Z", "--to", "2026-03-03T00:00:00Z"]

    init() throws {
        daemon = try DaemonProcess()
        try daemon.start()
        for (call, customer) in [("i-1", "crm:1"), ("i-2", "crm:2"), ("i-3", "crm:3")] {
            try Self.record(call, of: customer, at: "09", on: daemon)
        }
        var connection = try daemon.connect()
        looked = try #require(try connection.call("HEAD").integerValue)
        try Self.record("i-4", of: "crm:2", at: "11", on: daemon)
        // A month later: what can be a repeat is known.
        try Self.record("i-5", of: "crm:9", at: "09", day: "2026-04-20", on: daemon)
    }

    private static func record(
        _ call: String, of customer: String, at hour: String, day: String = "2026-03-02",
        on daemon: DaemonProcess
    ) throws {
        var connection = try daemon.connect()
        let steps = [
            [
                "interaction.created", "channel", "voice", "direction", "inbound", "method",
                "inbound", "customer", customer,
            ],
            ["queue.entered", "queue", "billing"], ["offer.accepted", "agent", "ana"],
            ["interaction.disconnected", "by", "customer"],
            ["interaction.completed", "outcome", "resolved"],
        ]
        for (index, step) in steps.enumerated() {
            let reply = try connection.call(
                [
                    "APPEND", step[0], "source", "pbx", "id", "\(call)-\(index)", "occurred",
                    "\(day)T\(hour):0\(index):00Z", "interaction", call,
                ] + step.dropFirst())
            try #require(reply.integerValue != nil, "\(reply)")
        }
    }

    private func why(_ words: [String]) throws -> (code: Int32, output: String, error: String) {
        try daemon.tool(
            ["why", daemon.store, "--metric", "fcr_repeat_any"] + Self.day + words)
    }

    @Test("the contact that another one made a repeat is named, and the parts add up")
    func repeated() throws {
        let run = try why(["--since", "\(looked)", "--json"])
        try #require(run.code == 0, "\(run.error)")
        let document = try JSONValue.read(Array(run.output.utf8))
        func part(_ value: JSONValue?, _ name: String) -> Int64 { Cell.integer(value?[name]) }
        let moves = document["contacts"]?.elements ?? []
        for name in ["part", "n"] {
            let moved = moves.map { part($0["now"], name) - part($0["then"], name) }.reduce(0, +)
            #expect(part(document["then"], name) + moved == part(document["now"], name))
        }
        #expect(Cell.integer(document["then"]?["position"]) == looked)
        let second = try #require(moves.first { $0["interaction"]?.text == "i-2" })
        #expect(part(second["now"], "part") == 0)
        #expect(moves.contains { $0["interaction"]?.text == "i-4" })
        // What it says of now is what METRICS says.
        let live = try daemon.tool(
            ["metrics", "--only", "fcr_repeat_any", "--after", "\(looked)", "--json"] + Self.day)
        let row = try JSONValue.read(Array(live.output.utf8))["rows"]?.elements?.first
        let metric = row?["metrics"]?["fcr_repeat_any"]
        #expect(metric?["part"] == document["now"]?["part"])
        #expect(metric?["n"] == document["now"]?["n"])
        let text = try why(["--since", "\(looked)"])
        #expect(text.output.contains("i-2") && text.output.contains("fcr_repeat_any"))
        let csv = try why(["--since", "\(looked)", "--csv"])
        #expect(csv.output.hasPrefix("interaction,"))
    }

    @Test("since the last event nothing has changed; what cannot be meant is said")
    func unchanged() throws {
        var connection = try daemon.connect()
        let head = try #require(try connection.call("HEAD").integerValue)
        let same = try why(["--since", "\(head)"])
        #expect(same.code == 0 && same.output.contains("no contact has another part"))
        let later = try why(["--since", "2099-01-01T00:00:00Z"])
        #expect(later.code == 0 && later.output.contains("no contact has another part"))
        #expect(try why(["--since", "\(head + 1)"]).code == 1)
        #expect(try why(["--since", "2001-01-01T00:00:00Z"]).code == 1)
        #expect(try why(["--since", "yesterday"]).code == 2)
        let unknown = try daemon.tool(
            ["why", daemon.store, "--metric", "fcr", "--since", "1"] + Self.day)
        #expect(unknown.code == 1 && unknown.error.contains("did you mean"), "\(unknown.error)")
    }
}
