import Client
import DaemonTesting
import Foundation
import RESP
import Synchronization
import Testing

@Suite("A daemon that is told to stop")
struct StopTests {
    /// Connects and begins to follow; reads the answer and nothing else.
    private func follower(
        _ daemon: DaemonProcess, _ subject: String...
    ) throws -> Connection {
        var connection = try daemon.connect()
        _ = try connection.call("HELLO", "3")
        #expect(try connection.call(["FOLLOW"] + subject) == .integer(1))
        return connection
    }

    /// The kinds of the pushes that come until the daemon closes.
    private func kinds(_ connection: inout Connection) throws -> [String] {
        var kinds: [String] = []
        do {
            while true {
                let push = try #require(try connection.receive().elements)
                kinds.append(push[2].text ?? "")
            }
        } catch ClientError.closed {
            return kinds
        }
    }

    private static let stopping = "-STOPPING the daemon is stopping; reconnect and retry\r\n"

    @Test("ends within its bound, whoever follows, waits, reads nothing or is amid a request")
    func drains() throws {
        let daemon = try DaemonProcess()
        let settings = [
            "limits.drain_ms=500", "limits.stop_ms=30000", "limits.output_bytes=65536",
        ]
        try #require(
            try daemon.start(arguments: settings.flatMap { ["--set", $0] }, quietly: true))
        var producer = try daemon.connect()
        for number in 1...64 {
            let reply = try producer.call(
                "APPEND", "queue.entered", "source", "a", "id", "\(number)", "interaction",
                "i-\(number)", "queue", "billing", "DATA", String(repeating: "x", count: 65_536))
            #expect(reply == .integer(Int64(number)))
        }
        _ = try producer.call("QUEUE", "billing", "AFTER", "64", "WITHIN", "60000")
        var queue = try follower(daemon, "QUEUE", "billing")
        var log = try follower(daemon, "LOG", "FROM", "65")
        // 4 MiB of events, of which it reads none.
        let sleeper = try follower(daemon, "LOG", "FROM", "1")
        let deaf = try #require(RawPeer(to: daemon.socket))
        deaf.send(String(repeating: "COMMAND DOCS\r\n", count: 2_000))
        try daemon.waitUntilMet("output_bytes")
        let waiter = try #require(RawPeer(to: daemon.socket))
        waiter.send("PING\r\nEVENTS FROM 65 WAIT 60000\r\n")
        #expect(waiter.read(lines: 1) == "+PONG\r\n")
        let consumer = try #require(RawPeer(to: daemon.socket))
        consumer.send("CONSUMER CREATE c FROM 65\r\nCONSUMER READ c WAIT 60000\r\n")
        #expect(consumer.read(lines: 1) == "+OK\r\n")
        let half = try #require(RawPeer(to: daemon.socket))
        half.send("PING\r\n*2\r\n$4\r\nECHO\r\n$100\r\nhalf of")
        #expect(half.read(lines: 1) == "+PONG\r\n")
        #expect(daemon.stop() == 0)
        #expect(waiter.readToEnd() == Self.stopping)
        #expect(consumer.readToEnd() == Self.stopping)
        #expect(half.readToEnd() == "")
        #expect(try kinds(&queue) == ["changed", "closing"])
        #expect(try kinds(&log) == ["live", "closing"])
        _ = deaf
        _ = sleeper.path
    }

    @Test("has answered all that it took, and refuses what came later")
    func answers() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        let peer = try #require(RawPeer(to: daemon.socket))
        let sender = Thread {
            var number = 0
            while peer.sendAll(Array("APPEND demo.said source a id \(number)\r\n".utf8)) {
                number += 1
            }
        }
        sender.start()
        var taken: Int64 = 0
        // The flood is under way when the daemon is told.
        while taken < 200 {
            #expect(peer.read(lines: 1) == ":\(taken + 1)\r\n")
            taken += 1
        }
        // Read on: what is unread after `drain_ms` goes with the connection.
        let reader = Reader(peer)
        #expect(daemon.stop() == 0)
        var refused = 0
        for line in reader.allRead().split(separator: "\r\n") {
            if line.hasPrefix("-") {
                #expect("\(line)\r\n" == Self.stopping)
                refused += 1
            } else {
                #expect(refused == 0 && line == ":\(taken + 1)")
                taken += 1
            }
        }
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        #expect(try connection.call("HEAD") == .integer(taken))
        #expect(daemon.stop() == 0)
    }

    @Test("has left its views where they were: the next start folds no event anew")
    func checkpoints() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        for number in 1...300 {
            let reply = try connection.call(
                "APPEND", "queue.entered", "source", "a", "id", "\(number)", "interaction",
                "i-\(number)", "channel", "chat", "queue", "billing", "customer", "crm:1")
            #expect(reply == .integer(Int64(number)))
        }
        let window = ["METRICS", "FROM", "2020-01-01T00:00:00Z", "TO", "2020-01-01T01:00:00Z"]
        for question in [["IDENTITY", "crm:1"], ["QUEUES"], ["CUSTOMER", "crm:1"], window] {
            let reply = try connection.call(question + ["AFTER", "300", "WITHIN", "60000"])
            #expect(reply.text != nil, "\(reply)")
        }
        #expect(daemon.stop() == 0)
        // Whoever folds one event is killed.
        try #require(try daemon.start(failpoint: "view.put:1", quietly: true))
        let document = try daemon.document("PROJECTIONS")
        let projections = try #require(document["projections"] as? [[String: Any]])
        #expect(projections.count == 4)
        for projection in projections {
            #expect(projection["position"] as? Int == 300, "\(projection)")
            #expect(projection["events_folded"] as? Int == 0, "\(projection)")
        }
        let peer = try #require(RawPeer(to: daemon.socket))
        peer.send("APPEND note.added source a id 301 customer crm:1 note_id n-1 text call\r\n")
        #expect(daemon.waitUntilKilled(), "the failpoint lies where events are folded")
    }
}

/// Reads what a peer is sent on a thread of its own.
private final class Reader: Sendable {
    private let text = Mutex("")
    private let ended = DispatchSemaphore(value: 0)

    init(_ peer: RawPeer) {
        Thread {
            let all = peer.readToEnd()
            self.text.withLock { $0 = all }
            self.ended.signal()
        }.start()
    }

    /// Waits until the daemon has closed.
    func allRead() -> String {
        ended.wait()
        return text.withLock { $0 }
    }
}
