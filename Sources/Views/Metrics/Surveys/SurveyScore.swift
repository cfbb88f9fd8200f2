internal import EventModel

/// What a survey asks. Rows store the raw value: never renumber.
enum SurveyKind: UInt8, CaseIterable {
    case nps = 1
    case csat = 2
    case ces = 3
    case solved = 4
    case custom = 5

    /// Reads what an event says of it; nil where it says nothing that is known.
    init?(_ event: borrowing EventView) {
        guard let word = event.bytes("kind"),
            let kind = Self.allCases.first(where: { word.equals($0.word) })
        else { return nil }
        self = kind
    }

    private var word: StaticString {
        switch self {
        case .nps: "nps"
        case .csat: "csat"
        case .ces: "ces"
        case .solved: "solved"
        case .custom: "custom"
        }
    }

    /// The greatest answer where the survey does not say it.
    var usualMost: Int64 {
        switch self {
        case .nps: 10
        case .csat, .custom: 5
        case .ces: 7
        case .solved: 1
        }
    }

    var distribution: MetricDistribution {
        switch self {
        case .nps: .npsAnswers
        case .csat: .csatAnswers
        case .ces: .cesAnswers
        case .solved: .solvedAnswers
        case .custom: .customAnswers
        }
    }
}

/// An answer with its scale, as one number in a distribution.
///
///     number = 2²⁰ where low is good + 1,024 · the greatest answer + answer
struct SurveyScore: Equatable {
    /// The greatest answer that a scale may have.
    static let mostMax: Int64 = 1_023

    /// 0 … 1,023.
    var score: Int64
    /// The greatest answer of the scale, 1 … 1,023.
    var most: Int64
    /// Whether a low answer is good: effort on the older scale.
    var isLowGood: Bool

    var number: Int64 { (isLowGood ? 1 << 20 : 0) + 1_024 * most + score }

    init(number: Int64) {
        isLowGood = number >> 20 == 1
        most = number >> 10 & 0x3FF
        score = number & 0x3FF
    }

    /// Makes an answer; nil when it lies outside its scale.
    init?(_ score: Int64, of most: Int64, isLowGood: Bool) {
        guard (1...Self.mostMax).contains(most), (0...most).contains(score) else { return nil }
        self.score = score
        self.most = most
        self.isLowGood = isLowGood
    }

    /// Whether it is one of the two best.
    var isTopTwo: Bool { isLowGood ? score <= 2 : score >= most - 1 }

    /// Whether it is a bad one: NPS 0 to 6, one of the two worst of another scale, of an ease to 7
    /// one of the three worst, not solved. A custom survey's are neither good nor bad.
    func isBad(_ kind: SurveyKind) -> Bool {
        switch kind {
        case .nps: score <= 6
        case .csat: isLowGood ? score >= most - 1 : score <= 2
        case .ces: isLowGood ? score >= most - 1 : score <= 3
        case .solved: score == 0
        case .custom: false
        }
    }

    /// Reads the greatest answer of a scale, which is written alone or behind the least: `5`, `1-5`,
    /// `0..10`; 0 where there is none.
    static func most(_ scale: String?) -> Int64 {
        guard let scale else { return 0 }
        let digits = scale.utf8.reversed().prefix { $0 >= 0x30 && $0 <= 0x39 }.prefix(9)
        return Int64(String(decoding: digits.reversed(), as: UTF8.self)) ?? 0
    }
}

/// Why an answer is what it is. The raw value is its bit in a distribution: never renumber.
enum SurveyDriver: UInt8, CaseIterable {
    case rude = 0
    case indifferent = 1
    case knowledge = 2
    case wait = 3
    case repeatedMyself = 4
    case noPerson = 5
    case product = 6
    case delivery = 7
    /// Any other word.
    case other = 8

    init(word: String) { self = Self.allCases.first { $0.word == word } ?? .other }

    var word: String {
        switch self {
        case .rude: "rude"
        case .indifferent: "indifferent"
        case .knowledge: "knowledge"
        case .wait: "wait"
        case .repeatedMyself: "repeatedMyself"
        case .noPerson: "noPerson"
        case .product: "product"
        case .delivery: "delivery"
        case .other: "other"
        }
    }

    /// The word as names of metrics have it.
    var metricWord: String {
        switch self {
        case .repeatedMyself: "repeated_myself"
        case .noPerson: "no_person"
        default: word
        }
    }

    static func bit(_ driver: SurveyDriver) -> Int64 { 1 << Int64(driver.rawValue) }

    /// Returns the drivers that words name, as a set of bits.
    static func bits(_ words: [String]) -> Int64 {
        words.reduce(0) { $0 | bit(SurveyDriver(word: $1)) }
    }
}
