internal import ContactCentre
internal import EventModel
internal import JSON

/// How long something may be silent before its end is inferred.
///
/// Shipped, and to be set by `definition.set kind silence key <what> version <v> body
/// {"after_ms":n,"business":true}`; what is a channel, `callback`, `source` or `notResponding`. 0
/// infers nothing.
/// With `business` only the hours of the calendar of the queue that holds a contact count.
struct SilenceRules {
    /// One rule as it stands: its version is part of what it infers.
    struct Rule: Equatable {
        var version: String
        var milliseconds: Int64
        /// Whether only business hours count.
        var isBusiness = false
    }

    /// What a definition says.
    struct Body {
        let milliseconds: Int64
        let isBusiness: Bool

        init(_ body: RawSpan) throws(DefinitionFault) {
            let value = try DefinitionBody.object(body, of: "silence")
            try value.only(["after_ms", "business"], of: "silence")
            guard case .integer(let after) = value["after_ms"], (0...longest).contains(after)
            else {
                throw DefinitionFault(
                    expected: "a JSON object for kind silence whose after_ms is a whole number "
                        + "from 0 to \(longest)")
            }
            milliseconds = after
            switch value["business"] {
            case nil: isBusiness = false
            case .boolean(let flag): isBusiness = flag
            default:
                throw DefinitionFault(
                    expected: "a JSON object for kind silence whose business is true or false")
            }
        }
    }

    private var channels: [Rule]
    /// From the due time of a call back.
    private(set) var callback: Rule
    /// For feeds that have not said what gap to expect.
    private(set) var source: Rule
    /// Until an agent who missed an offer is taken to be there again. Shipped as 0: a switch that has
    /// such a timer tells of it by `agent.presence`.
    private(set) var notResponding: Rule

    /// The version of shipped rules.
    static let shipped = "shipped-2"
    /// The longest silence of a rule.
    static let longest: Int64 = 366 * 86_400_000

    init() {
        channels = Channel.allCases.map {
            Rule(
                version: Self.shipped, milliseconds: Self.default($0),
                isBusiness: Self.isBusiness($0))
        }
        callback = Rule(version: Self.shipped, milliseconds: 3_600_000)
        source = Rule(version: Self.shipped, milliseconds: 0)
        notResponding = Rule(version: Self.shipped, milliseconds: 0)
    }

    /// Live channels end within hours; written ones by the domain's silence: 72 h of business time
    /// for messages, seven days for e-mail; letters and tasks after 30 days.
    private static func `default`(_ channel: Channel) -> Int64 {
        let hour: Int64 = 3_600_000
        return switch channel {
        case .voice, .video: 4 * hour
        case .chat, .web, .app, .store, .unknown: 24 * hour
        case .sms, .messaging, .social: 72 * hour
        case .email: 7 * 24 * hour
        case .post, .task: 30 * 24 * hour
        }
    }

    private static func isBusiness(_ channel: Channel) -> Bool {
        switch channel {
        case .sms, .messaging, .social: true
        default: false
        }
    }

    subscript(_ channel: Channel) -> Rule { channels[Int(channel.rawValue)] }

    /// The least silence that any channel's rule asks for; nil where none infers anything.
    var least: Int64? {
        channels.filter { $0.milliseconds > 0 }.map(\.milliseconds).min()
    }

    /// Reads the rules in force; a body that is no such document leaves the rule before it.
    static func read<Reader: ViewReader & ~Copyable>(
        at now: Timestamp, _ reader: borrowing Reader
    ) throws(ViewFault) -> SilenceRules {
        var rules = SilenceRules()
        let start = QueuesDefinitionKind.silence.start
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            let what = try key.keyText(at: start.count).text
            guard let version = try DefinitionVersions.decoded(row).inForce(at: now),
                let body = try? unsafe Body(version.body.utf8Span.span.bytes)
            else { return true }
            rules.set(
                what,
                Rule(
                    version: version.name, milliseconds: body.milliseconds,
                    isBusiness: body.isBusiness))
            return true
        }
        return rules
    }

    private mutating func set(_ what: String, _ rule: Rule) {
        switch what {
        case "callback": callback = rule
        case "source": source = rule
        case "notResponding": notResponding = rule
        default:
            guard let channel = Channel.allCases.first(where: { "\($0.word)" == what }) else {
                return
            }
            channels[Int(channel.rawValue)] = rule
        }
    }
}
