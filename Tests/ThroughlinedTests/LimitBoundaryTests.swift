import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("Limits of requests and of silence, as they are set")
struct LimitBoundaryTests {
    private func daemon(_ settings: [String]) throws -> DaemonProcess {
        let daemon = try DaemonProcess()
        try #require(
            try daemon.start(arguments: settings.flatMap { ["--set", $0] }, quietly: true))
        return daemon
    }

    private static func array(_ words: [String]) -> String {
        words.reduce("*\(words.count)\r\n") { $0 + "$\($1.utf8.count)\r\n\($1)\r\n" }
    }

    /// An ECHO of so many bytes, framing included.
    private static func echo(bytes count: Int) -> String {
        var length = count
        while true {
            let request = array(["ECHO", String(repeating: "a", count: length)])
            if request.utf8.count == count { return request }
            length -= request.utf8.count > count ? 1 : -1
        }
    }

    /// A limit, what it is set to, a request that just fits, one that is larger by one, and what is
    /// answered then.
    struct Boundary: CustomStringConvertible, Sendable {
        let limit: String
        let value: Int
        let fitting: String
        let larger: String
        let refusal: String

        var description: String { limit }
    }

    static let boundaries = [
        Boundary(
            limit: "request_bytes", value: 4_096, fitting: echo(bytes: 4_096),
            larger: echo(bytes: 4_097), refusal: "too big request: expected at most 4096 bytes"),
        Boundary(
            limit: "argument_bytes", value: 1_024,
            fitting: array(["ECHO", String(repeating: "a", count: 1_024)]),
            larger: array(["ECHO", String(repeating: "a", count: 1_025)]),
            refusal: "invalid bulk length: expected at most 1024, got 1025"),
        Boundary(
            limit: "arguments", value: 64,
            fitting: array(["INFO"] + Array(repeating: "server", count: 63)),
            larger: array(["INFO"] + Array(repeating: "server", count: 64)),
            refusal: "invalid multibulk length: expected at most 64, got 65"),
        Boundary(
            limit: "inline_bytes", value: 64,
            fitting: "ECHO " + String(repeating: "a", count: 59) + "\n",
            larger: "ECHO " + String(repeating: "a", count: 60) + "\n",
            refusal: "too big inline request: expected a line feed within 64 bytes"),
    ]

    @Test(
        "what just fits is answered, one more is refused by name, others go on",
        arguments: boundaries)
    func requests(_ boundary: Boundary) throws {
        var settings = ["limits.\(boundary.limit)=\(boundary.value)"]
        // What one argument may be must be less than what a request may be.
        if boundary.limit == "request_bytes" { settings.append("limits.argument_bytes=4095") }
        let daemon = try daemon(settings)
        var other = try daemon.connect()
        let peer = try #require(RawPeer(to: daemon.socket))
        #expect(peer.sendAll(Array((boundary.fitting + "PING\r\n").utf8)))
        let answer = peer.read(until: "+PONG\r\n")
        #expect(answer.hasSuffix("+PONG\r\n") && !answer.hasPrefix("-"), "\(answer.prefix(80))")
        #expect(peer.sendAll(Array((boundary.larger + "PING\r\n").utf8)))
        #expect(peer.readToEnd() == "-ERR Protocol error: \(boundary.refusal)\r\n")
        #expect(try other.call("PING").text == "PONG")
        #expect(
            try other.call("INFO", "limits").text?.contains("met_\(boundary.limit):1") == true)
        #expect(daemon.stop() == 0)
    }

    @Test("who sends on while it waits is not read from beyond the bound, and gets every answer")
    func input() throws {
        let daemon = try daemon([
            "limits.argument_bytes=16384", "limits.request_bytes=32768", "limits.input_bytes=65536",
        ])
        let peer = try #require(RawPeer(to: daemon.socket))
        let count = 12_000
        #expect(peer.sendAll(Array("EVENTS FROM 1 WAIT 60000\r\n".utf8)))
        #expect(peer.sendAll(Array(String(repeating: "PING\r\n", count: count).utf8)))
        try daemon.waitUntilMet("input_bytes")
        var other = try daemon.connect()
        #expect(
            try other.call("APPEND", "demo.kept", "source", "a", "id", "1") == .integer(1))
        #expect(peer.read(lines: 5).hasPrefix("*2\r\n:2\r\n*1\r\n"))
        #expect(
            peer.read(lines: count) == String(repeating: "+PONG\r\n", count: count))
        #expect(daemon.stop() == 0)
    }

    @Test("who is silent is let go, who waits for something is not")
    func idle() throws {
        let daemon = try daemon(["limits.idle_ms=1000"])
        let waiting = try #require(RawPeer(to: daemon.socket))
        waiting.send("EVENTS FROM 1 WAIT 60000\r\n")
        let silent = try #require(RawPeer(to: daemon.socket))
        silent.send("PING\r\n")
        #expect(silent.readToEnd() == "+PONG\r\n")
        try daemon.waitUntilMet("idle_ms")
        // It has waited for longer than that, and is told of what comes now.
        var other = try daemon.connect()
        #expect(
            try other.call("APPEND", "demo.kept", "source", "a", "id", "1") == .integer(1))
        #expect(waiting.read(lines: 2) == "*2\r\n:2\r\n")
        #expect(daemon.stop() == 0)
    }
}
