import Client
import DaemonTesting
import Foundation
import RESP
import Server
import Testing

@Suite("--check-upgrade: whether this program can open a store, beside the daemon that serves it")
struct UpgradeCheckTests {
    private func check(_ daemon: DaemonProcess) -> UpgradeCheck {
        UpgradeCheck(store: daemon.store, version: "9.9")
    }

    private func rename(_ old: String, _ new: String) throws {
        try FileManager.default.moveItem(atPath: old, toPath: new)
    }

    @Test("a store of this version is read whole, while it is served and after")
    func same() throws {
        let daemon = try DaemonProcess()
        try daemon.start(arguments: ["--segment-events", "3"])
        var connection = try daemon.connect()
        for id in 1...8 {
            _ = try connection.call("APPEND", "note.taken", "source", "a", "id", "\(id)")
        }
        for view in [["QUEUES"], ["CUSTOMER", "crm:1"]] {
            _ = try connection.call(view + ["AFTER", "8", "WITHIN", "60000"])
        }
        let served = check(daemon)
        #expect(served.isPossible, "\(served.text)")
        #expect(served.text.hasSuffix("throughlined 9.9 can open \(daemon.store)\n"))
        #expect(served.text.contains("view customers    kept"), "\(served.text)")
        #expect(daemon.stop() == 0)
        #expect(check(daemon).isPossible)
        #expect(try daemon.start())
    }

    @Test("a view of another version is folded anew; a damaged index is made anew")
    func anew() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        #expect(daemon.stop() == 0)
        let views = daemon.store + "/views"
        let file = try #require(
            try FileManager.default.contentsOfDirectory(atPath: views).first {
                $0.hasPrefix("queues-v") && $0.hasSuffix(".view")
            })
        try rename(views + "/" + file, views + "/queues-v0.view")
        let index = daemon.store + "/log/00000000000000000001.index"
        try Data(repeating: 1, count: 16_384).write(to: URL(fileURLWithPath: index))
        let found = check(daemon)
        #expect(found.isPossible, "\(found.text)")
        #expect(found.text.contains("folded anew, from queues-v0.view"), "\(found.text)")
        #expect(found.text.contains("; made anew from the log"), "\(found.text)")
        #expect(found.text.contains("folding anew      0 events for one view, some 1 s"))
        #expect(found.text.contains("going back        possible"), "\(found.text)")
    }

    @Test("a store of a later format is refused by name, and so is what is none")
    func later() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        #expect(daemon.stop() == 0)
        let path = URL(fileURLWithPath: daemon.store + "/store.json")
        let text = try String(contentsOf: path, encoding: .utf8)
        let start = try #require(text.range(of: ",\"checksum\""))
        // The checksum would be another; the first stores had none.
        let later =
            text[..<start.lowerBound].replacing(
                "\"format_version\":1", with: "\"format_version\":7")
            + "}\n"
        try Data(later.utf8).write(to: path)
        let found = check(daemon)
        #expect(!found.isPossible)
        #expect(found.text.contains("format version 7, this program reads 1 to 1"), "\(found.text)")
        let nothing = UpgradeCheck(store: daemon.folder.path, version: "9.9")
        #expect(!nothing.isPossible)
        #expect(nothing.text.contains("it has no store.json"))
    }
}
