/// Figures of a distribution whose counts are counts of things. Sums are exact integers; only the
/// last division makes a fraction.
extension Distribution {
    /// How many things there are.
    var count: Int64 { runs.reduce(0) { $0 &+ $1.count } }

    /// The sum of all milliseconds.
    var sum: Int128 {
        runs.reduce(0) { $0 + Int128($1.milliseconds) * Int128($1.count) }
    }

    /// The least number; nil of nothing.
    var minimum: Int64? { runs.first?.milliseconds }

    /// The greatest number; nil of nothing.
    var maximum: Int64? { runs.last?.milliseconds }

    /// The mean; nil of nothing.
    var mean: Double? { moments.mean }

    /// What a mean and a deviation are computed of.
    struct Moments {
        var count: Int64 = 0
        var sum: Int128 = 0
        var squares: Int128 = 0

        /// The mean; nil of nothing.
        var mean: Double? { count > 0 ? Double(wide: sum) / Double(count) : nil }

        /// The standard deviation of a sample, with n − 1; nil of fewer than two.
        var sampleDeviation: Double? {
            guard count > 1 else { return nil }
            let numerator = Int128(count) * squares - sum * sum
            return (Double(wide: numerator) / (Double(count) * Double(count - 1))).squareRoot()
        }
    }

    /// Number, sum and squares, in one walk.
    var moments: Moments {
        var moments = Moments()
        for run in runs {
            let product = Int128(run.milliseconds) * Int128(run.count)
            moments.count &+= run.count
            moments.sum += product
            moments.squares += product * Int128(run.milliseconds)
        }
        return moments
    }

    /// The nearest-rank percentile: the element number ⌈n · percent / 100⌉ of the sorted list;
    /// nil of nothing.
    func percentile(_ percent: Int64) -> Int64? { percentile(percent, of: count) }

    /// The same, where the count is known.
    func percentile(_ percent: Int64, of count: Int64) -> Int64? {
        guard count > 0 else { return nil }
        var rest = count / 100 * percent + (count % 100 * percent + 99) / 100
        rest = max(1, rest)
        for run in runs {
            rest -= run.count
            if rest <= 0 { return run.milliseconds }
        }
        return maximum
    }

    /// How many are at most so many milliseconds.
    func count(within milliseconds: Int64) -> Int64 {
        runs.prefix { $0.milliseconds <= milliseconds }.reduce(0) { $0 &+ $1.count }
    }

    /// How many are below so many milliseconds.
    func count(below milliseconds: Int64) -> Int64 {
        runs.prefix { $0.milliseconds < milliseconds }.reduce(0) { $0 &+ $1.count }
    }

    /// Those above zero.
    var aboveZero: Distribution {
        Distribution(summing: runs.filter { $0.milliseconds > 0 })
    }
}

/// Numbers as cells say them: put in order for who asks for more than their mean.
struct MetricSpread {
    /// In no order; the counts of a number, which may stand there several times, add up.
    let unsummed: [Distribution.Run]

    /// How many things there are.
    var count: Int64 { unsummed.reduce(0) { $0 &+ $1.count } }

    /// The mean; nil of nothing.
    var mean: Double? {
        let count = count
        guard count > 0 else { return nil }
        let sum = unsummed.reduce(Int128(0)) { $0 + Int128($1.milliseconds) * Int128($1.count) }
        return Double(wide: sum) / Double(count)
    }

    /// The same in order.
    var distribution: Distribution { Distribution(summing: unsummed) }
}

extension Double {
    /// The nearest to an integer. Nearly all fit 64 bits, whose conversion is an instruction; that of 128
    /// is generic, and took an eighth of METRICS by hour.
    init(wide integer: Int128) {
        let low = Int64(truncatingIfNeeded: integer)
        self = Int128(low) == integer ? Double(low) : Double(integer)
    }
}
