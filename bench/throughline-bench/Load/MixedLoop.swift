internal import Glibc
internal import Histogram

/// Requests of several kinds, each at a rate of its own, whatever the server does.
///
/// Latencies count from the moment a request was due. Where the server dies, what it had not
/// answered is asked again once it is there, under the same ids; what was due meanwhile is late.
struct MixedLoop: ~Copyable {
    /// One kind of request.
    struct Kind {
        let name: String
        let perSecond: Double
        let connections: Int
        /// Whether its newest answers, which are positions, are kept.
        var keepsPositions = false
        /// Appends the n-th request of this kind.
        let write: (UInt64, inout [UInt8]) -> Void
    }

    /// How far a kind has come, from loop to loop.
    struct Progress {
        /// The number of the next new request.
        var next: UInt64 = 0
        /// What was sent and not answered.
        var unanswered: [UnderWay] = []
        /// The highest number up to which all were answered, counted by `answered`.
        var answered: UInt64 = 0
        /// How many of the answers said that a view was late; they have no latency.
        var stale = 0
        /// The newest answers of a kind that keeps them.
        var positions = AnsweredPositions()
    }

    /// A request that has no answer yet.
    struct UnderWay {
        let number: UInt64
        /// When it was due.
        let due: UInt64
    }

    /// What of a kind a stretch measured.
    struct Measured {
        let name: String
        let round: Round
    }

    /// The most nanoseconds that the loop waits without looking at the clock.
    private static let waitMax: UInt64 = 1_000_000
    private static let depth = 256

    /// What is to be done at a moment, in seconds from the beginning.
    typealias Meanwhile = (after: Double, do: () throws -> Void)

    private let socketPath: String
    private let kinds: [Kind]
    private var begin: UInt64 = 0
    private var end: UInt64 = 0
    private var meanwhile: Meanwhile?
    /// How many of each kind have been due since the beginning.
    private var sent: [Int] = []
    private(set) var progress: [Progress]
    private var latencies: [Histogram<UInt64>]
    private var boxes: [Box] = []
    private var sockets: [pollfd] = []

    private final class Box {
        let kind: Int
        var channel: Channel
        /// What is under way, the oldest first.
        var underWay: [UnderWay] = []
        init(_ kind: Int, _ channel: consuming Channel) {
            self.kind = kind
            self.channel = channel
        }
    }

    init(socketPath: String, kinds: [Kind], progress: [Progress]) throws {
        precondition(kinds.count == progress.count)
        self.socketPath = socketPath
        self.kinds = kinds
        self.progress = progress
        latencies = Array(repeating: Round.emptyHistogram(), count: kinds.count)
        try connect()
    }

    private mutating func connect() throws {
        for (index, kind) in kinds.enumerated() {
            for _ in 0..<kind.connections {
                let channel = try Channel(
                    socketPath: socketPath, wire: .respAnswer, depth: Self.depth)
                sockets.append(pollfd(fd: channel.descriptor, events: Int16(POLLIN), revents: 0))
                boxes.append(Box(index, channel))
            }
        }
    }

    /// Sends for a time and waits for all answers.
    ///
    /// - Throws: `BenchFailure` where the server goes away or answers an error; `progress` then
    ///   tells what is to be asked again, and `goOn` asks it.
    mutating func run(seconds: Double, meanwhile: Meanwhile? = nil) throws {
        begin = Clock.now()
        end = begin + UInt64(seconds * 1e9)
        sent = [Int](repeating: 0, count: kinds.count)
        self.meanwhile = meanwhile
        try goOn()
    }

    /// Goes on to the end of its time with a server that has been started again.
    mutating func goOn() throws {
        do {
            if boxes.isEmpty { try connect() }
            try attempt()
        } catch {
            for box in boxes { progress[box.kind].unanswered += box.underWay }
            (boxes, sockets) = ([], [])
            throw error
        }
    }

    private mutating func attempt() throws {
        sendAgain()
        while true {
            let now = Clock.now()
            if now >= end { break }
            if let (after, act) = meanwhile, now - begin >= UInt64(after * 1e9) {
                meanwhile = nil
                try act()
            }
            var next = end
            for (index, kind) in kinds.enumerated() {
                let interval = 1e9 / kind.perSecond
                while true {
                    let due = begin + UInt64(Double(sent[index]) * interval)
                    guard due <= now else {
                        next = min(next, due)
                        break
                    }
                    send(index, progress[index].next, due)
                    progress[index].next += 1
                    sent[index] += 1
                }
            }
            try flush()
            let after = Clock.now()
            try serve(waiting: next > after ? min(next - after, Self.waitMax) : 0)
        }
        while boxes.contains(where: { $0.channel.underWay > 0 }) {
            try serve(waiting: Self.waitMax)
        }
    }

    private mutating func sendAgain() {
        for index in kinds.indices {
            for request in progress[index].unanswered { send(index, request.number, request.due) }
            progress[index].unanswered = []
        }
    }

    private func send(_ kind: Int, _ number: UInt64, _ moment: UInt64) {
        let first = boxes.firstIndex { $0.kind == kind } ?? 0
        let box = boxes[first + Int(number % UInt64(kinds[kind].connections))]
        box.channel.add(sent: moment) { kinds[kind].write(number, &$0) }
        box.underWay.append(UnderWay(number: number, due: moment))
    }

    private func flush() throws {
        for box in boxes { try box.channel.flush() }
    }

    private mutating func serve(waiting nanoseconds: UInt64) throws {
        try LoadSocket.wait(&sockets, nanoseconds: Int64(nanoseconds))
        for index in sockets.indices where sockets[index].revents != 0 {
            let box = boxes[index]
            try box.channel.receive()
            let now = Clock.now()
            var answered = 0
            while let sent = try box.channel.nextReply() {
                answered += 1
                guard !box.channel.lastIsStale else {
                    progress[box.kind].stale += 1
                    continue
                }
                latencies[box.kind].record(min(now - min(now, sent), Round.latencyMax))
                if kinds[box.kind].keepsPositions {
                    let number = box.underWay[answered - 1].number
                    progress[box.kind].positions.add(number, box.channel.lastAnswer)
                }
            }
            box.underWay.removeFirst(answered)
            progress[box.kind].answered += UInt64(answered)
        }
        try flush()
    }

    /// What was measured of each kind.
    func measured(seconds: Double) -> [Measured] {
        kinds.indices.map { index in
            Measured(
                name: kinds[index].name,
                round: Round(
                    latencies: latencies[index], seconds: seconds, serverSeconds: 0,
                    clientSeconds: 0))
        }
    }
}
