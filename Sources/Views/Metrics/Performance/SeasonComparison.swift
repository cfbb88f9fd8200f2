internal import ContactCentre
internal import EventModel

/// A season with its days and figures.
struct SeasonFigures {
    struct Day {
        var date: CalendarDate
        var isTrading: Bool
    }

    let season: Season
    let table: MetricsTable
    let days: [Day]

    init<Reader: ViewReader & ~Copyable>(
        _ season: Season, _ query: MetricsQuery, _ zone: some ZoneOffsets,
        _ completeness: Completeness, _ bounds: OwnBounds?, _ reader: borrowing Reader
    ) throws(MetricsFault) {
        self.season = season
        table = try MetricsTable(
            query.only.compactMap { MetricDefinition.named($0) }, query,
            MetricsLines(query, zone), completeness,
            bounds: bounds, from: reader)
        days = table.lines.lines.map { line in
            let date = CalendarDate(of: line.from, zone)
            return Day(date: date, isTrading: season.trades(on: date))
        }
    }

    func tradingDays(_ indices: some Sequence<Int>) -> Int {
        indices.count { days[$0].isTrading }
    }

    func write(_ json: inout JSONWriter) {
        json.beginObject()
        json.field("name", season.name)
        json.field("from", season.from)
        json.field("to", season.to)
        json.field("zone", season.zone)
        json.field("days", days.count)
        json.field("trading_days", tradingDays(days.indices))
        json.endObject()
    }
}

/// Two seasons side by side.
struct SeasonComparison {
    let current: SeasonFigures
    let earlier: SeasonFigures?
    let completeness: Completeness
    /// The names that are counted, of a like-for-like comparison.
    let like: [String]?
    private let definitions: [MetricDefinition]
    /// Beside which day of the other season a day lies.
    private let beside: [Int?]

    init<Reader: ViewReader & ~Copyable>(
        _ question: SeasonQuestion, _ asked: MetricsConditions, _ reader: borrowing Reader
    ) throws(MetricsFault) {
        var conditions = asked
        if conditions.only.isEmpty { conditions.only = SeasonDocument.metrics }
        try DefinitionChoice.check(conditions.choices, in: reader)
        let season: Season?
        let other: Season?
        do throws(ViewFault) {
            completeness = try Completeness(
                windowDays: conditions.windowDays, queues: conditions.queues, from: reader)
            season = try Season.named(question.name, with: conditions.choices, in: reader)
            other =
                if let name = question.against {
                    try Season.named(name, with: conditions.choices, in: reader)
                } else {
                    nil
                }
        } catch {
            throw .view(error)
        }
        guard let season, other != nil || question.against == nil else {
            throw .refused(.unknownSeason)
        }
        guard question.likeForLike != .driver || !conditions.readsAgentSurveys else {
            throw .refused(.agentsNames)
        }
        if let other, let dimension = question.likeForLike {
            let names = try Self.names(
                dimension, conditions, season, other, completeness, reader)
            like = names
            conditions.filters.append(MetricsFilter(dimension, names: names))
        } else {
            like = nil
        }
        definitions = conditions.only.compactMap { MetricDefinition.named($0) }
        // The earlier season is held against the same T: a target that changed is no change of what was
        // reached.
        let bounds = try OwnBounds(
            of: try conditions.query((season.from, season.to), step: .day), in: reader)
        current = try Self.figures(season, conditions, completeness, bounds, reader)
        earlier =
            if let other {
                try Self.figures(other, conditions, completeness, bounds, reader)
            } else {
                nil
            }
        beside = Self.aligned(current.days, earlier?.days ?? [], question.alignment)
    }

    private static func figures<Reader: ViewReader & ~Copyable>(
        _ season: Season, _ conditions: MetricsConditions, _ completeness: Completeness,
        _ bounds: OwnBounds?, _ reader: borrowing Reader
    ) throws(MetricsFault) -> SeasonFigures {
        guard let offsets = conditions.zones(season.zone) else { throw .refused(.unknownZone) }
        let query = try conditions.query((season.from, season.to), step: .day)
        return try SeasonFigures(
            season, query, offsets, completeness, bounds?.of(query), reader)
    }

