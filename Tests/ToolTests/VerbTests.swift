import DaemonTesting
import Foundation
import JSON
import Testing

@testable import throughline

/// The tool beside a daemon with one simulated day.
@Suite("the tool beside a daemon", .serialized)
struct VerbTests {
    private let daemon: DaemonProcess

    init() throws {
        daemon = try DaemonProcess()
        try daemon.start(arguments: ["--segment-events", "400", "--stride-bytes", "4000"])
        let filled = try daemon.tool([
            "simulate", "--seed", "11", "--customers", "40", "--start", "2026-03-02T00:00:00Z",
        ])
        #expect(filled.code == 0)
        let status = try daemon.document("QUEUES", "AFTER", "1", "WITHIN", "60000")
        #expect(status["queues"] != nil)
    }

    private func lines(_ words: [String]) throws -> [String] {
        let result = try daemon.tool(words)
        #expect(result.code == 0, "\(words): \(result.error)")
        return result.output.split(separator: "\n").map(String.init)
    }

    private func values(_ words: [String]) throws -> [JSONValue] {
        try lines(words).map { try JSONValue.read(Array($0.utf8)) }
    }

    /// Reads again until nothing has been recorded meanwhile: a daemon ends what is silent.
    private func quietly<Found>(_ read: () throws -> Found) throws -> Found {
        while true {
            let before = try daemon.document("PROJECTIONS")["position"] as? Int
            let found = try read()
            if try daemon.document("PROJECTIONS")["position"] as? Int == before { return found }
        }
    }

