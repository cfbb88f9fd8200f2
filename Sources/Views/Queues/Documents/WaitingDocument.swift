internal import ContactCentre
public import EventModel

/// WAITING: who waits in a queue, in the order of being served: by priority, then by first entry.
///
///     {"position":…,"now":"…","queue":"billing","waiting_count":27,
///      "waiting":[{"place":1,…as in QUEUE…,"whole_wait_ms":…,"stays":2,"reply_by":"…",
///                  "attempts_24h":3,"attempts_today":2,
///                  "announced":{"at":"…","expected_ms":…,"low_ms":…,"high_ms":…,"due":"…"},
///                  "elsewhere":[{"interaction":"…","channel":"chat","state":"connected",
///                                "queue":…,"agent":…,"created":"…"}]}],"truncated":true}
///
/// `whole_wait_ms` is the time over all stays of the interaction; `attempts_24h` counts the
/// interactions by which the person reached out in the last 24 hours, this one included,
/// `attempts_today` those since midnight where the queue's calendar is (UTC without one);
/// `reply_by` is when who wrote was promised a reply (`QueueRules`), counted in business time from the
/// hand-over by a machine, else from the beginning, and once somebody has replied from the entry;
/// `elsewhere` is what else the person has open, by whichever of their identifiers, and whom it is
/// with; `due` is when the wait announced is over;
/// `unknown` marks waits that a source told of which is silent now.
public enum WaitingDocument {
    /// What lines of one queue share.
    private struct Surroundings {
        let now: Timestamp
        let feeds: FeedState
        let calendar: CalendarVersions?
        /// Nil where no reply is promised.
        let replyMilliseconds: Int64?
        /// When today began where the queue is.
        let midnight: Timestamp
    }

