internal import EventModel

/// A figure with a name: what it is, of what, and how it is computed. A class, since documents hand it on
/// for each line, and its texts would be counted each time.
final class MetricDefinition: Sendable {
    /// What a number is.
    enum Unit: String, Sendable {
        case count, share, milliseconds, score, steps
    }

    /// How long a figure can yet change by what comes after its interval.
    enum Window: Equatable {
        /// Not at all.
        case none
        case minutes(Int64)
        case hours(Int64)
        case days(Int64)
        /// The D of the question.
        case asked
        /// For ever.
        case open

        /// As METRICS DEFINITIONS says it; nil for none.
        var text: String? {
            switch self {
            case .none: nil
            case .minutes(let count): "\(count) min"
            case .hours(let count): "\(count) h"
            case .days(let count): "\(count) days"
            case .asked: "D days: DAYS, 7"
            case .open: "open"
            }
        }

        /// In milliseconds, where D days are asked for; nil for ever.
        func milliseconds(asked days: Int64) -> Int64? {
            switch self {
            case .none: 0
            case .minutes(let count): count * 60_000
            case .hours(let count): count * 3_600_000
            case .days(let count): count * MetricInterval.dayMilliseconds
            case .asked: days * MetricInterval.dayMilliseconds
            case .open: nil
            }
        }
    }

    /// What a metric is computed of.
    struct Uses: Sendable {
        let counts: [MetricCount]
        let distributions: [MetricDistribution]
        /// The distributions, a bit each: what a metric is of is asked for each line of a document.
        let bits: UInt64

        init(counts: [MetricCount] = [], distributions: [MetricDistribution] = []) {
            self.counts = counts
            self.distributions = distributions
            bits = Self.bits(distributions)
        }

        /// A bit for each.
        static func bits(_ distributions: [MetricDistribution]) -> UInt64 {
            distributions.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
        }

        func contains(_ measure: MetricMeasure) -> Bool {
            switch measure {
            case .count(let which, _): counts.contains(which)
            case .distribution(let which, _): distributions.contains(which)
            }
        }
    }

    let name: String
    /// Rises whenever the same log would give another value.
    let version: Int
    let unit: Unit
    /// In the notation of the field; the letters are explained in METRICS DEFINITIONS.
    let formula: String
    /// What counts, beside that test, spam, wrong numbers and the like never do.
    let filter: String
    /// How long after its interval it can yet change.
    let window: Window
    /// The anchor where none is asked for.
    let anchor: MetricAnchor
    /// Who computes it so.
    let source: String
    let uses: Uses
    let value: @Sendable (MetricFigures) -> MetricValue
    /// Whether T has a part in it.
    let usesTarget: Bool
    /// Whether it tells short abandons from others.
    let usesShort: Bool
    /// The kinds of surveys of customers that it is of.
    let surveys: [SurveyKind]

    init(
        name: String, version: Int = 1, unit: Unit, formula: String, filter: String = "all",
        window: Window = .none, anchor: MetricAnchor, source: String, uses: Uses,
        usesTarget: Bool = false, usesShort: Bool = false,
        value: @escaping @Sendable (MetricFigures) -> MetricValue
    ) {
        self.name = name
        self.version = version
        self.unit = unit
        self.formula = formula
        self.filter = filter
        self.window = window
        self.anchor = anchor
        self.source = source
        self.uses = uses
        self.usesTarget = usesTarget
        self.usesShort = usesShort
        self.value = value
        surveys = SurveyKind.allCases.filter { uses.distributions.contains($0.distribution) }
    }

    /// Whether queues may say what it goes by: `OwnBounds`.
    var usesBounds: Bool { usesTarget || usesShort }

    /// Whether surveys of customers have a part in it.
    var isOfSurveys: Bool {
        !surveys.isEmpty || uses.counts.contains(.surveysInvited)
            || uses.distributions.contains(.badAnswers)
    }

    /// Whether contacts have to be looked at one by one.
    var isOfContacts: Bool { uses.bits & Self.ofContacts != 0 }

    private static let ofContacts = Uses.bits(
        MetricDistribution.allCases.filter(\.isOfContacts))

    /// Whether it takes who a customer is to tell.
    var isOfPersons: Bool {
        uses.counts.contains(where: \.isOfKnown) || uses.distributions.contains(where: \.isOfKnown)
    }

    /// Whether it is of what agents answered: sensitive, and counted in groups of five.
    var isOfAgents: Bool {
        uses.distributions.contains(.esatAnswers) || uses.counts.contains(.esatNamed)
    }

    /// Whether one of these is.
    static func isOfAgents(_ names: [String]) -> Bool {
        names.contains { named($0)?.isOfAgents ?? false }
    }

    /// All metrics, in the order in which they are shown.
    static let all: [MetricDefinition] =
        queueing + callbacks + serviceLevels + handling + reaching + responding + business
        + resolutions + resolving
        + surveyed + surveyedAgents + overlapping

    /// Finds a metric, or makes the service level that a name's switches say.
    static func named(_ name: String) -> MetricDefinition? {
        all.first { $0.name == name } ?? LevelSwitches(name)?.definition(name)
    }

    /// Returns the name that a mistyped one resembles most.
    static func near(_ name: String) -> String? {
        let near = all.map { ($0.name, Spelling.distance($0.name, name)) }
        return near.filter { $0.1 <= 3 }.min { $0.1 < $1.1 }?.0
    }
}

/// The figures of a line, as formulas read them.
struct MetricFigures {
    let sum: MetricsSum
    let target: Int64
    let shortAbandon: Int64
    /// Within how many days another contact is a repeat.
    let windowDays: Int64
    /// What the log has come to: who waits then may be past the target.
    let now: Timestamp

    subscript(_ which: MetricCount) -> Int64 { sum[which] }
    subscript(_ which: MetricDistribution) -> Distribution { sum[which] }

    func spread(_ which: MetricDistribution) -> MetricSpread {
        MetricSpread(unsummed: sum.unsummed(which))
    }

    func count(_ which: MetricDistribution) -> Int64 { sum.count(of: which) }

    func count(_ which: MetricDistribution, below bound: Int64) -> Int64 {
        sum.count(of: which, below: bound)
    }

    func count(_ which: MetricDistribution, within bound: Int64) -> Int64 {
        sum.count(of: which, below: bound < .max ? bound + 1 : bound)
    }
}
