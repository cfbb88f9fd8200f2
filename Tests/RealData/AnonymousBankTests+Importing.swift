import Client
import DaemonTesting
import Foundation
import RESP
import Testing

extension AnonymousBankTests {
    /// What an import said at its end.
    struct Imported {
        let stored: Int
        let repeated: Int
        let closing: String
    }

    func importArguments(_ months: [String]) throws -> [String] {
        ["import", "--json", "--mapping", RealData.mapping] + (try months.map(RealData.file))
    }

    func importMonths(_ months: [String], into daemon: DaemonProcess) throws -> Imported {
        let run = try daemon.tool(importArguments(months))
        #expect(run.code == 0, "\(run.error)")
        let summary = Figure(value: try JSONSerialization.jsonObject(with: Data(run.output.utf8)))
        #expect(summary["dead_letters"].integer == 0)
        return Imported(
            stored: try #require(summary["events_stored"].integer),
            repeated: try #require(summary["events_repeated"].integer), closing: run.output)
    }

    func head(_ daemon: DaemonProcess) throws -> Int? {
        var connection = try daemon.connect()
        return try connection.call("HEAD").integerValue.map(Int.init)
    }

    /// METRICS over local time in the bank's zone, once every view has seen everything.
    func metrics(
        _ daemon: DaemonProcess, from: String, to: String, _ more: [String] = []
    ) throws -> Figure {
        var connection = try daemon.connect()
        let head = try #require(try head(daemon))
        let words =
            [
                "METRICS", "FROM", from, "TO", to, "ANCHOR", "created", "ZONE", "Asia/Jerusalem",
                "TARGET", "20000", "TARGET", "30000", "AFTER", "\(head)", "WITHIN", "60000",
            ] + more
        var reply = try connection.call(words)
        // A slow machine folds a month for more than a minute.
        for _ in 0..<Totals.attemptsMax {
            guard case .error("STALE", _) = reply else { break }
            reply = try connection.call(words)
        }
        let text = try #require(reply.text, "\(reply)")
        return Figure(value: try JSONSerialization.jsonObject(with: Data(text.utf8)))
    }

    /// Every hour and day of a month adds up, by queue, channel, stage, type and agent too, and all of them
    /// to the same.
    func expectAddsUp(_ daemon: DaemonProcess, month: String) throws {
        var connection = try daemon.connect()
        let (from, to) = Self.bounds(of: month)
        let parts = ["answered", "abandoned", "flowed_out", "failed", "expired", "waiting"]
        var wholes: Set<Int> = []
        for more in [
            ["BY", "hour"], ["BY", "hour", "PER", "queue"], ["BY", "day", "PER", "channel"],
            ["BY", "day", "PER", "stage"], ["PER", "type"], ["PER", "agent"],
        ] {
            let reply = try connection.call(["METRICS", "FROM", from, "TO", to] + more)
            let text = try #require(reply.text, "\(reply)")
            let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            #expect(json?["truncated"] == nil, "\(more)")
            var whole = 0
            for row in json?["rows"] as? [[String: Any]] ?? [] {
                func number(_ name: String) -> Int { row[name] as? Int ?? .min / 8 }
                let sum = parts.reduce(0) { $0 + number($1) }
                #expect(number("offered") == sum, "\(more)")
                whole += sum
            }
            wholes.insert(whole)
        }
        #expect(wholes.count == 1 && wholes.first ?? 0 > 20_000, "\(wholes)")
    }

    /// The bounds of a month, or of all months, in the bank's zone; its summer time of 1999 ran
    /// from 2 April to 3 September.
    static func bounds(of month: String) -> (from: String, to: String) {
        let starts = [
            "1999-01": "1998-12-31T22:00:00Z", "1999-02": "1999-01-31T22:00:00Z",
            "1999-03": "1999-02-28T22:00:00Z", "1999-04": "1999-03-31T22:00:00Z",
            "1999-05": "1999-04-30T21:00:00Z", "1999-06": "1999-05-31T21:00:00Z",
            "1999-07": "1999-06-30T21:00:00Z", "1999-08": "1999-07-31T21:00:00Z",
        ]
        let next = "1999-0\((Int(month.suffix(1)) ?? 0) + 1)"
        return (starts[month] ?? "", starts[next] ?? "")
    }

    func figures(of month: String, _ daemon: DaemonProcess) throws -> Figure {
        let (from, to) = Self.bounds(of: month)
        return try metrics(daemon, from: from, to: to)["rows"][0]
    }

    func sameFigures(_ left: Figure, _ right: Figure) throws -> Bool {
        try text(left) == text(right)
    }

    /// The figures as one text, names in order.
    private func text(_ figures: Figure) throws -> Data {
        try JSONSerialization.data(withJSONObject: figures.object, options: .sortedKeys)
    }
}
