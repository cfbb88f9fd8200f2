internal import Histogram

/// How long commits took since the start: from the beginning of the write to its being on disk.
struct CommitTimes {
    /// In nanoseconds, with two significant digits up to a minute; what took longer counts as that.
    private var histogram = Histogram<UInt64>(
        highestTrackableValue: longest, numberOfSignificantValueDigits: .two)
    private var slowest: UInt64 = 0

    private static let longest: UInt64 = 60_000_000_000

    mutating func note(nanoseconds: UInt64) {
        slowest = max(slowest, nanoseconds)
        histogram.record(min(nanoseconds, Self.longest))
    }

    /// The lines of INFO, in microseconds.
    var lines: [(String, String)] {
        [
            ("commit_p50_us", "\(histogram.valueAtPercentile(50) / 1_000)"),
            ("commit_p99_us", "\(histogram.valueAtPercentile(99) / 1_000)"),
            ("commit_max_us", "\(slowest / 1_000)"),
        ]
    }
}
