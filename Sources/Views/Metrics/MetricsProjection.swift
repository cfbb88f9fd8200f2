internal import ContactCentre
public import EventModel

/// Keeps the figures from which every formula is computed at read time, per quarter of an hour,
/// queue and channel.
///
/// What an interaction adds is a function of its state; events move the figures by the
/// difference between that before and after them. So a late event, a reclassification or a later
/// `interaction.created` corrects them exactly.
public struct MetricsProjection: Projection {
    /// The name of the view.
    public static let name = "metrics"
    /// The version of the rows.
    public static let version = 2
    /// Holds references; its interaction rows hold customer ids.
    public static let place = PersonalDataPlace.metricsView

    private var interactions = InteractionFold<MetricTraces>()
    private var cells = Table<MetricCell>()
    private var levels = Table<LevelRow>()
    private var levelDays = Table<LevelDayRow>()
    private var key: [UInt8] = []
    private var people: [CustomerID] = []
    /// The day that what has not been settled yet was recorded on.
    private var day: Int32 = 0
    /// The last cell used for each anchor: facts of one interaction mostly share it.
    private var recent = [(place: MetricPlace, slot: Int)?](repeating: nil, count: 3)

    /// Makes a fold with an empty working set.
    public init() {}

    /// Applies one event.
    public mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in context: borrowing Context
    ) throws(ViewFault) {
        guard let kind = interactions.begin(event) else { return }
        let day = MetricInterval.day(of: event.recorded)
        if day != self.day {
            // What was recorded before stands under the day it was recorded on.
            try settle(in: context)
            self.day = day
        }
        try context.findCustomers(of: event, into: &people)
        _ = try interactions.apply(event, kind, people, context)
    }

    /// Moves the figures by what the interactions' states have changed in them.
    public mutating func settle<Context: FoldContext & ~Copyable>(
        in context: borrowing Context
    ) throws(ViewFault) {
        for step in interactions.settle() {
            if step.before.facts != step.after.facts {
                try move(step.before.facts, step.after.facts, day, context)
            }
            if step.before.changes != step.after.changes {
                try move(step.before.changes, step.after.changes, day, context)
            }
        }
    }

    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: [MetricFact], _ after: [MetricFact], _ day: Int32,
        _ context: borrowing Context
    ) throws(ViewFault) {
        for anchor in [MetricAnchor.created, .offered, .ended] {
            for index in 0..<max(before.count, after.count) {
                let old = index < before.count ? before[index] : nil
                let new = index < after.count ? after[index] : nil
                if let old, let new, old.isSame(as: new, for: anchor) { continue }
                if let old { try add(old, sign: -1, anchor, day, context) }
                if let new { try add(new, sign: 1, anchor, day, context) }
            }
        }
    }

    private mutating func add<Context: FoldContext & ~Copyable>(
        _ fact: MetricFact, sign: Int64, _ anchor: MetricAnchor, _ day: Int32,
        _ context: borrowing Context
    ) throws(ViewFault) {
        guard let moment = fact.moment(anchor) else { return }
        let place = MetricPlace(
            MetricCell.prefix, anchor.rawValue, MetricInterval.quarter(of: moment), fact.queue,
            fact.channel, day)
        let slot: Int
        if let last = recent[Int(anchor.rawValue)], last.place == place {
            slot = last.slot
        } else {
            place.writeKey(to: &key)
            slot = try cells.slot(key, context)
            recent[Int(anchor.rawValue)] = (place, slot)
        }
        cells[changing: slot].add(fact.measure, sign: sign)
    }

    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: [LevelChange], _ after: [LevelChange], _ day: Int32,
        _ context: borrowing Context
    ) throws(ViewFault) {
        for index in 0..<max(before.count, after.count) {
            let old = index < before.count ? before[index] : nil
            let new = index < after.count ? after[index] : nil
            if old == new { continue }
            if let old { try add(old, sign: -1, day, context) }
            if let new { try add(new, sign: 1, day, context) }
        }
    }

    private mutating func add<Context: FoldContext & ~Copyable>(
        _ change: LevelChange, sign: Int64, _ day: Int32, _ context: borrowing Context
    ) throws(ViewFault) {
        var place = MetricPlace(
            LevelRow.prefix, change.level.rawValue, MetricInterval.quarter(of: change.moment),
            change.queue, change.channel, day)
        let offset = change.moment - MetricInterval.start(ofQuarter: place.interval)
        place.writeKey(to: &key)
        let quarter = try levels.slot(key, context)
        levels[changing: quarter].changes.add(offset, count: sign * change.net)
        place.prefix = LevelDayRow.prefix
        place.interval = MetricInterval.day(of: change.moment)
        place.writeKey(to: &key)
        let whole = try levelDays.slot(key, context)
        levelDays[changing: whole].net &+= sign * change.net
    }

    /// Hands over the changed rows in key order: the prefixes c, d, i, l.
    public mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        for index in recent.indices { recent[index] = nil }
        try cells.takeChanges(body)
        try levelDays.takeChanges(body)
        try interactions.takeChanges(body)
        try levels.takeChanges(body)
    }
}

/// What an interaction leaves in figures.
private final class MetricTraces: InteractionTrace {
    let facts: [MetricFact]
    let changes: [LevelChange]

    init(_ record: borrowing InteractionRecord) {
        facts = MetricFact.facts(of: record.interaction)
        changes = LevelChange.changes(of: record.interaction)
    }
}

extension MetricFact {
    /// Whether both add the same to the same cell of an anchor.
    fileprivate func isSame(as other: MetricFact, for anchor: MetricAnchor) -> Bool {
        measure == other.measure && moment(anchor) == other.moment(anchor)
            && channel == other.channel && queue == other.queue
    }
}
