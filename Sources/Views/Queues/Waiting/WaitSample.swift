internal import EventModel

/// What a queue did lately: the inputs of an expected wait.
struct WaitSample {
    /// The window, on the grid of the metrics view: the last hour and what has begun since.
    var from: Timestamp
    var to: Timestamp
    var offered: Int64 = 0
    var answered = Distribution()
    var abandoned = Distribution()
    /// All waits in milliseconds, however they ended, and those that last, up to now.
    var waited: Int128 = 0
    var service = Distribution()
    var wrapUp = Distribution()

    /// Reads the window that ends now; figures stand where stays began.
    static func read<Reader: ViewReader & ~Copyable>(
        _ queue: String, now: Timestamp, from metrics: borrowing Reader
    ) throws(ViewFault) -> WaitSample {
        let recent = try RecentFigures.read(queue, now: now, from: metrics)
        var sample = WaitSample(from: recent.from, to: recent.to)
        sample.offered = recent.sum[.offered]
        sample.answered = recent.sum[.waitAnswered]
        sample.abandoned = recent.sum[.waitAbandoned]
        let ended: [MetricDistribution] = [
            .waitAnswered, .waitAbandoned, .waitToCallback, .waitUnserved,
        ]
        sample.waited = ended.reduce(0) { $0 + recent.sum[$1].sum }
        for run in recent.sum[.openWait].runs {
            // The numbers of open waits are the moments at which they began.
            sample.waited += Int128(run.count) * Int128(max(0, now.rawValue - run.milliseconds))
        }
        sample.service = recent.sum[.service]
        sample.wrapUp = recent.sum[.wrapUp]
        return sample
    }

    /// Arrivals per second.
    func arrivals(until now: Timestamp) -> Double {
        Double(offered) / (Double(max(1, now - from)) / 1_000)
    }

    /// Talk, hold and the work after it, in seconds and per contact; nil where nothing was handled.
    var handling: Double? {
        let count = service.count
        guard count > 0 else { return nil }
        let seconds = Double(service.sum + wrapUp.sum) / Double(count) / 1_000
        return seconds > 0 ? seconds : nil
    }

    /// Mean patience in seconds: all waits over those given up, the censored exponential
    /// estimate; nil where nobody gave up.
    var patience: Double? {
        let count = abandoned.count
        let seconds = Double(waited) / 1_000
        return count > 0 && seconds > 0 ? seconds / Double(count) : nil
    }
}
