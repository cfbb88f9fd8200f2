import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("Peers that never read")
struct DeafPeerTests {
    private func daemon(_ settings: [String], log: FileHandle? = nil) throws -> DaemonProcess {
        let daemon = try DaemonProcess()
        try #require(
            try daemon.start(
                arguments: settings.flatMap { ["--set", $0] }, quietly: true, log: log))
        return daemon
    }

    @Test("who reads nothing does not keep the daemon from ending")
    func drain() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("drain-\(UInt32.random(in: 0 ... .max)).log")
        try #require(FileManager.default.createFile(atPath: path.path, contents: nil))
        defer { try? FileManager.default.removeItem(at: path) }
        let log = try FileHandle(forWritingTo: path)
        let daemon = try daemon(["limits.drain_ms=200", "limits.output_bytes=65536"], log: log)
        let deaf = try #require(RawPeer(to: daemon.socket))
        deaf.send(String(repeating: "COMMAND DOCS\r\n", count: 2_000))
        try daemon.waitUntilMet("output_bytes")
        #expect(daemon.stop() == 0)
        let said = try String(contentsOf: path, encoding: .utf8)
        #expect(said.contains("connections ended with answers unread"), "\(said)")
        _ = deaf
    }

    @Test("who is to be closed and reads nothing of what is left is ended by the same bound")
    func closing() throws {
        let daemon = try daemon(["limits.stalled_ms=300", "limits.output_bytes=4194304"])
        let deaf = try #require(RawPeer(to: daemon.socket))
        // More than the socket takes, less than what stalls a connection.
        deaf.send(String(repeating: "COMMAND DOCS METRICS\r\n", count: 200) + "QUIT\r\n")
        try daemon.waitUntilMet("stalled_ms")
        #expect(daemon.stop() == 0)
        _ = deaf
    }

    @Test("where all hold too much, those who hold most are ended; others are served")
    func bufferedBytes() throws {
        let daemon = try daemon([
            "limits.argument_bytes=16384", "limits.request_bytes=32768",
            "limits.input_bytes=65536", "limits.output_bytes=65536",
            "limits.buffered_bytes=1048576",
        ])
        var deaf: [RawPeer] = []
        for _ in 0..<40 {
            let peer = try #require(RawPeer(to: daemon.socket))
            peer.send(String(repeating: "COMMAND DOCS\r\n", count: 2_000))
            deaf.append(peer)
        }
        try daemon.waitUntilMet("buffered_bytes")
        var connection = try daemon.connect()
        #expect(
            try connection.call("APPEND", "demo.kept", "source", "a", "id", "1").integerValue == 1)
        deaf.removeAll()
        #expect(daemon.stop() == 0)
    }
}