    /// What has figures in both seasons, by a name that was told.
    private static func names<Reader: ViewReader & ~Copyable>(
        _ dimension: MetricsDimension, _ conditions: MetricsConditions, _ season: Season,
        _ other: Season, _ completeness: Completeness,
        _ reader: borrowing Reader
    ) throws(MetricsFault) -> [String] {
        let definitions = conditions.only.compactMap { MetricDefinition.named($0) }
        var found: [Set<String>] = []
        for season in [season, other] {
            let query = try conditions.query((season.from, season.to), step: .none, per: dimension)
            found.append(
                try MetricsTable(
                    definitions, query, MetricsLines(query, UTCOffsets()), completeness,
                    from: reader
                ).groups)
        }
        let names = found[0].intersection(found[1])
            .filter { !$0.isEmpty || !dimension.isUntoldWhereEmpty }.sorted()
        guard names.count <= MetricLimits.likeNamesMax else {
            throw .refused(
                .tooMany(
                    what: "names that LIKE counts", actual: names.count,
                    most: MetricLimits.likeNamesMax))
        }
        return names
    }

    /// Tells beside which day each day lies; nil where it lies beside none.
    static func aligned(
        _ days: [SeasonFigures.Day], _ others: [SeasonFigures.Day],
        _ alignment: SeasonQuestion.Alignment
    ) -> [Int?] {
        guard let first = days.first, let other = others.first else {
            return days.map { _ in nil }
        }
        switch alignment {
        case .day: return days.indices.map { others.indices.contains($0) ? $0 : nil }
        case .weekday:
            // −3 … 3 days, so that weekdays fall together.
            let apart = first.date.weekday - other.date.weekday
            let shift = (apart + 10) % 7 - 3
            return days.indices.map { others.indices.contains($0 + shift) ? $0 + shift : nil }
        case .trading:
            let trading = others.indices.filter { others[$0].isTrading }
            var next = 0
            return days.map { day in
                guard day.isTrading, next < trading.count else { return nil }
                next += 1
                return trading[next - 1]
            }
        }
    }

    private func compared(
        _ definition: MetricDefinition, _ lines: [Int], _ others: [Int]?
    ) -> MetricsComparison {
        MetricsComparison(
            definition: definition,
            value: current.table.value(of: definition, "", lines: lines),
            before: others.flatMap { others in
                earlier.map { $0.table.value(of: definition, "", lines: others) }
            })
    }

    private func write(_ lines: [Int], _ others: [Int]?, _ json: inout JSONWriter) {
        json.key("metrics")
        json.beginObject()
        for definition in definitions {
            json.key(text: definition.name)
            json.beginObject()
            compared(definition, lines, others).write(to: &json)
            current.table.writeBounds(definition, "", to: &json)
            if let last = lines.last,
                current.table.isProvisional(
                    definition, until: current.table.lines.lines[last].to)
            {
                json.field("provisional", true)
            }
            json.endObject()
        }
        json.endObject()
    }

    func write(day index: Int, _ json: inout JSONWriter) {
        let day = current.days[index]
        let line = current.table.lines.lines[index]
        json.beginObject()
        json.field("day", index + 1)
        json.field("date", day.date.text)
        json.field("weekday", day.date.weekday)
        json.field("trading", day.isTrading)
        json.field("from", line.from)
        json.field("to", line.to)
        completeness.write(line, to: &json)
        let other = beside[index]
        if let earlier, let other { json.field("against", earlier.days[other].date.text) }
        write([index], other.map { [$0] }, &json)
        json.endObject()
    }

    /// The days that have begun; beside another season only those that are over and lie beside a
    /// day of it, so that as much is held against as much.
    func writeToDate(_ now: Timestamp, _ json: inout JSONWriter) {
        let lines = current.days.indices.filter { index in
            let line = current.table.lines.lines[index]
            return earlier == nil ? line.from < now : line.to <= now && beside[index] != nil
        }
        let others = lines.compactMap { beside[$0] }
        let (trading, before) = (
            current.tradingDays(lines), earlier.map { $0.tradingDays(others) }
        )
        json.key("to_date")
        json.beginObject()
        json.field("days", lines.count)
        json.field("trading_days", trading)
        json.field("before_trading_days", before)
        write(lines, others, &json)
        json.key("per_trading_day")
        json.beginObject()
        for definition in definitions where definition.unit == .count {
            let compared = compared(definition, lines, others)
            let value = Self.perDay(compared.value, trading)
            let earlier = before.flatMap { days in
                compared.before.flatMap { Self.perDay($0, days) }
            }
            json.key(text: definition.name)
            json.beginObject()
            json.field("value", value)
            json.field("before", earlier)
            if let value, let earlier { json.field("change", value - earlier) }
            json.endObject()
        }
        json.endObject()
        json.endObject()
    }

    private static func perDay(_ value: MetricValue, _ days: Int) -> Double? {
        guard days > 0, let number = value.number else { return nil }
        return number / Double(days)
    }
}
