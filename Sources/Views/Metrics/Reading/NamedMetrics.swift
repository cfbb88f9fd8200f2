internal import ContactCentre
internal import EventModel

/// METRICS … ONLY: some metrics by name, each under its own anchor unless one is asked for.
///
///     {…,"rows":[{"from":"…","to":"…","metrics":{
///       "abandon_rate":{"value":0.25,"part":2,"n":8,"low":0.071,"high":0.591},
///       "asa":{"n":6,"sum_ms":…,"mean_ms":…,…},"aht":{"value_ms":…,"n":…},
///       "fcr_repeat":{"value":…,"part":…,"n":…,…,"left_out":3,"provisional":true,
///                     "coverage":0.91}}}]}
///
/// A share has its 95 % Wilson interval. Where there is nothing to divide by, `n` is 0 and there
/// is no value. `left_out` are contacts too young to know of a repeat; `provisional` is what later events
/// can yet change, by each metric's own window; `coverage` is the share of contacts whose customer is
/// known, of what takes that to tell. A row has `"excluded":{"test":3}` where contacts were left out for
/// what they are. Where the question says no TARGET or SHORT and a queue's target does, `within_ms` and
/// `short_abandon_ms` are those, and of several queues `"bounds":"by_queue"`: parts and wholes of each by its
/// own, summed. `late` are answers to a survey that
/// were given after the line was over: they belong to the contact's time and change it. `modes` are how
/// many answers came which way, where there are several.
enum NamedMetrics {
    static func write<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ lines: MetricsLines, _ completeness: Completeness,
        from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(MetricsFault) {
        if let name = query.unsplit { throw .refused(.notSplit(metric: name)) }
        let definitions = query.only.compactMap { MetricDefinition.named($0) }
        let table = try MetricsTable(
            definitions, query, lines, completeness, bounds: try OwnBounds(of: query, in: reader),
            from: reader)
        let columns = definitions.map { Column(definition: $0) }
        MetricsDocument.writeRows(
            query, lines, completeness, query.grouping == nil ? [] : table.keys,
            at: reader.position, to: &json
        ) { key, json in
            table.writeExcluded(key.group, lines: CollectionOfOne(key.line), to: &json)
            json.key("metrics")
            json.beginObject()
            let row = table.row(key)
            for column in columns {
                let definition = column.definition
                let figures = table.figures(of: definition, in: row)
                write(
                    column, table.value(of: definition, figures, in: row), figures,
                    lines.lines[key.line], query, completeness, &json
                ) { json in
                    table.writeBounds(definition, key.group, to: &json)
                    guard column.isOfPersons else { return }
                    table.writeCoverage(
                        definition, key.group, lines: CollectionOfOne(key.line), to: &json)
                }
            }
            json.endObject()
        }
    }

    /// A metric as it is written in each row.
    private struct Column {
        let definition: MetricDefinition
        /// Its name as a key, which is the same in each row.
        let key: [UInt8]
        let isOfPersons: Bool

        init(definition: MetricDefinition) {
            self.definition = definition
            key = JSONWriter.encoded(key: definition.name)
            isOfPersons = definition.isOfPersons
        }
    }

    private static func write(
        _ column: Column, _ value: MetricValue, _ figures: MetricFigures,
        _ line: MetricsLines.Line, _ query: MetricsQuery, _ completeness: Completeness,
        _ json: inout JSONWriter, _ rest: (inout JSONWriter) -> Void
    ) {
        let definition = column.definition
        unsafe json.key(encoded: column.key.span.bytes)
        if case .distribution(let spread) = value, definition.unit == .milliseconds {
            return MetricsDocument.write(spread.distribution, &json)
        }
        json.beginObject()
        write(value, definition.unit, &json)
        if definition.window == .asked, figures.sum.young > 0 {
            json.field("left_out", figures.sum.young)
        }
        if completeness.isProvisional(
            definition, by: query.anchor(of: definition), until: line.to)
        {
            json.field("provisional", true)
        }
        rest(&json)
        figures.sum.writeAnswers(definition, after: line.to, to: &json)
        json.endObject()
    }

    private static func write(
        _ value: MetricValue, _ unit: MetricDefinition.Unit, _ json: inout JSONWriter
    ) {
        switch value {
        case .count(let count):
            json.field("value", count)
            return
        case .share(let part, let whole):
            json.field("value", value.number)
            json.field("part", part)
            let interval = MetricValue.wilson(part, of: whole)
            json.field("low", interval?.low)
            json.field("high", interval?.high)
        case .mean, .greatest:
            if unit == .milliseconds {
                json.field("value_ms", value.number)
            } else {
                json.field("value", value.number)
            }
        case .distribution(let spread):
            let distribution = spread.distribution
            json.field("value", value.number)
            json.field("p50", distribution.percentile(50))
            json.field("p90", distribution.percentile(90))
        case .time(let part, let whole):
            guard let whole else { return json.field("value_ms", part) }
            json.field("value", value.number)
            json.field("part_ms", part)
            return json.field("whole_ms", whole)
        case .net(let promoters, let detractors, _):
            json.field("value", value.number)
            json.field("promoters", promoters)
            json.field("detractors", detractors)
        }
        json.field("n", value.n)
    }
}

extension MetricsQuery {
    /// The anchor of a metric: the one asked for, else its own; what is split has no other.
    func anchor(of definition: MetricDefinition) -> MetricAnchor {
        definition.anchor == .overlap ? .overlap : askedAnchor ?? definition.anchor
    }
}

extension JSONWriter {
    /// Writes a key that is no literal.
    mutating func key(text: String) { unsafe key(text.utf8Span.span.bytes) }

    /// Writes a key that is no literal, and text.
    mutating func field(text: String, _ value: String) {
        key(text: text)
        self.value(value)
    }
}
