import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

/// Whoever keeps the loop busy, others are answered before that is done.
@Suite("Turns of the loop")
struct TurnTests {
    /// A daemon with so many events.
    private func daemon(events count: Int) throws -> DaemonProcess {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        let peer = try #require(RawPeer(to: daemon.socket))
        let events = (1...count).map { "APPEND note.taken source a id \($0)\r\n" }.joined()
        let sender = Thread { _ = peer.sendAll(Array(events.utf8)) }
        sender.start()
        _ = peer.read(until: ":\(count)\r\n")
        return daemon
    }

    /// What CLIENT LIST says of a field of the other connections.
    private func fields(
        _ name: String, _ connection: inout Connection
    ) throws -> [Int] {
        let own = try #require(try connection.call("CLIENT", "ID").integerValue)
        let list = try connection.call("CLIENT", "LIST").text ?? ""
        return list.split(separator: "\n").filter { !$0.hasPrefix("id=\(own) ") }.map { line in
            let field = line.split(separator: " ").first { $0.hasPrefix(name + "=") }
            return field.flatMap { Int($0.dropFirst(name.count + 1)) } ?? 0
        }
    }

    @Test(
        "who asks for much work, and be it several, waits while others are answered",
        arguments: [1, 2, 5])
    func greedy(count: Int) throws {
        let daemon = try daemon(events: 4_000)
        var connection = try daemon.connect()
        _ = try fields("tot-mem", &connection)
        // Each looks through all events and finds none: much work, and hardly an answer.
        let requests = Array(String(repeating: "EVENTS FROM 1 TYPE none.*\r\n", count: 4_000).utf8)
        let peers = try (0..<count).map { _ in try #require(RawPeer(to: daemon.socket)) }
        for peer in peers { Thread { _ = peer.sendAll(requests) }.start() }
        // What they have asked for is held while somebody else is answered, again and again.
        var looks = 0
        try waitUntil("others are answered while they wait") {
            if try fields("tot-mem", &connection).count(where: { $0 > 1_000 }) == count {
                looks += 1
            }
            return looks > 3
        }
        #expect(daemon.stop() == 0)
        withExtendedLifetime(peers) {}
    }

    @Test(
        "who asks for much that is cheap, over several connections, has no more than a turn of it",
        arguments: [2, 8])
    func cheap(count: Int) throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        let requests = Array(String(repeating: "PING\r\n", count: 700_000).utf8)
        let peers = try (0..<count).map { _ in try #require(RawPeer(to: daemon.socket)) }
        for peer in peers {
            Thread { _ = peer.sendAll(requests) }.start()
            Thread { _ = peer.readToEnd() }.start()
        }
        var looks = 0
        try waitUntil("others are answered while they wait") {
            if try fields("tot-mem", &connection).count(where: { $0 > 1_000 }) == count {
                looks += 1
            }
            return looks > 20
        }
        #expect(daemon.stop() == 0)
        withExtendedLifetime(peers) {}
    }

    @Test("many who ask for one thing each have no more of the loop than one who asks for many")
    func many() throws {
        let daemon = try daemon(events: 4_000)
        var connection = try daemon.connect()
        // Each asks again when it is answered.
        let request = Array("EVENTS FROM 1 TYPE none.*\r\n".utf8)
        let peers = try (0..<32).map { _ in try #require(RawPeer(to: daemon.socket)) }
        for peer in peers {
            Thread { while peer.sendAll(request), peer.read(lines: 3) != "" {} }.start()
        }
        // Some of them wait for their turn while somebody else is answered.
        try waitUntil("some wait for their turn") {
            try fields("tot-mem", &connection).contains { $0 > 0 }
        }
        #expect(daemon.stop() == 0)
        withExtendedLifetime(peers) {}
    }

    @Test("who reads large answers as fast as they come does so in turns with others")
    func largeAnswers() throws {
        let daemon = try daemon(events: 2_000)
        let peer = try #require(RawPeer(to: daemon.socket))
        let reader = Thread { _ = peer.readToEnd() }
        reader.start()
        peer.send(String(repeating: "EVENTS FROM 1 COUNT 500\r\n", count: 2_000))
        var connection = try daemon.connect()
        var left: Set<Int> = []
        try waitUntil("others are answered while it is") {
            left.formUnion(try fields("tot-mem", &connection))
            return left.count > 3
        }
        #expect(daemon.stop() == 0)
    }

    @Test("who follows from the first event on, and wants none, does not keep others waiting")
    func following() throws {
        let daemon = try daemon(events: 20_000)
        let peer = try #require(RawPeer(to: daemon.socket))
        var connection = try daemon.connect()
        peer.send("HELLO 3\r\nFOLLOW LOG FROM 1 TYPE none.*\r\n")
        var seen: Set<Int> = []
        try waitUntil("it is at the head") {
            seen.formUnion(try fields("behind", &connection))
            return try fields("follows", &connection) == [1] && seen.contains(0)
                && fields("behind", &connection) == [0]
        }
        // Between the first event and the last somebody else was answered.
        #expect(seen.contains { $0 > 0 && $0 < 20_000 }, "\(seen.sorted())")
        withExtendedLifetime(peer) {}
        #expect(daemon.stop() == 0)
    }

    @Test("who waits for a commit with each second request does not keep others waiting")
    func commits() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        let peer = try #require(RawPeer(to: daemon.socket))
        var connection = try daemon.connect()
        let count = 2_000
        let requests = (1...count).map { "APPEND note.taken source a id \($0)\r\nHEAD\r\n" }
        let sender = Thread { _ = peer.sendAll(Array(requests.joined().utf8)) }
        sender.start()
        var seen: Set<Int64> = []
        try waitUntil("all is stored") {
            let head = try connection.call("HEAD").integerValue ?? 0
            seen.insert(head)
            return head == count
        }
        #expect(seen.count > 20, "others saw \(seen.count) heads")
        _ = peer.read(lines: 2 * count)
        #expect(daemon.stop() == 0)
    }
}
