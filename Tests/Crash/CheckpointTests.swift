import Client
import DaemonTesting
import Foundation
import Testing

@Suite("The tool's checkpoints, of a running daemon's store")
struct CheckpointTests {
    @Test("a key is made, a checkpoint written and checked; openssl reads both keys")
    func whole() throws {
        let daemon = try DaemonProcess()
        #expect(try daemon.start(arguments: ["--segment-events", "50"]))
        var connection = try daemon.connect()
        for id in 1...120 {
            _ = try connection.call("APPEND", "note.taken", "source", "pbx", "id", "\(id)")
        }
        let key = daemon.folder.path + "/operator.pem"
        let file = daemon.folder.path + "/today.checkpoint"
        #expect(try daemon.tool(["checkpoint", "key", "-o", key]).code == 0)
        let mode =
            try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try daemon.tool(["checkpoint", "key", "-o", key]).code == 1)
        let written = try daemon.tool([
            "checkpoint", "write", daemon.store, "--key", key, "-o", file,
        ])
        #expect(written.code == 0, "\(written.error)")
        #expect(written.output.hasPrefix("signed position 120 of store "))
        for id in 121...240 {
            _ = try connection.call("APPEND", "note.taken", "source", "pbx", "id", "\(id)")
        }
        let check = ["checkpoint", "check", daemon.store, file, "--public-key", key + ".pub"]
        let checked = try daemon.tool(check)
        #expect(checked.code == 0, "\(checked.error)")
        #expect(checked.output.hasPrefix("the store is as it was signed: position 120, epoch 1, "))
        try openssl(key, file)

        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing("position 120", with: "position 119")
            .write(toFile: file, atomically: true, encoding: .utf8)
        let refused = try daemon.tool(check)
        #expect(refused.code == 1)
        #expect(refused.error.contains("bad signature"))
    }

    /// Has openssl, where it is installed, read the keys and find the signature right.
    private func openssl(_ key: String, _ file: String) throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl") else { return }
        func run(_ arguments: [String]) throws -> Int32 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.arguments = arguments
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
        #expect(try run(["pkey", "-in", key, "-noout"]) == 0)
        #expect(try run(["pkey", "-pubin", "-in", key + ".pub", "-noout"]) == 0)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let lines = text.split(separator: "\n")
        let signed = lines.dropLast().map { $0 + "\n" }.joined()
        let digits = Array(try #require(lines.last).dropFirst("signature ".count).utf8)
        let signature = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        try Data(signed.utf8).write(to: URL(fileURLWithPath: file + ".signed"))
        try Data(signature).write(to: URL(fileURLWithPath: file + ".signature"))
        #expect(
            try run([
                "pkeyutl", "-verify", "-pubin", "-inkey", key + ".pub", "-rawin", "-in",
                file + ".signed", "-sigfile", file + ".signature",
            ]) == 0)
    }
}
