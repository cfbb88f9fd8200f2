import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

@Suite("CONSUMER")
struct ConsumerTests {
    private static let seeds = (0..<3).map {
        UInt64(Date().timeIntervalSince1970 / 86_400) * 8 + $0
    }

    /// Reads the next events of a consumer.
    private func read(
        _ connection: inout Connection, _ count: Int, wait: Int = 0
    ) throws -> (next: Int64, positions: [Int64]) {
        let reply = try connection.call(
            "CONSUMER", "READ", "test", "COUNT", "\(count)", "WAIT", "\(wait)")
        let elements = try #require(reply.elements, "\(reply)")
        let positions = try #require(elements[1].elements).map { document in
            let text = try #require(document.text)
            return try #require(text.firstMatch(of: /"position":([0-9]+)/).flatMap { Int64($0.1) })
        }
        return (try #require(elements[0].integerValue), positions)
    }

    @Test(
        "every matching event is read, in order, and after a kill only what was not durable again",
        arguments: seeds)
    func property(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let daemon = try DaemonProcess()
        try daemon.start()
        var events = FollowedEvents()
        var filter = FollowedEvents.Filter.drawn(&generator)
        filter.identifiers = []
        var connection = try daemon.connect()
        #expect(
            try connection.call(["CONSUMER", "CREATE", "test", "FROM", "1"] + filter.words).text
                == "OK")
        try events.append(600, to: &connection, &generator)
        let expected = events.positions(filter, from: 1)
        // What has been read for good: acknowledged, and known to be on disk.
        var durable: Int64 = 0
        var read: [Int64] = []
        var next: Int64 = 1
        while next <= 600 {
            let (behind, positions) = try self.read(
                &connection, Int.random(in: 1...80, using: &generator))
            read += positions
            next = behind
            let isDurable = generator.once(in: 3)
            let reply = try connection.call(
                ["CONSUMER", "ACK", "test", "\(next - 1)"] + (isDurable ? ["DURABLE"] : []))
            #expect(reply == .integer(next - 1))
            if isDurable { durable = next - 1 }
            switch Int.random(in: 0..<6, using: &generator) {
            case 0:
                daemon.killNow()
                try daemon.start()
            case 1: break
            default: continue
            }
            // Another connection takes it up behind what is acknowledged.
            connection = try daemon.connect()
            let (again, redelivered) = try retaken(&connection)
            #expect(again >= durable, "seed \(seed): durable \(durable), begins at \(again)")
            read = read.filter { $0 <= again } + redelivered
            next = max(again + 1, redelivered.last.map { $0 + 1 } ?? 0)
        }
        #expect(read == expected, "seed \(seed), \(filter)")
    }

    /// Waits until nobody holds the consumer, and reads one event.
    ///
    /// - Returns: Up to where all is acknowledged, and what was read.
    private func retaken(_ connection: inout Connection) throws -> (Int64, [Int64]) {
        var acknowledged: Int64?
        try waitUntil("nobody holds the consumer") {
            // An acknowledgement of nothing takes the consumer and tells how far it is.
            let reply = try connection.call("CONSUMER", "ACK", "test", "0")
            acknowledged = reply.integerValue
            if acknowledged != nil { return true }
            guard case .error("HELD", _) = reply else {
                throw UnexpectedReply(command: "CONSUMER ACK", reply: reply)
            }
            return false
        }
        return (try #require(acknowledged), try read(&connection, 1).positions)
    }

    @Test(
        "killed while a flush is made, it has what was durable before and begins at most there",
        arguments: ["consumer.put", "consumer.flushed"])
    func killed(_ failpoint: String) throws {
        let daemon = try DaemonProcess()
        // The first flush is that of CREATE, the second that of the durable acknowledgement.
        try daemon.start(failpoint: "\(failpoint):3")
        var connection = try daemon.connect()
        var generator = SeededGenerator(seed: 1)
        var events = FollowedEvents()
        try events.append(20, to: &connection, &generator)
        #expect(try connection.call("CONSUMER", "CREATE", "test", "FROM", "1").text == "OK")
        #expect(try connection.call("CONSUMER", "ACK", "test", "5", "DURABLE") == .integer(5))
        // Answered at once, and the daemon dies of its flush.
        #expect(try connection.call("CONSUMER", "ACK", "test", "9") == .integer(9))
        #expect(daemon.waitUntilKilled())
        try daemon.start()
        connection = try daemon.connect()
        let acknowledged = try connection.call("CONSUMER", "ACK", "test", "0")
        #expect(acknowledged == .integer(failpoint == "consumer.put" ? 5 : 9))
    }

    @Test("a reset holds against who acknowledges what was read before it")
    func resetWhileRead() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var connection = try daemon.connect()
        var generator = SeededGenerator(seed: 4)
        var events = FollowedEvents()
        try events.append(30, to: &connection, &generator)
        #expect(try connection.call("CONSUMER", "CREATE", "test", "FROM", "1").text == "OK")
        #expect(try read(&connection, 20).positions == Array(1...20))
        var other = try daemon.connect()
        #expect(try other.call("CONSUMER", "RESET", "test", "5").text == "OK")
        let late = try connection.call("CONSUMER", "ACK", "test", "20")
        guard case .error("HELD", let message) = late else {
            Issue.record("answered \(late)")
            return
        }
        #expect(message.contains("was reset to 5"))
        // To ask how far it is takes no reading.
        #expect(try connection.call("CONSUMER", "ACK", "test", "0") == .integer(4))
        #expect(try read(&connection, 3).positions == [5, 6, 7])
        #expect(try connection.call("CONSUMER", "ACK", "test", "6") == .integer(6))
    }

    @Test("acknowledgements, answered at once, are flushed together, and then outlive a kill")
    func groupCommit() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var connection = try daemon.connect()
        var generator = SeededGenerator(seed: 3)
        var events = FollowedEvents()
        try events.append(200, to: &connection, &generator)
        #expect(try connection.call("CONSUMER", "CREATE", "test", "FROM", "1").text == "OK")
        let before = try flushes(&connection)
        for position in 1...200 { connection.send(["CONSUMER", "ACK", "test", "\(position)"]) }
        for position in 1...200 {
            #expect(try connection.receive() == .integer(Int64(position)))
        }
        // Nobody asks for that: LIST only tells.
        try waitUntil("acknowledgements are durable") {
            try connection.call("CONSUMER", "LIST").text?.contains("\"durable\":true") == true
        }
        let made = try flushes(&connection) - before
        #expect((1...50).contains(made), "200 acknowledgements took \(made) flushes")
        daemon.killNow()
        try daemon.start()
        connection = try daemon.connect()
        #expect(try connection.call("CONSUMER", "ACK", "test", "0") == .integer(200))
    }

    /// How often the file of the consumers was flushed.
    private func flushes(_ connection: inout Connection) throws -> Int {
        let text = try #require(try connection.call("INFO", "commits").text)
        let match = try #require(text.firstMatch(of: /consumers_flushes:([0-9]+)/))
        return try #require(Int(match.1))
    }

    @Test("one member at a time: a second reader is told who reads, and may when that has gone")
    func oneMember() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var first: Connection? = try daemon.connect()
        #expect(try first?.call("CONSUMER", "CREATE", "test", "FROM", "1").text == "OK")
        let id = try #require(try first?.call("CLIENT", "ID").integerValue)
        _ = try first?.call("CONSUMER", "READ", "test")
        var second = try daemon.connect()
        guard case .error("HELD", let message) = try second.call("CONSUMER", "READ", "test") else {
            Issue.record("two read at a time")
            return
        }
        #expect(message.contains("connection \(id) "))
        first = nil
        #expect(try retaken(&second).0 == 0)
    }

    @Test("a backup holds consumers, and a restored store goes on where both logs are the same")
    func restored() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var connection = try daemon.connect()
        var generator = SeededGenerator(seed: 2)
        var events = FollowedEvents()
        try events.append(30, to: &connection, &generator)
        #expect(try connection.call("CONSUMER", "CREATE", "test", "FROM", "1").text == "OK")
        #expect(try connection.call("CONSUMER", "ACK", "test", "12", "DURABLE") == .integer(12))
        try daemon.backUp("one")
        try daemon.startRestored(from: "one")
        connection = try daemon.connect()
        let list = try daemon.document("CONSUMER", "LIST")
        #expect(list["epoch"] as? Int == 2)
        #expect(try connection.call("CONSUMER", "ACK", "test", "0") == .integer(12))
        #expect(try read(&connection, 100).positions == Array(13...31))
        #expect(daemon.stop() == 0)
        #expect(try daemon.tool(["verify", daemon.store]).code == 0)
    }
}
