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

    /// Knows UTC and no other zone.
    public static func only(_ name: String) -> (any ZoneOffsets)? {
        name == "UTC" ? UTCOffsets() : nil
    }
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

/// What METRICS is asked. A value of this type is answerable.
public struct MetricsQuery: Sendable {
    /// The first moment of the window.
    public let from: Timestamp
    /// The first moment after the window.
    public let to: Timestamp
    /// By which moment interactions belong to the window; nil for each figure's own.
    public let askedAnchor: MetricAnchor?
    /// The queues to count; nil for all.
    public private(set) var queues: [String]?
    /// The channel to count; nil for all.
    public private(set) var channel: Channel?
    /// How the window is cut.
    public let step: MetricsStep
    /// What lines are told apart by; nil for nothing.
    public private(set) var grouping: MetricsDimension?
    /// Conditions, all of which hold.
    public private(set) var filters: [MetricsFilter]
    /// The metrics asked for by name; empty for the plain figures.
    public private(set) var only: [String]
    /// Targets of service levels, in milliseconds: those asked for, else one of `targetByDefault`.
    public let targets: [Int64]
    /// Waits below this are short abandons, in milliseconds.
    public let shortAbandon: Int64
    /// Whether the question says targets; what it leaves open queues may say: `OwnBounds`.
    let namesTargets: Bool
    /// Whether it says what is short.
    let namesShort: Bool
    /// Within how many days another contact is a repeat.
    public let windowDays: Int64
    /// By which versions of definitions figures are judged, whenever they are of.
    public var choices: [DefinitionChoice] = []
    /// Finds the offsets of the zones that calendars name.
    public var zones: @Sendable (String) -> (any ZoneOffsets)? = { UTCOffsets.only($0) }

    /// T where nobody says it.
    static let targetByDefault: Int64 = 20_000
    /// Below what wait an abandon is short where nobody says it.
    static let shortByDefault: Int64 = 5_000

    /// Checks a query.
    ///
    /// - Throws: `MetricsRefusal` for what cannot be answered.
    public init(
        from: Timestamp, to: Timestamp, anchor: MetricAnchor? = nil,
        queues: [String]? = nil, channel: Channel? = nil, step: MetricsStep = .none,
        grouping: MetricsDimension? = nil, targets: [Int64]? = nil,
        shortAbandon: Int64? = nil, filters: [MetricsFilter] = [], only: [String] = [],
        windowDays: Int64 = 7
    ) throws(MetricsRefusal) {
        let quarter = MetricInterval.quarterMilliseconds
        guard from >= .earliest, to <= .latest, from < to else { throw .emptyWindow }
        guard from.rawValue % quarter == 0, to.rawValue % quarter == 0 else {
            throw .offGrid
        }
        namesTargets = targets != nil
        namesShort = shortAbandon != nil
        let targets = targets ?? [Self.targetByDefault]
        let shortAbandon = shortAbandon ?? Self.shortByDefault
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
        guard FirstContact.windowDays.contains(windowDays) else { throw .unknownWindow }
        guard anchor != .overlap || !only.isEmpty else {
            throw .notSplit(metric: "METRICS without ONLY")
        }
        for name in only where MetricDefinition.named(name) == nil {
            throw .unknownMetric(near: MetricDefinition.near(name))
        }
        askedAnchor = anchor
        self.queues = queues
        self.channel = channel
        self.step = step
        self.grouping = grouping
        self.targets = targets
        self.shortAbandon = shortAbandon
        self.filters = filters
        self.only = only
        self.windowDays = windowDays
    }

    /// The same question of another window, cut otherwise.
    func moved(
        to window: (from: Timestamp, to: Timestamp), step: MetricsStep = .none,
        filters: [MetricsFilter] = []
    ) throws(MetricsRefusal) -> MetricsQuery {
        var query = try MetricsQuery(
            from: window.from, to: window.to, anchor: askedAnchor, queues: queues,
            channel: channel, step: step, grouping: grouping,
            targets: namesTargets ? targets : nil, shortAbandon: namesShort ? shortAbandon : nil,
            filters: self.filters + filters, only: only,
            windowDays: windowDays)
        query.zones = zones
        query.choices = choices
        return query
    }

    /// The same question of all agents' contacts, agent by agent, or of one's: they stand in the place of
    /// queues.
    func ofAgents(only agent: String? = nil) -> MetricsQuery {
        var query = self
        query.queues = agent.map { [$0] }
        query.channel = nil
        query.filters = []
        query.only = []
        query.grouping = .queue
        return query
    }

    /// The same question told apart by something else.
    func told(apart grouping: MetricsDimension) -> MetricsQuery {
        var query = self
        query.grouping = grouping
        return query
    }

