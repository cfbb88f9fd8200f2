import DaemonTesting
import Foundation
import Testing

extension AnonymousBankTests {
    @Test(
        "a month that is exported, interrupted and resumed, then imported, gives the same views",
        .enabled(if: RealData.isLong, "tools/test --long"))
    func exported() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let imported = try importMonths(["1999-01-january"], into: daemon)
        let head = try #require(try head(daemon))
        #expect(head >= imported.stored)
        #expect(daemon.stop() == 0)
        let file = daemon.folder.path + "/january.ndjson.zst"
        try export(daemon, to: file)

        let other = try DaemonProcess()
        try other.start()
        let read = try other.tool(["import", "--json", file])
        #expect(read.code == 0, "\(read.error)")
        #expect(other.stop() == 0)

        let folded = daemon.folder.path + "/folded"
        let through = ["--to", "\(head)"]
        let first = try daemon.tool(["replay", daemon.store, "--into", folded] + through)
        try #require(first.code == 0, "\(first.error)")
        let compared = try other.tool(
            ["replay", other.store, "--against", folded, "--json"] + through)
        let report = Figure(
            value: try JSONSerialization.jsonObject(with: Data(compared.output.utf8)))
        var different: [String: Set<String>] = [:]
        for view in report["compared"].list {
            let kinds = view["kinds"].list.filter {
                $0["changed"].integer != 0 || $0["only_there"].integer != 0
                    || $0["only_here"].integer != 0
            }
            different[view["name"].text ?? ""] = Set(kinds.compactMap { $0["kind"].text })
        }
        try #require(different.count == 4)
        #expect(different["customers"] == [])
        #expect(different["identity"] == [])
        // When a feed was heard, and the last event recorded, is another moment there.
        #expect(different["queues"]?.isSubset(of: ["feeds", "feeds of queues"]) == true)
        let days = try recordedDays(daemon.store, other.store, head)
        let figures: Set<String> =
            days.count == 1 ? ["watermark"] : ["watermark", "figures", "levels"]
        #expect(different["metrics"]?.isSubset(of: figures) == true, "\(different)")
    }

    /// Exports twice: once a part, as a kill leaves it, then the rest behind it.
    private func export(_ daemon: DaemonProcess, to file: String) throws {
        let whole = file + ".whole.zst"
        try #require(try daemon.tool(["export", daemon.store, "-o", whole]).code == 0)
        let part = try daemon.tool(["export", daemon.store, "--to", "40000", "-o", file])
        try #require(part.code == 0, "\(part.error)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file)).count
        let store = Figure(
            value: try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: daemon.store + "/store.json"))))
        let id = try #require(store["store"].text)
        let note = ["\(bytes)", "40001", id, "1", "0", "", "", "events", "json"]
        try Data(note.joined(separator: "\n").utf8).write(
            to: URL(fileURLWithPath: file + ".resume"))
        let rest = try daemon.tool(["export", daemon.store, "-o", file, "--resume"])
        try #require(rest.code == 0, "\(rest.error)")
    }

    /// The days on which the first and the last event of both stores were recorded.
    private func recordedDays(_ store: String, _ other: String, _ head: Int) throws -> Set<String> {
        var days: Set<String> = []
        for folder in [store, other] {
            for position in [1, head] {
                let run = try DaemonProcess().tool([
                    "inspect", "event", folder, "\(position)", "--json",
                ])
                let event = Figure(
                    value: try JSONSerialization.jsonObject(with: Data(run.output.utf8)))
                days.insert(String(event["recorded"].text?.prefix(10) ?? ""))
            }
        }
        return days
    }
}
