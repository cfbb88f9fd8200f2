import Client
import DaemonTesting
import EventLog
import Foundation
import RESP
import Server
import TestSupport
import Testing

/// A thread stands still for ever, by a failpoint, as in a disk that does not answer.
@Suite("A daemon of which a thread stands still")
struct StandingThreadTests {
    private static let bounds = ["--set", "limits.stop_ms=1000", "--set", "limits.drain_ms=100"]

    private func append(_ id: Int, _ connection: inout Connection) throws -> Reply {
        try connection.call(
            "APPEND", "note.taken", "source", "a", "id", "\(id)", "customer", "crm:1", "DATA",
            String(repeating: "x", count: 4_000))
    }

    @Test(
        "ends in its time all the same, says so by its exit code, and has lost nothing",
        arguments: [Failpoint.logAnswered, .viewPut, .stridePut, .consumerPut])
    func ends(_ place: Failpoint) throws {
        let daemon = try DaemonProcess()
        let said = SaidText()
        // CREATE is answered behind its flush, ACK before.
        let pass = place == .consumerPut ? 2 : 1
        try #require(
            try daemon.start(
                failpoint: "\(place.rawValue):\(pass):stands",
                arguments: Self.bounds + ["--stride-bytes", "1000"], log: said.writing))
        var connection = try daemon.connect()
        #expect(try connection.call("CONSUMER", "CREATE", "c", "FROM", "1").text == "OK")
        var stored: Int64 = 0
        // The loop itself stands behind the first answer.
        while stored < (place == .logAnswered ? 1 : 8) {
            stored += 1
            #expect(try append(Int(stored), &connection) == .integer(stored))
        }
        if place == .consumerPut {
            #expect(try connection.call("CONSUMER", "ACK", "c", "1") == .integer(1))
        }
        said.read(until: "failpoint \(place.rawValue) stands")
        #expect(daemon.stop() == Server.stopTimeoutExitCode)
        said.read(until: "stop_ms=1000")
        #expect(said.text.contains("the daemon has not ended in time"), "\(said.text)")
        try #require(try daemon.start(quietly: true))
        var again = try daemon.connect()
        #expect(try again.call("HEAD") == .integer(stored))
        let view = try again.call("IDENTITY", "crm:1", "AFTER", "\(stored)", "WITHIN", "60000")
        #expect(view.text != nil, "\(view)")
        #expect(daemon.stop() == 0)
    }

    @Test("takes no more than a round while the log stands, whoever sends, and answers others")
    func bounded() throws {
        let daemon = try DaemonProcess()
        let said = SaidText()
        try #require(
            try daemon.start(
                failpoint: "stride.put:1:stands",
                arguments: Self.bounds + ["--stride-bytes", "1000", "--journal-bytes", "10485760"],
                log: said.writing))
        // Each sends a mebibyte at once: more than the ring, a round and what one write takes.
        let count = 24
        let peers = try (0..<count).map { number in
            let peer = try #require(RawPeer(to: daemon.socket))
            var words = ["APPENDBATCH", "16"]
            for event in 0..<16 {
                words += [
                    "7", "note.taken", "source", "a", "id", "\(number)-\(event)", "DATA",
                    String(repeating: "x", count: 64_000),
                ]
            }
            let request = words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
            #expect(peer.sendAll(Array("*\(words.count)\r\n\(request)".utf8)))
            return peer
        }
        said.read(until: "stands")
        var connection = try daemon.connect()
        try waitUntil("an append waits") {
            try connection.call("INFO").text?.contains("append_waits:0\r") == false
        }
        let stored = try #require(try connection.call("HEAD").integerValue)
        #expect(stored % 16 == 0 && stored > 0 && stored < Int64(16 * count))
        #expect(daemon.stop() == Server.stopTimeoutExitCode)
        withExtendedLifetime(peers) {}
        try #require(try daemon.start(quietly: true))
        var again = try daemon.connect()
        #expect(try again.call("HEAD") == .integer(stored))
        #expect(daemon.stop() == 0)
    }

    @Test("a view that does not get there in time is STALE; SHUTDOWN has its bound, too")
    func stale() throws {
        let daemon = try DaemonProcess()
        let said = SaidText()
        try #require(
            try daemon.start(
                failpoint: "view.put:1:stands", arguments: Self.bounds, log: said.writing))
        var connection = try daemon.connect()
        #expect(try append(1, &connection) == .integer(1))
        let reply = try connection.call("IDENTITY", "crm:1", "AFTER", "1", "WITHIN", "10")
        #expect(
            reply
                == .error(
                    code: "STALE",
                    message: "identity is at position 0, not yet at 1 after 10 ms; retry, or allow "
                        + "more with WITHIN"))
        said.read(until: "stands")
        #expect(try connection.call("SHUTDOWN").text == "OK")
        #expect(daemon.waitForExitCode() == Server.stopTimeoutExitCode)
    }

    @Test("a view of a version that is new to the store is REBUILDING until it is there")
    func rebuilding() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        #expect(try append(1, &connection) == .integer(1))
        _ = try connection.call("IDENTITY", "crm:1", "AFTER", "1", "WITHIN", "60000")
        #expect(daemon.stop() == 0)
        try rename("identity", in: daemon.store + "/views")
        let said = SaidText()
        try #require(
            try daemon.start(
                failpoint: "view.put:1:stands", arguments: Self.bounds, log: said.writing))
        said.read(until: "stands")
        var again = try daemon.connect()
        let reply = try again.call("IDENTITY", "crm:1")
        #expect(
            reply
                == .error(
                    code: "REBUILDING",
                    message: "identity is folded anew by a new version: 0 of 1 events; retry then, "
                        + "PROJECTIONS says how far it is"))
        #expect(daemon.stop() == Server.stopTimeoutExitCode)
    }

    /// Makes a view's file one of version 0.
    private func rename(_ name: String, in folder: String) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let file = try #require(files.first { $0.hasPrefix(name) && $0.hasSuffix(".view") })
        try FileManager.default.moveItem(
            atPath: "\(folder)/\(file)", toPath: "\(folder)/\(name)-v0.view")
    }

    @Test("while a backup is made another is refused with BACKUP")
    func backup() throws {
        let daemon = try DaemonProcess()
        let said = SaidText()
        try #require(
            try daemon.start(
                failpoint: "backup.copied:1:stands", arguments: Self.bounds, log: said.writing))
        var connection = try daemon.connect()
        #expect(try append(1, &connection) == .integer(1))
        #expect(try connection.call("BACKUP", "one").text == "OK")
        said.read(until: "stands")
        let reply = try connection.call("BACKUP", "two")
        #expect(
            reply == .error(code: "BACKUP", message: "backup one is being made; wait for it"))
        #expect(daemon.stop() == Server.stopTimeoutExitCode)
    }
}