    @Test("tail shows the latest that pass, as a plain filter over all events does")
    func tail() throws {
        let counts = [1, 7, 100_000]
        let (all, latest, queues) = try quietly {
            (
                try values(["tail", "--from", "1", "-n", "1000000", "--json"]),
                try values(["tail", "-n", "9", "--json"]),
                try counts.map {
                    try values(["tail", "-n", "\($0)", "--type", "queue.*", "--json"])
                }
            )
        }
        #expect(all.count > 500)
        let passing = all.filter { ($0["type"]?.text ?? "").hasPrefix("queue.") }
        for (count, shown) in zip(counts, queues) {
            #expect(shown == Array(passing.suffix(count)))
        }
        #expect(latest == Array(all.suffix(9)))
        #expect(
            try values(["tail", "--from", "5", "-n", "3", "--json"]) == Array(all[4..<7]))
        let chats = try values(["tail", "-n", "50", "--channel", "chat", "--json"])
        #expect(chats.allSatisfy { $0["attributes"]?["channel"]?.text ?? "chat" == "chat" })
        let csv = try daemon.tool(["tail", "-n", "9", "--csv"]).output
        #expect(csv.hasPrefix(EventCSV.header))
    }

    @Test("append stores once, says so the second time, and its refusals name what is wrong")
    func append() throws {
        let words = ["append", "note.taken", "source=desk", "id=1", "text=a=b"]
        let first = try daemon.tool(words + ["--json"])
        let second = try daemon.tool(words + ["--json"])
        #expect(first.code == 0 && first.output.contains("\"repeat\":false"))
        #expect(second.output == first.output.replacing("false", with: "true"))
        let other = try daemon.tool(["append", "note.taken", "source=desk", "id=1", "text=secret"])
        #expect(other.code == 1)
        #expect(other.error.contains("IDCONFLICT") && !other.error.contains("secret"))
        let claimed = try daemon.tool([
            "append", "note.taken", "source=desk", "id=2", "--expect", "interaction-none=4",
        ])
        #expect(claimed.code == 1 && claimed.error.contains("CONFLICT"))
    }

    @Test("every verb that looks answers people, JSON and CSV")
    func forms() throws {
        let verbs = [
            ["queues"], ["agents"], ["waiting", "orders"], ["queue", "orders"], ["wait", "orders"],
            ["signals"], ["projections"], ["limits"], ["consumers"], ["doctor"], ["event", "3"],
            ["agents", "--free", "orders"], ["queues", "--at", "300"],
            ["agents", "--at", "300"], ["waiting", "orders", "--at", "300"],
            ["wait", "orders", "--at", "300"], ["inspect", "layout", daemon.store],
            ["inspect", "segment", daemon.store], ["inspect", "index", daemon.store],
            ["inspect", "segment", daemon.store, "--at", "5"],
            ["inspect", "block", daemon.store, "5"], ["inspect", "consumers", daemon.store],
            ["inspect", "dictionary", daemon.store],
            ["inspect", "snapshot", daemon.store, "queues-v2.view"],
        ]
        for verb in verbs {
            let text = try daemon.tool(verb)
            #expect(text.code == 0, "\(verb): \(text.error)")
            #expect(!text.output.isEmpty)
            let json = try daemon.tool(verb + ["--json"])
            #expect((try? JSONValue.read(Array(json.output.utf8)).members) != nil, "\(verb)")
            let csv = try daemon.tool(verb + ["--csv"])
            #expect(csv.code == 0, "\(verb): \(csv.error)")
        }
    }

    @Test("what a person cannot mean is said in words, with exit code 1")
    func refusals() throws {
        let wrong: [([String], String)] = [
            (["queue", "nosuch"], "throughline queues"),
            (["agent", "nosuch"], "throughline agents"),
            (["queues", "--at", "yesterday"], "2026-11-27"),
            (["queues", "--at", "999999"], "head"),
            (["event", "999999"], "999999"), (["tail", "--from", "999999"], "ends at position"),
            (["rebuild", "nosuch"], "identity, queues"), (["doctor", "/nosuch"], "no store"),
            (["inspect", "block", daemon.store, "999999"], "no block"),
            (["inspect", "view", daemon.store, "nosuch"], "nosuch"),
            (["step", "crm:nosuch"], "no event"),
        ]
        for (words, part) in wrong {
            let result = try daemon.tool(words)
            #expect(result.code == 1, "\(words)")
            #expect(result.error.contains(part), "\(words): \(result.error)")
            #expect(result.output.isEmpty)
        }
    }

    @Test("step shows an interaction event by event, and ends where the present is")
    func step() throws {
        let event = try #require(
            try values(["tail", "-n", "1", "--type", "interaction.completed", "--json"]).first)
        let id = try #require(event["attributes"]?["interaction"]?.text)
        let steps = try values(["step", "interaction-\(id)", "--json"])
        let timeline = try values(["timeline", "interaction-\(id)", "--from", "1", "--json"])
        #expect(
            steps.compactMap { $0["event"]?["position"] }
                == (timeline[0]["events"]?.elements ?? []).compactMap { $0["position"] })
        let states = steps.flatMap { $0["changes"]?.elements ?? [] }.filter {
            $0["path"]?.text == "state"
        }
        let now = try daemon.document("INTERACTION", id)["state"] as? String
        #expect(states.last?["after"]?.text == now)
        #expect(states.first?["before"] == .null)
        let only = try values(["step", "interaction-\(id)", "--only", "state", "--json"])
        #expect(only.count == states.count)
    }

    @Test("blocks hold the events of the log, and a damaged file still shows those it can")
    func damaged() throws {
        let all = try values(["tail", "--from", "1", "-n", "1000000", "--json"])
        _ = daemon.stop()
        func document(_ words: [String]) throws -> JSONValue {
            let result = try daemon.tool(["inspect"] + words + ["--json"])
            #expect(result.code == 0, "\(words): \(result.error)")
            return try JSONValue.read(Array(result.output.utf8))
        }
        let segments = try document(["segment", daemon.store])["segments"]?.elements ?? []
        try #require(segments.count >= 2)
        #expect(segments.allSatisfy { $0["faults"]?.elements?.isEmpty == true })
        let first = Cell.integer(segments[0]["first"])
        let position = "\(first + 20)"
        let whole = try document(["block", daemon.store, position])["records"]?.elements ?? []
        #expect(whole.contains { $0["position"] == .integer(first + 20) })
        #expect(whole.allSatisfy { all.contains($0) })

        // What leads to the blocks is lost: the first pages say where the trees begin.
        let path = daemon.store + "/" + (segments[0]["file"]?.text ?? "")
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.write(contentsOf: Data(repeating: 0xA5, count: 8_192))
        try file.close()
        let carved = try document(["segment", daemon.store, "--at", "\(first)"])
        #expect(carved["faults"]?.elements?.isEmpty == false)
        #expect(carved["events"] == segments[0]["events"])
        let blocks = carved["blocks"]?.elements ?? []
        #expect(!blocks.isEmpty && blocks.allSatisfy { $0["offset"] != nil })
        let event = try daemon.tool(["inspect", "block", daemon.store, position, "--json"])
        #expect(event.code == 0)
        let hex = try daemon.tool(["inspect", "hex", path, "--count", "16", "--json"])
        #expect(hex.output.contains(String(repeating: "a5", count: 16)))
    }
}
