import Client
import DaemonTesting
import Foundation
import RESP
import Synchronization
import Testing

@Suite("Peers that are too many, or too fast")
struct FloodTests {
    private static let idlePeers = 10_000
    /// Files that this process and, with it, the daemons it starts may have open: as many as the
    /// system allows. The daemon needs some beside its connections.
    private static let filesAllowed: rlim_t = {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(resource, &limit) == 0 else { return 0 }
        let wanted = rlim_t(idlePeers + 2_048)
        let before = limit
        limit.rlim_cur = max(limit.rlim_cur, wanted)
        limit.rlim_max = max(limit.rlim_max, wanted)
        if unsafe setrlimit(resource, &limit) == 0 { return limit.rlim_cur }
        // Not the superuser: up to what was allowed before.
        limit = before
        limit.rlim_cur = before.rlim_max
        return unsafe setrlimit(resource, &limit) == 0 ? limit.rlim_cur : 0
    }()

    /// A number that INFO tells.
    private func number(_ name: String, _ connection: inout Connection) throws -> Int {
        let text = try connection.call("INFO").text ?? ""
        let line = text.split(separator: "\r\n").first { $0.hasPrefix("\(name):") }
        let value = try #require(line, "no \(name)").dropFirst(name.count + 1)
        return try #require(Int(value))
    }

    /// What the daemon has of its own in memory, without pages of files.
    private func ownBytes(_ connection: inout Connection) throws -> Int {
        try number("resident_bytes", &connection) - number("mapped_file_bytes", &connection)
    }

    // Under a sanitizer ten thousand connect in several times the time that they have for a request.
    // And with so many files open Foundation's Process, which starts daemons beside, reads beyond
    // what it lists of them, at which Address Sanitizer ends the tests.
    @Test(
        "ten thousand connects at once are all served, and stay in bounds",
        .enabled(if: filesAllowed >= rlim_t(idlePeers + 1_024), "not so many files may be open"),
        .disabled(if: Sanitizer.isAtWork, "its bounds are those of a daemon without a sanitizer"))
    func tenThousand() throws {
        let daemon = try DaemonProcess()
        try #require(
            try daemon.start(
                arguments: [
                    "--set", "limits.connections=\(Self.idlePeers + 100)",
                    "--set", "limits.connections_per_user=\(Self.idlePeers)",
                ], quietly: true))
        var connection = try daemon.connect()
        let before = try ownBytes(&connection)
        // What the daemon needs to tell one connection of itself, and INFO of itself.
        func cost() throws -> Duration {
            let start = try daemon.processorTime()
            for _ in 0..<200 {
                _ = try connection.call("CLIENT", "INFO")
                _ = try connection.call("INFO", "server")
                _ = try connection.call("INFO", "clients")
            }
            return try daemon.processorTime() - start
        }
        let costBefore = try cost()
        let threads = 8
        let held = Mutex<[RawPeer]>([])
        let socket = daemon.socket
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            let peers = (0..<Self.idlePeers / threads).compactMap { _ in RawPeer(to: socket) }
            held.withLock { $0 += peers }
        }
        let peers = held.withLock { $0 }
        #expect(peers.count == Self.idlePeers)
        for peer in peers { #expect(peer.sendAll(Array("PING\r\n".utf8))) }
        let served = peers.count { $0.read(lines: 1) == "+PONG\r\n" }
        #expect(served == Self.idlePeers)
        #expect(try number("connected_clients", &connection) == Self.idlePeers + 1)
        let costAmongMany = try cost()
        #expect(costAmongMany < costBefore * 3, "\(costBefore) before, \(costAmongMany) since")
        // 100 MiB more for 10,000: the figure that is promised.
        #expect(try ownBytes(&connection) - before <= 100 << 20)
        #expect(
            try connection.call("APPEND", "demo.kept", "source", "a", "id", "1") == .integer(1))
        held.withLock { $0 = [] }
        #expect(daemon.stop() == 0)
    }

    @Test("who sends faster than the disk takes is read as fast as that; others are served")
    func fasterThanDisk() throws {
        let daemon = try DaemonProcess()
        let settings = [
            "limits.argument_bytes=65536", "limits.request_bytes=131072",
            "limits.input_bytes=262144", "limits.output_bytes=65536",
        ]
        try #require(
            try daemon.start(arguments: settings.flatMap { ["--set", $0] }, quietly: true))
        var connection = try daemon.connect()
        let before = try ownBytes(&connection)
        let count = 4_096
        let text = String(repeating: "x", count: 16_384)
        let peer = try #require(RawPeer(to: daemon.socket))
        let sender = Thread {
            for number in 0..<count {
                let head =
                    "*8\r\n$6\r\nAPPEND\r\n$9\r\ndemo.said\r\n$6\r\nsource\r\n$5\r\nflood\r\n"
                let id = "\(number)"
                let rest = "$2\r\nid\r\n$\(id.utf8.count)\r\n\(id)\r\n$4\r\nDATA\r\n"
                let data = "$\(text.utf8.count)\r\n\(text)\r\n"
                guard peer.sendAll(Array((head + rest + data).utf8)) else { return }
            }
        }
        sender.start()
        var (asked, held, own) = (0, 0, 0)
        var position: Int64 = 0
        while position < count {
            // Each of these is answered while the flood goes on.
            held = max(held, try number("connection_buffer_bytes", &connection))
            own = max(own, try ownBytes(&connection))
            asked += 1
            position = try #require(try connection.call("HEAD").integerValue)
        }
        // 64 MiB went through.
        print("flood: \((own - before) >> 10) KiB more, \(held >> 10) KiB of them in connections")
        #expect(asked > 8, "nobody else was served")
        #expect(held < 2 << 20, "\(held) bytes of requests and answers were held")
        #expect(Sanitizer.isAtWork || own - before < 56 << 20, "\(own - before) bytes more")
        for number in 1...count {
            #expect(peer.read(lines: 1) == ":\(number)\r\n")
        }
        #expect(daemon.stop() == 0)
    }
}
