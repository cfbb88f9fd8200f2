internal import ContactCentre
public import EventModel

/// Finds what silence has ended: interactions whose end was never told, call backs that nobody
/// made, feeds that stopped telling.
///
/// A sweep looks at a bounded number of rows and goes on where the one before ended. It reads the
/// view and a clock, and changes nothing: what it finds is appended, and folded like all else.
/// Silence is measured against the feed's watermark: the clock for a live feed, the highest time
/// seen for one that imports. While a feed is known to be silent nothing of its is ended: it is the
/// feed that is silent, not the customer.
public struct SilenceSweep: Sendable {
    /// Where the next sweep of open interactions begins; empty at their start.
    private var next: [UInt8] = []
    /// Where the next sweep of call backs begins; empty at their start, where it begins again when
    /// all have been looked at.
    private var nextDue: [UInt8] = []
    /// Where the next sweep of agents begins; empty at their start.
    var nextAgent: [UInt8] = []
    /// Restarts up to here have been looked into.
    private var restartsDone = Position.zero
    /// What will have been, when the present round is through; nil between rounds for restarts.
    private var restartsGoal: Position?

    /// Begins at the start, with all restarts still to be looked into: what was inferred from one
    /// before is inferred again, and stores nothing.
    public init() {}

    /// Finds what is to be appended: of interactions, of call backs and of agents at most `ViewLimits.inferredEventsMax`
    /// events each.
    ///
    /// - Parameter zones: Finds the offsets of the zones that calendars name.
    public mutating func find<Reader: ViewReader & ~Copyable>(
        now: Timestamp, zones: @escaping (String) -> (any ZoneOffsets)? = UTCOffsets.only,
        from reader: borrowing Reader
    ) throws(ViewFault) -> [InferredEvent] {
        let rules = try SilenceRules.read(at: now, reader)
        var sources = try Self.sources(reader)
        var found: [InferredEvent] = []
        for name in sources.keys.sorted() {
            guard let record = sources[name] else { continue }
            guard let event = Self.event(of: name, record, rules, now) else { continue }
            found.append(event)
            // What it had open is not ended in the same breath.
            if event.type == "source.silent" { sources[name]?.silent = Position(.max) }
        }
        try findCallbacks(rules, sources, now, reader, &found)
        try findAgents(rules.notResponding, now, reader, &found)
        var calendars = QueueCalendars(zones)
        try findInteractions(rules, sources, &calendars, now, reader, &found)
        return found
    }

