internal import Glibc
internal import Histogram

/// Asks for cards at a fixed rate, whatever the server does: latencies count from the moment a
/// request was due.
struct RatedReads: ~Copyable {
    /// The most nanoseconds that the loop waits without looking at the clock.
    private static let waitMax: UInt64 = 1_000_000

    private let requests: [[UInt8]]
    private var channels: [Box] = []
    private var sockets: [pollfd] = []
    private var sent = 0

    private final class Box {
        var channel: Channel
        init(_ channel: consuming Channel) { self.channel = channel }
    }

    /// - Parameter requests: Asked in turn.
    init(socketPath: String, connections: Int, requests: [[UInt8]]) throws {
        self.requests = requests
        for _ in 0..<connections {
            let channel = try Channel(
                socketPath: socketPath, wire: .resp(expects: UInt8(ascii: "$")), depth: 64)
            channels.append(Box(channel))
        }
        sockets = channels.map {
            pollfd(fd: $0.channel.descriptor, events: Int16(POLLIN), revents: 0)
        }
    }

    /// Asks for a time and waits for all answers.
    ///
    /// - Parameter goesOn: Asked once in a while; false ends it early.
    mutating func run(
        rate: Int, seconds: Double, while goesOn: () throws -> Bool = { true }
    ) throws -> Round {
        var latencies = Round.emptyHistogram()
        let interval = 1e9 / Double(rate)
        let begin = Clock.now()
        let end = begin + UInt64(seconds * 1e9)
        var asked = 0
        var looks = begin
        while true {
            let now = Clock.now()
            guard now < end else { break }
            if now - looks > 50_000_000 {
                looks = now
                guard try goesOn() else { break }
            }
            while Double(asked) * interval <= Double(now - begin) {
                let moment = begin + UInt64(Double(asked) * interval)
                channels[sent % channels.count].channel.add(sent: moment) {
                    $0.append(contentsOf: requests[sent % requests.count])
                }
                sent += 1
                asked += 1
            }
            try serve(&latencies, waiting: min(UInt64(interval), Self.waitMax))
        }
        let elapsed = Double(Clock.now() - begin) / 1e9
        while channels.contains(where: { $0.channel.underWay > 0 }) {
            try serve(&latencies, waiting: Self.waitMax)
        }
        return Round(latencies: latencies, seconds: elapsed, serverSeconds: 0, clientSeconds: 0)
    }

    private mutating func serve(
        _ latencies: inout Histogram<UInt64>, waiting nanoseconds: UInt64
    ) throws {
        for box in channels { try box.channel.flush() }
        try LoadSocket.wait(&sockets, nanoseconds: Int64(nanoseconds))
        for index in sockets.indices where sockets[index].revents != 0 {
            let box = channels[index]
            try box.channel.receive()
            let now = Clock.now()
            while let moment = try box.channel.nextReply() {
                latencies.record(min(now - moment, Round.latencyMax))
            }
        }
    }
}
