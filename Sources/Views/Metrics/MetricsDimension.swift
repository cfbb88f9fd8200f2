internal import ContactCentre
internal import EventModel

/// By what contacts are told apart, besides time.
///
/// Queue and channel stand in the cells; an answer by any other looks at each contact.
public enum MetricsDimension: Hashable, Sendable {
    case queue
    case channel
    /// Who did the work; figures that are nobody's work stand under the empty name.
    case agent
    /// The team of who did the work, as of then.
    case team
    /// The network of the channel.
    case provider
    case site
    case brand
    /// How the interaction began: `inbound`, `outbound`, `callback` …
    case type
    /// Why the customer came; a contact with several reasons stands under each.
    case reason
    /// The stage that the person was said to be in, as of then: `StageRow`. Who is one person with whom
    /// is as the log says now. Contacts of nobody who is known are `anonymous`.
    case stage
    /// Why an answer to a survey is what it is; one with several drivers stands under each. What is no
    /// answer's stands under the empty name, by this and the next three.
    case driver
    /// How a survey was asked.
    case surveyMode
    /// The scale of a survey by its greatest answer; `5 low` where low is good.
    case surveyScale
    /// The language of a survey.
    case surveyLanguage
    /// An attribute that a definition of kind `dimension` names.
    case attribute(String)

    private static let words: [(String, MetricsDimension)] = [
        ("queue", .queue), ("channel", .channel), ("agent", .agent), ("team", .team),
        ("provider", .provider), ("site", .site), ("brand", .brand), ("type", .type),
        ("reason", .reason), ("stage", .stage), ("driver", .driver),
        ("survey_mode", .surveyMode), ("survey_scale", .surveyScale),
        ("survey_language", .surveyLanguage),
    ]

    /// Reads a word; what is none of the own ones is an attribute.
    public init(word: String) {
        self = Self.words.first { $0.0 == word }?.1 ?? .attribute(word)
    }

    /// The word as queries and documents spell it.
    public var word: String {
        if case .attribute(let name) = self { return name }
        return Self.words.first { $0.1 == self }?.0 ?? ""
    }

    /// The own words, for error messages.
    public static var ownWords: [String] { words.map(\.0) }

    /// Whether the cells tell it.
    var isInCells: Bool { self == .queue || self == .channel }

    /// Whether the empty name says no more than that nobody told it: it is not the same of two seasons.
    var isUntoldWhereEmpty: Bool {
        switch self {
        case .provider, .site, .brand, .attribute: true
        case .queue, .channel, .agent, .team, .type, .reason, .stage, .driver, .surveyMode,
            .surveyScale, .surveyLanguage:
            false
        }
    }

    /// Returns the names that a fact stands under; never none.
    ///
    /// - Parameters:
    ///   - moment: When the fact is filed.
    ///   - teams: Who was in which team.
    func names(
        _ fact: MetricFact, _ owner: FactOwner, at moment: Timestamp, _ teams: AgentTeams
    ) -> [String] {
        let details = owner.record?.details ?? owner.refused
        switch self {
        case .queue: return [fact.queue]
        case .channel: return ["\(fact.channel.word)"]
        case .agent: return owner.agents(of: fact)
        case .team:
            var names: [String] = []
            for agent in owner.agents(of: fact) {
                let team = teams.team(of: agent, at: moment)
                if !names.contains(team) { names.append(team) }
            }
            return names
        case .provider: return [details?.provider ?? ""]
        case .site: return [details?.site ?? ""]
        case .brand: return [details?.brand ?? ""]
        case .type: return [owner.record?.interaction.method.map { "\($0.word)" } ?? ""]
        case .reason: return details.flatMap { $0.reasons.isEmpty ? nil : $0.reasons } ?? [""]
        case .stage: return [owner.stage(at: moment)]
        case .driver:
            let drivers = owner.told(of: fact)?.drivers ?? []
            return drivers.isEmpty ? [""] : drivers
        case .surveyMode: return [owner.told(of: fact)?.mode ?? ""]
        case .surveyScale: return [owner.told(of: fact)?.scale ?? ""]
        case .surveyLanguage: return [owner.told(of: fact)?.language ?? ""]
        case .attribute(let name):
            return [details?.declared.first { $0.name == name }?.value ?? ""]
        }
    }
}

/// Whose facts are: a contact's, or a survey's about none.
struct FactOwner {
    /// nil where a survey is about no interaction.
    var record: DetailedRecord<ContactDetails>?
    var surveys: SurveyAnswers
    /// Of who was not let in, what is said of them.
    var refused: ContactDetails?
    /// What is said of the stages of the customers' persons, where the query asks for that: for each
    /// customer shown, of all customers of their person.
    var stages: [[StageRow]] = []

    /// What the answer or invitation says that a fact comes of; nil for other facts.
    func told(of fact: MetricFact) -> SurveyTold? {
        fact.answer < 0 ? nil : surveys.told(Int(fact.answer))
    }

    /// Whose work a fact is: that of whom the survey names, else of who did it.
    fileprivate func agents(of fact: MetricFact) -> [String] {
        guard let named = told(of: fact)?.agents, !named.isEmpty else { return [fact.agent] }
        return named
    }

    fileprivate func stage(at moment: Timestamp) -> String {
        guard let record else { return "" }
        if record.customers.isEmpty { return "anonymous" }
        return stages.lazy.compactMap { StageRow.stage(at: moment, of: $0) }.first ?? ""
    }
}

extension SurveyTold {
    /// The scale as it is written where figures are told apart by it.
    fileprivate var scale: String {
        let most = most > 0 ? most : (kind ?? .custom).usualMost
        return isLowGood == true ? "\(most) low" : "\(most)"
    }
}

/// A condition on the contacts that count: those under one of these names.
public struct MetricsFilter: Hashable, Sendable {
    /// By what.
    public let dimension: MetricsDimension
    /// Any of these.
    public let names: [String]
    let wanted: Set<String>

    /// Makes a condition.
    public init(_ dimension: MetricsDimension, names: [String]) {
        self.dimension = dimension
        self.names = names
        wanted = Set(names)
    }
}
