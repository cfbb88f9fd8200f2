internal import ContactCentre
internal import EventModel

/// What a queue did lately, by the metrics view: the last hour on its grid, and what has begun since.
/// Figures stand where stays began.
struct RecentFigures {
    let from: Timestamp
    let to: Timestamp
    let sum: MetricsSum

    private static let window: Int64 = 3_600_000

    /// Reads the window that ends now.
    static func read<Reader: ViewReader & ~Copyable>(
        _ queue: String, now: Timestamp, from metrics: borrowing Reader
    ) throws(ViewFault) -> RecentFigures {
        let grid = MetricInterval.quarterMilliseconds
        let begun = now.rawValue.flooredQuotient(grid) * grid
        let from = Timestamp(milliseconds: begun - window)
        let to = Timestamp(milliseconds: begun + grid)
        let query: MetricsQuery
        do throws(MetricsRefusal) {
            query = try MetricsQuery(from: from, to: to, queues: [queue])
        } catch {
            // Only a clock at the end of all times has no such window.
            return RecentFigures(from: from, to: to, sum: MetricsSum())
        }
        let lines = MetricsLines(query, UTCOffsets())
        do throws(MetricsFault) {
            let sums = try MetricsSum.sums(query, .offered, lines, from: metrics)
            // One line, not told apart.
            return RecentFigures(from: from, to: to, sum: sums.values.first ?? MetricsSum())
        } catch {
            guard case .view(let fault) = error else {
                preconditionFailure("figures by queue are never refused")
            }
            throw fault
        }
    }
}

/// Counters and service level as a wallboard shows them.
extension RecentFigures {
    private static let target: Int64 = 20_000
    private static let shortAbandon: Int64 = 5_000

    /// Writes them into an open object.
    ///
    ///     "metrics_position":…,
    ///     "live":{"from":"…","to":"…","offered":…,"answered":…,"abandoned":…,"flowed_out":…,
    ///             "callbacks_taken":…,"asa_ms":…,
    ///             "service_level":{"metric":"sl_offered","within_ms":…,"value":…,"n":…,
    ///                              "waiting_past_target":…}}
    ///
    /// The service level is the queue's headline, as SCORECARD has it: the preset, or the level by its
    /// switches, with the nearest target, else the first one within 20 s. Of those who still wait, who
    /// is past the target counts as missed, and nobody else. A level that tells short abandons apart
    /// says `short_abandon_ms`.
    func write<Reader: ViewReader & ~Copyable>(
        _ queue: String, _ now: Timestamp, _ metrics: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) {
        json.field("metrics_position", metrics.position)
        json.key("live")
        json.beginObject()
        json.field("from", from)
        json.field("to", to)
        json.field("offered", sum[.offered])
        json.field("answered", sum.count(of: .waitAnswered))
        json.field("abandoned", sum.count(of: .waitAbandoned))
        json.field("flowed_out", sum[.flowedOut])
        json.field("callbacks_taken", sum.count(of: .waitToCallback))
        json.field("asa_ms", sum[.waitAnswered].mean.map { Int64($0.rounded()) })
        let targets = try PerformanceTargets(at: now, in: metrics)
        let chosen = targets.nearest(
            MetricDefinition.serviceLevels + targets.switched, queue: queue, channel: nil)
        guard let level = chosen?.metric ?? MetricDefinition.serviceLevels.first else {
            preconditionFailure("there are presets")
        }
        write(
            level, within: targets.within(level, queue: queue, channel: nil) ?? Self.target,
            short: targets.short(level, queue: queue, channel: nil) ?? Self.shortAbandon, now, &json
        )
        json.endObject()
    }

    private func write(
        _ level: MetricDefinition, within target: Int64, short: Int64, _ now: Timestamp,
        _ json: inout JSONWriter
    ) {
        let figures = MetricFigures(
            sum: sum, target: target, shortAbandon: short, windowDays: 7, now: now)
        guard case .share(let met, let settled) = level.value(figures) else {
            preconditionFailure("a service level is a share")
        }
        // A preset of closed intervals leaves out all who wait.
        let past = figures.waitingPastTarget
        let whole = level.countsWaiting ? settled : settled + past
        json.key("service_level")
        json.beginObject()
        json.field("metric", level.name)
        json.field("within_ms", target)
        if level.usesShort { json.field("short_abandon_ms", short) }
        json.field("value", ServiceLevels.ratio(met, whole))
        json.field("n", whole)
        json.field("waiting_past_target", past)
        json.endObject()
    }
}
