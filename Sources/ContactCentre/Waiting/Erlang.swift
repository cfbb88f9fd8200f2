internal import Glibc

/// The formulas of queues with random arrivals and service: Erlang B, C and A (M/M/c+M).
///
/// They need Poisson arrivals and exponential times; callers tell each other, so that real queues
/// differ. Rates are per second, times in seconds. No formula is used in a fold.
///
/// Source: A. K. Erlang 1917; C. Palm 1957; the recursions as in the domain's chapter on expected
/// waits, whose figures are the tests.
public struct Erlang: Sendable {
    /// Arrivals per second.
    public var arrivals: Double
    /// Contacts that one agent finishes per second: 1 / average handling time.
    public var service: Double
    /// Agents.
    public var agents: Int
    /// Those waiting who give up per second and head: 1 / mean patience; 0 for endless patience.
    public var impatience: Double

    /// Names the inputs.
    ///
    /// - Returns: nil unless all are finite, service and agents above 0, the others not below.
    public init?(arrivals: Double, service: Double, agents: Int, impatience: Double) {
        guard arrivals.isFinite, service.isFinite, impatience.isFinite, arrivals >= 0,
            service > 0, impatience >= 0, (1...Self.agentsMax).contains(agents)
        else { return nil }
        self.arrivals = arrivals
        self.service = service
        self.agents = agents
        self.impatience = impatience
    }

    /// More agents than this are not reckoned with.
    public static let agentsMax = 100_000
    /// Terms of a sum that still matter are at least so great beside it.
    private static let smallest = 1e-15
    /// Terms of a sum at most: a queue so long is no queue.
    private static let termsMax = 10_000_000

    /// The load: agents that would be busy all the time.
    public var load: Double { arrivals / service }

    /// The share of arrivals that find all agents busy where nobody can wait (Erlang B).
    public var blocking: Double {
        var blocking = 1.0
        for busy in 1...agents {
            blocking = load * blocking / (Double(busy) + load * blocking)
        }
        return blocking
    }
}

/// Erlang C: everybody waits as long as it takes.
extension Erlang {
    /// The share of arrivals that wait; nil when the load is no less than the agents, as the queue
    /// then grows for ever: use Erlang A.
    public var waitingShareOfThePatient: Double? {
        guard load < Double(agents) else { return nil }
        let blocking = blocking
        return Double(agents) * blocking / (Double(agents) - load * (1 - blocking))
    }

    /// The mean wait of all, in seconds; nil as above.
    public var meanWaitOfThePatient: Double? {
        waitingShareOfThePatient.map { $0 / (Double(agents) * service - arrivals) }
    }

    /// The share that is answered within so many seconds; nil as above.
    public func serviceLevelOfThePatient(within seconds: Double) -> Double? {
        waitingShareOfThePatient.map {
            1 - $0 * exp(-(Double(agents) * service - arrivals) * seconds)
        }
    }
}

/// Erlang A: those who wait give up in the end. Always stable.
extension Erlang {
    /// What the model says.
    public struct Abandonment: Sendable {
        /// The share of arrivals that wait.
        public var waitingShare: Double
        /// The mean number who wait.
        public var meanWaiting: Double
        /// The share of arrivals that give up.
        public var abandonedShare: Double
        /// The mean wait of all, in seconds.
        public var meanWait: Double
    }

    /// Solves the model; nil where nobody gives up and the load is no less than the agents.
    public var withAbandonment: Abandonment? {
        guard impatience > 0 || load < Double(agents) else { return nil }
        // Probabilities beside that of all agents busy and nobody waiting, which is 1.
        var term = 1.0
        var waiting = 1.0
        var length = 0.0
        var count = 0
        while count < Self.termsMax {
            count += 1
            term *= arrivals / (Double(agents) * service + Double(count) * impatience)
            waiting += term
            length += Double(count) * term
            if term * Double(count) < Self.smallest * max(1, length) { break }
        }
        term = 1
        var idle = 0.0
        for busy in stride(from: agents, to: 0, by: -1) {
            guard arrivals > 0 else { return Self.nobody }
            term *= Double(busy) * service / arrivals
            guard term.isFinite else { return Self.nobody }
            idle += term
        }
        let whole = waiting + idle
        let meanWaiting = length / whole
        return Abandonment(
            waitingShare: waiting / whole, meanWaiting: meanWaiting,
            abandonedShare: impatience * meanWaiting / arrivals, meanWait: meanWaiting / arrivals)
    }

    /// Nobody comes, or so few that nobody ever waits.
    private static let nobody = Abandonment(
        waitingShare: 0, meanWaiting: 0, abandonedShare: 0, meanWait: 0)

    /// The mean wait of one with so many ahead, all agents busy, in seconds.
    public func meanWait(behind ahead: Int) -> Double {
        var sum = 0.0
        for place in 0...max(0, min(ahead, Self.agentsMax)) { sum += stageMean(place) }
        return sum
    }

    /// The wait that a share of those with so many ahead does not exceed, in seconds.
    ///
    /// The wait is a sum of exponential stages; it is taken for a gamma distribution of the same
    /// mean and variance, whose quantile is that of Wilson and Hilferty (1931): within 1 % for the
    /// shares that are told.
    public func wait(behind ahead: Int, notExceededBy share: Double) -> Double {
        var mean = 0.0
        var variance = 0.0
        for place in 0...max(0, min(ahead, Self.agentsMax)) {
            let stage = stageMean(place)
            mean += stage
            variance += stage * stage
        }
        guard ahead > 0 else { return -log(1 - share) * mean }
        let shape = mean * mean / variance
        let ninth = 1 / (9 * shape)
        let cube = 1 - ninth + Self.normalQuantile(share) * ninth.squareRoot()
        return max(0, mean * cube * cube * cube)
    }

    private func stageMean(_ place: Int) -> Double {
        1 / (Double(agents) * service + Double(place) * impatience)
    }

    /// The standard normal quantile (Abramowitz and Stegun 26.2.23; error below 4.5e-4).
    static func normalQuantile(_ share: Double) -> Double {
        if share < 0.5 { return -normalQuantile(1 - share) }
        let t = (-2 * log(1 - share)).squareRoot()
        let above = 2.515517 + t * (0.802853 + t * 0.010328)
        let below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
        return t - above / below
    }
}