    /// The same question of other metrics.
    func asking(only names: [String]) -> MetricsQuery {
        var query = self
        query.only = names
        return query
    }

    /// Whether contacts are told apart by more than the cells tell.
    var readsContacts: Bool {
        !(grouping?.isInCells ?? true) || filters.contains { !$0.dimension.isInCells }
            || readsCalendars
    }

    /// Whether a metric asked for by name is of who was not let in.
    var readsRefusals: Bool {
        only.contains { MetricDefinition.named($0)?.uses.counts.contains(.refused) ?? false }
    }

    /// Whether rows of single contacts, persons or surveys are read, not cells alone.
    public var readsMoreThanCells: Bool { !only.isEmpty || readsContacts }

    /// Whether contacts are told apart by whose team did the work.
    var readsTeams: Bool {
        grouping == .team || filters.contains { $0.dimension == .team }
    }

    /// Whether contacts are told apart by the stages of their customers.
    var readsStages: Bool {
        grouping == .stage || filters.contains { $0.dimension == .stage }
    }

    /// Whether a metric asked for by name is of what agents answered.
    public var readsAgentSurveys: Bool { MetricDefinition.isOfAgents(only) }

    /// Whether it is told apart by drivers, and by nothing but what agents name: their words are
    /// sensitive, and stand in no document beside what customers name.
    var isOfAgentDrivers: Bool {
        grouping == .driver && !only.isEmpty
            && only.allSatisfy { MetricDefinition.named($0)?.isOfAgents ?? false }
    }

    /// Whether a metric asked for by name needs calendars.
    var readsCalendars: Bool {
        only.contains { MetricDefinition.named($0)?.isOfContacts ?? false }
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
    /// Repeats are counted in some windows only.
    case unknownWindow
    /// No metric has the name; the text is the one it resembles most.
    case unknownMetric(near: String?)
    /// Time of that metric is not split, or not told apart by what was asked.
    case notSplit(metric: String)
    /// Time is split from levels, which know no contacts.
    case notOpened(metric: String)
    /// What agents name is sensitive, and would stand among names that are not.
    case agentsNames
    /// No definition declares the attribute a dimension.
    case undeclaredDimension
    /// No definition gives a season that name.
    case unknownSeason
    /// No version of that name is kept of a definition.
    case unknownVersion
    /// A definition names a zone that the time-zone database has not.
    case unknownZone
    /// More contacts would have to be looked at than one answer may.
    case tooManyContacts(most: Int)
    /// More of something than one document holds.
    case tooMany(what: String, actual: Int, most: Int)
}

extension MetricsRefusal: CustomStringConvertible {
    /// Says what was wrong and what to do.
    public var description: String {
        switch self {
        case .emptyWindow: "the window must end after it begins, between the years 1900 and 9999"
        case .offGrid: "both ends of the window must be on a quarter of an hour UTC"
        case .unknownSeason:
            "no season has that name; a definition.set of kind season gives a range of dates one by "
                + "its key, AGAINST also takes yearBefore and periodBefore"
        case .unknownVersion:
            "WITH names a version that is not kept of that definition; definition.set gives it by version"
        case .unknownZone:
            "a definition names a zone that the IANA time-zone database has not; set it anew"
        case .negative: "targets and the short abandon are milliseconds and not negative"
        case .unknownWindow:
            "repeats are counted within "
                + FirstContact.windowDays.map { "\($0)" }.joined(separator: ", ") + " days"
        case .unknownMetric(let near):
            "no metric has that name; " + (near.map { "did you mean \($0)? " } ?? "")
                + "METRICS DEFINITIONS lists them"
        case .notSplit(let metric):
            "\(metric) cannot be split so; ANCHOR overlap takes ONLY wait_time, service_time, acw_time "
                + "and handle_time by queue and channel, handle_time, agent_clock_time, occupancy, "
                + "utilisation and staffed_time by agent and team"
        case .notOpened(let metric):
            "\(metric) is time, split over intervals, and has no list of contacts; EVENTS of aht or "
                + "answered shows them"
        case .agentsNames:
            "LIKE driver takes no metric of what agents answered: what they name is sensitive"
        case .undeclaredDimension:
            "PER and WHERE take " + MetricsDimension.ownWords.joined(separator: ", ")
                + ", or an attribute that a definition.set of kind dimension declares by its key"
        case .tooManyContacts(let most):
            "more than \(most) index rows would have to be looked at, of which a contact has one for each "
                + "quarter of an hour with figures; ask for a shorter window, for fewer queues, or by "
                + "queue and channel only"
        case .tooMany(let what, let actual, let most):
            "\(what) would be \(actual), at most \(most) allowed; ask for a shorter window or "
                + "longer intervals"
        }
    }
}
