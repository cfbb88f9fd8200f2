import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

@Suite("FOLLOW")
struct FollowTests {
    /// Seeds of this run; the date's, so that every day asks something else.
    private static let seeds = (0..<4).map {
        UInt64(Date().timeIntervalSince1970 / 86_400) * 8 + $0
    }

    @Test(
        "a follower sees the events of its filter, each once, in order, whatever breaks off",
        arguments: seeds)
    func property(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let daemon = try DaemonProcess()
        try daemon.start()
        var events = FollowedEvents()
        var followers = (0..<4).map { _ in
            let start = generator.once(in: 2) ? 1 : Int64.random(in: 1...30, using: &generator)
            return (Follower(daemon, .drawn(&generator), from: start), start)
        }
        for round in 0..<4 {
            var producer = try daemon.connect()
            let count = Int.random(in: 40...1_500, using: &generator)
            try events.append(count, to: &producer, &generator)
            let head = try #require(events.events.last?.position)
            for index in followers.indices {
                try followers[index].0.follow(through: head, &generator)
                let expected = events.positions(
                    followers[index].0.filter, from: followers[index].1)
                #expect(
                    followers[index].0.seen == expected,
                    "seed \(seed), round \(round), \(followers[index].0.filter)")
            }
            guard generator.once(in: 2) else { continue }
            daemon.killNow()
            try daemon.start()
        }
    }

    @Test("who follows is pushed what others append, and it costs them nothing that it never reads")
    func neverReading() throws {
        let daemon = try DaemonProcess()
        // However long a loaded machine takes: who never reads is not to be let go meanwhile.
        try daemon.start(arguments: ["--set", "limits.stalled_ms=3600000"])
        var idle = try (0..<20).map { _ in try Sleeper(daemon) }
        var reader = try daemon.connect()
        _ = try reader.call("HELLO", "3")
        #expect(try reader.call("FOLLOW", "LOG", "FROM", "1") == .integer(1))
        #expect(try reader.receive() == push("live", 1))
        var producer = try daemon.connect()
        let text = String(repeating: "words ", count: 2_000)
        let before = try daemon.residentBytes()
        // 24 MB for each: more than all sockets and buffers of the twenty take.
        for number in 1...2_000 {
            let reply = try producer.call(
                "APPEND", "demo.said", "source", "test", "id", "\(number)", "DATA", text)
            #expect(reply == .integer(Int64(number)))
            while true {
                guard case .push(let push) = try reader.receive() else { continue }
                guard push[2].text == "event" else { continue }
                #expect(push[3] == .integer(Int64(number)))
                break
            }
        }
        let grown = try daemon.residentBytes() - before
        // 2 MiB may be under way to each, and a turn's pushes beyond; the log itself keeps some.
        #expect(
            Sanitizer.isAtWork || grown < 20 * 4 * 1_048_576 + 128 * 1_048_576, "\(grown) bytes")
        // One that reads at last is told that it is behind, and gets all of it.
        try idle[0].catchUp(through: 2_000)
        idle.removeAll()
        #expect(try producer.call("HEAD") == .integer(2_000))
    }

    /// Who follows all events of a name and a customer.
    private final class NamedFollower {
        var connection: Connection

        init(_ daemon: DaemonProcess) throws {
            connection = try daemon.connect()
            _ = try connection.call("HELLO", "3")
            for subject in [["LOG", "FROM", "1", "TYPE", "none.*"], ["CUSTOMER", "crm:1"]] {
                _ = try connection.call(["FOLLOW"] + subject)
                // That it is live, or the document.
                _ = try connection.receive()
            }
        }
    }

    @Test("what a follower asks costs the same however many follow")
    func manyFollow() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var followers = [try NamedFollower(daemon)]
        func cost() throws -> Duration {
            let before = try daemon.processorTime()
            for _ in 0..<500 { _ = try followers[0].connection.call("PING") }
            return try daemon.processorTime() - before
        }
        let alone = try cost()
        for _ in 0..<800 { followers.append(try NamedFollower(daemon)) }
        let amongMany = try cost()
        print("500 PINGs of a follower: \(alone) alone, \(amongMany) among 800")
        // Documents are looked at from time to time, for at most a twentieth of the loop.
        #expect(amongMany < alone * 3)
        // All of them are there for what comes.
        var producer = try daemon.connect()
        _ = try producer.call("APPEND", "none.such", "source", "a", "id", "1")
        for follower in followers {
            let push = try #require(try follower.connection.receive().elements)
            #expect(push[2].text == "event" && push[3] == .integer(1))
        }
        // One that follows nothing any more is none.
        for id in 1...2 {
            let place = try followers[0].connection.call("UNFOLLOW", "\(id)")
            #expect(place.integerValue != nil)
        }
        let clients = try producer.call("INFO", "clients").text ?? ""
        #expect(clients.contains("following_clients:800\r\nfollows:1600"), "\(clients)")
    }

    @Test("a queue's document is pushed when it changes, and not when only time or others pass")
    func queue() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var reader = try daemon.connect()
        var producer = try daemon.connect()
        _ = try reader.call("HELLO", "3")
        #expect(try reader.call("FOLLOW", "QUEUE", "billing") == .integer(1))
        let first = try #require(try reader.receive().elements)
        #expect(first[2].text == "changed" && first[4] == .null)
        for number in 1...3 {
            // Another queue first: were it pushed too, it would come before what is looked for.
            _ = try producer.call(
                "APPEND", "queue.entered", "source", "t", "id", "o\(number)", "interaction",
                "o-\(number)", "queue", "other")
            let reply = try producer.call(
                "APPEND", "queue.entered", "source", "t", "id", "b\(number)", "interaction",
                "b-\(number)", "queue", "billing")
            let position = try #require(reply.integerValue)
            let push = try #require(try reader.receive().elements)
            #expect(push[2].text == "changed")
            #expect(try #require(push[3].integerValue) >= position)
            #expect(try #require(push[4].text).contains("\"waiting_count\":\(number)"))
        }
    }

    @Test("a daemon that stops tells where to go on")
    func closing() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var reader = try daemon.connect()
        _ = try reader.call("HELLO", "3")
        #expect(try reader.call("FOLLOW", "LOG", "FROM", "1") == .integer(1))
        #expect(try reader.receive() == push("live", 1))
        #expect(daemon.stop() == 0)
        let closing = try #require(try reader.receive().elements)
        #expect(
            closing == [
                .bulk(Array("follow".utf8)), .integer(1), .bulk(Array("closing".utf8)),
                .integer(1), .integer(1),
            ])
    }

    @Test("with READAFTERWRITE a connection's reads see what it has just appended")
    func readAfterWrite() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var connection = try daemon.connect()
        #expect(try connection.call("CLIENT", "READAFTERWRITE", "ON").text == "OK")
        for number in 1...200 {
            connection.send([
                "APPEND", "queue.entered", "source", "t", "id", "\(number)", "interaction",
                "i-\(number)", "queue", "billing",
            ])
            connection.send(["QUEUE", "billing"])
            #expect(try connection.receive() == .integer(Int64(number)))
            let document = try #require(try connection.receive().text)
            #expect(document.contains("\"waiting_count\":\(number),"), "after \(number)")
        }
    }

    private func push(_ kind: String, _ next: Int64) -> Reply {
        .push([.bulk(Array("follow".utf8)), .integer(1), .bulk(Array(kind.utf8)), .integer(next)])
    }
}

/// Follows the log and does not read.
final class Sleeper {
    private var connection: Connection

    init(_ daemon: DaemonProcess) throws {
        connection = try daemon.connect()
        _ = try connection.call("HELLO", "3")
        _ = try connection.call("FOLLOW", "LOG", "FROM", "1")
    }

    func catchUp(through goal: Int64) throws {
        var next: Int64 = 1
        var wasToldBehind = false
        while next <= goal {
            guard case .push(let push) = try connection.receive() else { continue }
            switch push[2].text {
            case "event":
                #expect(push[3] == .integer(next))
                next += 1
            case "behind": wasToldBehind = true
            default: continue
            }
        }
        #expect(wasToldBehind)
    }
}
