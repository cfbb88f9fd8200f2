public import ContactCentre
public import EventModel

/// What SEASON is asked.
public struct SeasonQuestion: Sendable {
    /// How days of two seasons are laid side by side.
    public enum Alignment: UInt8, QueryWord {
        /// Day n beside day n.
        case day = 0
        /// Day n beside the nearest day to it that has the same weekday.
        case weekday = 1
        /// Trading day n beside trading day n; other days beside none.
        case trading = 2

        /// The word as queries and documents spell it.
        public var word: StaticString {
            switch self {
            case .day: "day"
            case .weekday: "weekday"
            case .trading: "trading"
            }
        }
    }

    /// The season's name.
    public let name: String
    /// The season it is held against.
    public let against: String?
    /// How they are laid side by side.
    public let alignment: Alignment
    /// Only what has contacts in both seasons is counted, by this dimension; nil for all.
    public let likeForLike: MetricsDimension?

    /// Makes a question.
    public init(
        name: String, against: String?, alignment: Alignment, likeForLike: MetricsDimension?
    ) {
        self.name = name
        self.against = against
        self.alignment = alignment
        self.likeForLike = likeForLike
    }
}

/// SEASON: a named range of dates day by day, beside another one.
///
///     {"position":…,"season":{"name":"winter-2026","from":"…","to":"…","zone":"…","days":68,
///        "trading_days":57},
///      "against":{"name":"winter-2025",…},"align":"day","like":{"dimension":"queue","names":[…]},
///      "complete_until":…,"sources":[…],
///      "days":[{"day":1,"date":"2026-11-01","weekday":7,"trading":false,"from":"…","to":"…",
///        "against":"2025-11-01","metrics":{"contacts":{"value":41,"before":{"value":38},
///        "change":3},…}}],
///      "to_date":{"days":…,"trading_days":…,"before_trading_days":…,"metrics":{…},
///        "per_trading_day":{"contacts":{"value":12.4,"before":11.9,"change":0.5}}}}
///
/// `to_date` sums the days that have begun by the moment of asking; with another season, those
/// that are over and lie beside a day of it, and these: as much is held against as much.
public enum SeasonDocument {
    /// What is shown where no metric is asked for.
    public static let metrics = [
        "contacts", "offered", "answered", "sl_answered", "asa", "abandon_rate", "aht",
        "fcr_repeat_any", "csat",
    ]

    /// Writes the document.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ question: SeasonQuestion, _ conditions: MetricsConditions, now: Timestamp,
        from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(MetricsFault) {
        let comparison = try SeasonComparison(question, conditions, reader)
        json.beginObject()
        json.field("position", reader.position)
        json.key("season")
        comparison.current.write(&json)
        if let earlier = comparison.earlier {
            json.key("against")
            earlier.write(&json)
            json.field("align", word: question.alignment.word)
        }
        if let like = comparison.like {
            json.key("like")
            json.beginObject()
            json.field("dimension", question.likeForLike?.word)
            json.key("names")
            json.beginArray()
            for name in like { json.value(name) }
            json.endArray()
            json.endObject()
        }
        comparison.completeness.write(to: &json)
        json.key("days")
        json.beginArray()
        for day in comparison.current.days.indices { comparison.write(day: day, &json) }
        json.endArray()
        comparison.writeToDate(now, &json)
        json.endObject()
    }
}

/// What is asked of figures beside the window: which ones, of which contacts, and how judged.
public struct MetricsConditions: Sendable {
    /// The queues to count; nil for all.
    public var queues: [String]?
    /// The channel to count; nil for all.
    public var channel: Channel?
    /// Conditions, all of which hold.
    public var filters: [MetricsFilter] = []
    /// The metrics by name.
    public var only: [String] = []
    /// T, in milliseconds; nil where queues may say their own.
    public var target: Int64?
    /// Waits below this are short abandons, in milliseconds; nil likewise.
    public var shortAbandon: Int64?
    /// Within how many days another contact is a repeat.
    public var windowDays: Int64 = 7
    /// By which versions of definitions figures are judged, whenever they are of.
    public var choices: [DefinitionChoice] = []
    /// Finds the offsets of a zone by its name.
    public var zones: @Sendable (String) -> (any ZoneOffsets)? = {
        $0 == "UTC" ? UTCOffsets() : nil
    }

    /// Makes conditions that all contacts meet.
    public init() {}

    /// Whether a metric asked for by name is of what agents answered.
    public var readsAgentSurveys: Bool { MetricDefinition.isOfAgents(only) }

    /// The question of a window.
    func query(
        _ window: (from: Timestamp, to: Timestamp), step: MetricsStep,
        per grouping: MetricsDimension? = nil
    ) throws(MetricsFault) -> MetricsQuery {
        do throws(MetricsRefusal) {
            var query = try MetricsQuery(
                from: window.from, to: window.to, queues: queues, channel: channel, step: step,
                grouping: grouping, targets: target.map { [$0] }, shortAbandon: shortAbandon,
                filters: filters, only: only, windowDays: windowDays)
            query.zones = zones
            query.choices = choices
            return query
        } catch {
            throw .refused(error)
        }
    }
}
