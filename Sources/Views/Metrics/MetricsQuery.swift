public import ContactCentre
public import EventModel

/// Tells how far local time is ahead of UTC; the caller owns the time zone data.
public protocol ZoneOffsets: Sendable {
    /// Returns local time minus UTC at a moment, in milliseconds.
    func offsetMilliseconds(at moment: Timestamp) -> Int64
}

/// UTC: no offset ever.
public struct UTCOffsets: ZoneOffsets {
    /// Makes it.
    public init() {}

    /// Returns 0.
    public func offsetMilliseconds(at moment: Timestamp) -> Int64 { 0 }
}

/// How the window of a METRICS query is cut into lines.
public enum MetricsStep: UInt8, QueryWord {
    /// One line for the whole window.
    case none = 0
    /// One per quarter of an hour.
    case quarter = 1
    /// One per hour.
    case hour = 2
    /// One per local day.
    case day = 3
    /// One per local week; it begins on Monday.
    case week = 4
    /// One per local month.
    case month = 5

    /// The word as queries and documents spell it.
    public var word: StaticString {
        switch self {
        case .none: "none"
        case .quarter: "quarter"
        case .hour: "hour"
        case .day: "day"
        case .week: "week"
        case .month: "month"
        }
    }
}

/// By what the lines of a METRICS query are told apart, besides time.
public enum MetricsGrouping: UInt8, QueryWord {
    /// By nothing.
    case none = 0
    /// One line per queue.
    case queue = 1
    /// One line per channel.
    case channel = 2

    /// The word as queries and documents spell it.
    public var word: StaticString {
        switch self {
        case .none: "none"
        case .queue: "queue"
        case .channel: "channel"
        }
    }
}

/// What METRICS is asked. A value of this type is answerable.
public struct MetricsQuery: Sendable {
    /// The first moment of the window.
    public let from: Timestamp
    /// The first moment after the window.
    public let to: Timestamp
    /// By which moment interactions belong to the window.
    public let anchor: MetricAnchor
    /// The queues to count; nil for all.
    public let queues: [String]?
    /// The channel to count; nil for all.
    public let channel: Channel?
    /// How the window is cut.
    public let step: MetricsStep
    /// What lines are told apart by.
    public let grouping: MetricsGrouping
    /// Targets of service levels, in milliseconds.
    public let targets: [Int64]
    /// Waits below this are short abandons, in milliseconds.
    public let shortAbandon: Int64

    /// Checks a query.
    ///
    /// - Throws: `MetricsRefusal` for what cannot be answered.
    public init(
        from: Timestamp, to: Timestamp, anchor: MetricAnchor = .offered,
        queues: [String]? = nil, channel: Channel? = nil, step: MetricsStep = .none,
        grouping: MetricsGrouping = .none, targets: [Int64] = [20_000],
        shortAbandon: Int64 = 5_000
    ) throws(MetricsRefusal) {
        let quarter = MetricInterval.quarterMilliseconds
        guard from >= .earliest, to <= .latest, from < to else { throw .emptyWindow }
        guard from.rawValue % quarter == 0, to.rawValue % quarter == 0 else {
            throw .offGrid
        }
        guard targets.count <= ViewLimits.metricsTargetsMax else {
            throw .tooMany(
                what: "targets", actual: targets.count, most: ViewLimits.metricsTargetsMax)
        }
        guard targets.allSatisfy({ $0 >= 0 }), shortAbandon >= 0 else { throw .negative }
        let lines = step.milliseconds.map { Int((to - from) / $0) } ?? 1
        guard lines <= ViewLimits.metricsRowsMax else {
            throw .tooMany(what: "lines", actual: lines, most: ViewLimits.metricsRowsMax)
        }
        self.from = from
        self.to = to
        self.anchor = anchor
        self.queues = queues
        self.channel = channel
        self.step = step
        self.grouping = grouping
        self.targets = targets
        self.shortAbandon = shortAbandon
    }

    /// Tells whether a figure of that queue and channel counts.
    func counts(_ queue: String, _ channel: Channel) -> Bool {
        (self.channel ?? channel) == channel && (queues?.contains(queue) ?? true)
    }
}

extension MetricsStep {
    /// The least length of a line; nil for the whole window.
    var milliseconds: Int64? {
        switch self {
        case .none: nil
        case .quarter: MetricInterval.quarterMilliseconds
        case .hour: 3_600_000
        case .day: MetricInterval.dayMilliseconds
        case .week: 7 * MetricInterval.dayMilliseconds
        case .month: 28 * MetricInterval.dayMilliseconds
        }
    }
}

/// Why a METRICS query cannot be answered.
public enum MetricsRefusal: Error, Equatable, Sendable {
    /// The window ends before it begins, or lies outside the times events can have.
    case emptyWindow
    /// An end of the window is not on a quarter of an hour UTC.
    case offGrid
    /// Targets and short abandons are not negative.
    case negative
    /// More of something than one document holds.
    case tooMany(what: String, actual: Int, most: Int)
}

extension MetricsRefusal: CustomStringConvertible {
    /// Says what was wrong and what to do.
    public var description: String {
        switch self {
        case .emptyWindow: "the window must end after it begins, between the years 1900 and 9999"
        case .offGrid: "both ends of the window must be on a quarter of an hour UTC"
        case .negative: "targets and the short abandon are milliseconds and not negative"
        case .tooMany(let what, let actual, let most):
            "\(what) would be \(actual), at most \(most) allowed; ask for a shorter window or "
                + "longer intervals"
        }
    }
}
