internal import Histogram

/// What one stretch of load measured.
struct Round: Codable, Sendable {
    /// Requests answered within the stretch.
    var requests: Int
    var seconds: Double
    /// Latencies in microseconds.
    var p50: Double
    var p99: Double
    var p999: Double
    var max: Double
    /// Processor time in microseconds per request, of the server and of this client.
    var serverCPU: Double
    var clientCPU: Double
    /// How long after the stretch what it left undone was done: views behind the log.
    var catchUpSeconds: Double = 0
    /// Processor time of the server per request, that of the catching up included.
    var serverCPUWithCatchUp: Double

    var rate: Double { Double(requests) / seconds }

    init(
        latencies: Histogram<UInt64>, seconds: Double, serverSeconds: Double, clientSeconds: Double
    ) {
        func percentile(_ percent: Double) -> Double {
            Double(latencies.valueAtPercentile(percent)) / 1_000
        }
        requests = Int(latencies.totalCount)
        self.seconds = seconds
        p50 = percentile(50)
        p99 = percentile(99)
        p999 = percentile(99.9)
        max = Double(latencies.max) / 1_000
        let each = 1e6 / Double(Swift.max(1, requests))
        serverCPU = serverSeconds * each
        clientCPU = clientSeconds * each
        serverCPUWithCatchUp = serverCPU
    }

    /// The histogram of all rounds: nanoseconds up to one minute, three digits.
    static func emptyHistogram() -> Histogram<UInt64> {
        Histogram(highestTrackableValue: latencyMax, numberOfSignificantValueDigits: .three)
    }

    static let latencyMax: UInt64 = 60_000_000_000
}
