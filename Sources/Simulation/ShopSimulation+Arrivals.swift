internal import EventModel

/// People come as a Poisson process whose rate follows the hour, and the holidays.
extension ShopSimulation {
    /// How many come in each hour of the day, relative to each other.
    private static let curves: [[Int]] = [
        [
            18, 9, 5, 3, 3, 6, 14, 26, 38, 46, 52, 54, 58, 55, 50, 50, 54, 60, 70, 84, 96, 98, 72,
            40,
        ],
        [3, 2, 1, 1, 1, 2, 6, 18, 52, 82, 100, 92, 74, 60, 62, 70, 78, 84, 80, 74, 92, 40, 14, 6],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 62, 70, 58, 50, 56, 74, 100, 96, 58, 0, 0, 0, 0],
    ]
    private static let busiest = curves.map { $0.reduce(0, max) }
    /// How many come on a day, for a hundred customers.
    private static let perHundredCustomers = [62, 66, 9]
    /// How much the incident adds to the contacts: a factor in quarters.
    private static let incidentQuarters = 22

    /// Plans the next arrival: as often as at the busiest hour of a holiday; `arrive` then leaves out
    /// as many as are too many at that hour.
    mutating func planNext(_ arrival: Arrival) {
        let curve = Self.curves[arrival.rawValue]
        let perDay = Double(options.customers * Self.perHundredCustomers[arrival.rawValue]) / 100
        let busiest = Self.busiest[arrival.rawValue]
        let share = Double(curve.reduce(0, +)) / Double(busiest * curve.count)
        let factor = arrival == .contact ? Double(Self.incidentQuarters) / 4 : 1
        let peak = Double(options.holidays?.factor ?? 1)
        let mean = Double(Int64.day) * share / (perDay * factor * peak)
        agenda.schedule(.arrival(arrival), at: now + chance.exponential(mean: Int64(mean)))
    }

    mutating func arrive(_ arrival: Arrival) {
        planNext(arrival)
        let now = Self.curves[arrival.rawValue][Int(timeOfDay / .hour)]
        guard chance.below(Self.busiest[arrival.rawValue]) < now, comesToday() else { return }
        switch arrival {
        case .visit: beginVisit(of: anyCustomer())
        case .contact:
            let rate = incident == nil ? 4 : Self.incidentQuarters
            guard chance.below(Self.incidentQuarters) < rate else { return }
            beginContact(anyWish())
        case .store: plan(.store(customer: anyCustomer(), step: .enter), in: 0)
        }
    }

    /// Tells whether an arrival is not one too many for a day without a holiday.
    private mutating func comesToday() -> Bool {
        guard let holidays = options.holidays else { return true }
        let day = Int((now - options.start.milliseconds) / .day)
        return holidays.contains(day: day) || chance.below(holidays.factor) == 0
    }

    /// Some come more often than others.
    private mutating func anyCustomer() -> Int {
        min(chance.below(options.customers), chance.below(options.customers))
    }

    private mutating func anyWish() -> Wish {
        let topic: Topic
        if incident != nil, chance.percent(45) {
            topic = .late
        } else {
            topic = Topic.allCases[chance.index(weights: [24, 9, 8, 17, 16, 14, 12])]
        }
        return Wish(customer: anyCustomer(), topic: topic, medium: anyMedium())
    }

    mutating func anyMedium() -> Medium {
        Medium.allCases[chance.index(weights: [46, 22, 15, 17])]
    }
}
