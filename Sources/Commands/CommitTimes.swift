internal import Histogram

/// How long commits took since the start: from the beginning of the write to its being on disk.
struct CommitTimes {
    /// In nanoseconds, with two significant digits up to a minute; what took longer counts as that.
    private var histogram = Histogram<UInt64>(
        highestTrackableValue: longest, numberOfSignificantValueDigits: .two)
    private var slowest: UInt64 = 0
    /// How many took less than each power of two of microseconds, and no less than the one before.
    private var counts = [UInt64](repeating: 0, count: UInt64.bitWidth + 1)

    private static let longest: UInt64 = 60_000_000_000

    mutating func note(nanoseconds: UInt64) {
        slowest = max(slowest, nanoseconds)
        histogram.record(min(nanoseconds, Self.longest))
        let microseconds = nanoseconds / 1_000
        counts[UInt64.bitWidth - microseconds.leadingZeroBitCount] += 1
    }

    /// The lines of INFO, in microseconds.
    var lines: [(String, String)] {
        [
            ("commit_p50_us", "\(histogram.valueAtPercentile(50) / 1_000)"),
            ("commit_p90_us", "\(histogram.valueAtPercentile(90) / 1_000)"),
            ("commit_p99_us", "\(histogram.valueAtPercentile(99) / 1_000)"),
            ("commit_p999_us", "\(histogram.valueAtPercentile(99.9) / 1_000)"),
            ("commit_max_us", "\(slowest / 1_000)"),
            ("commit_us_below", distribution),
        ]
    }

    /// `256=3,512=812,…`: how many took less than so many microseconds and at least half of that.
    private var distribution: String {
        counts.indices.dropLast().filter { counts[$0] > 0 }.map {
            "\(UInt64(1) << UInt64($0))=\(counts[$0])"
        }.joined(separator: ",")
    }
}
