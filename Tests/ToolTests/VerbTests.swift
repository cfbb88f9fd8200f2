import Client
import DaemonTesting
import Foundation
import JSON
import RESP
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
        var connection = try daemon.connect()
        // What a scorecard and a season need: dates with a name, and a target.
        for (key, from, to) in [("march", "02", "05"), ("before", "01", "04")] {
            let body = #"{"from":"2026-03-\#(from)T00:00:00Z","to":"2026-03-\#(to)T00:00:00Z"}"#
            _ = try connection.call(
                "APPEND", "definition.set", "source", "ops", "id", key, "kind", "season", "key",
                key, "version", "1", "body", body)
        }
        let reply = try connection.call(
            "APPEND", "definition.set", "source", "ops", "id", "asa", "occurred",
            "2026-01-01T00:00:00Z", "kind", "target", "key", "asa", "version", "1", "body",
            #"{"metric":"asa","at_most":1000}"#)
        let head = try #require(reply.integerValue)
        let day = ["FROM", "2026-03-02T00:00:00Z", "TO", "2026-03-03T00:00:00Z"]
        for view in [["QUEUES"], ["SIGNALS"], ["METRICS"] + day] {
            let seen = try connection.call(view + ["AFTER", "\(head)", "WITHIN", "60000"])
            #expect(seen.text != nil, "\(view): \(seen)")
        }
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
        for _ in 0..<50 {
            let before = try daemon.document("PROJECTIONS")["position"] as? Int
            let found = try read()
            if try daemon.document("PROJECTIONS")["position"] as? Int == before { return found }
        }
        Issue.record("something was recorded during each of fifty readings")
        return try read()
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
        func attribute(_ name: String, _ event: JSONValue) -> String? {
            event["attributes"]?[name]?.text
        }
        // An event that names no channel has its interaction's, which another event names.
        let named = chats.filter { attribute("channel", $0) != nil }
        #expect(!named.isEmpty && named.allSatisfy { attribute("channel", $0) == "chat" })
        let interactions = Set(
            all.filter { attribute("channel", $0) == "chat" }.map { attribute("interaction", $0) })
        #expect(
            chats.allSatisfy {
                attribute("channel", $0) != nil
                    || interactions.contains(attribute("interaction", $0))
            })
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

    /// Verbs that look, and the list whose elements are their lines of CSV; nil for one line.
    private func looking() throws -> [([String], String?)] {
        let created = try values([
            "tail", "-n", "100", "--type", "interaction.created", "--json",
        ])
        let event = try #require(created.last { $0["identifiers"]?.elements?.isEmpty == false })
        let interaction = try #require(event["attributes"]?["interaction"]?.text)
        let person = ["customer", "interaction:\(interaction)"]
        let customer = try #require(try values(person + ["--json"]).first?["customer"]?.text)
        let period = ["--from", "2026-03-02T00:00:00Z", "--to", "2026-03-03T00:00:00Z"]
        let day = ["metrics"] + period
        let store = daemon.store
        let queuesView = try #require(
            try FileManager.default.contentsOfDirectory(atPath: store + "/views").first {
                $0.hasPrefix("queues-v") && $0.hasSuffix(".view")
            })
        return [
            (["queues"], "queues"), (["agents"], "agents"), (["waiting", "orders"], "waiting"),
            (["queue", "orders"], "waiting"), (["wait", "orders"], nil), (["signals"], "signals"),
            (["projections"], "projections"), (["limits"], "limits"),
            (["consumers"], "consumers"), (["doctor"], "findings"), (["event", "3"], nil),
            (["agents", "--free", "orders"], "agents"), (["queues", "--at", "300"], "queues"),
            (["agents", "--at", "300"], "agents"),
            (["waiting", "orders", "--at", "300"], "waiting"),
            (["wait", "orders", "--at", "300"], nil), (day, "rows"),
            (day + ["--by", "hour"], "rows"), (day + ["--per", "queue"], "rows"),
            (day + ["--events"], "interactions"), (person, nil),
            (["scorecard"] + period, "rows"),
            (["scorecard", "--season", "march", "--against", "before", "--per", "queue"], "rows"),
            (["season", "march"], "days"), (["signals", "--at", "300"], "signals"),
            (["scorecard"] + period + ["--at", "300"], "rows"),
            (day + ["--only", "asa", "--at", "300"], "rows"),
            (["season", "march", "--against", "before", "--only", "offered"], "days"),
            (["identity", customer], "identifiers"),
            (["timeline", customer], "events"),
            (["timeline", "interaction-\(interaction)"], "events"),
            (["interaction", interaction], nil),
            (["inspect", "layout", store], "files"), (["inspect", "segment", store], "segments"),
            (["inspect", "index", store], "runs"),
            (["inspect", "segment", store, "--at", "5"], "blocks"),
            (["inspect", "block", store, "5"], "records"),
            (["inspect", "consumers", store], "consumers"),
            (["inspect", "dictionary", store], "types"),
            (["inspect", "snapshot", store, queuesView], "kept"),
        ]
    }

    @Test("every verb that looks answers people, JSON and CSV")
    func forms() throws {
        var empty: [String] = []
        for (verb, list) in try looking() {
            let text = try daemon.tool(verb)
            #expect(text.code == 0, "\(verb): \(text.error)")
            #expect(!text.output.isEmpty)
            let (json, csv) = try quietly {
                (try daemon.tool(verb + ["--json"]), try daemon.tool(verb + ["--csv"]))
            }
            let document = try JSONValue.read(Array(json.output.utf8))
            #expect(document.members != nil, "\(verb)")
            #expect(csv.code == 0, "\(verb): \(csv.error)")
            var lines = 1
            if let list {
                let elements = try #require(document[list]?.elements, "\(verb) has no \(list)")
                lines = elements.count
                if lines == 0 { empty.append(verb[0]) }
            }
            // A value may hold a line break; below the names each element has a line.
            let printed = csv.output.split(separator: "\r\n")
            #expect(lines == 0 || printed.count >= lines + 1, "\(verb): \(csv.output)")
        }
        // Nobody reads here, and at the end of the day nobody need wait; nothing else is empty.
        let may: Set = ["waiting", "queue", "consumers", "inspect", "signals", "agents"]
        #expect(may.isSuperset(of: empty), "\(empty)")
    }

    @Test("a walk through the log that lies there shows what a walk by the daemon shows")
    func offline() throws {
        let created = try values([
            "tail", "-n", "100", "--type", "interaction.created", "--json",
        ])
        let event = try #require(created.last { $0["identifiers"]?.elements?.isEmpty == false })
        let interaction = try #require(event["attributes"]?["interaction"]?.text)
        let person = CSVText.field(.array([try #require(event["identifiers"]?.elements?.first)]))
        let offers = try values(["tail", "-n", "1", "--type", "offer.accepted", "--json"])
        let agent = try #require(offers.first?["attributes"]?["agent"]?.text)
        for subject in [person, "interaction-\(interaction)", "agent-\(agent)"] {
            let (live, stored) = try quietly {
                (
                    try lines(["step", subject]),
                    try lines(["replay", daemon.store, "--step", subject])
                )
            }
            #expect(live.contains { $0.hasPrefix("           + ") }, "\(subject)")
            #expect(live == stored)
        }
        let only = ["--only", "state", "--json"]
        let shown = try values(
            ["replay", daemon.store, "--step", "interaction-\(interaction)"] + only)
        #expect(!shown.isEmpty && shown.allSatisfy { $0["changes"]?.elements?.isEmpty == false })
        let nobody = try daemon.tool(["replay", daemon.store, "--step", "crm:nobody"])
        #expect(nobody.code == 1 && nobody.error.contains("no event belongs to it"))
    }

    @Test("an event is found in a block beside neighbours that cannot be read, which are named")
    func neighbours() throws {
        let shown = try lines(["inspect", "event", daemon.store, "5"])
        let record = shown.drop { !$0.hasPrefix("record, ") }.dropFirst().flatMap { line in
            HexText.bytes(line.dropFirst(10).prefix(47).filter { $0 != " " }) ?? []
        }
        let records = [[0xFF], record, Array(record.dropLast())]
        var faults: [String] = []
        let found = try #require(InspectEvent.event(at: 5, in: records, &faults))
        #expect(found.record == record)
        #expect(try JSONValue.read(found.document)["position"] == .integer(5))
        #expect(faults.count == 1 && faults[0].hasPrefix("record 1 of the block"))
        faults = []
        #expect(InspectEvent.event(at: 6, in: records, &faults) == nil)
        #expect(faults.count == 2, "\(faults)")
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
