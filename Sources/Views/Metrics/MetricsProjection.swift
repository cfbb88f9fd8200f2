internal import ContactCentre
public import EventModel

/// Keeps the figures from which every formula is computed at read time, per quarter of an hour,
/// queue and channel.
///
/// What an interaction adds is a function of its state; events move the figures by the
/// difference between that before and after them. So a late event, a reclassification or a later
/// `interaction.created` corrects them exactly.
public struct MetricsProjection: ~Copyable, Projection {
    /// The name of the view.
    public static let name = "metrics"
    /// The version of the rows.
    public static let version = 15
    /// Holds references; its interaction rows hold customer ids.
    public static let place = PersonalDataPlace.metricsView

    private var interactions = InteractionFold<MetricTraces>()
    private var cells = Table<MetricCell>()
    private var levels = Table<LevelRow>()
    private var levelDays = Table<LevelDayRow>()
    private var chains = ChainFold()
    private var surveys = SurveyFold()
    private var sources = Table<SourceRow>()
    private var feeds = FeedNotes()
    private var refusals = RowChanges()
    private var settings = Table<MetricSettings>()
    private var index = RowChanges()
    private var closedFigures = RowChanges()
    private var closedLevels = RowChanges()
    private var watermark = Table<WatermarkRow>()
    private var statements = StatementFold()
    private var key: [UInt8] = []
    private var people: [CustomerID] = []
    private var moves: [PersonMove] = []
    /// The day that what has not been settled yet was recorded on.
    private var day: Int32 = 0
    private var recorded: Timestamp?
    /// Whether an event has come.
    private var isBegun = false
    /// The last cell used for each anchor: facts of one interaction mostly share it.
    private var recent = [RecentCell](repeating: RecentCell(), count: 3)

    /// Makes a fold with an empty working set.
    public init() {}

