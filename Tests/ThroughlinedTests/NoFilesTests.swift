import Client
import DaemonTesting
import Foundation
import RESP
import Testing

/// What lies under the commands fails while the daemon goes on: the system lets it open no file.
@Suite("A daemon that may open no more files")
struct NoFilesTests {
    private static let arguments = ["--segment-events", "64", "--stride-bytes", "1000"]

    /// Lets a process have files open up to a number (prlimit(1), the soft limit).
    private func allowFiles(_ most: String, _ number: pid_t) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
        process.arguments = ["--pid", "\(number)", "--nofile=\(most):"]
        try ChildStarter.shared.run(process)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    /// Waits until all segments that have ended have their final form: a daemon that cannot write that
    /// ends.
    private func waitUntilSealed(_ connection: inout Connection) throws {
        while true {
            let text = try #require(try connection.call("INFO", "log").text)
            if text.contains("sealed:256\r"), text.contains("sealing:no\r") { return }
        }
    }

    private func code(_ connection: inout Connection, _ words: String...) throws -> String? {
        guard case .error(let code, let message) = try connection.call(words) else { return nil }
        #expect(message.contains("Too many open files"))
        return code
    }

    @Test("says STORAGE or VIEW of what it would have to open, serves the rest, and recovers")
    func codes() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(arguments: Self.arguments, quietly: true))
        var connection = try daemon.connect()
        for number in 1...300 {
            let reply = try connection.call(
                "APPEND", "note.added", "source", "a", "id", "\(number)", "customer", "crm:1",
                "note_id", "n-\(number)", "text", "call")
            #expect(reply == .integer(Int64(number)))
        }
        _ = try connection.call("CUSTOMER", "crm:1", "AFTER", "300", "WITHIN", "60000")
        try waitUntilSealed(&connection)
        // Whoever has closed a segment opens it when it is asked for.
        #expect(daemon.stop() == 0)
        try #require(try daemon.start(arguments: Self.arguments, quietly: true))
        let holder = try String(contentsOfFile: daemon.store + "/LOCK", encoding: .utf8)
        let process = try #require(pid_t(holder.trimmingCharacters(in: .whitespacesAndNewlines)))
        connection = try daemon.connect()
        try waitUntilSealed(&connection)
        try allowFiles("3", process)
        #expect(try code(&connection, "VERSION", "identifier-crm:1") == "STORAGE")
        #expect(try code(&connection, "SIGNALS", "AT", "5", "WITHIN", "60000") == "VIEW")
        #expect(try connection.call("HEAD") == .integer(300))
        #expect(try connection.call("CUSTOMER", "crm:1").text != nil)
        try allowFiles("1024", process)
        let version = try connection.call("VERSION", "identifier-crm:1")
        #expect(version.integerValue != nil || version.text != nil, "\(version)")
        let signals = try connection.call("SIGNALS", "AT", "5", "WITHIN", "60000")
        #expect(signals.text?.hasPrefix("{\"position\":5") == true, "\(signals)")
        #expect(daemon.stop() == 0)
    }
}
