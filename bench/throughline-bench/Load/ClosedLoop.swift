internal import Glibc
internal import Histogram

/// Connections that each keep the same number of requests under way, all on one thread.
///
/// A closed loop: throughput is what the server takes. What is answered in one burst is replaced in
/// one burst, as a pipelining client does.
struct ClosedLoop: ~Copyable {
    private let ring: RequestRing
    private let depth: Int
    private var channels: [Box] = []
    private var sockets: [pollfd] = []
    private var latencies = Round.emptyHistogram()
    private var isRefilling = true
    /// The number of the next request.
    private(set) var nextOrdinal: UInt64

    /// Arrays hold no noncopyable elements.
    private final class Box {
        var channel: Channel
        init(_ channel: consuming Channel) { self.channel = channel }
    }

    init(
        socketPath: String, wire: Wire, greeting: [[UInt8]], connections: Int, depth: Int,
        ring: RequestRing, from firstOrdinal: UInt64
    ) throws {
        precondition(ring.count > 0, "a load needs requests")
        self.ring = ring
        self.depth = depth
        nextOrdinal = firstOrdinal
        for _ in 0..<connections {
            var channel = try Channel(socketPath: socketPath, wire: wire, depth: depth)
            for request in greeting { try channel.greet(request) }
            sockets.append(pollfd(fd: channel.descriptor, events: Int16(POLLIN), revents: 0))
            channels.append(Box(channel))
        }
    }

    /// Runs for a time, measures behind a warm-up, and returns when everything is answered.
    mutating func run(
        warmUp: Double, seconds: Double, serverCPU: () throws -> Double
    ) throws -> Round {
        isRefilling = true
        for index in channels.indices { try refill(index, Clock.now()) }
        _ = try turn(until: Clock.now() + UInt64(warmUp * 1e9))
        latencies = Round.emptyHistogram()
        let serverBefore = try serverCPU()
        let clientBefore = Clock.threadCPU()
        let begin = Clock.now()
        let end = try turn(until: begin + UInt64(seconds * 1e9))
        let clientAfter = Clock.threadCPU()
        let round = Round(
            latencies: latencies, seconds: Double(end - begin) / 1e9,
            serverSeconds: try serverCPU() - serverBefore,
            clientSeconds: Double(clientAfter - clientBefore) / 1e9)
        try finish()
        return round
    }

    /// Sends so many requests and returns when all are answered.
    mutating func run(requests: UInt64) throws {
        let last = nextOrdinal + requests
        isRefilling = true
        for index in channels.indices { try refill(index, Clock.now()) }
        while nextOrdinal + UInt64(channels.count * depth) < last { _ = try turn(until: 0) }
        try finish()
    }

    private mutating func finish() throws {
        isRefilling = false
        while channels.contains(where: { $0.channel.underWay > 0 }) { _ = try turn(until: 0) }
    }

    /// Serves sockets until a moment, once at least; returns the time.
    private mutating func turn(until end: UInt64) throws -> UInt64 {
        while true {
            try LoadSocket.wait(&sockets, nanoseconds: 1_000_000_000)
            var now = Clock.now()
            for index in sockets.indices where sockets[index].revents != 0 {
                let ready = Int32(sockets[index].revents)
                if ready & ~POLLOUT != 0 { now = try serve(index) }
                if channels[index].channel.hasUnsent { try channels[index].channel.flush() }
                let wanted = channels[index].channel.hasUnsent ? POLLIN | POLLOUT : POLLIN
                sockets[index].events = Int16(wanted)
            }
            if now >= end { return now }
        }
    }

    private mutating func serve(_ index: Int) throws -> UInt64 {
        let box = channels[index]
        try box.channel.receive()
        let now = Clock.now()
        while let sent = try box.channel.nextReply() {
            latencies.record(min(now - sent, Round.latencyMax))
        }
        if isRefilling { try refill(index, now) }
        return now
    }

    private mutating func refill(_ index: Int, _ now: UInt64) throws {
        let box = channels[index]
        for _ in 0..<box.channel.room {
            let ordinal = nextOrdinal
            box.channel.add(sent: now) { [ring] in ring.write(ordinal, to: &$0) }
            nextOrdinal += 1
        }
        try box.channel.flush()
        if box.channel.hasUnsent { sockets[index].events = Int16(POLLIN | POLLOUT) }
    }
}
