public import EventModel

/// What is simulated: equal options give equal events.
public struct SimulationOptions: Sendable, Hashable {
    /// Decides all that happens.
    public var seed: UInt64
    /// Midnight of the first day by the shop's clock.
    public var start: Timestamp
    /// The people who may come. Who they are does not depend on the seed.
    public var customers: Int
    /// The number of the first of those people: another range is another population.
    public var firstCustomer = 0
    /// The agents, who work in shifts.
    public var agents: Int
    /// The days. All but the last have 24 hours.
    public var days: Int
    /// When the last day stops, in milliseconds after its midnight: by default 20:30, in the
    /// evening's rush, so that people wait and others are being served.
    public var lastDayMilliseconds: Int64 = 73_800_000
    /// The days on which more people come; nil for none.
    public var holidays: Holidays?

    /// A holiday's peak.
    public struct Holidays: Sendable, Hashable {
        /// The first of its days, counted from 0.
        public var firstDay: Int
        /// How many days it lasts.
        public var days: Int
        /// How many times more people come.
        public var factor: Int

        /// Names the days and the factor.
        public init(firstDay: Int, days: Int, factor: Int) {
            self.firstDay = firstDay
            self.days = days
            self.factor = factor
        }

        func contains(day: Int) -> Bool { day >= firstDay && day < firstDay + days }
    }

    /// Makes the options of a run.
    ///
    /// - Parameter agents: By default one for 50 customers, at least 6.
    public init(
        seed: UInt64 = 1, start: Timestamp, customers: Int = 400, agents: Int? = nil, days: Int = 1
    ) {
        self.seed = seed
        self.start = start
        self.customers = customers
        self.agents = agents ?? min(SimulationLimits.agentsMax, max(6, customers / 50))
        self.days = days
    }

    /// Returns these options for a run that ends at a moment, or less than a minute before it: what
    /// waits then has waited until now.
    public func ending(at moment: Timestamp) -> SimulationOptions {
        var options = self
        let start = moment.milliseconds - milliseconds
        options.start = Timestamp(milliseconds: start.flooredQuotient(.minute) * .minute)
        return options
    }

    /// When the run ends: no event is as late as this.
    public var end: Timestamp {
        start.advanced(byMilliseconds: milliseconds)
    }

    /// How long the run lasts by the shop's clock, in milliseconds.
    public var milliseconds: Int64 { Int64(days - 1) * .day + lastDayMilliseconds }

    /// Whether they are within `SimulationLimits` and the times that an event may have.
    public var isInRange: Bool {
        customers >= 1 && firstCustomer >= 0
            && firstCustomer + customers <= SimulationLimits.customersMax
            && (1...SimulationLimits.agentsMax).contains(agents)
            && (1...SimulationLimits.daysMax).contains(days)
            && (0...Int64.day).contains(lastDayMilliseconds)
            && (holidays.map {
                (1...SimulationLimits.holidayFactorMax).contains($0.factor) && $0.firstDay >= 0
                    && (0...SimulationLimits.daysMax).contains($0.days)
            } ?? true)
            && start >= .earliest
            && start.milliseconds <= Timestamp.latest.milliseconds - milliseconds
    }
}

/// Spans of time in milliseconds.
extension Int64 {
    static let second: Int64 = 1_000
    static let minute: Int64 = 60_000
    static let hour: Int64 = 3_600_000
    static let day: Int64 = 86_400_000
}