    /// Applies one event.
    public mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in context: borrowing Context
    ) throws(ViewFault) {
        if !isBegun { begin(context) }
        recorded = event.recorded
        let day = MetricInterval.day(of: event.recorded)
        if day != self.day {
            // What was recorded before stands under the day it was recorded on.
            try settle(in: context)
            try close(before: day, in: context)
            self.day = day
        }
        try context.findMoves(of: event, into: &moves)
        for move in moves { try chains.move(move, context) }
        guard let kind = interactions.begin(event) else {
            return try foldOther(event, context)
        }
        try context.findCustomers(of: event, into: &people)
        let slot = try settings.slot(MetricSettings.key, context)
        let own = try interactions.apply(event, kind, people, settings[slot], context)
        switch kind {
        case .lifecycle(let moving): try follow(event, moving, of: own, context)
        // Surveys come from feeds of their own.
        case .detail where event.type.starts(with: "survey."):
            try noteFeed(event, of: own, context)
            try joinSurvey(event, own, context)
        default: break
        }
    }

    /// Of a view that this fold begins nothing is looked for that it has not stored itself.
    private mutating func begin<Context: FoldContext & ~Copyable>(_ context: borrowing Context) {
        isBegun = true
        guard context.isEmpty else { return }
        interactions.beginEmpty()
        chains.beginEmpty()
        cells.beginEmpty()
        levels.beginEmpty()
        levelDays.beginEmpty()
    }

    /// What an event of an interaction says of its feed and its agent.
    @inline(__always)
    private mutating func follow<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ moving: LifecycleEvent, of slot: Int,
        _ context: borrowing Context
    ) throws(ViewFault) {
        switch moving {
        case .created: return try noteFeed(event, context)
        case .queueEntered: return try noteFeed(event, context)
        case .offerMissed, .offerFailed:
            try statements.foldOffer(event, isRejected: false, context)
        case .offerRejected: try statements.foldOffer(event, isRejected: true, context)
        default: break
        }
        // Whoever tells of words, talks and ends contributes to the queue's figures as well.
        try noteFeed(event, of: slot, context)
    }

    /// Notes that a feed tells of the queue that an event names, or of none.
    private mutating func noteFeed<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let queue = event.bytes("queue") else { return try feeds.note(event, context) }
        try feeds.note(event, queue: queue, context)
    }

    /// Notes that a feed tells of the queue of an interaction.
    private mutating func noteFeed<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, of slot: Int, _ context: borrowing Context
    ) throws(ViewFault) {
        let queue = interactions.look(slot) { $0.interaction.queue }
        try unsafe feeds.note(event, queue: queue.utf8Span.span.bytes, context)
    }

    /// Gives an interaction what was told before of a survey that is found to be about it.
    private mutating func joinSurvey<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ own: Int, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let interaction = event.text("interaction") else { return }
        let earlier = try surveys.join(event, to: interaction, context)
        guard !earlier.isEmpty else { return }
        let slot = try settings.slot(MetricSettings.key, context)
        try interactions.take(earlier, into: own, settings[slot], context)
    }

    /// Applies what is told of a survey to the interaction that its invitation is about.
    private mutating func foldSurvey<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, of interaction: String, _ context: borrowing Context
    ) throws(ViewFault) {
        interactions.begin(interaction)
        try context.findCustomers(of: event, into: &people)
        let slot = try settings.slot(MetricSettings.key, context)
        let own = try interactions.apply(event, .detail, people, settings[slot], context)
        try noteFeed(event, of: own, context)
    }

    /// Events that belong to no interaction.
    private mutating func foldOther<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        let type = event.type
        if type.equals("entry.refused") {
            try noteFeed(event, context)
            let slot = try settings.slot(MetricSettings.key, context)
            let refusal = RefusalRow(event, settings[slot])
            RefusalRow.writeKey(refusal.occurred, event.position, to: &key)
            refusals.put(key, refusal)
            for anchor in MetricAnchor.filed {
                try add(refusal.fact, sign: 1, anchor, day, context)
            }
        } else if type.equals("stage.inferred") {
            try context.findCustomers(of: event, into: &people)
            try statements.foldStage(event, people, context)
        } else if try statements.fold(event, context) {
            // Who is at work is told by feeds of their own.
            if type.starts(with: "agent.") { try feeds.note(event, context) }
        } else if type.equals("definition.set") {
            let slot = try settings.slot(MetricSettings.key, context)
            var changed = settings[slot]
            if changed.take(event) { settings[changing: slot] = changed }
        } else if try surveys.fold(event, context) {
            if let interaction = surveys.interaction {
                try foldSurvey(event, of: interaction, context)
            } else {
                try noteFeed(event, context)
            }
        } else if let change = SourceRow.Change(event) {
            SourceRow.writeKey(of: event, to: &key)
            let slot = try sources.slot(key, context)
            sources[changing: slot].apply(change, event)
        }
    }

    /// Moves the figures by what the interactions' states have changed in them.
    public mutating func settle<Context: FoldContext & ~Copyable>(
        in context: borrowing Context
    ) throws(ViewFault) {
        for step in interactions.settle() {
            let (before, after) = (step.before, step.after)
            if before.facts != after.facts {
                try move(before.facts, after.facts, day, context)
            }
            if before.changes != after.changes {
                try move(before.changes, after.changes, day, context)
            }
            if before.quarters != after.quarters {
                moveIndex(before.quarters, after.quarters, interactions.name(step.slot))
            }
            if before.chained != after.chained { try moveChains(step, context) }
        }
        for step in try chains.settle(context) { try move(step.before, step.after, day, context) }
        for step in surveys.settle() { try move(step.before, step.after, day, context) }
        guard let recorded else { return }
        let slot = try watermark.slot(WatermarkRow.key, context)
        if watermark[slot].recorded != recorded { watermark[changing: slot].recorded = recorded }
        self.recorded = nil
    }

    /// Puts what was recorded on days that are over into rows of whole days.
    private mutating func close<Context: FoldContext & ~Copyable>(
        before day: Int32, in context: borrowing Context
    ) throws(ViewFault) {
        for group in try DayClosing.groups(
            MetricCell.prefix, isOneFamily: true, before: day, changed: cells.changedKeys, context)
        {
            var builder = ClosedFigures.Builder()
            var rest = group.rows[...]
            while let quarter = rest.first?.quarter {
                var figures = [[ClosedFigures.Figure]](
                    repeating: [], count: MetricAnchor.filed.count)
                while let row = rest.first, row.quarter == quarter {
                    rest.removeFirst()
                    group.writeKey(of: row, under: MetricCell.prefix, to: &key)
                    let slot = try cells.slot(key, context)
                    figures[Int(row.family)] = cells[slot].figures
                    cells[changing: slot] = MetricCell()
                }
                builder.add(figures, quarter: quarter)
            }
            // Keys of a day that was closed before, and is not written yet, may be shown once more.
            guard !builder.isEmpty else { continue }
            group.writeKey(under: ClosedFigures.prefix, to: &key)
            closedFigures.put(key, builder)
        }
        for group in try DayClosing.groups(
            LevelRow.prefix, isOneFamily: false, before: day, changed: levels.changedKeys,
            context)
        {
            var closed = ClosedLevels()
            for row in group.rows {
                group.writeKey(of: row, under: LevelRow.prefix, to: &key)
                let slot = try levels.slot(key, context)
                closed.add(levels[slot], quarter: row.quarter)
                levels[changing: slot] = LevelRow()
            }
            guard !closed.isEmpty else { continue }
            group.writeKey(under: ClosedLevels.prefix, to: &key)
            closedLevels.put(key, closed)
        }
    }

    private mutating func moveIndex(
        _ before: [MetricTraces.Quarter], _ after: [MetricTraces.Quarter],
        _ name: ArraySlice<UInt8>
    ) {
        for quarter in before where !after.contains(where: { $0.number == quarter.number }) {
            ContactIndexRow.writeKey(quarter.number, name, to: &key)
            index.remove(key)
        }
        for quarter in after where !before.contains(quarter) {
            ContactIndexRow.writeKey(quarter.number, name, to: &key)
            index.put(key, ContactIndexRow(quarter.queues))
        }
    }

    /// Takes an interaction out of the chains it was in and puts it into those it is in.
    private mutating func moveChains<Context: FoldContext & ~Copyable>(
        _ step: InteractionFold<MetricTraces>.Step, _ context: borrowing Context
    ) throws(ViewFault) {
        let bytes = interactions.name(step.slot)
        let name = unsafe try bytes.span.bytes.keyText(at: 0).text
        for (chained, isAfter) in [(step.before.chained, false), (step.after.chained, true)] {
            guard var entry = chained.entry else { continue }
            entry.name = name
            if let person = chained.person {
                try chains.change(entry, isIn: isAfter, of: person, context)
            }
            if let thread = chained.thread {
                try chains.change(entry, isIn: isAfter, ofThread: thread, context)
            }
        }
    }

    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: [MetricFact], _ after: [MetricFact], _ day: Int32,
        _ context: borrowing Context
    ) throws(ViewFault) {
        let anchors = MetricAnchor.filed
        for index in 0..<max(before.count, after.count) {
            let (isOld, isNew) = (index < before.count, index < after.count)
            if isOld, isNew, before[index] == after[index] { continue }
            for anchor in anchors {
                if isOld, isNew, before[index].isSame(as: after[index], for: anchor) { continue }
                if isOld { try add(before[index], sign: -1, anchor, day, context) }
                if isNew { try add(after[index], sign: 1, anchor, day, context) }
            }
        }
    }

    private mutating func add<Context: FoldContext & ~Copyable>(
        _ fact: MetricFact, sign: Int64, _ anchor: MetricAnchor, _ day: Int32,
        _ context: borrowing Context
    ) throws(ViewFault) {
        guard let moment = fact.moment(anchor) else { return }
        let sign = fact.isTakenBack ? -sign : sign
        let family = Int(anchor.rawValue)
        let quarter = MetricInterval.quarter(of: moment)
        if !recent[family].isOf(fact, quarter, day) {
            let place = MetricPlace(
                MetricCell.prefix, anchor.rawValue, quarter, fact.queue, fact.channel, day)
            place.writeKey(to: &key)
            recent[family] = RecentCell(
                slot: try cells.slot(key, context), quarter: quarter, day: day,
                channel: fact.channel, queue: fact.queue)
        }
        cells[changing: recent[family].slot].add(fact.measure, sign: sign)
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

    /// Hands over the changed rows in key order: the prefixes a, b, c, d, e, f, g, h, i, k, l, m,
    /// n, o, p, q, r, s, t, u, v, w, y.
    public mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        for index in recent.indices { recent[index] = RecentCell() }
        try statements.takeChanges(body)
        try cells.takeChanges(body)
        try levelDays.takeChanges(body)
        try surveys.takeOfAgents(body)
        try closedFigures.take(body)
        try statements.takeAssignments(body)
        try statements.takeStages(body)
        try interactions.takeChanges(body)
        try statements.takeSlots(body)
        try levels.takeChanges(body)
        try closedLevels.take(body)
        try settings.takeChanges(body)
        try statements.takeClosures(body)
        try chains.takeChanges(body)
        try feeds.takeChanges(body)
        try refusals.take(body)
        try surveys.takeChanges(body)
        try index.take(body)
        try sources.takeChanges(body)
        try surveys.takeIndex(body)
        try watermark.takeChanges(body)
        try statements.takePresence(body)
    }
}

/// A cell that was used, and where it is in the working set.
private struct RecentCell {
    /// Less than zero where there is none.
    var slot = -1
    var quarter: Int32 = 0
    var day: Int32 = 0
    var channel = Channel.unknown
    var queue = ""

    func isOf(_ fact: borrowing MetricFact, _ quarter: Int32, _ day: Int32) -> Bool {
        slot >= 0 && self.quarter == quarter && self.day == day && channel == fact.channel
            && queue == fact.queue
    }
}

extension MetricFact {
    /// Whether both add the same to the same cell of an anchor.
    fileprivate func isSame(as other: MetricFact, for anchor: MetricAnchor) -> Bool {
        measure == other.measure && isTakenBack == other.isTakenBack
            && moment(anchor) == other.moment(anchor)
            && channel == other.channel && queue == other.queue
    }
}
