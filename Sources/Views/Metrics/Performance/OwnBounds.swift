internal import ContactCentre
internal import EventModel

/// T and the short abandon of each queue, as the targets say them (`within_ms`, `short_ms`), for a
/// question that names none of its own.
///
/// They are what the nearest target says, on whichever metric they matter to: what a queue promises holds
/// for all of its levels. Of several as near the one on the metric itself.
struct OwnBounds {
    private let targets: PerformanceTargets
    private let query: MetricsQuery
    private let asksTarget: Bool
    private let asksShort: Bool

    /// What holds for one row; nil where no target says it, or the question does.
    struct Row {
        var within: Int64?
        var short: Int64?
    }

    /// Reads the targets in force when a window ends.
    ///
    /// - Returns: nil where none of them would change anything.
    init?<Reader: ViewReader & ~Copyable>(
        of query: MetricsQuery, in reader: borrowing Reader
    ) throws(MetricsFault) {
        asksTarget = !query.namesTargets
        asksShort = !query.namesShort
        guard asksTarget || asksShort else { return nil }
        do throws(ViewFault) {
            targets = try PerformanceTargets(
                at: query.to.advanced(byMilliseconds: -1), with: query.choices, in: reader)
        } catch {
            throw .view(error)
        }
        guard targets.saysBounds else { return nil }
        self.query = query
    }

    private init(_ other: OwnBounds, _ query: MetricsQuery) {
        (targets, asksTarget, asksShort) = (other.targets, other.asksTarget, other.asksShort)
        self.query = query
    }

    /// The same for a question told apart otherwise.
    func of(_ query: MetricsQuery) -> OwnBounds { OwnBounds(self, query) }

    /// Whether queues have bounds of their own, and a row without a name is of several.
    var differsByQueue: Bool {
        query.grouping == nil && query.askedQueues?.count != 1 && targets.saysBoundsOfQueues
    }

    /// What holds for a metric in a row.
    func row(_ definition: MetricDefinition, group: String) -> Row {
        guard definition.usesBounds else { return Row() }
        let scope = query.scope(group)
        return Row(
            within: asksTarget && definition.usesTarget
                ? targets.within(definition, queue: scope.queue, channel: scope.channel) : nil,
            short: asksShort && definition.usesShort
                ? targets.short(definition, queue: scope.queue, channel: scope.channel) : nil)
    }

    /// What holds for the figures of a row that are of no metric in particular.
    func row(group: String) -> Row {
        let scope = query.scope(group)
        return Row(
            within: asksTarget
                ? targets.within(nil, queue: scope.queue, channel: scope.channel) : nil,
            short: asksShort
                ? targets.short(nil, queue: scope.queue, channel: scope.channel) : nil)
    }
}

extension MetricsQuery {
    /// The queue and channel that a row's targets are looked for by.
    func scope(_ group: String) -> (queue: String?, channel: Channel?) {
        let queue = askedQueues?.count == 1 ? askedQueues?.first : nil
        switch grouping {
        case .queue: return (group, channel)
        case .channel: return (queue, unsafe Channel(group.utf8Span.span.bytes))
        default: return (queue, channel)
        }
    }
}

extension PerformanceTargets {
    /// Whether any says T or what is short.
    var saysBounds: Bool { all.contains { $0.within != nil || $0.short != nil } }

    /// Whether any says it of one queue.
    var saysBoundsOfQueues: Bool {
        all.contains { $0.queue != nil && ($0.within != nil || $0.short != nil) }
    }

    /// T of a metric; nil where no target says it.
    func within(_ metric: MetricDefinition?, queue: String?, channel: Channel?) -> Int64? {
        nearest(metric, queue, channel) { $0.within }
    }

    /// What wait of an abandon is short; nil where no target says it.
    func short(_ metric: MetricDefinition?, queue: String?, channel: Channel?) -> Int64? {
        nearest(metric, queue, channel) { $0.short }
    }

    private func nearest(
        _ metric: MetricDefinition?, _ queue: String?, _ channel: Channel?,
        _ bound: (PerformanceTarget) -> Int64?
    ) -> Int64? {
        var found: (bound: Int64, nearness: Int)?
        for target in all {
            guard let bound = bound(target),
                let nearness = target.nearness(queue: queue, channel: channel)
            else { continue }
            let isOwn = metric?.name == target.metric.name
            let near = 2 * nearness + (isOwn ? 1 : 0)
            if near > found?.nearness ?? -1 { found = (bound, near) }
        }
        return found?.bound
    }
}
