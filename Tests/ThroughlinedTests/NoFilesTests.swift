import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
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
        try waitUntil("256 events are sealed") {
            let text = try #require(try connection.call("INFO", "log").text)
            return text.contains("sealed:256\r") && text.contains("sealing:no\r")
        }
    }

    private func code(_ connection: inout Connection, _ words: String...) throws -> String? {
        guard case .error(let code, let message) = try connection.call(words) else { return nil }
        #expect(message.contains("Too many open files"))
        return code
    }

    @Test("goes on taking events, and moves and seals them once it may open files again")
    func sealing() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(arguments: Self.arguments, quietly: true))
        var connection = try daemon.connect()
        func append(_ numbers: ClosedRange<Int>) throws {
            for number in numbers {
                let reply = try connection.call(
                    "APPEND", "note.added", "source", "a", "id", "\(number)", "customer", "crm:1",
                    "note_id", "n-\(number)", "text", "call")
                #expect(reply == .integer(Int64(number)))
            }
        }
        try append(1...40)
        _ = try connection.call("CUSTOMER", "crm:1", "AFTER", "40", "WITHIN", "60000")
        let process = try daemonNumber(daemon)
        try allowFiles("3", process)
        // The segment ends, and the next one's file cannot be made.
        try append(41...300)
        try waitUntil("the next segment cannot be made") {
            try log("writing_trouble", &connection).contains("Too many open files")
        }
        #expect(try connection.call("HEAD") == .integer(300))
        // Who connects meanwhile waits until they can be taken.
        let late = try #require(RawPeer(to: daemon.socket))
        late.send("PING\r\n")
        try append(301...310)
        try allowFiles("1024", process)
        try waitUntilSealed(&connection)
        #expect(try log("writing_trouble", &connection) == "none")
        #expect(try log("sealing_trouble", &connection) == "none")
        #expect(late.read(until: "\r\n") == "+PONG\r\n")
        let card = try connection.call("CUSTOMER", "crm:1", "AFTER", "310", "WITHIN", "60000")
        #expect(card.text != nil, "\(card)")
        #expect(daemon.stop() == 0)
        #expect(try daemon.tool(["verify", daemon.store]).code == 0)
        // No view has taken an event twice.
        let compared = try daemon.tool(["replay", daemon.store, "--compare"])
        #expect(compared.code == 0, "\(compared.output) \(compared.error)")
    }

    @Test("seals a segment later where it may open no file when that ends")
    func sealedLater() throws {
        let daemon = try DaemonProcess()
        let said = SaidText()
        // Stopped when the index of the first segment is merged, before it is put into its place.
        try #require(
            try daemon.start(
                failpoint: "index.merged:1:stops", arguments: Self.arguments, log: said.writing))
        var connection = try daemon.connect()
        let process = try daemonNumber(daemon)
        let peer = try #require(RawPeer(to: daemon.socket))
        let events = (1...100).map {
            "APPEND note.added source a id \($0) note_id n text call\r\n"
        }
        peer.send(events.joined())
        said.read(until: "failpoint index.merged stops")
        try waitUntil("the daemon is stopped") { try isStopped(process) }
        try allowFiles("3", process)
        kill(process, SIGCONT)
        #expect(peer.read(until: ":100\r\n").hasSuffix(":100\r\n"))
        try waitUntil("the segment cannot be sealed") {
            try log("sealing_trouble", &connection).contains("errno 24")
        }
        try allowFiles("1024", process)
        try waitUntil("the segment is sealed") { try log("sealed", &connection) == "64" }
        #expect(try log("sealing_trouble", &connection) == "none")
        #expect(daemon.stop() == 0)
        #expect(try daemon.tool(["verify", daemon.store]).code == 0)
    }

    @Test("serves views that are folded anew once it may put them into their places")
    func newViews() throws {
        let count = 20_000
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        let peer = try #require(RawPeer(to: daemon.socket))
        let events = (1...count).map {
            "APPEND note.added source a id \($0) customer crm:\($0 % 100) note_id \($0) text call\r\n"
        }
        let sender = Thread { _ = peer.sendAll(Array(events.joined().utf8)) }
        sender.start()
        _ = peer.read(until: ":\(count)\r\n")
        #expect(daemon.stop() == 0)
        try FileManager.default.removeItem(atPath: daemon.store + "/views")
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        let process = try daemonNumber(daemon)
        // Long before they are folded.
        try allowFiles("3", process)
        try waitUntil("a view cannot be put into its place") {
            try connection.call("PROJECTIONS").text?.contains("errno 24") == true
        }
        try allowFiles("1024", process)
        let card = try connection.call(
            "CUSTOMER", "crm:1", "AFTER", "\(count)", "WITHIN", "60000")
        #expect(card.text != nil, "\(card)")
        try waitUntil("nothing is short any more") {
            try connection.call("PROJECTIONS").text?.contains("errno 24") == false
        }
        #expect(daemon.stop() == 0)
    }

    /// Whether all of a process stands still by a signal (proc(5)).
    private func isStopped(_ number: pid_t) throws -> Bool {
        let text = try String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
        return text.split(separator: ")").last?.hasPrefix(" T") == true
    }

    private func daemonNumber(_ daemon: DaemonProcess) throws -> pid_t {
        let holder = try String(contentsOfFile: daemon.store + "/LOCK", encoding: .utf8)
        return try #require(pid_t(holder.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// A field of INFO log.
    private func log(_ field: String, _ connection: inout Connection) throws -> String {
        let text = try #require(try connection.call("INFO", "log").text)
        let line = text.split(separator: "\r\n").first { $0.hasPrefix(field + ":") }
        return String(try #require(line).dropFirst(field.count + 1))
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
        let process = try daemonNumber(daemon)
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
