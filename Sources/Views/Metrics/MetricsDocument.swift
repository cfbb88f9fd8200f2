internal import ContactCentre
internal import EventModel

/// METRICS: figures of a window, per line of time and group.
///
///     {"position":…,"window":{"from":"…","to":"…","interval":"hour",
///       "per":"queue","queues":["billing"],"channel":"voice","short_abandon_ms":5000},
///      "rows":[{"from":"…","to":"…","queue":"billing",
///        "contacts":…,"excluded":{"test":…},"offered":…,"answered":…,"abandoned":…,
///        "short_abandoned":…,"abandoned_before_queue":…,"abandoned_on_hold":…,"flowed_out":…,
///        "callbacks_taken":…,"failed":…,"expired":…,"waiting":…,"handled":…,
///        "wait_answered":{"n":…,"sum_ms":…,"mean_ms":…,"sd_ms":…,"min_ms":…,"p50_ms":…,
///                         "p90_ms":…,"max_ms":…},
///        "wait_answered_queued_only":{…},"wait_abandoned":{…},"service":{…},"talk":{…},
///        "hold":{…},"wrap_up":{…},
///        "abandonment_rate":…,"abandonment_interval":{"n":…,"low":…,"high":…},
///        "long_abandonment_rate":…,"long_abandonment_interval":{…},
///        "targets":[{"target_ms":20000,"answered_within":…,"answered_below":…,
///          "abandoned_within":…,"abandoned_below":…,
///          "service_level":{"answered":…,"offered":…,"ignore_abandon":…,"positive_abandon":…,
///                           "removed":…,"genesys":…,"long_offered":…},
///          "service_level_intervals":{"answered":{"n":…,"low":…,"high":…},…}}],
///        "max_waiting":…,"max_waiting_at":"…","max_in_service":…,"max_in_service_at":"…"}]}
///
/// Each figure stands under its own anchor unless one is asked for, which `window` then has as `anchor`:
/// contacts and abandons before a queue by when they began, stays by when they entered the queue, work by
/// when it was over. `answered` is the n of `wait_answered`, `abandoned` that of `wait_abandoned`; `waiting` are
/// stays of the window that had no end yet. `wait_answered_queued_only` leaves out waits of 0.
/// Percentiles are nearest-rank, the deviation is that of a sample. Maxima are of the levels
/// within the window, whatever the anchor. Figures of nothing and ratios of 0 leave their keys
/// out; intervals are those of Wilson, 95 %. Where the question says no targets or what is short, and a
/// queue's target does, rows of that queue go by it: `targets` are that one, and `short_abandon_ms` stands
/// in the row as well. With `ONLY` a row holds `"metrics"` instead of figures: see `NamedMetrics`. Where sources say
/// how far they reach, `complete_until` and `sources` come before the rows, and rows have
/// `incomplete` or `gap` where that is so. More lines than `ViewLimits.metricsRowsMax` end with `"truncated":true`.
public enum MetricsDocument {
    /// Writes the document.
    ///
    /// - Parameters:
    ///   - zone: What local time the lines follow.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, zone: some ZoneOffsets, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(MetricsFault) {
        try DefinitionChoice.check(query.choices, in: reader)
        let lines = MetricsLines(query, zone)
        let completeness = try completeness(query, reader)
        guard query.only.isEmpty else {
            return try NamedMetrics.write(query, lines, completeness, from: reader, to: &json)
        }
        let bounds = try OwnBounds(of: query, in: reader)
        let sums = try PlainSums(query, lines, from: reader)
        let (waiting, inService) = try peaks(query, lines, reader)
        var known = sums.keys
        known.formUnion(waiting.filter { $0.value.level > 0 }.keys)
        known.formUnion(inService.filter { $0.value.level > 0 }.keys)
        writeRows(query, lines, completeness, known, at: reader.position, to: &json) { key, json in
            write(sums, key, query, bounds?.row(group: key.group), &json)
            guard !query.readsContacts else { return }
            write(waiting[key], "max_waiting", "max_waiting_at", &json)
            write(inService[key], "max_in_service", "max_in_service_at", &json)
        }
    }

    /// Writes a document of rows, one per line and group; without groups all lines have one.
    static func writeRows(
        _ query: MetricsQuery, _ lines: MetricsLines, _ completeness: Completeness,
        _ found: Set<MetricsLineKey>, at position: Position, to json: inout JSONWriter,
        _ body: (MetricsLineKey, inout JSONWriter) -> Void
    ) {
        let keys =
            query.grouping == nil
            ? lines.lines.indices.map { MetricsLineKey(line: $0, group: "") } : found.sorted()
        json.beginObject()
        json.field("position", position)
        writeWindow(query, &json)
        completeness.write(to: &json)
        json.key("rows")
        json.beginArray()
        for key in keys.prefix(ViewLimits.metricsRowsMax) {
            let line = lines.lines[key.line]
            json.beginObject()
            json.field("from", line.from)
            json.field("to", line.to)
            writeGroup(key.group, query, &json)
            completeness.write(line, group: key.group, to: &json)
            body(key, &json)
            json.endObject()
        }
        json.endArray()
        if keys.count > ViewLimits.metricsRowsMax { json.field("truncated", true) }
        json.endObject()
    }

    private static func completeness<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ reader: borrowing Reader
    ) throws(MetricsFault) -> Completeness {
        do throws(ViewFault) {
            return try Completeness(of: query, from: reader)
        } catch {
            throw .view(error)
        }
    }

    /// The greatest levels; they are told apart by queue and channel only.
    private static func peaks<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ lines: MetricsLines, _ reader: borrowing Reader
    ) throws(MetricsFault) -> (
        waiting: [MetricsLineKey: LevelSweep.Peak], inService: [MetricsLineKey: LevelSweep.Peak]
    ) {
        guard !query.readsContacts else { return ([:], [:]) }
        do throws(ViewFault) {
            return (
                try LevelSweep.peaks(.waiting, query, lines, from: reader),
                try LevelSweep.peaks(.inService, query, lines, from: reader)
            )
        } catch {
            throw .view(error)
        }
    }

    static func writeWindow(_ query: MetricsQuery, _ json: inout JSONWriter) {
        json.key("window")
        json.beginObject()
        json.field("from", query.from)
        json.field("to", query.to)
        json.field("anchor", word: query.askedAnchor?.word)
        json.field("interval", word: query.step.word)
        json.field("per", query.grouping?.word ?? "none")
        if let queues = query.queues {
            json.key("queues")
            json.beginArray()
            for queue in queues { json.value(queue) }
            json.endArray()
        }
        json.field("channel", word: query.channel?.word)
        writeFilters(query, &json)
        if !query.only.isEmpty {
            json.field("target_ms", query.targets.first)
            json.field("days", query.windowDays)
        }
        json.field("short_abandon_ms", query.shortAbandon)
        if !query.choices.isEmpty {
            json.key("with")
            json.beginObject()
            for choice in query.choices {
                json.field(text: choice.kind + "/" + choice.key, choice.version)
            }
            json.endObject()
        }
        json.endObject()
    }

    private static func writeFilters(_ query: MetricsQuery, _ json: inout JSONWriter) {
        guard !query.filters.isEmpty else { return }
        json.key("where")
        json.beginArray()
        for filter in query.filters {
            json.beginObject()
            json.field("dimension", filter.dimension.word)
            json.key("names")
            json.beginArray()
            for name in filter.names { json.value(name) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }

    private static func writeGroup(
        _ group: String, _ query: MetricsQuery, _ json: inout JSONWriter
    ) {
        guard let grouping = query.grouping else { return }
        // What agents name is sensitive, and hidden by the name of its field.
        json.field(text: query.isOfAgentDrivers ? "agent_driver" : grouping.word, group)
    }

    private static func write(
        _ peak: LevelSweep.Peak?, _ level: StaticString, _ moment: StaticString,
        _ json: inout JSONWriter
    ) {
        json.field(level, peak?.level ?? 0)
        guard let peak, peak.level > 0 else { return }
        json.field(moment, peak.moment)
    }

    private static func write(
        _ sums: PlainSums, _ key: MetricsLineKey, _ query: MetricsQuery, _ own: OwnBounds.Row?,
        _ json: inout JSONWriter
    ) {
        let (begun, sum, over) = (
            sums.sum(.created, key), sums.sum(.offered, key), sums.sum(.ended, key)
        )
        let answered = sum[.waitAnswered]
        let abandoned = sum[.waitAbandoned]
        let toCallback = sum[.waitToCallback]
        let offered = sum[.offered]
        let waiting = sum.count(of: .openWait)
        let shortAbandon = own?.short ?? query.shortAbandon
        let short = abandoned.count(below: shortAbandon)
        json.field("contacts", begun[.contacts])
        writeExcluded(begun, &json)
        json.field("offered", offered)
        json.field("answered", answered.count)
        json.field("abandoned", abandoned.count)
        json.field("short_abandoned", short)
        json.field("short_abandon_ms", own?.short)
        json.field("abandoned_before_queue", begun[.abandonedBeforeQueue])
        json.field("abandoned_on_hold", over[.abandonedOnHold])
        json.field("flowed_out", sum[.flowedOut])
        json.field("callbacks_taken", toCallback.count)
        json.field("failed", sum[.failed])
        json.field("expired", sum[.expired])
        json.field("waiting", waiting)
        json.field("handled", over[.handled])
        write(answered, "wait_answered", &json)
        write(answered.aboveZero, "wait_answered_queued_only", &json)
        write(abandoned, "wait_abandoned", &json)
        write(over[.service], "service", &json)
        write(over[.talk], "talk", &json)
        write(over[.hold], "hold", &json)
        write(over[.wrapUp], "wrap_up", &json)
        write(
            .init(part: abandoned.count, whole: offered), "abandonment_rate",
            "abandonment_interval", &json)
        write(
            .init(part: abandoned.count - short, whole: offered - short),
            "long_abandonment_rate", "long_abandonment_interval", &json)
        json.key("targets")
        json.beginArray()
        for target in own?.within.map({ [$0] }) ?? query.targets {
            let levels = ServiceLevels(
                target: target, shortAbandon: shortAbandon, offered: offered,
                waiting: waiting, answered: answered, abandoned: abandoned, toCallback: toCallback)
            write(levels, target, &json)
        }
        json.endArray()
    }

    static func writeExcluded(_ sum: MetricsSum, _ json: inout JSONWriter) {
        json.key("excluded")
        json.beginObject()
        for kind in Classification.allCases where !kind.isCounted {
            let count = sum[MetricCount(excluding: kind)]
            let name = kind == .wrongNumber ? "wrong_number" : kind.word
            if count != 0 { json.field(name, count) }
        }
        json.endObject()
    }

    private static func write(
        _ distribution: Distribution, _ name: StaticString, _ json: inout JSONWriter
    ) {
        json.key(name)
        write(distribution, &json)
    }

    /// Writes the figures of a distribution of milliseconds.
    static func write(_ distribution: Distribution, _ json: inout JSONWriter) {
        let moments = distribution.moments
        json.beginObject()
        json.field("n", moments.count)
        json.field("sum_ms", Int64(clamping: moments.sum))
        json.field("mean_ms", moments.mean)
        json.field("sd_ms", moments.sampleDeviation)
        json.field("min_ms", distribution.minimum)
        json.field("p50_ms", distribution.percentile(50, of: moments.count))
        json.field("p90_ms", distribution.percentile(90, of: moments.count))
        json.field("max_ms", distribution.maximum)
        json.endObject()
    }

    private static func write(
        _ levels: ServiceLevels, _ target: Int64, _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("target_ms", target)
        json.field("answered_within", levels.answeredWithin)
        json.field("answered_below", levels.answeredBelow)
        json.field("abandoned_within", levels.abandonedWithin)
        json.field("abandoned_below", levels.abandonedBelow)
        json.key("service_level")
        json.beginObject()
        for (name, share) in levels.all { json.field(name, share.value) }
        json.endObject()
        json.key("service_level_intervals")
        json.beginObject()
        for (name, share) in levels.all { writeInterval(share, name, &json) }
        json.endObject()
        json.endObject()
    }

    private static func write(
        _ share: ServiceLevels.Share, _ name: StaticString, _ interval: StaticString,
        _ json: inout JSONWriter
    ) {
        json.field(name, share.value)
        writeInterval(share, interval, &json)
    }

    /// Writes `"n":8,"low":0.071,"high":0.591`, the bounds where there are any.
    private static func writeInterval(
        _ share: ServiceLevels.Share, _ name: StaticString, _ json: inout JSONWriter
    ) {
        json.key(name)
        json.beginObject()
        json.field("n", share.whole)
        let interval = MetricValue.wilson(share.part, of: share.whole)
        json.field("low", interval?.low)
        json.field("high", interval?.high)
        json.endObject()
    }
}
