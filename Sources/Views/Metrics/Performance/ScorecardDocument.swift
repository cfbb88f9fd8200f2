internal import ContactCentre
internal import EventModel

/// SCORECARD: how a period went, by group: what is measured, what it should be, how it changed,
/// and what to improve first.
///
///     {"position":…,"window":{"from":"…","to":"…","per":"queue",…},
///      "season":"winter-2026","against":{"name":"yearBefore","from":"…","to":"…"},"complete_until":…,"sources":[…],
///      "rows":[{"from":"…","to":"…","queue":"billing","metrics":[
///        {"name":"sl","metric":"sl_answered","version":1,"direction":"up","within_ms":20000,
///         "value":0.71,"n":812,"part":576,"low":0.68,"high":0.74,
///         "before":{"value":0.8,"n":790,…},"change":-0.09,"target":0.8,"gap":0.09,
///         "provisional":true}]}],
///      "improve_first":[{"queue":"billing","name":"sl","metric":"sl_answered","gap":0.09,
///        "volume":812,"weight":2,"score":146.16}]}
///
/// `gap` is how far the value falls short of its target as a part of the metric's scale: points of a
/// share, a score's width (NPS 200, CES 6, others 4), and of durations and counts the target
/// itself. What agents answered stands one step deeper, as `"sensitive":{"value":…}` and
/// `"sensitive":{"gap":…}`, so that it is hidden from roles that may not see it. `volume` is n, so that gap × volume of a share is how many had to go better; `weight` is the
/// operator's. METRICS … ONLY metric EVENTS of the same window and group opens a line.
public enum ScorecardDocument {
    /// Writes the document.
    ///
    /// - Parameters:
    ///   - period: The period in question: times, or a season.
    ///   - grouping: What rows are told apart by; nil for one row.
    ///   - against: What it is held against.
    ///   - zone: Whose days yearBefore means.
    ///   - isOfAgents: Whether what agents answered is told.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ period: PeriodName, _ conditions: MetricsConditions, per grouping: MetricsDimension?,
        against: PeriodName?, zone: some ZoneOffsets, isOfAgents: Bool = true,
        from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(MetricsFault) {
        try DefinitionChoice.check(conditions.choices, in: reader)
        let window = try period.resolved(
            before: nil, zone, with: conditions.choices, in: reader)
        let query = try conditions.query(window, step: .none, per: grouping)
        let card = try Card(query, against, zone, isOfAgents, reader)
        json.beginObject()
        json.field("position", reader.position)
        MetricsDocument.writeWindow(query, &json)
        json.field("season", period.word)
        if let against, let earlier = card.earlier {
            json.key("against")
            json.beginObject()
            json.field("name", against.word)
            json.field("from", earlier.query.from)
            json.field("to", earlier.query.to)
            json.endObject()
        }
        card.completeness.write(to: &json)
        var gaps: [Gap] = []
        json.key("rows")
        json.beginArray()
        for group in card.groups.prefix(ViewLimits.metricsRowsMax) {
            card.write(group, &gaps, &json)
        }
        json.endArray()
        write(gaps, query, &json)
        if card.groups.count > ViewLimits.metricsRowsMax { json.field("truncated", true) }
        json.endObject()
    }

    private static func write(_ gaps: [Gap], _ query: MetricsQuery, _ json: inout JSONWriter) {
        let sorted = gaps.sorted {
            ($1.score, $0.group, $0.order) < ($0.score, $1.group, $1.order)
        }
        json.key("improve_first")
        json.beginArray()
        for gap in sorted.prefix(MetricLimits.improvementsShown) {
            json.beginObject()
            if let grouping = query.grouping { json.field(text: grouping.word, gap.group) }
            json.field("name", gap.name)
            json.field("metric", gap.metric)
            if gap.isOfAgents { json.beginSensitive() }
            json.field("gap", gap.gap)
            json.field("volume", gap.volume)
            json.field("weight", gap.weight)
            json.field("score", gap.score)
            if gap.isOfAgents { json.endObject() }
            json.endObject()
        }
        json.endArray()
    }
}

extension ScorecardDocument {
    /// A target that is not met.
    fileprivate struct Gap {
        let group: String
        /// Which line of the row, so that equal scores keep their order.
        let order: Int
        let name: String
        let metric: String
        let isOfAgents: Bool
        let gap: Double
        let volume: Int64
        let weight: Double
        var score: Double { gap * Double(volume) * weight }
    }

