import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

/// What is held to in all of them: what was answered is there, whole; what was refused is not;
/// others are served meanwhile.
@Suite("Peers that break off")
struct BrokenPeerTests {
    private static let seeds = (0..<2).map {
        UInt64(Date().timeIntervalSince1970 / 86_400) * 8 + $0
    }

    private static func request(_ words: [String]) -> [UInt8] {
        Array("*\(words.count)\r\n".utf8)
            + words.flatMap { Array("$\($0.utf8.count)\r\n\($0)\r\n".utf8) }
    }

    /// A batch of events; its ids say which batch it is.
    private static func batch(_ name: String, of count: Int) -> [String] {
        let events = (1...count).map { part in
            ["demo.part", "source", "cut", "id", "\(name)-\(part)", "part", "\(part)"]
        }
        return ["APPENDBATCH", "\(count)"] + events.flatMap { ["\($0.count)"] + $0 }
    }

    /// The names of the batches that the log holds, each once, in order.
    ///
    /// Expects that each is whole, and in one piece.
    private func batches(_ connection: inout Connection, of count: Int) throws -> [String] {
        var names: [String] = []
        var parts: [String] = []
        var next: Int64 = 1
        while true {
            let reply = try connection.call("EVENTS", "FROM", "\(next)", "COUNT", "1000")
            let elements = try #require(reply.elements)
            let events = try #require(elements[1].elements).compactMap(\.text)
            guard !events.isEmpty else { break }
            for event in events {
                let id = try #require(event.firstMatch(of: /"id":"([^"]+)-([0-9]+)"/))
                parts.append("\(id.1)-\(id.2)")
                guard parts.count == count else { continue }
                let whole = (1...count).map { "\(id.1)-\($0)" }
                #expect(parts == whole, "a batch in pieces")
                names.append(String(id.1))
                parts = []
            }
            next = try #require(elements[0].integerValue)
        }
        #expect(parts.isEmpty, "half a batch: \(parts)")
        #expect(Set(names).count == names.count, "a batch stored twice")
        return names
    }

    @Test(
        "a batch is stored whole or not at all, wherever its producer is cut off", arguments: seeds)
    func cutOff(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var answered: Set<String> = []
        var sent: Set<String> = []
        for number in 0..<40 {
            // Some whole batches, then one that is cut anywhere.
            let names = (0...Int.random(in: 0...4, using: &generator)).map { "\(number).\($0)" }
            let bytes = names.map { Self.request(Self.batch($0, of: 3)) }
            let cut = Int.random(in: 0..<(bytes.last?.count ?? 1), using: &generator)
            let all = Array(bytes.dropLast().joined()) + (bytes.last ?? []).prefix(cut)
            sent.formUnion(names.dropLast())
            let peer = try #require(RawPeer(to: daemon.socket))
            #expect(peer.sendAll(all))
            guard names.count > 1, generator.once(in: 2) else { continue }
            // One that listens before it goes knows what it has been promised.
            for name in names.dropLast() where peer.read(lines: 4).hasPrefix("*3") {
                answered.insert(name)
            }
        }
        daemon.killNow()
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        let stored = Set(try batches(&connection, of: 3))
        #expect(answered.isSubset(of: stored), "seed \(seed): something answered is lost")
        #expect(stored.isSubset(of: sent), "seed \(seed): something cut off is stored")
        #expect(daemon.stop() == 0)
    }

