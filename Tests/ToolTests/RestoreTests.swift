import Client
import DaemonTesting
import Foundation
import JSON
import RESP
import Testing

@testable import throughline

/// Backups of a daemon with twenty notes of one customer, and ledgers as anybody may write them.
@Suite("restoring with a ledger of erasures")
struct RestoreTests {
    private static let head = 20
    private static let surrogate = "c_G00000000000"

    private let daemon: DaemonProcess
    private let storeID: String
    private var backup: String { daemon.store + ".backups/old" }
    private var target: String { daemon.folder.path + "/restored" }
    private var ledger: String { daemon.folder.path + "/given.ledger" }

    init() throws {
        daemon = try DaemonProcess()
        try daemon.start()
        var connection = try daemon.connect()
        for number in 1...Self.head {
            let reply = try connection.call(
                "APPEND", "note.taken", "source", "desk", "id", "\(number)", "customer", "crm:1",
                "text", "a note")
            try #require(reply.integerValue == Int64(number))
        }
        let info = try connection.call("INFO", "server").text ?? ""
        storeID = try #require(
            StatusCommand.sections(of: info)["server"]?["store_id"]?.text)
        let made = try daemon.tool(["backup", "old"])
        try #require(made.code == 0, "\(made.error)")
        try #require(daemon.stop() == 0)
    }

    private func write(_ lines: [String]) throws {
        let text = ["throughline-erasures 1", "store \(storeID)"] + lines
        try Data((text.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(fileURLWithPath: ledger))
    }

    private func restore(to path: String) throws -> (code: Int32, output: String, error: String) {
        try daemon.tool(["restore", backup, path, "--erasures", ledger])
    }

    @Test("a ledger that cannot be meant is refused by its line, and nothing is restored")
    func hostile() throws {
        let positions = [
            "0=0/0:1-18446744073709551615", "0=0/0:576460752303423488", "0=0/0:0", "0=0/0:9-5",
            "0=0/0:5,5", "0=0/0:1-2-3", "0=-1/0:1", "0=0/-1:1", "-1=0/0:1", "255=0/0:1",
            "0=65536/0:1", "0=0/9223372036854775807:1", "x=0=0/0:1", "0=0:1", "0=0/0", "1-20",
            "0=0/0:" + (1...9_000).map { "\($0 * 2)" }.joined(separator: ","),
        ]
        let surrogates = ["c_G00000000000-15", "c_G00000000001", "c_FZZZZZZZZZZ0", "c_", "crm:1"]
        let right = "erasure 1 999 \(Self.surrogate) 0=0/0:5 -"
        let wrong =
            positions.flatMap {
                [
                    "erasure 1 1000 \(Self.surrogate) \($0) -",
                    "erasure 1 1000 \(Self.surrogate) - \($0)",
                ]
            } + surrogates.map { "erasure 1 1000 \($0) 0=0/0:6 -" }
            + ["erasure 1 -5 \(Self.surrogate) 0=0/0:6 -", "erasure 1 1000", ""]
        for line in wrong {
            try write([right, line])
            let result = try restore(to: target)
            #expect(result.code == 1, "\(line.prefix(80))")
            #expect(result.error.contains("given.ledger"), "\(result.error)")
            #expect(result.error.contains("line 4 is not"), "\(result.error)")
            #expect(!FileManager.default.fileExists(atPath: target))
        }
    }

    @Test("positions behind the backup's end are cut off, however many; the rest is carried out")
    func clipped() throws {
        try write(["erasure 1 999 \(Self.surrogate) 0=0/0:7-576460752303423487 -"])
        try FileManager.default.removeItem(atPath: daemon.store)
        let restored = try restore(to: daemon.store)
        try #require(restored.code == 0, "\(restored.error)")
        let next = try String(contentsOfFile: daemon.store + "/erasures.next", encoding: .utf8)
        #expect(next.contains(" 0=0/0:7-\(Self.head) -\n"), "\(next)")
        try daemon.start()
        #expect(try daemon.document("EVENT", "6")["erased"] == nil)
        for position in [7, Self.head] {
            #expect(try daemon.document("EVENT", "\(position)")["erased"] as? Bool == true)
        }
    }

    @Test("every file that the program writes is known: a store's, a backup's, a restored store's")
    func layout() throws {
        try write(["erasure 1 999 \(Self.surrogate) 0=0/0:5 -"])
        #expect(try restore(to: target).code == 0)
        try FileManager.default.copyItem(
            atPath: ledger, toPath: daemon.store + ".backups/erasures.ledger")
        var found: Set<String> = []
        for folder in [daemon.store, daemon.store + ".backups", target] {
            let files = StoreLayout.files(of: folder)
            #expect(files.allSatisfy { $0.kind != StoreLayout.unknown }, "\(files)")
            found.formUnion(files.map { $0.name.split(separator: "/").last.map(String.init) ?? "" })
        }
        let expected: Set = [
            "store.json", "journal", "epoch.next", "erasures.next", "erasures.ledger",
            "backup.manifest",
        ]
        #expect(found.isSuperset(of: expected), "\(found)")
        #expect(StoreLayout.kind(of: "notes.txt") == StoreLayout.unknown)
    }

    @Test(
        "every name of a file that the sources declare is known, and so is each while it is written"
    )
    func names() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        var names = ["store.json", "journal", "LOCK", "CRASHED"]
        for module in ["EventLog", "Consumers"] {
            let folder = root.appendingPathComponent("Sources/\(module)")
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            while let file = files?.nextObject() as? URL {
                guard file.pathExtension == "swift" else { continue }
                let text = try String(contentsOf: file, encoding: .utf8)
                names += text.matches(of: /static let (?:fileName|name) = "([^"]+)"/).map {
                    String($0.output.1)
                }
            }
        }
        #expect(names.count >= 10, "\(names)")
        let segment = "log/00000000000000000001"
        names += ["\(segment).segment", "\(segment).index", "\(segment).filter"]
        names += ["queues-v2.view", "queues-v2.building", "queues-v2.view.damaged"]
        for name in names {
            for ending in ["", ".new", "-lock", ".new-lock"] {
                let kind = StoreLayout.kind(of: name + ending)
                #expect(kind != StoreLayout.unknown, "\(name + ending)")
            }
        }
    }
}
