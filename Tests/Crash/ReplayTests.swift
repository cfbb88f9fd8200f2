import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("Replay and export of a store by the tool")
struct ReplayTests {
    private let daemon: DaemonProcess
    private let centre = ProducedCentre(seed: 21, interactions: 24)
    private let documents: ViewDocuments

    init() throws {
        daemon = try DaemonProcess()
        #expect(try daemon.start(arguments: ["--segment-events", "64", "--stride-bytes", "1"]))
        var connection = try daemon.connect()
        for request in centre.requests { _ = try connection.call(request.words) }
        documents = try ViewDocuments(of: centre, from: daemon)
    }

    private func replay(_ words: [String]) throws -> (code: Int32, report: [String: Any]) {
        let run = try daemon.tool(["replay", daemon.store, "--json"] + words)
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        return (run.code, try #require(object as? [String: Any]))
    }

    private func digests(_ report: [String: Any]) -> [String] {
        (report["views"] as? [[String: Any]] ?? []).compactMap { $0["digest"] as? String }
    }

    @Test("a replay beside the daemon, after it and of a backup gives the store's own views")
    func sameViews() throws {
        let beside = try replay(["--compare"])
        #expect(beside.code == 0)
        #expect(digests(beside.report).count == 4)
        #expect(beside.report["events"] as? Int == centre.events.count)
        var connection = try daemon.connect()
        #expect(try connection.call("PING").text == "PONG")
        #expect(daemon.stop() == 0)
        let after = try replay(["--compare"])
        #expect(after.code == 0)
        #expect(digests(after.report) == digests(beside.report))
        let files = try #require(FileManager.default.subpaths(atPath: daemon.store))
        #expect(!files.contains { $0.hasSuffix(".damaged") || $0.hasSuffix(".building") })
        #expect(try daemon.start())
        #expect(try ViewDocuments(of: centre, from: daemon).differences(from: documents) == [])
    }

    @Test("views that are prepared for the next version are there when it starts")
    func prepared() throws {
        let nothing = try replay(["--prepare"])
        #expect(nothing.code == 0 && nothing.report["prepared"] as? [String] == [])
        #expect(daemon.stop() == 0)
        let views = daemon.store + "/views"
        let names = try FileManager.default.contentsOfDirectory(atPath: views)
        let file = try #require(names.first { $0.hasPrefix("customers-") && $0.hasSuffix(".view") })
        try FileManager.default.moveItem(
            atPath: views + "/" + file, toPath: views + "/customers-v1.view")
        let made = try replay(["--prepare"])
        #expect(made.code == 0 && made.report["prepared"] as? [String] == ["customers"])
        let prepared = try #require(made.report["events"] as? Int)
        #expect(try daemon.tool(["replay", daemon.store, "--prepare", "--compare"]).code == 2)
        let nowhere = try daemon.tool(["replay", daemon.folder.path, "--prepare"])
        #expect(nowhere.code == 1 && nowhere.error.contains("it has no log"), "\(nowhere.error)")
        #expect(try daemon.start())
        var connection = try daemon.connect()
        let text = try #require(try connection.call("PROJECTIONS").text)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let list = (object as? [String: Any])?["projections"] as? [[String: Any]]
        let customers = list?.first { $0["name"] as? String == "customers" }
        let position = try #require(customers?["position"] as? Int)
        let folded = try #require(customers?["events_folded"] as? Int)
        // What was prepared is not folded again; the daemon may have ended what was silent since.
        #expect(position >= prepared && folded <= position - prepared, "\(text)")
        #expect(try ViewDocuments(of: centre, from: daemon).differences(from: documents) == [])
        let left = try FileManager.default.contentsOfDirectory(atPath: views)
        #expect(!left.contains { $0.contains("prepar") || $0 == "customers-v1.view" }, "\(left)")
    }

    @Test("views that differ are told by their first key, and the exit code is 1")
    func different() throws {
        let kept = daemon.folder.path + "/kept"
        let first = try replay(["--to", "20", "--into", kept])
        #expect(first.code == 0)
        let second = try replay(["--against", kept, "--examples", "2"])
        #expect(second.code == 1)
        #expect(digests(first.report) != digests(second.report))
        let compared = try #require(second.report["compared"] as? [[String: Any]])
        #expect(compared.count == 4)
        #expect(
            compared.allSatisfy {
                $0["equal"] as? Bool == false && $0["position_there"] as? Int == 20
                    && $0["position_here"] as? Int == centre.events.count
            })
        let kinds = try #require(compared[1]["kinds"] as? [[String: Any]])
        let interactions = try #require(
            kinds.first { $0["kind"] as? String == "interactions" })
        #expect((interactions["only_here"] as? Int ?? 0) > 0)
        let examples = try #require(interactions["examples"] as? [[String: Any]])
        #expect(examples.count == 2 && examples[0]["key"] is String)
        #expect(!kinds.contains { $0["kind"] as? String == "other" })
        let text = try daemon.tool(["replay", daemon.store, "--against", kept])
        #expect(text.output.contains("not the same part of the log"))
        #expect(try daemon.tool(["replay", daemon.store, "--into", kept]).code == 1)
        let whole = daemon.folder.path + "/whole"
        #expect(try replay(["--into", whole]).code == 0)
        let moved = try daemon.tool(["replay", "--diff", kept, whole])
        #expect(moved.code == 1 && moved.output.contains("not the same part of the log"))
        let same = try daemon.tool(["replay", "--diff", whole, daemon.store + "/views"])
        #expect(same.code == 0 && same.output.contains("has the same rows"), "\(same.output)")
        let nowhere = try daemon.tool(["replay", "--diff", whole, daemon.folder.path])
        #expect(nowhere.code == 1 && nowhere.error.contains("has no identity view"))
        #expect(try daemon.tool(["replay", daemon.folder.path]).code == 1)
    }

    @Test(
        "an export that is imported into an empty store gives the same documents",
        arguments: ["events.ndjson", "events.ndjson.zst"])
    func exported(_ name: String) throws {
        let file = daemon.folder.path + "/" + name
        let run = try daemon.tool(["export", daemon.store, "-o", file])
        #expect(run.code == 0, "\(run.error)")
        #expect(!FileManager.default.fileExists(atPath: file + ".resume"))
        // Nothing is written over.
        #expect(try daemon.tool(["export", daemon.store, "-o", file]).code == 1)
        let other = try DaemonProcess()
        #expect(try other.start())
        let read = try other.tool(["import", file])
        #expect(read.code == 0, "\(read.error)")
        // Behind them stands what the import says of itself, and soon what silence has ended.
        let last = centre.events.count
        let again = try ViewDocuments(of: centre, from: other, at: last)
        for (question, text) in again.texts {
            let kept = try #require(documents.texts[question])
            // How far the source reaches, it says only there.
            #expect(
                try ViewDocuments.withoutSources(text) == ViewDocuments.withoutSources(kept),
                "\(question)")
        }
        let mine = try digests(replay(["--to", "\(last)"]).report)
        let copied = try other.tool(["replay", other.store, "--json", "--to", "\(last)"])
        let object = try JSONSerialization.jsonObject(with: Data(copied.output.utf8))
        let theirs = digests(try #require(object as? [String: Any]))
        // Metrics stand under the day on which they were recorded, queues know when their sources
        // were heard; the others know no such moment.
        for index in [0, 3] { #expect(mine[index] == theirs[index]) }
    }

    @Test("an export that was interrupted goes on where it was")
    func resumed() throws {
        let whole = daemon.folder.path + "/whole.ndjson"
        let part = daemon.folder.path + "/part.ndjson"
        #expect(try daemon.tool(["export", daemon.store, "-o", whole]).code == 0)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: whole))
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        let good = lines.prefix(10).reduce(0) { $0 + $1.count + 1 }
        // As a crash leaves it: ten events are noted, half of another lies behind them.
        try bytes.prefix(good + 17).write(to: URL(fileURLWithPath: part))
        let store = try #require(
            JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: daemon.store + "/store.json")))
                as? [String: Any])
        let id = try #require(store["store"] as? String ?? store["id"] as? String)
        let words = [id, "1", "0", "", "", "events", "json"]
        let note = (["\(good)", "11"] + words).joined(separator: "\n")
        try Data(note.utf8).write(to: URL(fileURLWithPath: part + ".resume"))
        let other = ["export", daemon.store, "-o", part, "--resume", "--type", "queue.*"]
        #expect(try daemon.tool(other).code == 1)
        let run = try daemon.tool(["export", daemon.store, "-o", part, "--resume"])
        #expect(run.code == 0, "\(run.error)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: part)) == bytes)
    }

    @Test("an export takes the types, positions and person that are asked for")
    func filtered() throws {
        let all = try daemon.tool(["export", daemon.store]).output.split(separator: "\n")
        #expect(all.count == centre.events.count)
        let some = try daemon.tool(["export", daemon.store, "--from", "3", "--to", "9"])
        #expect(some.output.split(separator: "\n") == Array(all[2...8]))
        let queues = try daemon.tool(["export", daemon.store, "--type", "queue.*"])
        #expect(
            queues.output.split(separator: "\n") == all.filter { $0.contains("\"type\":\"queue.") })
        let person = try #require(centre.customers.first)
        let theirs = try daemon.tool(["export", daemon.store, "--identifier", person])
            .output.split(separator: "\n")
        #expect(!theirs.isEmpty && theirs.count < all.count)
        #expect(Set(theirs).isSubset(of: Set(all)))
    }
}
