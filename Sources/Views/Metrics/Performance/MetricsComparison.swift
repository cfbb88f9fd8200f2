internal import ContactCentre
internal import EventModel

/// Named metrics of one window, by line and group, each under its own anchor.
struct MetricsTable {
    /// By anchor; nil under which nothing is asked.
    private typealias Sums = [[MetricsLineKey: MetricsSum]?]

    private let sums: Sums
    /// Of metrics that are computed of each contact.
    private let ofContacts: Sums
    /// Whether there are such.
    private let readsContacts: Bool
    let query: MetricsQuery
    let lines: MetricsLines
    /// Whether all of it is of what agents answered, and told apart as that is.
    private let isOfAgents: Bool
    /// By when contacts began, whatever is asked: who is known, and who was left out.
    private let ofAll: [MetricsLineKey: MetricsSum]
    private let completeness: Completeness
    /// T and the short abandon of each queue, where the question leaves them open.
    private let bounds: OwnBounds?
    /// Of the metrics that these matter to, told apart by queue where they are not and queues differ;
    /// else none.
    private let ofQueues: [MetricsTable]
    private let queues: [String]

    /// Reads what the definitions use.
    init<Reader: ViewReader & ~Copyable>(
        _ definitions: [MetricDefinition], _ query: MetricsQuery, _ lines: MetricsLines,
        _ completeness: Completeness, bounds: OwnBounds? = nil, from reader: borrowing Reader
    ) throws(MetricsFault) {
        self.query = query
        self.lines = lines
        self.bounds = bounds
        let bounded = definitions.filter { $0.usesBounds }
        if let bounds, bounds.differsByQueue, !bounded.isEmpty {
            let byQueue = query.told(apart: .queue)
            ofQueues = [
                try MetricsTable(
                    bounded, byQueue, lines, completeness, bounds: bounds.of(byQueue), from: reader)
            ]
        } else {
            ofQueues = []
        }
        queues = ofQueues.first?.groups.sorted() ?? []
        isOfAgents =
            [nil, .team, .surveyScale, .driver].contains(query.grouping)
            && definitions.allSatisfy(\.isOfAgents)
        self.completeness = completeness
        let isOfTime = definitions.allSatisfy { $0.anchor == .overlap }
        let needsAll = !isOfTime && !isOfAgents
        let settled = completeness.settledUntil
        let all: [MetricsLineKey: MetricsSum]?
        (sums, all) = try Self.sums(
            definitions.filter { !$0.isOfContacts }, query, lines, settled, countsAll: needsAll,
            reader)
        ofContacts = try Self.sums(
            definitions.filter(\.isOfContacts), query, lines, settled, countsAll: false, reader
        ).sums
        readsContacts = definitions.contains(where: \.isOfContacts)
        let created = Int(MetricAnchor.created.rawValue)
        if let created = sums[created] ?? ofContacts[created] ?? all {
            ofAll = created
        } else {
            // Of no metric: counts alone are read.
            let none = query.asking(only: [])
            ofAll = needsAll ? try Self.counts(none, lines, settled, reader) : [:]
        }
    }

