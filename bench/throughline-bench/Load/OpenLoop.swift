internal import Glibc
internal import Histogram

/// Appends at a fixed rate, whatever the server does, and asks views for some of them.
///
/// Latencies count from the moment an append was due, so a server that stalls is charged for all
/// that it kept waiting. A probe is an append whose position, once answered, is asked for with
/// `CUSTOMER … AFTER` and `QUEUE … AFTER`: the answer comes when the view has seen it.
struct OpenLoop: ~Copyable {
    private static let appenders = 16
    private static let probesPerSecond = 500
    /// The most nanoseconds that the loop waits without looking at the clock.
    private static let waitMax: UInt64 = 1_000_000

    private let ring: RequestRing
    private let keys: [String]
    private var probe: Channel
    private var customer: Channel
    private var queue: Channel
    private var others: [Box] = []
    private var sockets: [pollfd] = []
    private var latencies = [Histogram<UInt64>](repeating: Round.emptyHistogram(), count: 3)
    /// The customers of the probes under way.
    private var probedKeys: [String] = []
    private(set) var nextOrdinal: UInt64

    private final class Box {
        var channel: Channel
        init(_ channel: consuming Channel) { self.channel = channel }
    }

    /// Connects.
    ///
    /// - Parameter keys: The customers of the events of the ring; none = there are no probes.
    init(socketPath: String, ring: RequestRing, keys: [String], from ordinal: UInt64) throws {
        func connect(_ expects: Unicode.Scalar) throws -> Channel {
            try Channel(
                socketPath: socketPath, wire: .resp(expects: UInt8(ascii: expects)), depth: 64)
        }
        let probe = try connect(":")
        let customer = try connect("$")
        let queue = try connect("$")
        for _ in 0..<Self.appenders { others.append(Box(try connect(":"))) }
        let descriptors =
            [probe.descriptor, customer.descriptor, queue.descriptor]
            + others.map { $0.channel.descriptor }
        sockets = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        self.probe = probe
        self.customer = customer
        self.queue = queue
        self.ring = ring
        self.keys = keys
        nextOrdinal = ordinal
    }

    /// Appends at a rate for a time and waits for all answers. The queue `billing` must be there.
    mutating func run(rate: Int, seconds: Double) throws {
        let interval = 1e9 / Double(rate)
        let probeEvery = max(1, rate / Self.probesPerSecond)
        let count = Int(Double(rate) * seconds)
        let begin = Clock.now()
        var sent = 0
        while sent < count {
            let now = Clock.now()
            let due = min(count, Int(Double(now - begin) / interval) + 1)
            while sent < due {
                let moment = begin + UInt64(Double(sent) * interval)
                send(
                    moment, asProbe: !keys.isEmpty && sent % probeEvery == 0, number: sent)
                sent += 1
            }
            try flush()
            let next = begin + UInt64(Double(sent) * interval)
            let after = Clock.now()
            try serve(waiting: next > after ? min(next - after, Self.waitMax) : 0)
        }
        while underWay > 0 { try serve(waiting: Self.waitMax) }
    }

    private var underWay: Int {
        others.reduce(probe.underWay + customer.underWay + queue.underWay) {
            $0 + $1.channel.underWay
        }
    }

    private mutating func send(_ moment: UInt64, asProbe: Bool, number: Int) {
        let ordinal = nextOrdinal
        nextOrdinal += 1
        if asProbe {
            probedKeys.append(keys[Int(ordinal % UInt64(keys.count))])
            probe.add(sent: moment) { [ring] in ring.write(ordinal, to: &$0) }
        } else {
            let box = others[number % others.count]
            box.channel.add(sent: moment) { [ring] in ring.write(ordinal, to: &$0) }
        }
    }

    private mutating func flush() throws {
        try probe.flush()
        try customer.flush()
        try queue.flush()
        for box in others { try box.channel.flush() }
    }

    private mutating func serve(waiting nanoseconds: UInt64) throws {
        try LoadSocket.wait(&sockets, nanoseconds: Int64(nanoseconds))
        for index in sockets.indices where sockets[index].revents != 0 {
            switch index {
            case 0: try serveProbe()
            case 1: try Self.drain(&customer, &latencies[1])
            case 2: try Self.drain(&queue, &latencies[2])
            default: try Self.drain(&others[index - 3].channel, &latencies[0])
            }
        }
        try flush()
    }

    private static func drain(
        _ channel: inout Channel, _ latencies: inout Histogram<UInt64>
    ) throws {
        try channel.receive()
        let now = Clock.now()
        while let sent = try channel.nextReply() {
            latencies.record(min(now - sent, Round.latencyMax))
        }
    }

    private mutating func serveProbe() throws {
        try probe.receive()
        let now = Clock.now()
        while let sent = try probe.nextReply() {
            latencies[0].record(min(now - sent, Round.latencyMax))
            let freshness = ["AFTER", "\(probe.lastInteger)", "WITHIN", "60000"]
            let key = probedKeys.removeFirst()
            Self.ask(&customer, sent, ["CUSTOMER", key] + freshness)
            Self.ask(&queue, sent, ["QUEUE", "billing"] + freshness)
        }
    }

    private static func ask(_ channel: inout Channel, _ sent: UInt64, _ words: [String]) {
        channel.add(sent: sent) {
            $0.append(contentsOf: RESPRequest.bytes(words.map { Array($0.utf8) }))
        }
    }

    /// What was measured: until answered, until CUSTOMER and until QUEUE show it.
    func rounds(seconds: Double) -> [Round] {
        latencies.map {
            Round(latencies: $0, seconds: seconds, serverSeconds: 0, clientSeconds: 0)
        }
    }
}
