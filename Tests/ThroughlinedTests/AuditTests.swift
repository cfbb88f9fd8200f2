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

    /// What one role calls, and what is told of it.
    struct Calls: CustomStringConvertible, Sendable {
        let role: String
        let commands: [[String]]
        let told: [String]

        var description: String { role }
    }

    private static let email = "email:zq.marked@example.com"

    static let roles = [
        Calls(
            role: "operator",
            commands: [
                ["SEAL"], ["PING"], ["BACKUP", "../etc"], ["REBUILD", "queues"], ["QUEUES"],
                ["EXPORT", email], ["ERASE", email, "REASON", "asked"],
                ["REDACT", "1", "REASON", "asked"], ["CLOCK", "ACCEPT"],
                ["CONSUMER", "CREATE", "c", "FROM", "1"], ["CONSUMER", "RESET", "c", "1"],
                ["CONSUMER", "GIVE", "c", "nobody"], ["CONSUMER", "GIVE", "c", "7"],
                ["CONSUMER", "RESET", "c", "1"], ["CONSUMER", "DELETE", "c"], ["SHUTDOWN"],
            ],
            told: [
                "SEAL OK", "BACKUP SYNTAX", "REBUILD OK", "EXPORT NOPERM", "CLOCK|ACCEPT OK",
                "CONSUMER|GIVE SYNTAX", "CONSUMER|GIVE OK", "CONSUMER|RESET OK",
                "CONSUMER|DELETE OK", "SHUTDOWN OK",
            ]),
        Calls(
            role: "privacy",
            commands: [
                [
                    "APPEND", "note.added", "source", "s", "id", "1", "customer", email, "note_id",
                    "n", "text", "zq.marked said so",
                ], ["EXPORT", email, "AFTER", "1", "WITHIN", "60000"], ["CUSTOMER", email],
                ["EXPORT", "email:nobody@example.com"],
                ["ERASE", email, "REASON", "asked", "DRYRUN"], ["ERASE", email, "REASON", "asked"],
                ["CONSUMER", "CREATE", "c", "FROM", "1"], ["CONSUMER", "GIVE", "c", "7"],
                ["CONSUMER", "GIVE", "c", "7"], ["CONSUMER", "DELETE", "c"],
            ],
            told: [
                "EXPORT OK", "EXPORT UNKNOWN", "ERASE OK", "ERASE OK", "CONSUMER|GIVE NOPERM",
            ]),
    ]

    @Test(
        "are told to the log, each once, at any level, with who made them; nothing of what they name",
        arguments: roles)
    func told(_ made: Calls) throws {
        let daemon = try DaemonProcess()
        let log = daemon.folder.appendingPathComponent("daemon.log")
        try #require(FileManager.default.createFile(atPath: log.path, contents: nil))
        let rule = "access.rules=user:\(geteuid())=\(made.role)"
        try #require(
            try daemon.start(
                arguments: ["--log-level", "critical", "--set", rule],
                log: try FileHandle(forWritingTo: log)))
        var connection = try daemon.connect()
        for command in made.commands { _ = try connection.call(command) }
        #expect(daemon.stop() == 0)
        let calls = try calls(in: log)
        #expect(calls.map { "\($0["command"] ?? "") \($0["outcome"] ?? "")" } == made.told)
        for call in calls {
            #expect(call["uid"] == "\(geteuid())" && call["pid"] == "\(getpid())")
            #expect(call["role"] == made.role && call["connection"] == "1")
        }
        #expect(!(try String(contentsOf: log, encoding: .utf8)).contains("zq.marked"))
    }
}
