import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

/// What the daemon asks of the system, as strace(1) sees it, held against what its units let it ask.
/// A call that they refuse is refused without a word (EPERM), in a place that no test has been to.
@Suite("The units' filter of system calls")
struct SandboxTests {
    @Test(
        "lets the daemon do all that it does",
        .enabled(if: Strace.obstacle == nil, "\(Strace.obstacle ?? "")"))
    func filter() throws {
        let daemon = try DaemonProcess()
        let trace = daemon.folder.appendingPathComponent("calls").path
        // What a unit sets.
        let environment = ["NOTIFY_SOCKET": "/nowhere/notify", "WATCHDOG_USEC": "1000000"]
        var calls: Set<String> = []
        func start(_ role: String) throws {
            let started = try daemon.start(
                arguments: [
                    "--stride-bytes", "1000", "--segment-events", "64", "--set",
                    "access.rules=user:\(geteuid())=\(role)",
                ], environment: environment, quietly: true, under: Strace.words(into: trace))
            try #require(started)
        }
        try start("operator")
        try work(daemon)
        try operate(daemon)
        #expect(daemon.waitForExitCode() == 0)
        calls.formUnion(try Strace.calls(in: trace))
        try start("privacy")
        try erase(daemon)
        // strace itself is not told: the signal is the daemon's.
        let holder = try String(contentsOfFile: daemon.store + "/LOCK", encoding: .utf8)
        let number = try #require(pid_t(holder.trimmingCharacters(in: .whitespacesAndNewlines)))
        kill(number, SIGTERM)
        #expect(daemon.waitForExitCode() == 0)
        calls.formUnion(try Strace.calls(in: trace))

        #expect(calls.isSuperset(of: ["accept4", "sched_setattr", "pwrite64"]), "\(calls)")
        for unit in ["throughline.service", "throughline@.service"] {
            let allowed = try UnitFilter(unit: unit).allowed
            #expect(
                calls.subtracting(allowed).sorted() == [], "\(unit) refuses what the daemon calls")
        }
    }

    private func work(_ daemon: DaemonProcess) throws {
        var connection = try daemon.connect()
        for id in 1...100 {
            let reply = try connection.call(
                "APPEND", "queue.entered", "source", "a", "id", "\(id)", "interaction", "i-\(id)",
                "channel", "chat", "queue", "billing", "customer", "crm:\(id % 7)", "DATA",
                String(repeating: "x", count: 2_000))
            #expect(reply == .integer(Int64(id)))
        }
        for question in [
            ["CUSTOMER", "crm:1", "AFTER", "100", "WITHIN", "60000"], ["TIMELINE", "crm:1"],
            ["QUEUE", "billing", "AT", "50", "WITHIN", "60000"], ["EVENT", "1"],
            ["SIGNALS", "AT", "50", "WITHIN", "60000"], ["INFO"], ["CLIENT", "LIST"],
        ] {
            let reply = try connection.call(question)
            #expect(reply.text != nil, "\(question): \(reply)")
        }
        _ = try connection.call("CONSUMER", "CREATE", "c", "FROM", "1")
        _ = try connection.call("CONSUMER", "READ", "c")
        #expect(try connection.call("CONSUMER", "ACK", "c", "9", "DURABLE") == .integer(9))
    }

    private func operate(_ daemon: DaemonProcess) throws {
        try daemon.seal()
        var connection = try daemon.connect()
        try daemon.backUp("one")
        #expect(try connection.call("REBUILD", "queues").text == "OK")
        try waitUntil("the view is rebuilt") { try isRebuilt(daemon) }
        #expect(try connection.call("SHUTDOWN").text == "OK")
    }

    private func isRebuilt(_ daemon: DaemonProcess) throws -> Bool {
        let views = try daemon.document("PROJECTIONS")["projections"] as? [[String: Any]] ?? []
        return views.allSatisfy { $0["rebuild"] == nil }
    }

    private func erase(_ daemon: DaemonProcess) throws {
        var connection = try daemon.connect()
        let reply = try connection.call("ERASE", "crm:1", "REASON", "asked")
        #expect(reply.text != nil, "\(reply)")
        try waitUntil("nothing is to be erased any more") {
            try connection.call("INFO", "privacy").text?.contains("erasures_pending:0") == true
        }
    }
}

/// strace(1), and what it writes.
private enum Strace {
    private static let program = "/usr/bin/strace"
    private static let analyze = "/usr/bin/systemd-analyze"

    /// Why the daemon cannot be looked at here.
    static let obstacle: String? = {
        if Sanitizer.isAtWork { return "a sanitizer makes calls of its own" }
        for path in [program, analyze] where !FileManager.default.isExecutableFile(atPath: path) {
            return "no \(path) here"
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-o", "/dev/null", "/bin/true"]
        process.standardError = FileHandle.nullDevice
        guard (try? ChildStarter.shared.run(process)) != nil else { return "strace does not start" }
        process.waitUntilExit()
        return process.terminationStatus == 0 ? nil : "the system lets nobody trace a process"
    }()

    /// What to start a daemon with. It ends with strace, as that ends with the tests.
    static func words(into file: String) -> [String] {
        [
            program, "-f", "-qq", "-s", "0", "-e", "signal=none", "-o", file, "/usr/bin/setpriv",
            "--pdeathsig", "KILL",
        ]
    }

    /// The names of all calls behind the daemon's own beginning.
    static func calls(in file: String) throws -> Set<String> {
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        let begun = try #require(
            lines.firstIndex { $0.contains("execve(") && $0.contains("throughlined") })
        return Set(
            lines[begun...].compactMap { line in
                let words = line.split(
                    separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
                guard words.count == 2, let end = words[1].firstIndex(of: "(") else { return nil }
                let name = words[1][..<end].drop { $0 == " " }
                return name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }
                    ? String(name) : nil
            })
    }
}

/// What `SystemCallFilter=` of a unit allows, the groups of systemd.exec(5) written out.
private struct UnitFilter {
    private(set) var allowed: Set<String> = []

    init(unit: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("tools/systemd/\(unit)")
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            guard line.hasPrefix("SystemCallFilter=") else { continue }
            let words = line.dropFirst("SystemCallFilter=".count)
            let takes = words.hasPrefix("~")
            for word in words.drop(while: { $0 == "~" }).split(separator: " ") {
                let names = try Self.names(String(word))
                if takes { allowed.subtract(names) } else { allowed.formUnion(names) }
            }
        }
    }

    private static func names(_ word: String) throws -> Set<String> {
        guard word.hasPrefix("@") else { return [word] }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
        process.arguments = ["syscall-filter", "--no-pager", word]
        let output = Pipe()
        process.standardOutput = output
        try ChildStarter.shared.run(process)
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let members = text.split(separator: "\n").filter { $0.hasPrefix("    ") }
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.hasPrefix("#") }
        return try members.reduce(into: Set<String>()) { $0.formUnion(try names($1)) }
    }
}