    /// What the rows are read off.
    fileprivate struct Card {
        let targets: PerformanceTargets
        let lines: [ScorecardLine]
        let completeness: Completeness
        let current: MetricsTable
        let earlier: MetricsTable?
        /// T and the short abandon of both periods: a target that changed is no change of what was reached.
        private let bounds: OwnBounds?
        let groups: [String]

        init<Reader: ViewReader & ~Copyable>(
            _ query: MetricsQuery, _ against: PeriodName?, _ zone: some ZoneOffsets,
            _ isOfAgents: Bool, _ reader: borrowing Reader
        ) throws(MetricsFault) {
            do throws(ViewFault) {
                completeness = try Completeness(of: query, from: reader)
                targets = try PerformanceTargets(
                    at: query.to.advanced(byMilliseconds: -1), with: query.choices, in: reader)
            } catch {
                throw .view(error)
            }
            lines = ScorecardLine.all(targets).filter { line in
                isOfAgents || !line.metrics.contains(where: \.isOfAgents)
            }
            let used = lines.flatMap(\.metrics)
            bounds = try OwnBounds(of: query, in: reader)
            current = try MetricsTable(
                used, query, MetricsLines(query, zone), completeness, bounds: bounds, from: reader)
            if let against {
                let window = try against.resolved(
                    before: (query.from, query.to), zone, with: query.choices, in: reader)
                let other: MetricsQuery
                do throws(MetricsRefusal) {
                    other = try query.moved(to: window)
                } catch {
                    throw .refused(error)
                }
                earlier = try MetricsTable(
                    used, other, MetricsLines(other, zone), completeness,
                    bounds: bounds?.of(other), from: reader)
            } else {
                earlier = nil
            }
            // Who was there before and is gone has a row, too.
            let groups = current.groups.union(earlier?.groups ?? [])
            self.groups = query.grouping == nil ? [""] : groups.sorted()
        }

        func write(_ group: String, _ gaps: inout [Gap], _ json: inout JSONWriter) {
            let query = current.query
            let line = MetricsLines.Line(from: query.from, to: query.to)
            json.beginObject()
            json.field("from", query.from)
            json.field("to", query.to)
            if let grouping = query.grouping { json.field(text: grouping.word, group) }
            completeness.write(line, group: group, to: &json)
            current.writeExcluded(group, lines: current.lines.lines.indices, to: &json)
            json.key("metrics")
            json.beginArray()
            for (order, line) in lines.enumerated() {
                if let gap = write(line, order, group, &json) { gaps.append(gap) }
            }
            json.endArray()
            json.endObject()
        }

        private func write(
            _ line: ScorecardLine, _ order: Int, _ group: String, _ json: inout JSONWriter
        ) -> Gap? {
            let scope = current.query.scope(group)
            let nearest = targets.nearest(
                line.metrics, queue: scope.queue, channel: scope.channel)
            let chosen = line.isChosenByTarget ? nearest?.metric : nil
            guard
                let definition = chosen
                    ?? line.metrics.first(where: {
                        // The level of a wallboard is of now: only who sets it a target is shown it.
                        !$0.countsWaiting && current.figures(of: $0, group).n(of: $0) > 0
                    })
                    ?? line.metrics.first
            else { return nil }
            let target = targets.nearest(
                [definition], queue: scope.queue, channel: scope.channel)
            let compared = MetricsComparison(
                definition: definition, value: current.value(of: definition, group),
                before: earlier.map { $0.value(of: definition, group) })
            json.beginObject()
            json.field("name", line.name)
            json.field("metric", definition.name)
            json.field("version", definition.version)
            json.field("direction", word: target?.isUp ?? line.isUp ? "up" : "down")
            if current.isByQueue(definition) {
                current.writeBounds(definition, group, to: &json)
            } else {
                let own = bounds?.row(definition, group: group)
                if definition.usesTarget {
                    json.field("within_ms", own?.within ?? current.query.targets.first)
                }
                if definition.usesShort {
                    json.field("short_abandon_ms", own?.short ?? current.query.shortAbandon)
                }
            }
            if definition.isOfAgents { json.beginSensitive() }
            compared.write(to: &json)
            let gap = write(target, compared.value, definition, &json)
            if definition.isOfAgents { json.endObject() }
            if current.isProvisional(definition, until: current.query.to) {
                json.field("provisional", true)
            }
            current.writeCoverage(
                definition, group, lines: current.lines.lines.indices, to: &json)
            current.figures(of: definition, group).sum
                .writeAnswers(definition, after: current.query.to, to: &json)
            json.endObject()
            guard let gap, gap > 0, let target else { return nil }
            return Gap(
                group: group, order: order, name: line.name, metric: definition.name,
                isOfAgents: definition.isOfAgents, gap: gap, volume: compared.value.n,
                weight: target.weight)
        }

        private func write(
            _ target: PerformanceTarget?, _ value: MetricValue, _ definition: MetricDefinition,
            _ json: inout JSONWriter
        ) -> Double? {
            guard let target else { return nil }
            if definition.unit == .milliseconds {
                json.field("target_ms", target.target)
            } else {
                json.field("target", target.target)
            }
            guard let number = value.number else { return nil }
            let gap = target.gap(number)
            json.field("gap", gap)
            return gap
        }
    }
}

extension JSONWriter {
    /// Begins what only those see who see what is sensitive.
    fileprivate mutating func beginSensitive() {
        key("sensitive")
        beginObject()
    }
}

extension MetricFigures {
    /// Over how many a metric is.
    fileprivate func n(of definition: MetricDefinition) -> Int64 { definition.value(self).n }
}