    /// The counts by when contacts began.
    private static func counts<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ lines: MetricsLines, _ settled: Timestamp,
        _ reader: borrowing Reader
    ) throws(MetricsFault) -> [MetricsLineKey: MetricsSum] {
        guard !query.readsContacts else {
            return try MetricsSum.sums(
                query, .created, lines, settledUntil: settled, from: reader)
        }
        do throws(ViewFault) {
            return try CellSums.sums(
                query, [.init(counting: .created)], lines, settled, from: reader)[0]
        } catch {
            throw .view(error)
        }
    }

    /// Sums what some metrics use.
    ///
    /// - Parameter countsAll: Whether the counts by when contacts began are wanted as well: where cells are
    ///   read these come with them, of the same rows.
    private static func sums<Reader: ViewReader & ~Copyable>(
        _ asked: [MetricDefinition], _ question: MetricsQuery, _ lines: MetricsLines,
        _ settled: Timestamp, countsAll: Bool, _ reader: borrowing Reader
    ) throws(MetricsFault) -> (sums: Sums, all: [MetricsLineKey: MetricsSum]?) {
        let query = question.asking(only: asked.map(\.name))
        var sums = Sums(repeating: nil, count: MetricAnchor.allCases.count)
        let anchors = MetricAnchor.allCases.filter { anchor in
            asked.contains { query.anchor(of: $0) == anchor }
        }
        let filed = anchors.filter { $0 != .overlap }
        var all: [MetricsLineKey: MetricsSum]?
        if !query.readsContacts, !filed.isEmpty {
            var parts = filed.map { CellSums.Asked($0, of: query) }
            let countsAll = countsAll && !filed.contains(.created)
            if countsAll { parts.append(.init(counting: .created)) }
            var found: [[MetricsLineKey: MetricsSum]]
            do throws(ViewFault) {
                found = try CellSums.sums(query, parts, lines, settled, from: reader)
            } catch {
                throw .view(error)
            }
            if countsAll { all = found.removeLast() }
            for (anchor, lines) in zip(filed, found) { sums[Int(anchor.rawValue)] = lines }
        }
        for anchor in anchors where sums[Int(anchor.rawValue)] == nil {
            sums[Int(anchor.rawValue)] = try MetricsSum.sums(
                query, anchor, lines, settledUntil: settled, from: reader)
        }
        return (sums, all)
    }

    /// The lines and groups that have figures. What agents answered makes none beside other metrics,
    /// nor by anything that it is not told apart by: whoever may not see it would see that it is there.
    var keys: Set<MetricsLineKey> {
        var keys: Set<MetricsLineKey> = []
        for lines in sums + ofContacts {
            for (key, sum) in lines ?? [:] where isOfAgents || !sum.isOfAgents { keys.insert(key) }
        }
        return keys
    }

    /// The groups that have figures in any line.
    var groups: Set<String> { Set(keys.map(\.group)) }

    /// The sums of one line and group.
    struct Row {
        fileprivate let key: MetricsLineKey
        /// By anchor.
        fileprivate let figures: [MetricFigures]
        fileprivate let ofContacts: [MetricFigures]
    }

    /// Finds the sums of a line and group, once for all metrics.
    func row(_ key: MetricsLineKey) -> Row {
        func byAnchor(_ all: Sums) -> [MetricFigures] {
            all.map { figures($0?[key], target: nil, short: nil) }
        }
        return Row(
            key: key, figures: byAnchor(sums), ofContacts: readsContacts ? byAnchor(ofContacts) : []
        )
    }

    /// The figures that a metric reads of a row.
    func figures(of definition: MetricDefinition, in row: Row) -> MetricFigures {
        let all = definition.isOfContacts ? row.ofContacts : row.figures
        let anchor = Int(query.anchor(of: definition).rawValue)
        guard let bounds else { return all[anchor] }
        let own = bounds.row(definition, group: row.key.group)
        return figures(all[anchor].sum, target: own.within, short: own.short)
    }

    /// What a metric comes to in a row.
    func value(
        of definition: MetricDefinition, _ figures: MetricFigures, in row: Row
    ) -> MetricValue {
        guard !ofQueues.isEmpty else { return definition.value(figures) }
        return byQueue(definition, lines: CollectionOfOne(row.key.line))
            ?? definition.value(figures)
    }

    /// What a metric comes to over some lines.
    func value(
        of definition: MetricDefinition, _ group: String, lines: some Sequence<Int>
    ) -> MetricValue {
        if !ofQueues.isEmpty, let value = byQueue(definition, lines: lines) { return value }
        let bounds = bounds?.row(definition, group: group)
        return definition.value(
            figures(
                of: definition, group, lines: lines, target: bounds?.within, short: bounds?.short))
    }

    /// The same of the whole window.
    func value(of definition: MetricDefinition, _ group: String) -> MetricValue {
        value(of: definition, group, lines: lines.lines.indices)
    }

    /// The share that the parts and wholes of all queues make, each by its own bounds; nil of a metric
    /// that these do not matter to.
    private func byQueue(
        _ definition: MetricDefinition, lines: some Sequence<Int>
    ) -> MetricValue? {
        guard let table = ofQueues.first, definition.usesBounds else { return nil }
        let lines = Array(lines)
        return .sum(queues.map { table.value(of: definition, $0, lines: lines) })
    }

    /// Writes by which T and short abandon a metric was counted, where queues say them:
    /// Whether a metric's value is that of all queues, each by its own bounds.
    func isByQueue(_ definition: MetricDefinition) -> Bool {
        !ofQueues.isEmpty && definition.usesBounds
    }

    /// `"within_ms":30000,"short_abandon_ms":3000`, or `"bounds":"by_queue"` of several.
    func writeBounds(_ definition: MetricDefinition, _ group: String, to json: inout JSONWriter) {
        guard let bounds, definition.usesBounds else { return }
        guard ofQueues.isEmpty else { return json.field("bounds", "by_queue") }
        let own = bounds.row(definition, group: group)
        json.field("within_ms", own.within)
        json.field("short_abandon_ms", own.short)
    }

    private func figures(_ sum: MetricsSum?, target: Int64?, short: Int64?) -> MetricFigures {
        MetricFigures(
            sum: sum ?? .empty,
            target: target ?? query.targets.first ?? MetricsQuery.targetByDefault,
            shortAbandon: short ?? query.shortAbandon, windowDays: query.windowDays,
            now: completeness.now)
    }

    /// Writes of a metric that takes who a customer is to tell how many contacts are of somebody known:
    /// `"coverage":0.91`.
    func writeCoverage(
        _ definition: MetricDefinition, _ group: String, lines: some Sequence<Int>,
        to json: inout JSONWriter
    ) {
        guard definition.isOfPersons else { return }
        var (known, all): (Int64, Int64) = (0, 0)
        for line in lines {
            guard let sum = ofAll[MetricsLineKey(line: line, group: group)] else { continue }
            known += sum[.identified]
            all += sum[.contacts]
        }
        json.field("coverage", ServiceLevels.ratio(known, all))
    }

    /// Writes how many contacts were left out for what they are: `"excluded":{"test":3}`, where any were.
    func writeExcluded(
        _ group: String, lines: some Sequence<Int>, to json: inout JSONWriter
    ) {
        var sum: MetricsSum?
        for line in lines {
            guard let part = ofAll[MetricsLineKey(line: line, group: group)], part.hasExcluded
            else { continue }
            for kind in Classification.allCases where !kind.isCounted {
                let count = MetricCount(excluding: kind)
                sum = sum ?? MetricsSum()
                sum?.add(count, part[count])
            }
        }
        if let sum, sum.hasExcluded { MetricsDocument.writeExcluded(sum, &json) }
    }

    /// Whether what comes after the end of a line can yet change a metric of it.
    func isProvisional(_ definition: MetricDefinition, until end: Timestamp) -> Bool {
        completeness.isProvisional(definition, by: query.anchor(of: definition), until: end)
    }

    /// The figures that a metric reads, over some lines.
    func figures(
        of definition: MetricDefinition, _ group: String, lines: some Sequence<Int>,
        target: Int64? = nil, short: Int64? = nil
    ) -> MetricFigures {
        let own = (definition.isOfContacts ? ofContacts : sums)[
            Int(query.anchor(of: definition).rawValue)]
        var sum: MetricsSum?
        for line in lines {
            guard let part = own?[MetricsLineKey(line: line, group: group)] else { continue }
            // The first one is shared, not copied: most windows are one line.
            if sum == nil { sum = part } else { sum?.add(part) }
        }
        return figures(sum, target: target, short: short)
    }

    /// The figures of the whole window.
    func figures(
        of definition: MetricDefinition, _ group: String, target: Int64? = nil, short: Int64? = nil
    ) -> MetricFigures {
        figures(
            of: definition, group, lines: lines.lines.indices, target: target, short: short)
    }
}