    /// Writes the document.
    ///
    /// - Parameter zones: Finds the offsets of the zones that calendars name.
    /// - Parameter persons: Finds all customers of the person whom a customer belongs to.
    /// - Returns: Whether the queue is known; if not, nothing is written.
    /// - Complexity: O(lines); each reads its interaction and those of its person.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ queue: String, count: Int, now: Timestamp,
        zones: @escaping (String) -> (any ZoneOffsets)? = UTCOffsets.only,
        persons: (CustomerID) throws(ViewFault) -> [CustomerID] = { [$0] },
        from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        guard let counts = try QueuesView.counts(of: queue, reader)?.counts else { return false }
        let waiting = try QueuesView.waiting(in: queue, reader, atMost: count)
        var calendars = QueueCalendars(zones)
        let calendar = try calendars.calendar(of: queue, reader)
        let zone: any ZoneOffsets = calendar?.zone(at: now) ?? UTCOffsets()
        let around = Surroundings(
            now: now, feeds: try FeedState.read(queue, reader), calendar: calendar,
            replyMilliseconds: try QueueRules.read(queue, at: now, reader)?.rules
                .replyMilliseconds,
            midnight: midnight(before: now, zone))
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.field("queue", queue)
        json.field("waiting_count", counts.waiting)
        json.key("waiting")
        json.beginArray()
        for (index, line) in waiting.enumerated() {
            json.beginObject()
            json.field("place", index + 1)
            QueuesView.write(line.place, line.interaction, now, &json)
            try writeWait(line.interaction, around, reader, &json)
            let customers = try customers(of: line.place, persons)
            try writePerson(customers, line.interaction, around, reader, &json)
            json.endObject()
        }
        json.endArray()
        if Int64(waiting.count) < counts.waiting { json.field("truncated", true) }
        json.field("complete_until", around.feeds.complete)
        json.endObject()
        return true
    }

    private static func writeWait<Reader: ViewReader & ~Copyable>(
        _ name: String, _ around: Surroundings, _ reader: borrowing Reader,
        _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard let interaction = try InteractionRecord.state(of: name, reader) else { return }
        let whole = interaction.stays.reduce(0) {
            $0 + ($1.waitMilliseconds ?? $1.entered.age(at: around.now))
        }
        json.field("whole_wait_ms", whole)
        json.field("stays", interaction.stays.count)
        json.field("reply_by", replyBy(interaction, around))
        if around.feeds.isSilent(interaction.teller) { json.field("unknown", true) }
        guard let announced = interaction.stays.last?.announced else { return }
        json.key("announced")
        json.beginObject()
        json.field("at", announced.moment)
        json.field("expected_ms", announced.expectedMilliseconds)
        json.field("low_ms", announced.lowMilliseconds)
        json.field("high_ms", announced.highMilliseconds)
        let longest = announced.highMilliseconds ?? announced.expectedMilliseconds
        json.field("due", announced.moment.advanced(byMilliseconds: longest))
        json.endObject()
    }

    /// All customers of those whom a wait concerns, each once.
    private static func customers(
        of place: WaitingRow.Place, _ persons: (CustomerID) throws(ViewFault) -> [CustomerID]
    ) throws(ViewFault) -> [CustomerID] {
        var customers: [CustomerID] = []
        for customer in place.customers where !customers.contains(customer) {
            for own in try persons(customer) where !customers.contains(own) {
                customers.append(own)
            }
        }
        return customers
    }

    private static func writePerson<Reader: ViewReader & ~Copyable>(
        _ customers: [CustomerID], _ interaction: String, _ around: Surroundings,
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard !customers.isEmpty else { return }
        let since = around.now.advanced(byMilliseconds: -MetricInterval.dayMilliseconds)
        var (attempts, today) = (0, 0)
        var open: [String] = []
        // An interaction that concerns several of them stands under each.
        var seen: [String] = []
        for customer in customers {
            try PersonRow.forEachNewest(of: customer, reader) {
                name, created, row throws(ViewFault) in
                if customers.count > 1 {
                    guard !seen.contains(name) else { return }
                    seen.append(name)
                }
                if row.isInbound, created >= since { attempts += 1 }
                if row.isInbound, created >= around.midnight { today += 1 }
                if row.isOpen, name != interaction { open.append(name) }
            }
        }
        json.field("attempts_24h", attempts)
        json.field("attempts_today", today)
        json.key("elsewhere")
        json.beginArray()
        for name in open { try writeElsewhere(name, reader, &json) }
        json.endArray()
    }

    /// When a reply was promised to who wrote; nil for calls, and where none was.
    private static func replyBy(
        _ interaction: borrowing Interaction, _ around: Surroundings
    ) -> Timestamp? {
        guard let promised = around.replyMilliseconds, interaction.channel.isWritten else {
            return nil
        }
        let handedOver = interaction.selfService.last { $0.outcome == .handedOver }?.left
        var start = handedOver ?? interaction.created
        if interaction.messages.firstHumanReply != nil {
            start = interaction.stays.last?.entered ?? start
        }
        guard let calendar = around.calendar else {
            return start.advanced(byMilliseconds: promised)
        }
        return calendar.moment(promised, after: start)
    }

    /// When the day of a moment began in a zone.
    private static func midnight(
        before now: Timestamp, _ zone: some ZoneOffsets
    ) -> Timestamp { CalendarDate(of: now, zone).moment(0, zone) }

    private static func writeElsewhere<Reader: ViewReader & ~Copyable>(
        _ name: String, _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard let interaction = try InteractionRecord.state(of: name, reader) else { return }
        json.beginObject()
        json.field("interaction", name)
        json.field("channel", word: interaction.channel.word)
        json.field("state", word: interaction.state.word)
        let queue = interaction.openStay.map { interaction.stays[$0].queue } ?? interaction.queue
        json.field("queue", queue.isEmpty ? nil : queue)
        json.field("agent", interaction.agentAtWork)
        json.field("created", interaction.created)
        json.endObject()
    }
}

extension PersonRow {
    /// Shows a person's newest interactions, as many as a document looks at.
    static func forEachNewest<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, _ reader: borrowing Reader,
        _ body: (String, Timestamp, PersonRow) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        var start = [prefix]
        start.append(bigEndian: customer.rawValue)
        var end = [prefix]
        end.append(bigEndian: customer.rawValue &+ 1)
        var left = ViewLimits.personInteractionsRead
        try reader.rowsBackward(from: start, below: end) { key, row throws(ViewFault) in
            let created = Int64(bitPattern: try key.keyNumber(at: 9) ^ 1 << 63)
            try body(
                try key.keyText(at: interactionOffset).text, Timestamp(milliseconds: created),
                try Self.decoded(row))
            left -= 1
            return left > 0
        }
    }
}