    @Test(
        "of a pipeline over which the daemon is killed, all answers hold, and no refusal is stored")
    func killed() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var answered: [String] = []
        for round in 0..<4 {
            let peer = try #require(RawPeer(to: daemon.socket))
            let names = (0..<300).map { "\(round).\($0)" }
            // Every other request is refused: `queue.entered` without a queue.
            let refused = Self.request(["APPEND", "queue.entered", "source", "cut", "id", "no-1"])
            let all = names.flatMap { Self.request(Self.batch($0, of: 3)) + refused }
            let sender = Thread { _ = peer.sendAll(all) }
            sender.start()
            for name in names.prefix(60 * round) {
                #expect(peer.read(lines: 5).contains("\r\n-MISSING"))
                answered.append(name)
            }
            daemon.killNow()
            try #require(try daemon.start(quietly: true))
        }
        var connection = try daemon.connect()
        let stored = try batches(&connection, of: 3)
        #expect(Set(answered).isSubset(of: Set(stored)))
        // Said again, everything is there once.
        for name in answered {
            let reply = try connection.call(Self.batch(name, of: 3))
            #expect(reply.elements?.last?.text == "REPEAT")
        }
        #expect(try batches(&connection, of: 3) == stored)
        #expect(daemon.stop() == 0)
    }

    @Test("a batch that comes one byte at a time is stored like any other, and others do not wait")
    func byteByByte() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        let slow = try #require(RawPeer(to: daemon.socket))
        for (number, byte) in Self.request(Self.batch("slow", of: 3)).enumerated() {
            #expect(slow.sendAll([byte]))
            guard number % 16 == 0 else { continue }
            // It may have been looked at between any two bytes.
            #expect(try connection.call("HEAD") == .integer(0))
        }
        #expect(slow.read(lines: 4) == "*3\r\n:1\r\n:2\r\n:3\r\n")
        #expect(try batches(&connection, of: 3) == ["slow"])
        #expect(daemon.stop() == 0)
    }

    @Test("a client's process killed amid its batches leaves what came first, whole, and no more")
    func killedProcess() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        // It is told more for as long as it lives, so that it dies amid a batch.
        let (near, far) = try pair()
        let client = Process()
        client.executableURL = DaemonProcess.programs.appendingPathComponent("throughline")
        client.arguments = ["import", "--socket", daemon.socket, "-"]
        client.currentDirectoryURL = daemon.folder
        client.standardInput = far
        client.standardOutput = FileHandle.nullDevice
        client.standardError = FileHandle.nullDevice
        try ChildStarter.shared.run(client)
        try far.close()
        let teller = Thread {
            var number = 1
            while Self.tell(near.fileDescriptor, Self.line(number)) { number += 1 }
        }
        teller.start()
        try waitUntil("2,000 events are stored") {
            try connection.call("HEAD").integerValue ?? 0 >= 2_000
        }
        kill(client.processIdentifier, SIGKILL)
        client.waitUntilExit()
        #expect(client.terminationReason == .uncaughtSignal)
        // What it had sent by then is still taken.
        try waitUntil("the daemon has seen the client go") {
            try connection.call("INFO", "clients").text?.contains("connected_clients:1\r") == true
        }
        let stored = Int(try #require(try connection.call("HEAD").integerValue))
        #expect(try ids(&connection) == Array(1...stored))
        // Whoever says it all again completes it.
        let file = daemon.folder.appendingPathComponent("events.ndjson")
        let lines = (1...stored + 500).map { Self.line($0) }.joined()
        try Data(lines.utf8).write(to: file)
        let again = try daemon.tool(["import", "--dead-letters", "/dev/null", file.path])
        #expect(again.code == 0, "\(again.error)")
        #expect(try ids(&connection) == Array(1...stored + 500))
        #expect(daemon.stop() == 0)
    }

    private static func line(_ number: Int) -> String {
        #"{"specversion":"1.0","source":"cut","type":"demo.part","id":"\#(number)"}"# + "\n"
    }

    /// Sends a text whole; false once nobody reads it any more.
    private static func tell(_ descriptor: Int32, _ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Both ends of a stream; writing to one whose other end is gone sends no signal.
    private func pair() throws -> (near: FileHandle, far: FileHandle) {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try #require(unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0)
        return (
            FileHandle(fileDescriptor: ends[0], closeOnDealloc: true),
            FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        )
    }

    /// The ids of the client's events that the log holds, in order.
    private func ids(_ connection: inout Connection) throws -> [Int] {
        var ids: [Int] = []
        var next: Int64 = 1
        while true {
            let reply = try connection.call(
                "EVENTS", "FROM", "\(next)", "COUNT", "1000", "TYPE", "demo.part")
            let elements = try #require(reply.elements)
            let behind = try #require(elements[0].integerValue)
            for event in try #require(elements[1].elements).compactMap(\.text) {
                let id = try #require(event.firstMatch(of: /"id":"([0-9]+)"/))
                ids.append(try #require(Int(id.1)))
            }
            guard behind > next else { return ids }
            next = behind
        }
    }
}
