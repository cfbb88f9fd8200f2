import Client
import DaemonTesting
import EventLog
import Foundation
import RESP
import Server
import TestSupport
import Testing

/// Standard error is a pipe that is full, and nobody reads it.
@Suite("A daemon whose log nobody reads")
struct UnreadLogTests {
    private static let bounds = ["--set", "limits.stop_ms=1000", "--set", "limits.drain_ms=100"]

    /// A pipe that takes nothing more.
    private func fullPipe() -> Pipe {
        let pipe = Pipe()
        let writing = pipe.fileHandleForWriting.fileDescriptor
        let flags = fcntl(writing, F_GETFL)
        _ = fcntl(writing, F_SETFL, flags | O_NONBLOCK)
        let byte = [UInt8(ascii: ".")]
        while unsafe write(writing, byte, 1) == 1 {}
        _ = fcntl(writing, F_SETFL, flags)
        return pipe
    }

    @Test("serves as ever, counts lines that found no room, says so when somebody reads, and ends")
    func serves() throws {
        let daemon = try DaemonProcess()
        let pipe = fullPipe()
        try #require(try daemon.start(arguments: Self.bounds, log: pipe.fileHandleForWriting))
        var operating = try daemon.connect()
        var other = try daemon.connect()
        // Each is a line of the log, more of them than there is room for.
        for _ in 0..<3_000 { operating.send(["SEAL"]) }
        for _ in 0..<3_000 { _ = try operating.receive() }
        #expect(try other.call("PING").text == "PONG")
        let told = try other.call("INFO", "clients").text ?? ""
        let lost = try #require(
            told.firstMatch(of: /log_lines_unwritten:([0-9]+)/).flatMap { Int($0.1) })
        #expect(lost > 0 && lost < 3_000)
        // It is read on: what waited comes, and how much did not.
        let reading = pipe.fileHandleForReading
        var text = ""
        while !text.contains("lines were left out") || !text.hasSuffix("\n") {
            text += String(decoding: reading.availableData, as: UTF8.self)
        }
        #expect(text.contains("count=\(lost)"), "\(text.suffix(300))")
        #expect(text.matches(of: /privileged call/).count == 3_000 - lost)
        #expect(daemon.stop() == 0)
    }

    @Test("ends when it is told to, with lines unread")
    func ends() throws {
        let daemon = try DaemonProcess()
        let pipe = fullPipe()
        try #require(
            try daemon.start(
                arguments: Self.bounds + ["--log-level", "trace"], log: pipe.fileHandleForWriting))
        var connection = try daemon.connect()
        for _ in 0..<500 { _ = try connection.call("SEAL") }
        #expect(daemon.stop() == 0)
        withExtendedLifetime(pipe) {}
    }

    @Test("ends by its deadline where a thread stands still")
    func stands() throws {
        let daemon = try DaemonProcess()
        let pipe = fullPipe()
        try #require(
            try daemon.start(
                failpoint: "\(Failpoint.logAnswered.rawValue):1:stands", arguments: Self.bounds,
                log: pipe.fileHandleForWriting))
        var connection = try daemon.connect()
        let reply = try connection.call("APPEND", "note.taken", "source", "a", "id", "1")
        #expect(reply == .integer(1))
        #expect(daemon.stop() == Server.stopTimeoutExitCode)
        withExtendedLifetime(pipe) {}
    }
}
