/// What a metric comes to. Where there is nothing to divide by there is no value.
enum MetricValue {
    /// How many.
    case count(Int64)
    /// A part of a whole, with its Wilson interval.
    case share(Int64, of: Int64)
    /// Milliseconds, or another quantity, over how many.
    case mean(sum: Int128, of: Int64)
    /// All figures of a distribution.
    case distribution(MetricSpread)
    /// Promoters less detractors in percent of all answers; nothing below 30 answers but the counts.
    case net(promoters: Int64, detractors: Int64, of: Int64)
    /// The greatest of some numbers.
    case greatest(Int64?, of: Int64)
    /// Time, or a part of a time, in milliseconds.
    case time(Int64, of: Int64?)
}

extension MetricValue {
    /// The share that parts and wholes of several make together.
    static func sum(_ shares: some Sequence<MetricValue>) -> MetricValue {
        var (part, whole): (Int64, Int64) = (0, 0)
        for share in shares {
            guard case .share(let own, let all) = share else {
                preconditionFailure("shares alone are summed")
            }
            part += own
            whole += all
        }
        return .share(part, of: whole)
    }

    /// Answers below which a net score is not given.
    static let netAnswersMin: Int64 = 30

    /// The 95 % interval of a share by Wilson (1927): it stays within 0 … 1 and is right for small
    /// numbers, where the normal approximation is not.
    static func wilson(_ part: Int64, of whole: Int64) -> (low: Double, high: Double)? {
        // A level by switches may count more than it divides by: that is no share.
        guard whole > 0, (0...whole).contains(part) else { return nil }
        let z = 1.959963984540054
        let n = Double(whole)
        let p = Double(part) / n
        let centre = p + z * z / (2 * n)
        let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        return (max(0, (centre - spread) / scale), min(1, (centre + spread) / scale))
    }

    /// The one number that stands for it; nil where there is none.
    var number: Double? {
        switch self {
        case .count(let count): Double(count)
        case .share(let part, let whole): ServiceLevels.ratio(part, whole)
        case .mean(let sum, let count): count > 0 ? Double(wide: sum) / Double(count) : nil
        case .distribution(let spread): spread.mean
        case .greatest(let number, _): number.map { Double($0) }
        case .time(let part, let whole):
            whole.map { ServiceLevels.ratio(part, $0) } ?? Double(part)
        case .net(let promoters, let detractors, let count):
            count >= Self.netAnswersMin
                ? 100 * Double(promoters - detractors) / Double(count) : nil
        }
    }

    /// Over how many it is; of time, whole hours.
    var n: Int64 {
        switch self {
        case .count(let count): count
        case .share(_, let whole): whole
        case .mean(_, let count), .greatest(_, let count): count
        case .distribution(let spread): spread.count
        case .net(_, _, let count): count
        case .time(let part, let whole): (whole ?? part) / 3_600_000
        }
    }
}