    private static func sources<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [String: SourceRecord] {
        var sources: [String: SourceRecord] = [:]
        let start = [SourceRecord.prefix]
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            sources[try key.keyText(at: 1).text] = try SourceRecord.decoded(row)
            return true
        }
        return sources
    }

    /// Silence of a live feed beyond its gap, or its first word after that.
    private static func event(
        of name: String, _ record: SourceRecord, _ rules: SilenceRules, _ now: Timestamp
    ) -> InferredEvent? {
        if record.silent > record.resumed, record.lastPosition > record.silent {
            return InferredEvent(
                "source.resumed", rule: "resumed", version: "1", subject: name,
                after: record.silent, occurred: record.heard,
                [("feed", name)] + covered(record))
        }
        let ruled = rules.source.milliseconds
        guard let gap = record.expectedGapMilliseconds ?? (ruled > 0 ? ruled : nil),
            !record.isSilent, !record.isImporting, record.imported != record.lastPosition,
            record.lastPosition != .zero, now - record.heard > gap
        else { return nil }
        return InferredEvent(
            "source.silent", rule: "silent", version: rules.source.version, subject: name,
            after: record.lastPosition, occurred: record.heard.advanced(byMilliseconds: gap),
            [("feed", name)] + covered(record) + [
                ("lag_ms", "\(now - record.heard)"), ("expected_gap_ms", "\(gap)"),
            ])
    }

    /// How far it had told everything; where it has told nothing, there is nothing that it left out.
    private static func covered(_ record: SourceRecord) -> [(key: String, value: String)] {
        let until = record.complete == .earliest ? record.heard : record.complete
        return [("covered_until", until.rfc3339)]
    }

    /// Call backs that are overdue by the feeds that tell of their interactions. Where none is known,
    /// anything that imports may yet tell of them.
    private mutating func findCallbacks<Reader: ViewReader & ~Copyable>(
        _ rules: SilenceRules, _ sources: [String: SourceRecord], _ now: Timestamp,
        _ reader: borrowing Reader, _ found: inout [InferredEvent]
    ) throws(ViewFault) {
        let after = rules.callback.milliseconds
        guard after > 0 else { return }
        let least = sources.values.map { $0.watermark(now) }.min() ?? now
        var overdue: [String] = []
        var left = ViewLimits.sweptRowsMax
        let start = nextDue.isEmpty ? [DueRow.prefix] : nextDue
        nextDue = []
        try reader.rows(from: start, below: [DueRow.prefix].keyAfterPrefix) {
            key, _ throws(ViewFault) in
            let queueEnd = try key.keyText(at: 1).end
            let due = Int64(bitPattern: try key.keyNumber(at: queueEnd) ^ 1 << 63)
            if now.rawValue - due >= after {
                overdue.append(try key.keyText(at: queueEnd + 8).text)
            }
            left -= 1
            guard left > 0, overdue.count < ViewLimits.inferredEventsMax else {
                nextDue = key.copied() + [0]
                return false
            }
            return true
        }
        for name in overdue {
            var key = [CallbackRecord.prefix]
            key.append(keyText: name)
            guard let record = try CallbackRecord.decoded(try reader.row(key)),
                let deadline = record.deadline
            else { continue }
            let feeds = try Self.feeds(of: record.interaction, sources, reader)
            let heard = feeds.map { $0.watermark(now) }.min() ?? least
            // Asked for, or scheduled, when it was due already: its time begins then.
            let begins = max(deadline, record.requested.occurred, record.due.occurred)
            let moment = begins.advanced(byMilliseconds: after)
            guard moment <= heard, !feeds.contains(where: \.isSilent) else { continue }
            let since = max(record.due.position, record.requested.position)
            if let interaction = record.interaction {
                found.append(
                    InferredEvent(
                        "callback.expired", rule: "callback", version: rules.callback.version,
                        subject: name, after: since, occurred: moment,
                        ["callback_id": name, "interaction": interaction, "reason": "silence"]))
            } else {
                found.append(
                    InferredEvent(
                        "callback.expired", rule: "callback", version: rules.callback.version,
                        subject: name, after: since, occurred: moment,
                        ["callback_id": name, "reason": "silence"]))
            }
        }
    }

    private static func feeds<Reader: ViewReader & ~Copyable>(
        of interaction: String?, _ sources: [String: SourceRecord], _ reader: borrowing Reader
    ) throws(ViewFault) -> [SourceRecord] {
        guard let interaction, let found = try InteractionRecord.state(of: interaction, reader)
        else { return [] }
        return feeds(of: found, sources)
    }

    /// The feeds that tell of an interaction: of its beginning, and of where it is now.
    private static func feeds(
        of interaction: borrowing Interaction, _ sources: [String: SourceRecord]
    ) -> [SourceRecord] {
        let (first, now) = (interaction.source, interaction.teller)
        return [first, now == first ? nil : now].compactMap { $0.flatMap { sources[$0] } }
    }
}