/// A metric's value beside that of another period.
struct MetricsComparison {
    let definition: MetricDefinition
    let value: MetricValue
    let before: MetricValue?

    /// The value less that of the other period; nil where either has none.
    var change: Double? {
        guard let number = value.number, let earlier = before?.number else { return nil }
        return number - earlier
    }

    /// Writes value, n, interval, `before` and `change` into an object.
    ///
    ///     "value":0.71,"n":812,"part":576,"low":0.68,"high":0.74,
    ///     "before":{"value":0.8,"n":790,…},"change":-0.09
    ///
    /// Of milliseconds `value_ms` and `change_ms`.
    func write(to json: inout JSONWriter) {
        Self.write(value, definition.unit, &json)
        if let before {
            json.key("before")
            json.beginObject()
            Self.write(before, definition.unit, &json)
            json.endObject()
        }
        if definition.unit == .milliseconds {
            json.field("change_ms", change)
        } else {
            json.field("change", change)
        }
    }

    private static func write(
        _ value: MetricValue, _ unit: MetricDefinition.Unit, _ json: inout JSONWriter
    ) {
        if case .count(let count) = value { return json.field("value", count) }
        if unit == .milliseconds {
            json.field("value_ms", value.number)
        } else {
            json.field("value", value.number)
        }
        json.field("n", value.n)
        guard case .share(let part, let whole) = value else { return }
        json.field("part", part)
        let interval = MetricValue.wilson(part, of: whole)
        json.field("low", interval?.low)
        json.field("high", interval?.high)
    }
}
