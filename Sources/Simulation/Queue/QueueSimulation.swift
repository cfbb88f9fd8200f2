public import EventModel

/// One queue as the formulas of Erlang have it, M/M/c+M: arrivals, talks and patience without memory,
/// agents who are all alike, whoever came first served first. The events are those that a switch would
/// tell, in the order of their times.
///
/// What it is for: the store's waits and abandonment have to agree with the formulas.
public struct QueueSimulation: IteratorProtocol, Sendable {
    /// What is simulated: equal options give equal events.
    public struct Options: Sendable, Hashable {
        /// Decides all that happens.
        public var seed: UInt64
        /// When it begins.
        public var start: Timestamp
        /// The queue's name.
        public var queue: String
        /// Calls that come in an hour, on average.
        public var arrivalsPerHour: Int64
        /// The mean of a talk, in milliseconds.
        public var handlingMilliseconds: Int64
        /// The mean patience of who waits, in milliseconds; nil for endless patience.
        public var patienceMilliseconds: Int64?
        /// How many agents there are.
        public var agents: Int
        /// How many calls come in all.
        public var calls: Int

        /// Names the options.
        public init(
            seed: UInt64, start: Timestamp, queue: String, arrivalsPerHour: Int64,
            handlingMilliseconds: Int64, patienceMilliseconds: Int64?, agents: Int, calls: Int
        ) {
            self.seed = seed
            self.start = start
            self.queue = queue
            self.arrivalsPerHour = arrivalsPerHour
            self.handlingMilliseconds = handlingMilliseconds
            self.patienceMilliseconds = patienceMilliseconds
            self.agents = agents
            self.calls = calls
        }
    }

    private struct Talk: Sendable {
        var call: Int
        var end: Int64
    }

    private struct Waiting: Sendable {
        var call: Int
        var givesUp: Int64
    }

    private let options: Options
    private var chance: RandomNumbers
    private var now: Int64
    private var nextArrival: Int64
    private var called = 0
    private var told: UInt64 = 0
    /// By agent; nil for who is free.
    private var talks: [Talk?]
    private var idleSince: [Int64]
    private var line: [Waiting] = []
    private var output: [EventDraft] = []
    private var handedOut = 0

    /// Makes a simulation that stands at the beginning, with nobody in it.
    ///
    /// Precondition: rates, means and agents are above 0.
    public init(_ options: Options) {
        precondition(
            options.arrivalsPerHour > 0 && options.handlingMilliseconds > 0 && options.agents > 0
                && options.patienceMilliseconds ?? 1 > 0, "rates, means and agents are above 0")
        self.options = options
        chance = RandomNumbers(seed: options.seed)
        now = options.start.milliseconds
        nextArrival = now
        talks = Array(repeating: nil, count: options.agents)
        idleSince = Array(repeating: now, count: options.agents)
        nextArrival += chance.exponential(mean: .hour / options.arrivalsPerHour)
    }

    /// Gives the next event, or nil when all calls are over.
    public mutating func next() -> EventDraft? {
        while handedOut == output.count {
            output.removeAll(keepingCapacity: true)
            handedOut = 0
            guard step() else { return nil }
        }
        handedOut += 1
        return output[handedOut - 1]
    }

    /// Lets the next thing happen; false when there is none.
    private mutating func step() -> Bool {
        let arrival = called < options.calls ? nextArrival : .max
        let ending = talks.indices.filter { talks[$0] != nil }
            .min { (talks[$0]?.end ?? .max) < (talks[$1]?.end ?? .max) }
        let end = ending.flatMap { talks[$0]?.end } ?? .max
        let leaving = line.indices.min { line[$0].givesUp < line[$1].givesUp }
        let leave = leaving.map { line[$0].givesUp } ?? .max
        now = min(arrival, end, leave)
        guard now < .max else { return false }
        if let ending, now == end {
            finish(ending)
        } else if let leaving, now == leave {
            tell("interaction.abandoned", line[leaving].call, [.text("phase", "queue")])
            line.remove(at: leaving)
        } else {
            arrive()
        }
        return true
    }

    private mutating func arrive() {
        let call = called
        called += 1
        nextArrival = now + chance.exponential(mean: .hour / options.arrivalsPerHour)
        tell(
            "interaction.created", call,
            [
                .text("channel", "voice"), .text("direction", "inbound"),
                .text("method", "inbound"),
            ])
        tell("queue.entered", call, [.ref("queue", options.queue)])
        let free = talks.indices.filter { talks[$0] == nil }
        if let agent = free.min(by: { idleSince[$0] < idleSince[$1] }) {
            return answer(call, agent)
        }
        let patience = options.patienceMilliseconds.map { chance.exponential(mean: $0) }
        line.append(Waiting(call: call, givesUp: patience.map { now + $0 } ?? .max - 1))
    }

    private mutating func answer(_ call: Int, _ agent: Int) {
        tell("offer.accepted", call, [.ref("agent", "agent-\(agent + 1)")])
        let length = chance.exponential(mean: options.handlingMilliseconds)
        talks[agent] = Talk(call: call, end: now + length)
    }

    private mutating func finish(_ agent: Int) {
        guard let talk = talks[agent] else { preconditionFailure("only a talk ends") }
        tell("interaction.disconnected", talk.call, [.text("by", "customer")])
        tell("interaction.completed", talk.call, [.text("outcome", "resolved")])
        talks[agent] = nil
        idleSince[agent] = now
        if !line.isEmpty { answer(line.removeFirst().call, agent) }
    }

    private mutating func tell(_ type: String, _ call: Int, _ attributes: [Attribute]) {
        told += 1
        let name = "\(options.queue)-\(options.seed)-\(call + 1)"
        output.append(
            EventDraft(
                type: type, source: "switch", id: "\(options.queue)-\(options.seed)-e\(told)",
                occurred: Timestamp(milliseconds: now),
                attributes: [.ref("interaction", name)] + attributes))
    }
}
