internal import ContactCentre
public import EventModel

/// What `definition.set` of kind `stages`, key `default`, asks of the daemon's daily look at the
/// customer base: `{"publish":"daily"}`; nothing is published unasked.
struct PopulationSettings {
    let isDaily: Bool
    /// The version under which figures were published last: their day.
    let published: String
    let windowDays: Int64
    private let activeDays: Int64?
    private let floorDays: Int64

    init(stages: DefinitionRecord?, published: DefinitionRecord?) {
        isDaily = stages?.text("publish") == "daily"
        self.published = published?.name ?? ""
        let set = LifecycleThresholds(stages: stages, published: nil)
        windowDays = set.windowDays
        activeDays = stages?.number("active_days") == nil ? nil : set.activeDays
        floorDays = set.floorDays
    }

    /// For how long after an order somebody is active: what is set, else what the base's gaps say.
    func activeMilliseconds(gapDays: Int64?) -> Int64 {
        (activeDays ?? max(gapDays ?? floorDays, floorDays)) * SignalKind.day
    }
}

/// Once a day looks at the whole customer base, where a definition asks for it, and says what is to be
/// appended: its figures as `thresholds.published`, and whom time alone has moved to another stage as
/// `stage.inferred`.
///
/// As with what silence ends it changes nothing, and what it says twice is stored once: ids name the
/// day, and for a move the last order.
public struct PopulationSweep: Sendable {
    /// The day of which everything has been found.
    private var day = ""
    /// What is to be appended, and how much of it has been.
    private var found: [InferredEvent] = []
    private var taken = 0

    /// Has looked at nothing.
    public init() {}

    /// Whether the base is to be looked at.
    public func isDue<Reader: ViewReader & ~Copyable>(
        now: Timestamp, from reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        let today = Self.day(of: now)
        guard today != day else { return false }
        let settings = try CardDefinitions.read(reader).population
        return settings.isDaily && settings.published != today
    }

    /// Takes what a look has found.
    public mutating func take(_ look: Look) {
        found = look.events
        taken = 0
        if look.isWhole { day = look.day }
    }

    /// Forgets what was found, so that it is looked for again: somebody may have been erased since. What
    /// is in the log is not appended twice, and a day whose figures are there is over.
    public mutating func startOver() {
        found = []
        taken = 0
        day = ""
    }

    /// Whether an event is one that a look finds.
    public static func finds(_ event: InferredEvent) -> Bool {
        event.type == moveType || event.type == figuresType
    }

    private static let moveType = "stage.inferred"
    private static let figuresType = "thresholds.published"

    /// Returns what is to be appended next.
    public mutating func next() -> [InferredEvent] {
        let end = min(taken + ViewLimits.populationEventsAtOnce, found.count)
        defer {
            taken = end
            if taken == found.count { (found, taken) = ([], 0) }
        }
        return Array(found[taken..<end])
    }

    /// What a look at the base has found.
    public struct Look: Sendable {
        let day: String
        /// Moves, then the figures, if the moves are all there are.
        public let events: [InferredEvent]
        /// Whether these are all.
        public let isWhole: Bool
    }

    private static func day(of now: Timestamp) -> String { String(now.rfc3339.prefix(10)) }

    /// Looks at the base.
    ///
    /// - Parameter members: Who is one person with a customer, oldest first; nil for who is erased.
    ///
    /// Complexity: two walks over all customers; about 80 bytes for each active buyer.
    public static func find<Reader: ViewReader & ~Copyable>(
        now: Timestamp, members: (CustomerID) throws(ViewFault) -> [CustomerID]?,
        from reader: borrowing Reader
    ) throws(ViewFault) -> Look {
        let settings = try CardDefinitions.read(reader).population
        var count = PopulationCount(now: now, settings)
        try CustomerBase.forEachBuyer(now: now, members: members, from: reader) {
            (_, purchases) throws(ViewFault) in count.measure(purchases)
        }
        count.finishMeasuring()
        var moves: [InferredEvent] = []
        try CustomerBase.forEachBuyer(now: now, members: members, from: reader) {
            (people, purchases) throws(ViewFault) in
            count.take(purchases)
            if moves.count < ViewLimits.populationMovesMax,
                let move = try move(people, purchases, count.active, now, reader)
            {
                moves.append(move)
            }
        }
        count.finish()
        let isWhole = moves.count < ViewLimits.populationMovesMax
        // Last: once they are published the day is not looked at any more, after a restart either.
        if isWhole, count.figures.buyers > 0 { moves.append(published(count.figures, now)) }
        return Look(day: day(of: now), events: moves, isWhole: isWhole)
    }

    private static func published(_ figures: PopulationFigures, _ now: Timestamp) -> InferredEvent {
        let today = day(of: now)
        return InferredEvent(
            figuresType, rule: "thresholds", version: today, subject: "default",
            after: .zero, occurred: now,
            [
                (key: "version", value: today), (key: "as_of", value: now.rfc3339),
                (key: "values", value: figures.values),
                (key: "method", value: "p80 of gaps, quintiles of the active"),
                (key: "n", value: "\(figures.buyers)"),
            ])
    }

    /// The move that time has made of a buyer, where nobody has said it yet.
    private static func move<Reader: ViewReader & ~Copyable>(
        _ people: [CustomerID], _ purchases: [Purchase], _ active: Int64, _ now: Timestamp,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> InferredEvent? {
        guard let stage = Stage.byTime(purchases, active, CardMoment(now)) else { return nil }
        var key: [UInt8] = []
        for customer in people {
            SubjectRecord.writeKey(customer, .stage, to: &key)
            key.append(keyText: "\(stage.word)")
            let said = try SubjectRecord.decoded(try reader.row(key))
            if let said, said.trails.contains(where: { $0.newest.occurred >= stage.since }) {
                return nil
            }
        }
        return InferredEvent(
            moveType, rule: "stage", version: "\(stage.word)", subject: "\(people[0])",
            after: stage.position, occurred: stage.since,
            [
                (key: "customer_id", value: "\(people[0])"),
                (key: "stage", value: "\(stage.word)"), (key: "rule", value: "gap"),
            ])
    }
}
