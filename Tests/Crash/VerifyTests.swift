import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("The tool's verify, on the store of a daemon")
struct VerifyTests {
    private static let sizes = ["--segment-events", "50", "--stride-bytes", "1000"]

    private func append(_ ids: Range<Int>, to daemon: DaemonProcess) throws {
        var connection = try daemon.connect()
        for id in ids {
            connection.send([
                "APPEND", "interaction.created", "source", "pbx", "id", "\(id)", "interaction",
                "i-\(id / 3)", "channel", "voice", "direction", "inbound", "method", "inbound",
                "customer", "crm:\(id % 7)",
            ])
            let reply = try connection.receive()
            #expect(!reply.isError, "\(reply)")
        }
    }

    @Test("while it appends: nothing is found wrong, and nothing is disturbed")
    func appending() async throws {
        let daemon = try DaemonProcess()
        #expect(try daemon.start(arguments: Self.sizes))
        try append(0..<200, to: daemon)
        for round in 1...6 {
            let socket = daemon.socket
            async let appended: Void = Self.append(
                round * 1_000..<round * 1_000 + 300, socket: socket)
            let (code, output, _) = try daemon.tool(["verify", daemon.store, "--jobs", "2"])
            #expect(code == 0, "\(output)")
            #expect(output.contains("all as it was written"))
            try await appended
        }
        #expect(daemon.stop() == 0)
        let (code, output, _) = try daemon.tool(["verify", daemon.store, "--json"])
        #expect(code == 0)
        let document =
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        #expect(document?["events"] as? Int == 2_000)
        #expect(document?["whole"] as? Bool == true)
    }

    private static func append(_ ids: Range<Int>, socket: String) async throws {
        var connection = try Connection(socketPath: socket)
        for id in ids {
            connection.send([
                "APPEND", "note.taken", "source", "pbx", "id", "\(id)", "interaction",
                "i-\(id / 3)",
            ])
            _ = try connection.receive()
        }
    }

    @Test("damage is printed a line each, the exit code is 1; what is no store gives 2")
    func damage() throws {
        let daemon = try DaemonProcess()
        #expect(try daemon.start(arguments: Self.sizes))
        try append(0..<200, to: daemon)
        let (held, _, refusal) = try daemon.tool(["verify", daemon.store, "--repair"])
        #expect(held == 1)
        #expect(refusal.contains("holds its LOCK"))
        #expect(daemon.stop() == 0)

        let segment = daemon.store + "/log/00000000000000000051.segment"
        let whole = try Data(contentsOf: URL(fileURLWithPath: segment))
        var outputs = ""
        for page in stride(from: whole.count / 4_096 - 1, to: 1, by: -1)
        where !outputs.contains("block: ") {
            var damaged = whole
            damaged[page * 4_096 + 4_000] ^= 1
            try damaged.write(to: URL(fileURLWithPath: segment))
            let (code, output, _) = try daemon.tool(["verify", daemon.store])
            #expect(code == (output.contains("all as it was written") ? 0 : 1), "\(output)")
            if code == 1 { outputs += output }
        }
        let output = outputs
        #expect(output.contains("block: log/00000000000000000051.segment, block "), "\(output)")
        #expect(output.contains("its checksum does not match"))
        #expect(output.contains(" faults\n") || output.contains("1 fault\n"))
        try whole.write(to: URL(fileURLWithPath: segment))

        let index = daemon.store + "/log/00000000000000000051.index"
        try Data("rubbish".utf8).write(to: URL(fileURLWithPath: index))
        let repaired = try daemon.tool(["verify", daemon.store, "--repair"])
        #expect(repaired.code == 0)
        #expect(repaired.output.contains("removed log/00000000000000000051.index"))
        #expect(try daemon.start(arguments: Self.sizes))
        #expect(try daemon.tool(["verify", daemon.store]).code == 0)
        #expect(try daemon.tool(["verify", daemon.folder.path]).code == 2)
        #expect(try daemon.tool(["verify"]).code == 2)
    }
}
