internal import ContactCentre

/// By which moment of an interaction its figures are put into an interval.
public enum MetricAnchor: UInt8, QueryWord {
    /// When the interaction was created.
    case created = 0
    /// When it entered the queue; figures without a queue have none.
    case offered = 1
    /// When it was over; figures of what is still open have none.
    case ended = 2

    /// The word as queries and documents spell it.
    public var word: StaticString {
        switch self {
        case .created: "created"
        case .offered: "offered"
        case .ended: "ended"
        }
    }
}

/// A closed list of words of METRICS queries.
public protocol QueryWord: RawRepresentable, CaseIterable, Hashable, Sendable
where RawValue == UInt8 {
    /// The word as queries and documents spell it.
    var word: StaticString { get }
}

extension QueryWord {
    /// Reads a word; nil when the list does not have it.
    public init?(word text: String) {
        guard let found = Self.allCases.first(where: { "\($0.word)" == text }) else { return nil }
        self = found
    }
}

/// What a cell counts. The raw value stands in rows: never renumber.
enum MetricCount: UInt8, CaseIterable {
    case contacts = 0
    case offered = 1
    case abandonedBeforeQueue = 2
    case abandonedOnHold = 3
    case flowedOut = 4
    case failed = 5
    case expired = 6
    case handled = 7
    case excludedTest = 8
    case excludedSpam = 9
    case excludedWrongNumber = 10
    case excludedInternal = 11
    case excludedTraining = 12
    case excludedSilent = 13

    /// The count of contacts left out for what they are.
    init(excluding kind: Classification) {
        self =
            switch kind {
            case .test: .excludedTest
            case .spam: .excludedSpam
            case .wrongNumber: .excludedWrongNumber
            case .internal: .excludedInternal
            case .training: .excludedTraining
            case .silent: .excludedSilent
            case .genuine: .contacts
            }
    }
}

/// What a cell has the distribution of, in milliseconds. The raw value stands in rows: never
/// renumber.
enum MetricDistribution: UInt8, CaseIterable {
    /// Waits that an agent ended; their number is `answered`.
    case waitAnswered = 0
    /// Waits that the customer ended; their number is `abandoned`.
    case waitAbandoned = 1
    /// Waits that a request for a call back ended.
    case waitToCallback = 2
    /// From connection to the end of the talk.
    case service = 3
    /// The same without holds.
    case talk = 4
    /// Time on hold, of connections that had any.
    case hold = 5
    /// Work after the talk.
    case wrapUp = 6
}

/// One of the two.
enum MetricMeasure: Equatable {
    case count(MetricCount)
    case distribution(MetricDistribution, Int64)
}
