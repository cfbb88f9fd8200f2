import Client
import DaemonTesting
import Foundation
import Testing

@Suite("Calls that only privacy and operators may make")
struct AuditTests {
    private func calls(in log: URL) throws -> [[String: String]] {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
            .filter { $0.contains("privileged call") }
            .map { line in
                var found: [String: String] = [:]
                for word in line.split(separator: " ") {
                    let parts = word.split(separator: "=", maxSplits: 1)
                    if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
                }
                return found
            }
    }

    @Test("are told to the log, each once, with who made them; nothing of what they name")
    func told() throws {
        let daemon = try DaemonProcess()
        let log = daemon.folder.appendingPathComponent("daemon.log")
        try #require(FileManager.default.createFile(atPath: log.path, contents: nil))
        let rule = "access.rules=user:\(geteuid())=operator"
        try #require(
            try daemon.start(
                arguments: ["--log-level", "notice", "--set", rule],
                log: try FileHandle(forWritingTo: log)))
        var connection = try daemon.connect()
        for command in [
            ["SEAL"], ["PING"], ["BACKUP", "../etc"], ["REBUILD", "queues"], ["QUEUES"],
            ["ERASE", "email:zq.marked@example.com", "REASON", "asked"],
            ["REDACT", "1", "REASON", "asked"], ["CLOCK", "ACCEPT"],
        ] {
            _ = try connection.call(command)
        }
        #expect(daemon.stop() == 0)
        let calls = try calls(in: log)
        #expect(
            calls.map { "\($0["command"] ?? "") \($0["outcome"] ?? "")" } == [
                "SEAL OK", "BACKUP SYNTAX", "REBUILD OK", "ERASE NOPERM", "CLOCK OK",
            ])
        for call in calls {
            #expect(call["uid"] == "\(geteuid())" && call["pid"] == "\(getpid())")
            #expect(call["role"] == "operator" && call["connection"] == "1")
        }
        #expect(!(try String(contentsOf: log, encoding: .utf8)).contains("zq.marked"))
    }
}
