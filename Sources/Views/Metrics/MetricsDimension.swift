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
    /// An attribute that a definition of kind `dimension` names.
    case attribute(String)

    private static let words: [(String, MetricsDimension)] = [
        ("queue", .queue), ("channel", .channel), ("agent", .agent), ("team", .team),
        ("provider", .provider), ("site", .site), ("brand", .brand), ("type", .type),
        ("reason", .reason),
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

    /// Returns the names that a fact stands under; never none.
    ///
    /// - Parameters:
    ///   - moment: When the fact is filed.
    ///   - teams: Who was in which team.
    func names(
        _ fact: MetricFact, _ record: DetailedRecord<ContactDetails>, at moment: Timestamp,
        _ teams: AgentTeams
    ) -> [String] {
        let details = record.details
        switch self {
        case .queue: return [fact.queue]
        case .channel: return ["\(fact.channel.word)"]
        case .agent: return [fact.agent]
        case .team: return [teams.team(of: fact.agent, at: moment)]
        case .provider: return [details.provider ?? ""]
        case .site: return [details.site ?? ""]
        case .brand: return [details.brand ?? ""]
        case .type: return [record.interaction.method.map { "\($0.word)" } ?? ""]
        case .reason: return details.reasons.isEmpty ? [""] : details.reasons
        case .attribute(let name):
            return [details.declared.first { $0.name == name }?.value ?? ""]
        }
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
