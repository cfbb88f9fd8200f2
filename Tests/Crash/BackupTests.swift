import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("Backups of a running daemon")
struct BackupTests {
    private static let sizes = ["--segment-events", "60", "--stride-bytes", "2000"]

    private static func append(_ ids: Range<Int>, socket: String) throws {
        var connection = try Connection(socketPath: socket)
        for id in ids {
            let reply = try connection.call(
                "APPEND", "note.taken", "source", "pbx", "id", "\(id)", "interaction",
                "i-\(id / 3)", "customer", "crm:\(id % 5)")
            #expect(!reply.isError, "\(reply)")
        }
    }

    private static func appendMeanwhile(_ ids: Range<Int>, socket: String) async throws {
        try append(ids, socket: socket)
    }

    private func backups(_ daemon: DaemonProcess) -> String { daemon.store + ".backups" }

    @Test("made while it is appended to, each is whole, restores and serves in a new epoch")
    func hot() async throws {
        let daemon = try DaemonProcess()
        #expect(try daemon.start(arguments: Self.sizes))
        try Self.append(0..<150, socket: daemon.socket)
        for round in 1...5 {
            let socket = daemon.socket
            async let appended: Void = Self.appendMeanwhile(
                round * 1_000..<round * 1_000 + 200, socket: socket)
            let made = try daemon.tool(["backup", "round-\(round)"])
            #expect(made.code == 0, "\(made.error)")
            try await appended
            let verified = try daemon.tool(["verify", backups(daemon) + "/round-\(round)"])
            #expect(verified.code == 0, "\(verified.output)")
            #expect(verified.output.hasPrefix("backup "))
        }
        #expect(try daemon.tool(["backup", "round-1"]).error.contains("there is a backup round-1"))
        let mode =
            try FileManager.default.attributesOfItem(
                atPath: backups(daemon) + "/round-3")[.posixPermissions] as? Int
        #expect(mode == 0o700)
        #expect(daemon.stop() == 0)
        try FileManager.default.moveItem(atPath: daemon.store, toPath: daemon.folder.path + "/old")
        let restored = try daemon.tool(["restore", backups(daemon) + "/round-5", daemon.store])
        #expect(restored.code == 0, "\(restored.error)")
        #expect(restored.output.contains("epoch      2"))
        // Killed before the note of the epoch is taken away, it begins no second one.
        #expect(try !daemon.start(failpoint: "epoch.begun", arguments: Self.sizes))
        #expect(daemon.waitUntilKilled())
        #expect(try daemon.start(arguments: Self.sizes))
        var connection = try daemon.connect()
        let words = try #require(try connection.call("HELLO").elements)
        let place = try #require(words.firstIndex { $0.text == "epoch" })
        #expect(words[place + 1].integerValue == 2)
        let head = try #require(try connection.call("HEAD").integerValue)
        let event = try daemon.document("EVENT", "\(head)")
        #expect(event["type"] as? String == "store.epoch")
        #expect((event["attributes"] as? [String: Any])?["reason"] as? String == "restored")
        try Self.append(0..<10, socket: daemon.socket)
        #expect(try daemon.tool(["verify", daemon.store]).code == 0)
        #expect(
            try daemon.tool(["restore", backups(daemon) + "/round-5", daemon.store]).code == 1)
    }

    @Test(
        "a daemon killed while it makes one leaves no backup, or a whole one; appends are safe",
        arguments: ["backup.copied", "backup.manifest", "backup.moved"])
    func killed(failpoint: String) throws {
        let daemon = try DaemonProcess()
        #expect(try daemon.start(failpoint: failpoint, arguments: Self.sizes))
        try Self.append(0..<130, socket: daemon.socket)
        #expect(try daemon.tool(["backup", "first"]).code == 1)
        #expect(daemon.waitUntilKilled())
        let whole = failpoint == "backup.moved"
        let path = backups(daemon) + "/first"
        #expect(FileManager.default.fileExists(atPath: path) == whole)
        let target = daemon.folder.path + "/target"
        #expect(try daemon.tool(["restore", path, target]).code == (whole ? 0 : 1))
        if failpoint == "backup.copied" {
            #expect(try daemon.tool(["restore", path + ".partial", target]).code == 1)
        }
        #expect(try daemon.start(arguments: Self.sizes))
        try Self.append(0..<140, socket: daemon.socket)
        #expect(try daemon.tool(["backup", whole ? "second" : "first"]).code == 0)
        let next = backups(daemon) + (whole ? "/second" : "/first")
        #expect(try daemon.tool(["verify", next]).code == 0)
        #expect(try daemon.tool(["verify", daemon.store]).code == 0)
        #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
    }

    @Test("a restore that is killed leaves no store; said again it makes one")
    func restoreKilled() throws {
        let daemon = try DaemonProcess()
        #expect(try daemon.start(arguments: Self.sizes))
        try Self.append(0..<130, socket: daemon.socket)
        #expect(try daemon.tool(["backup", "first"]).code == 0)
        #expect(daemon.stop() == 0)
        let backup = backups(daemon) + "/first"
        let target = daemon.folder.path + "/target"
        let killed = try daemon.tool(
            ["restore", backup, target], environment: ["THROUGHLINE_FAILPOINT": "restore.copied"])
        #expect(killed.code == SIGKILL, "\(killed.error)")
        #expect(!FileManager.default.fileExists(atPath: target))
        #expect(FileManager.default.fileExists(atPath: target + ".restoring"))
        #expect(try daemon.tool(["restore", backup, target]).code == 0)
        #expect(!FileManager.default.fileExists(atPath: target + ".restoring"))
        #expect(try daemon.tool(["verify", target]).code == 0)
    }

    @Test("heal one damaged segment, whose events alone could not be read, and refuse any other")
    func segment() throws {
        let daemon = try DaemonProcess()
        #expect(try daemon.start(arguments: Self.sizes))
        try Self.append(0..<200, socket: daemon.socket)
        try daemon.seal()
        #expect(try daemon.tool(["backup", "one"]).code == 0)
        let backup = backups(daemon) + "/one"
        let running = try daemon.tool(["restore", backup, daemon.store, "--segment", "61"])
        #expect(running.error.contains("LOCK"), "\(running.error)")
        #expect(daemon.stop() == 0)
        let file = URL(fileURLWithPath: daemon.store + "/log/00000000000000000061.segment")
        var bytes = try Data(contentsOf: file)
        // In the middle of each page: whatever the block there is, it is damaged.
        for page in stride(from: 2 * 4_096, to: bytes.count, by: 4_096) {
            for place in page + 2_000..<page + 2_010 { bytes[place] ^= 0x55 }
        }
        try bytes.write(to: file)
        #expect(try daemon.start(arguments: Self.sizes))
        do {
            var connection = try daemon.connect()
            let reply = try connection.call("EVENT", "70")
            guard case .error("DAMAGED", _) = reply else {
                Issue.record("\(reply)")
                return
            }
            #expect(try !connection.call("EVENT", "60").isError)
            #expect(try !connection.call("EVENT", "121").isError)
        }
        #expect(daemon.stop() == 0)
        for (segment, reason) in [("10000", "no segment that has ended"), ("0", "begin at 1")] {
            let refused = try daemon.tool(["restore", backup, daemon.store, "--segment", segment])
            #expect(refused.code != 0 && refused.error.contains(reason), "\(refused.error)")
        }
        let healed = try daemon.tool(["restore", backup, daemon.store, "--segment", "70"])
        #expect(healed.code == 0, "\(healed.error)")
        #expect(healed.output.contains("positions 61 to 120"))
        #expect(try daemon.tool(["verify", daemon.store]).code == 0)
        // A file that is missing is put back too.
        try FileManager.default.removeItem(at: file)
        let replaced = try daemon.tool(["restore", backup, daemon.store, "--segment", "120"])
        #expect(replaced.code == 0, "\(replaced.error)")
        #expect(try daemon.tool(["verify", daemon.store]).code == 0)
        #expect(!FileManager.default.fileExists(atPath: daemon.store + ".looking"))
        #expect(try daemon.start(arguments: Self.sizes))
        var connection = try daemon.connect()
        for position in [61, 70, 120] {
            #expect(try !connection.call("EVENT", "\(position)").isError)
        }
        #expect(daemon.stop() == 0)
    }

    @Test("are not used for a segment of which something was erased since")
    func erasedSegment() throws {
        let daemon = try DaemonProcess()
        #expect(try daemon.start(arguments: Self.sizes))
        try Self.append(0..<200, socket: daemon.socket)
        try daemon.seal()
        #expect(try daemon.tool(["backup", "one"]).code == 0)
        #expect(daemon.stop() == 0)
        let privacy = ["--set", "access.rules=user:\(geteuid())=privacy"]
        #expect(try daemon.start(arguments: Self.sizes + privacy))
        var connection = try daemon.connect()
        _ = try connection.call("CUSTOMER", "crm:1", "AFTER", "200", "WITHIN", "60000")
        let reply = try connection.call("ERASE", "crm:1", "REASON", "asked")
        #expect(!reply.isError, "\(reply)")
        #expect(daemon.stop() == 0)
        let ledger = backups(daemon) + "/erasures.ledger"
        func expectRefused() throws {
            let refused = try daemon.tool(
                ["restore", backups(daemon) + "/one", daemon.store, "--segment", "61"])
            #expect(refused.code != 0)
            #expect(
                refused.error.contains("still has what 1 erasures or redactions took since"),
                "\(refused.error)")
        }
        try expectRefused()
        // The store itself says so where no ledger lies beside the backup.
        try FileManager.default.removeItem(atPath: ledger)
        try expectRefused()
    }
}
