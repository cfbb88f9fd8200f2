public import EventModel

/// What goes wrong between the systems that tell and the log.
public struct FeedTrouble: Sendable, Hashable {
    /// Of a thousand events, those that come minutes after they happened, behind later ones.
    public var late = 0
    /// Of a thousand events, those that come twice.
    public var duplicated = 0
    /// Of a thousand events, those that never come.
    public var lost = 0
    /// How often a day each system falls silent for 20 minutes to three hours; then it tells all at
    /// once what happened meanwhile, but for its heartbeats.
    public var silences = 0

    /// Nothing goes wrong.
    public init() {}

    /// Whether all are numbers that can be.
    public var isInRange: Bool {
        [late, duplicated, lost].allSatisfy { (0...1_000).contains($0) }
            && (0...SimulationLimits.silencesMax).contains(silences)
    }

    /// Whether nothing goes wrong.
    public var isNone: Bool { self == FeedTrouble() }
}

/// The events of a shop's days as they arrive: late, twice, not at all, or after a silence. Equal
/// options give equal events.
public struct TroubledFeed: IteratorProtocol, Sendable {
    private struct Arrival: Sendable {
        let time: Int64
        let order: UInt64
        let draft: EventDraft

        func isBehind(_ time: Int64, _ order: UInt64) -> Bool {
            (self.time, self.order) > (time, order)
        }
    }

    private struct Silence: Sendable {
        var from: Int64
        var to: Int64
    }

    /// The shop whose events they are.
    public private(set) var simulation: ShopSimulation
    private let trouble: FeedTrouble
    private var chance: RandomNumbers
    private var upcoming: EventDraft?
    /// What is on its way, the first to arrive last.
    private var pending: [Arrival] = []
    private var sent: UInt64 = 0
    private var silences: [String: Silence] = [:]

    /// Precondition: The trouble is in range.
    public init(_ simulation: ShopSimulation, _ trouble: FeedTrouble) {
        precondition(trouble.isInRange, "trouble is in range")
        self.simulation = simulation
        self.trouble = trouble
        // A stream of its own: what happens in the shop does not depend on what goes wrong.
        chance = RandomNumbers(seed: RandomNumbers.mix(simulation.options.seed ^ 0x7F))
        upcoming = self.simulation.next()
    }

    /// Gives the event that arrives next, or nil when the time is over and all have arrived.
    public mutating func next() -> EventDraft? {
        while let draft = upcoming {
            let time = draft.occurred?.milliseconds ?? simulation.options.start.milliseconds
            if let first = pending.last, first.time <= time { break }
            upcoming = simulation.next()
            send(draft, at: time)
        }
        return pending.popLast()?.draft
    }

    private mutating func send(_ draft: EventDraft, at time: Int64) {
        guard !happens(trouble.lost) else { return }
        var arrival = time
        if happens(trouble.late) { arrival += 1 + chance.exponential(mean: 4 * .minute) }
        if let silence = silence(of: draft.source, at: time) {
            guard draft.type != "source.heartbeat" else { return }
            arrival = max(arrival, silence.to)
        }
        insert(draft, at: arrival)
        if happens(trouble.duplicated) {
            insert(draft, at: arrival + 1 + chance.exponential(mean: 30 * .second))
        }
    }

    private mutating func happens(_ inThousand: Int) -> Bool {
        inThousand > 0 && chance.below(1_000) < inThousand
    }

    /// The silence that a source is in at a moment, or nil.
    private mutating func silence(of source: String, at time: Int64) -> Silence? {
        guard trouble.silences > 0 else { return nil }
        var silence = silences[source] ?? nextSilence(after: simulation.options.start.milliseconds)
        while silence.to <= time { silence = nextSilence(after: silence.to) }
        silences[source] = silence
        return silence.from <= time ? silence : nil
    }

    private mutating func nextSilence(after time: Int64) -> Silence {
        let from = time + chance.exponential(mean: .day / Int64(trouble.silences))
        return Silence(
            from: from, to: from + 20 * .minute + Int64(chance.below(Int(160 * Int64.minute))))
    }

    private mutating func insert(_ draft: EventDraft, at time: Int64) {
        sent += 1
        var (low, high) = (0, pending.count)
        while low < high {
            let middle = (low + high) / 2
            if pending[middle].isBehind(time, sent) { low = middle + 1 } else { high = middle }
        }
        pending.insert(Arrival(time: time, order: sent, draft: draft), at: low)
    }
}

extension TroubledFeed {
    /// Hands all that is left over in batches and tells how the shop stands at the end.
    ///
    /// - Throws: What `send` throws; the events of that batch count as given.
    public mutating func run<Failure>(
        batchEvents: Int = 256, send: (_ batch: EventBatch) throws(Failure) -> Void
    ) throws(Failure) -> SimulationReport {
        try forEachBatch(of: batchEvents, send)
        return simulation.report()
    }
}
