internal import ContactCentre
public import EventModel
internal import JSON

/// A range of dates with a name: `definition.set` of kind `season`, key its name.
///
///     {"from":"2026-11-01T00:00:00+01:00","to":"2027-01-07T00:00:00+01:00","zone":"Europe/Madrid",
///      "closed":["2026-12-25"],"closed_weekdays":[7]}
///
/// `to` is the first moment behind it; days are those of the zone (UTC). All days are trading days
/// but those that are closed; weekdays count from 1, Monday.
struct Season {
    static let members = ["from", "to", "zone", "closed", "closed_weekdays"]

    let name: String
    let from: Timestamp
    let to: Timestamp
    let zone: String
    private let closed: Set<CalendarDate>
    private let closedWeekdays: Set<Int>

    init(_ name: String, _ body: RawSpan) throws(DefinitionFault) {
        let value = try DefinitionBody.object(body, of: "season")
        try value.only(Self.members, of: "season")
        guard let from = Self.moment(value["from"]), let to = Self.moment(value["to"]), from < to,
            to - from <= Int64(MetricLimits.seasonDaysMax) * MetricInterval.dayMilliseconds,
            from.rawValue % MetricInterval.quarterMilliseconds == 0,
            to.rawValue % MetricInterval.quarterMilliseconds == 0
        else {
            throw DefinitionFault(
                expected: "a JSON object for kind season whose from and to are RFC 3339 times on a "
                    + "quarter of an hour, to after from and within "
                    + "\(MetricLimits.seasonDaysMax) days")
        }
        self.name = name
        self.from = from
        self.to = to
        zone = try value.optionalText("zone", of: "season") ?? "UTC"
        closed = try Self.dates(value["closed"])
        closedWeekdays = try Self.weekdays(value["closed_weekdays"])
    }

    private static func moment(_ value: JSONValue?) -> Timestamp? {
        value?.text.flatMap { unsafe Timestamp(rfc3339: $0.utf8Span.span.bytes) }
    }

    private static func dates(_ value: JSONValue?) throws(DefinitionFault) -> Set<CalendarDate> {
        guard let value else { return [] }
        let dates = value.elements?.map { $0.text.flatMap { CalendarDate($0) } }
        guard let dates, !dates.contains(nil) else {
            throw DefinitionFault(
                expected: "a JSON object for kind season whose closed is an array of dates like "
                    + "\"2026-12-25\"")
        }
        return Set(dates.compactMap { $0 })
    }

    private static func weekdays(_ value: JSONValue?) throws(DefinitionFault) -> Set<Int> {
        guard let value else { return [] }
        let days = value.elements?.map { element in
            if case .integer(let day) = element, (1...7).contains(day) { Int(day) } else { 0 }
        }
        guard let days, !days.contains(0) else {
            throw DefinitionFault(
                expected: "a JSON object for kind season whose closed_weekdays is an array of "
                    + "numbers from 1, Monday, to 7")
        }
        return Set(days)
    }

    /// Whether somebody sells on that date.
    func trades(on date: CalendarDate) -> Bool {
        !closed.contains(date) && !closedWeekdays.contains(date.weekday)
    }

    /// Finds a season by its name, as its newest version that can be read has it, or the one that was
    /// chosen; nil where none is defined so.
    static func named<Reader: ViewReader & ~Copyable>(
        _ name: String, with choices: [DefinitionChoice] = [], in reader: borrowing Reader
    ) throws(ViewFault) -> Season? {
        var key = [MetricsDefinitionKind.prefix]
        key.append(keyText: MetricsDefinitionKind.season.rawValue)
        key.append(keyText: name)
        var kept = try DefinitionVersions.decoded(try reader.row(key)) ?? DefinitionVersions()
        kept.choose(choices, .season, name)
        let versions = kept.versions
        // What was recorded before bodies were checked may be unreadable: it changes nothing.
        return versions.reversed().lazy.compactMap {
            try? unsafe Season(name, $0.body.utf8Span.span.bytes)
        }.first
    }
}

/// A period of time that figures are asked of.
public enum PeriodName: Sendable, Equatable {
    /// From a moment to another.
    case times(Timestamp, Timestamp)
    /// A season by its name.
    case season(String)
    /// 364 local days before the period in question: the same weekdays a year ago.
    case yearBefore
    /// As long, and just before the period in question.
    case periodBefore

    /// Reads what AGAINST says.
    public init(against word: String) {
        self =
            word == "yearBefore"
            ? .yearBefore
            : word == "periodBefore"
                ? .periodBefore
                : .season(word)
    }

    /// The word as documents spell it; nil for times.
    var word: String? {
        switch self {
        case .times: nil
        case .season(let name): name
        case .yearBefore: "yearBefore"
        case .periodBefore: "periodBefore"
        }
    }

    /// Finds from when to when it is; `period` is the one in question.
    func resolved<Reader: ViewReader & ~Copyable>(
        before period: (from: Timestamp, to: Timestamp)?, _ zone: some ZoneOffsets,
        with choices: [DefinitionChoice] = [], in reader: borrowing Reader
    ) throws(MetricsFault) -> (from: Timestamp, to: Timestamp) {
        switch (self, period) {
        case (.times(let from, let to), _): return (from, to)
        case (.season(let name), _):
            let season: Season?
            do throws(ViewFault) {
                season = try Season.named(name, with: choices, in: reader)
            } catch {
                throw .view(error)
            }
            guard let season else { throw .refused(.unknownSeason) }
            return (season.from, season.to)
        case (.yearBefore, let period?):
            return (Self.yearBefore(period.from, zone), Self.yearBefore(period.to, zone))
        case (.periodBefore, let period?):
            return (period.from.advanced(byMilliseconds: period.from - period.to), period.from)
        case (.yearBefore, nil), (.periodBefore, nil): throw .refused(.unknownSeason)
        }
    }

    private static func yearBefore(_ moment: Timestamp, _ zone: some ZoneOffsets) -> Timestamp {
        let date = CalendarDate(of: moment, zone)
        let local = moment.rawValue &+ zone.offsetMilliseconds(at: moment)
        let time = local - Int64(date.day) * MetricInterval.dayMilliseconds
        return CalendarDate(day: date.day - 364).moment(time, zone)
    }
}
