import Client
import DaemonTesting
import Following
import Foundation
import RESP
import TestSupport
import Testing

@Suite("The log as an AsyncSequence")
struct LogEventsTests {
    private static let seeds = (0..<3).map {
        UInt64(Date().timeIntervalSince1970 / 86_400) * 8 + $0
    }

    @Test(
        "brings each event once and in order, whatever its window, over daemons that are killed",
        arguments: seeds)
    func property(_ seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let daemon = try DaemonProcess()
        try daemon.start()
        let filter = FollowedEvents.Filter.drawn(&generator)
        let wanted = LogEvents(
            socketPath: daemon.socket, from: 1, epoch: 1, types: filter.types,
            channels: filter.channels, identifiers: filter.identifiers,
            window: Int.random(in: 1...50, using: &generator))
        var iterator = wanted.makeAsyncIterator()
        var events = FollowedEvents()
        var seen: [Int64] = []
        for round in 0..<4 {
            var producer = try daemon.connect()
            try events.append(
                Int.random(in: 1...400, using: &generator), to: &producer, &generator)
            let expected = events.positions(filter, from: 1)
            while seen.count < expected.count {
                seen.append(Int64(try #require(try await iterator.next()).position))
            }
            #expect(seen == expected, "seed \(seed), round \(round), \(filter)")
            guard generator.once(in: 2) else { continue }
            daemon.killNow()
            try daemon.start()
        }
    }

    @Test("ends where a restored daemon has other events at the positions it has seen")
    func restored() async throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var connection = try daemon.connect()
        var generator = SeededGenerator(seed: 3)
        var events = FollowedEvents()
        try events.append(30, to: &connection, &generator)
        try daemon.backUp("one")
        try events.append(30, to: &connection, &generator)
        var iterator = LogEvents(socketPath: daemon.socket, from: 1).makeAsyncIterator()
        for position in 1...60 {
            #expect(try await iterator.next()?.position == UInt64(position))
        }
        try daemon.startRestored(from: "one")
        connection = try daemon.connect()
        // Past the position it has come to, where other events stood.
        for number in 1...80 {
            let reply = try connection.call(
                "APPEND", "note.taken", "source", "after", "id", "\(number)")
            #expect(reply.integerValue != nil, "\(reply)")
        }
        await #expect {
            _ = try await iterator.next()
        } throws: { error in
            guard case FollowError.refused("EPOCH", _, 61) = error else { return false }
            return true
        }
        #expect(daemon.stop() == 0)
    }

    @Test("throws what the daemon refuses, and ends with its task")
    func ends() async throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var refused = LogEvents(socketPath: daemon.socket, from: 1, epoch: 7).makeAsyncIterator()
        await #expect {
            _ = try await refused.next()
        } throws: { error in
            guard case FollowError.refused("EPOCH", _, 1) = error else { return false }
            return true
        }
        let socket = daemon.socket
        let task = Task {
            var iterator = LogEvents(socketPath: socket, from: 1).makeAsyncIterator()
            return try await iterator.next() == nil
        }
        task.cancel()
        #expect(try await task.value)
    }

    @Test("the README's example is this code")
    func readme() async throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var producer = try daemon.connect()
        _ = try producer.call(
            "APPEND", "queue.entered", "source", "t", "id", "1", "interaction", "i-1", "queue",
            "billing")
        var shown: [String] = []
        func print(_ position: UInt64, _ document: String) {
            shown.append("\(position) \(document)")
        }
        func example(path: String) async throws {
            for try await event in LogEvents(socketPath: path, from: 1, types: ["queue.*"]) {
                print(event.position, event.document)
                break
            }
        }
        try await example(path: daemon.socket)
        #expect(shown.first?.hasPrefix("1 {\"position\":1,") == true)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(
            contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let code = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        let lines = [
            #"for try await event in LogEvents(socketPath: path, from: 1, types: ["queue.*"]) {"#,
            "print(event.position, event.document)",
        ]
        for line in lines { #expect(readme.contains(line) && code.contains("    " + line)) }
    }
}
