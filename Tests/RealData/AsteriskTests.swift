import Client
import DaemonTesting
import Foundation
import RESP
import Testing

/// A small queue of 2018, imported through its mapping, against the columns that the switch wrote
/// itself: hold time, talk time and position.
@Suite(
    "RealData: an Asterisk queue log of 2018",
    .enabled(
        if: RealData.isThere,
        "the queue log is not in $THROUGHLINE_DATA/asterisk-queue-log; nothing is compared"))
struct AsteriskTests {
    private struct Line {
        let moment: Int
        let call: String
        let queue: String
        let event: String
        let position: Int
        let hold: Int
        let talk: Int
    }

    private static var file: URL? {
        RealData.folder?.appendingPathComponent("asterisk-queue-log/queue_log.csv")
    }

    private func lines() throws -> [Line] {
        let text = try String(contentsOf: try #require(Self.file), encoding: .utf8)
        return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(
                String.init)
            return Line(
                moment: Int(fields[1]) ?? 0, call: fields[2], queue: fields[3], event: fields[5],
                position: Int(fields[9]) ?? 0, hold: Int(fields[11]) ?? 0,
                talk: Int(fields[12]) ?? 0)
        }
    }

    @Test("every wait is the hold time, every talk the talk time, every outcome that of the switch")
    func calls() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let mapping = URL(fileURLWithPath: RealData.mapping).deletingLastPathComponent()
            .appendingPathComponent("asterisk-queue-log.toml").path
        let run = try daemon.tool([
            "import", "--json", "--mapping", mapping, try #require(Self.file).path,
        ])
        #expect(run.code == 0, "\(run.error)")
        var connection = try daemon.connect()
        let head = try #require(try connection.call("HEAD").integerValue)
        let lines = try lines()
        var compared = 0
        for entry in lines where entry.event == "ENTERQUEUE" {
            let own = lines.filter { $0.call == entry.call }
            let document = Figure(
                value: try daemon.document(
                    "INTERACTION", entry.call, "AFTER", "\(head)", "WITHIN", "60000"))
            let stay = document["stays"][0]
            #expect(stay["place"].integer == entry.position, "\(entry.call)")
            #expect(document["anomaly_count"].integer == 0, "\(entry.call)")
            #expect(
                document["offers"]["fruitless"].integer
                    == own.count { $0.event == "RINGNOANSWER" }, "\(entry.call)")
            guard let answer = own.first(where: { $0.event == "CONNECT" }) else {
                #expect(stay["outcome"].text == nil, "\(entry.call)")
                continue
            }
            #expect(stay["wait_ms"].integer == answer.hold * 1_000, "\(entry.call)")
            #expect(stay["outcome"].text == "answered", "\(entry.call)")
            compared += 1
            guard let end = own.first(where: { $0.event.hasPrefix("COMPLETE") }) else { continue }
            // The log's times are whole seconds of one clock, its durations of another.
            let talk = try #require(document["connections"][0]["talk_ms"].integer)
            #expect(abs(talk - end.talk * 1_000) <= 1_000, "\(entry.call)")
            #expect(document["state"].text == "completed", "\(entry.call)")
        }
        #expect(compared == lines.count { $0.event == "CONNECT" } && compared > 0)
        try expectDeepest(daemon, lines, head: Int(head))
        try expectAddsUp(daemon, lines, head: Int(head))
        #expect(daemon.stop() == 0)
    }

    /// The most who waited at a time are as many as the deepest position that was given out.
    private func expectDeepest(_ daemon: DaemonProcess, _ lines: [Line], head: Int) throws {
        let metrics = Figure(
            value: try daemon.document(
                "METRICS", "FROM", "2018-11-29T00:00:00Z", "TO", "2018-12-03T00:00:00Z", "QUEUE",
                "IT", "AFTER", "\(head)", "WITHIN", "60000"))
        let deepest = lines.filter { $0.event == "ENTERQUEUE" }.map(\.position).max()
        #expect(metrics["rows"][0]["max_waiting"].integer == deepest)
    }

    /// Each interval adds up, however stays are told apart, and all of them to the calls that came.
    private func expectAddsUp(_ daemon: DaemonProcess, _ lines: [Line], head: Int) throws {
        let parts = ["answered", "abandoned", "flowed_out", "failed", "expired", "waiting"]
        let window = ["METRICS", "FROM", "2018-11-29T00:00:00Z", "TO", "2018-12-03T00:00:00Z"]
        var connection = try daemon.connect()
        for more in [
            ["BY", "quarter", "PER", "queue"], ["BY", "hour", "PER", "stage"],
            ["BY", "day", "PER", "agent"], ["PER", "channel", "ANCHOR", "created"],
        ] {
            let reply = try connection.call(
                window + more + ["AFTER", "\(head)", "WITHIN", "60000"])
            let text = try #require(reply.text, "\(reply)")
            let document = Figure(value: try JSONSerialization.jsonObject(with: Data(text.utf8)))
            var offered = 0
            for row in document["rows"].list {
                let sum = parts.reduce(0) { $0 + (row[$1].integer ?? 0) }
                #expect(row["offered"].integer == sum, "\(more)")
                offered += sum
            }
            #expect(offered == lines.count { $0.event == "ENTERQUEUE" }, "\(more)")
        }
    }
}