/// Interactions.
extension SilenceSweep {
    private mutating func findInteractions<Reader: ViewReader & ~Copyable>(
        _ rules: SilenceRules, _ sources: [String: SourceRecord],
        _ calendars: inout QueueCalendars, _ now: Timestamp, _ reader: borrowing Reader,
        _ found: inout [InferredEvent]
    ) throws(ViewFault) {
        let newest = sources.values.map(\.restarted).max() ?? .zero
        if next.isEmpty, newest > restartsDone { restartsGoal = newest }
        guard let end = Self.end(rules, now, all: restartsGoal != nil) else { return }
        var ended = 0
        for (name, place) in try page(below: end, reader) {
            guard ended < ViewLimits.inferredEventsMax else {
                next = place
                return
            }
            guard let interaction = try InteractionRecord.state(of: name, reader),
                try !Self.awaitsCallback(interaction, reader)
            else { continue }
            let feeds = Self.feeds(of: interaction, sources)
            let calendar =
                rules[interaction.channel].isBusiness
                ? try calendars.calendar(of: interaction.holder, reader) : nil
            if let event = Self.event(of: name, interaction, feeds, rules, calendar, now) {
                found.append(event)
                ended += 1
            }
        }
        guard next.isEmpty, let goal = restartsGoal else { return }
        restartsDone = goal
        restartsGoal = nil
    }

    /// Where rows end that may hold somebody silent for long enough: all of them after a restart.
    private static func end(_ rules: SilenceRules, _ now: Timestamp, all: Bool) -> [UInt8]? {
        if all { return [SilenceRow.prefix + 1] }
        guard let least = rules.least else { return nil }
        var end: [UInt8] = []
        SilenceRow.writeKey(
            SilenceRow.hour(of: now.advanced(byMilliseconds: -least)) + 1, [], to: &end)
        return end
    }

    /// Whether a call back is to come, whose own rule says when it does not any more.
    private static func awaitsCallback<Reader: ViewReader & ~Copyable>(
        _ interaction: borrowing Interaction, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        guard interaction.state == .callbackPending, let callback = interaction.callback else {
            return false
        }
        var key = [CallbackRecord.prefix]
        key.append(keyText: callback)
        guard let record = try CallbackRecord.decoded(try reader.row(key)) else { return false }
        return record.isOpen && record.deadline != nil
    }

    /// Returns the next interactions to look at, each with its place, and remembers where to go on.
    private mutating func page<Reader: ViewReader & ~Copyable>(
        below end: [UInt8], _ reader: borrowing Reader
    ) throws(ViewFault) -> [(name: String, place: [UInt8])] {
        var names: [(name: String, place: [UInt8])] = []
        let start = next.isEmpty ? [SilenceRow.prefix] : next
        try reader.rows(from: start, below: end) { key, _ throws(ViewFault) in
            let name = try key.keyText(at: SilenceRow.interactionOffset).text
            names.append((name, key.copied()))
            return names.count < ViewLimits.sweptRowsMax
        }
        // Behind the last one looked at; from the start again when all have been.
        next = names.count < ViewLimits.sweptRowsMax ? [] : names.last.map { $0.place + [0] } ?? []
        return names
    }

    private static func event(
        of name: String, _ interaction: Interaction, _ feeds: [SourceRecord],
        _ rules: SilenceRules, _ calendar: CalendarVersions?, _ now: Timestamp
    ) -> InferredEvent? {
        let last = interaction.lastPosition
        // Who restarted lost what it had, and what had been handed on was no longer its own.
        if let teller = feeds.last, teller.restarted > last {
            return InferredEvent(
                "interaction.inferredEnd", rule: "restart", version: "1", subject: name,
                after: last, occurred: interaction.lastOccurred,
                ["interaction": name, "rule": "restart", "after_ms": "0"])
        }
        let rule = rules[interaction.channel]
        let watermark = feeds.map { $0.watermark(now) }.min() ?? now
        guard rule.milliseconds > 0, !feeds.contains(where: \.isSilent),
            watermark - interaction.lastOccurred >= rule.milliseconds,
            // Where no calendar is set all time counts; in a zone nobody knows nothing is ended.
            let moment = calendar.map({
                $0.moment(rule.milliseconds, after: interaction.lastOccurred)
            }) ?? interaction.lastOccurred.advanced(byMilliseconds: rule.milliseconds),
            moment <= watermark
        else { return nil }
        return InferredEvent(
            "interaction.inferredEnd", rule: "silence", version: rule.version, subject: name,
            after: last, occurred: moment,
            [
                "interaction": name, "rule": "silence",
                "after_ms": "\(moment - interaction.lastOccurred)",
            ])
    }
}
