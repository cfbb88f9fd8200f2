internal import ContactCentre
internal import EventModel

/// What a queue did lately: the inputs of an expected wait.
struct WaitSample {
    /// The window, on the grid of the metrics view: the last hour and what has begun since.
    var from: Timestamp
    var to: Timestamp
    var offered: Int64 = 0
    var answered = Distribution()
    var abandoned = Distribution()
    var service = Distribution()
    var wrapUp = Distribution()

    private static let window: Int64 = 3_600_000
    private static let grid: Int64 = 900_000

    /// Reads the window that ends now; figures stand where stays began.
    static func read<Reader: ViewReader & ~Copyable>(
        _ queue: String, now: Timestamp, from metrics: borrowing Reader
    ) throws(ViewFault) -> WaitSample {
        let begun = now.rawValue.flooredQuotient(grid) * grid
        var sample = WaitSample(
            from: Timestamp(milliseconds: begun - window),
            to: Timestamp(milliseconds: begun + grid))
        let query: MetricsQuery
        do throws(MetricsRefusal) {
            query = try MetricsQuery(from: sample.from, to: sample.to, queues: [queue])
        } catch {
            // Only a clock at the end of all times has no such window.
            return sample
        }
        let lines = MetricsLines(query, UTCOffsets())
        for (_, sum) in try sums(query, lines, metrics) {
            sample.offered = sum[.offered]
            sample.answered = sum[.waitAnswered]
            sample.abandoned = sum[.waitAbandoned]
            sample.service = sum[.service]
            sample.wrapUp = sum[.wrapUp]
        }
        return sample
    }

    private static func sums<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ lines: MetricsLines, _ metrics: borrowing Reader
    ) throws(ViewFault) -> [MetricsLineKey: MetricsSum] {
        do throws(MetricsFault) {
            return try MetricsSum.sums(query, .offered, lines, from: metrics)
        } catch {
            guard case .view(let fault) = error else {
                preconditionFailure("figures by queue are never refused")
            }
            throw fault
        }
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
        let seconds = Double(answered.sum + abandoned.sum) / 1_000
        return count > 0 && seconds > 0 ? seconds / Double(count) : nil
    }
}
