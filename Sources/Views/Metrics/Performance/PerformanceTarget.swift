internal import ContactCentre
internal import EventModel
internal import JSON

/// What a metric should be: `definition.set` of kind `target`.
///
///     {"metric":"asa","at_most":20000,"weight":2,"queue":"billing","channel":"voice",
///      "within_ms":20000,"short_ms":5000}
///
/// `at_least` or `at_most` says the target and which way is good: shares 0 … 1, durations in
/// milliseconds, scores as they are. `weight` (1) is how much the operator cares, `within_ms` the T
/// of a service level, `short_ms` below what wait an abandon is a short one. Without queue and channel it holds for all that have no nearer one. Of the
/// presets of service level, the one with the nearest target is a queue's headline.
struct PerformanceTarget {
    static let members = [
        "metric", "at_least", "at_most", "weight", "queue", "channel", "within_ms", "short_ms",
    ]

    let metric: MetricDefinition
    let target: Double
    let isUp: Bool
    let weight: Double
    let queue: String?
    let channel: Channel?
    let within: Int64?
    let short: Int64?

    init(_ body: RawSpan) throws(DefinitionFault) {
        let value = try DefinitionBody.object(body, of: "target")
        try value.only(Self.members, of: "target")
        guard let metric = value["metric"]?.text.flatMap({ MetricDefinition.named($0) }) else {
            throw DefinitionFault(
                expected: "a JSON object for kind target whose metric METRICS DEFINITIONS lists")
        }
        self.metric = metric
        (target, isUp) = try Self.target(value, metric)
        let weight = value["weight"].map(\.double) ?? 1
        guard let weight, weight >= 0, weight <= 1_000 else {
            throw DefinitionFault(
                expected: "a JSON object for kind target whose weight is a number from 0 to 1000")
        }
        self.weight = weight
        queue = try value.optionalText("queue", of: "target")
        let word = try value.optionalText("channel", of: "target")
        channel = word.flatMap { unsafe Channel($0.utf8Span.span.bytes) }
        guard word == nil || channel.map({ $0 != .unknown }) == true else {
            throw DefinitionFault(expected: "a JSON object for kind target with a known channel")
        }
        within = try Self.milliseconds("within_ms", value)
        short = try Self.milliseconds("short_ms", value)
    }

    private static func milliseconds(
        _ name: String, _ value: JSONValue
    ) throws(DefinitionFault) -> Int64? {
        guard let number = value[name] else { return nil }
        guard case .integer(let milliseconds) = number, (0...604_800_000).contains(milliseconds)
        else {
            throw DefinitionFault(
                expected: "a JSON object for kind target whose \(name) is a whole number from 0 "
                    + "to 604800000")
        }
        return milliseconds
    }

    private static func target(
        _ value: JSONValue, _ metric: MetricDefinition
    ) throws(DefinitionFault) -> (Double, isUp: Bool) {
        let (least, most) = (value["at_least"], value["at_most"])
        guard (least == nil) != (most == nil), let number = (least ?? most)?.double,
            number.isFinite
        else {
            throw DefinitionFault(
                expected: "a JSON object for kind target with a number as at_least or as at_most, "
                    + "not both")
        }
        switch metric.unit {
        case .share where !(0...1).contains(number):
            throw DefinitionFault(
                expected: "a JSON object for kind target whose target of a share is from 0 to 1")
        case .milliseconds where number <= 0, .count where number <= 0, .steps where number <= 0:
            throw DefinitionFault(
                expected: "a JSON object for kind target whose target of a count or a duration is "
                    + "above 0")
        default: return (number, isUp: least != nil)
        }
    }

    /// How near it is to a row: 3 names queue and channel, 0 neither; nil where it is about another.
    func nearness(queue: String?, channel: Channel?) -> Int? {
        if let own = self.queue, own != queue { return nil }
        if let own = self.channel, own != channel { return nil }
        return (self.queue == nil ? 0 : 2) + (self.channel == nil ? 0 : 1)
    }

    /// How far a value falls short, as a part of the metric's own scale; 0 where the target is met.
    /// Shares are their own scale, scores have a width, all others are held against the target.
    func gap(_ value: Double) -> Double {
        max(0, isUp ? target - value : value - target) / (metric.scaleWidth ?? target)
    }
}

extension MetricDefinition {
    /// From the worst to the best that a value can be; nil where there is no such bound.
    var scaleWidth: Double? {
        switch unit {
        case .share: 1
        case .score:
            switch name {
            case "nps": 200
            case "ces": 6
            default: 4
            }
        case .count, .milliseconds, .steps: nil
        }
    }
}

/// All targets in force at a moment.
struct PerformanceTargets {
    private(set) var all: [PerformanceTarget] = []

    init<Reader: ViewReader & ~Copyable>(
        at moment: Timestamp, with choices: [DefinitionChoice] = [], in reader: borrowing Reader
    ) throws(ViewFault) {
        var bodies: [String] = []
        try MetricsDefinitionKind.target.forEach(with: choices, in: reader) { _, versions in
            if let version = versions.judging(moment) { bodies.append(version.body) }
        }
        // What was recorded before bodies were checked may be unreadable: it is no target.
        all = bodies.compactMap { try? unsafe PerformanceTarget($0.utf8Span.span.bytes) }
    }

    /// The metrics that have a target, in the order of METRICS DEFINITIONS.
    var metrics: [MetricDefinition] {
        MetricDefinition.all.filter { one in all.contains { $0.metric.name == one.name } }
    }

    /// The service levels by their switches that have a target, by name.
    var switched: [MetricDefinition] {
        var byName: [String: MetricDefinition] = [:]
        for target in all where LevelSwitches(target.metric.name) != nil {
            byName[target.metric.name] = target.metric
        }
        return byName.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Whether more of a metric is better, as its first target says; rows without a target of their
    /// own go by it.
    func isUp(_ metric: MetricDefinition) -> Bool {
        all.first { $0.metric.name == metric.name }?.isUp ?? false
    }

    /// The nearest target of the first of these metrics that has one as near.
    func nearest(
        _ metrics: [MetricDefinition], queue: String?, channel: Channel?
    ) -> PerformanceTarget? {
        var found: (target: PerformanceTarget, nearness: Int)?
        for metric in metrics {
            for target in all where target.metric.name == metric.name {
                guard let nearness = target.nearness(queue: queue, channel: channel),
                    nearness > found?.nearness ?? -1
                else { continue }
                found = (target, nearness)
            }
        }
        return found?.target
    }
}
