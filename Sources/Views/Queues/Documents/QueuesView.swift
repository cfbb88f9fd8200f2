internal import ContactCentre
public import EventModel

/// Documents from the queues view. Each writes one JSON object that starts with `position`, and
/// counts ages from a stated `now`.
public enum QueuesView {
    /// Writes QUEUE: whether it is open, how many wait and since when, who is there to serve them, the
    /// first who wait and are being served, and the counts.
    ///
    ///     {"position":…,"now":"…","queue":"billing",
    ///      "opening":{"open":true,"by":"event|calendar","next_change":"…","reason":…},
    ///      "channels_in_trouble":[{"channel":"chat","state":"closed|degraded","since":"…",
    ///                              "until":"…","reason":…}],
    ///      "waiting_count":2,"in_service_count":1,
    ///      "waiting_by_priority":[{"priority":2,"waiting":2}],
    ///      "oldest":{"interaction":"…","entered":"…","wait_ms":…},
    ///      "overflow":{"version":"…","waiting_max":…,"wait_max_ms":…,"to":"…",
    ///                  "reached":["waiting_max"]},
    ///      "agents":{"members":…,"online":…,
    ///                "channels":[{"channel":"voice","staffed":…,"eligible":…,"free":…}]},
    ///      "callbacks":[{"callback":"…","interaction":"…","due_from":"…","due_to":"…",
    ///                    "overdue":false,"attempts":1,"last_outcome":"busy"}],
    ///      "waiting":[{"interaction":"…","customers":["c_…"],"channel":"voice","entered":"…",
    ///                  "first_entry":"…","priority":2,"stay_kind":"live","ringing":false,
    ///                  "skills":…,"language":…,"wait_ms":…,"unknown":true}],
    ///      "in_service":[{"interaction":"…","customers":[],"agent":"…","channel":"voice",
    ///                     "since":"…","service_ms":…,"held":false}],
    ///      "totals":{"contacts":…,"offered":…,"answered":…,"abandoned":…,"flowed_out":…,
    ///                "failed":…,"expired":…,"refused":…},
    ///      "metrics_position":…,"live":{…},
    ///      "sources":[{"source":"acd-1","state":"live|importing|silent","covered_until":"…",
    ///                  "heard":"…","clock_ahead_ms":…}],"complete_until":"…"}
    ///
    /// A wait that a silent source told of is unknown, and never the oldest. `complete_until` is
    /// how far all sources have told everything; `clock_ahead_ms` stands where the clock of a source
    /// runs too far ahead to be believed. `opening` is left out where neither an event nor a
    /// calendar says anything, `overflow` where no limit is set. Totals count all there ever was;
    /// `live`, drawn by `RecentFigures`, the last hour.
    ///
    /// Lists stop at `ViewLimits.queueLinesShown` lines and then say `"truncated":true`; WAITING
    /// shows more of those who wait.
    ///
    /// - Parameter tellsFeeds: Whether sources are told of, which move with events of all queues.
    /// - Parameter zones: Finds the offsets of the zones that calendars name.
    /// - Parameter writeLive: Writes what other views say, behind the totals.
    /// - Returns: Whether the queue is known; if not, nothing is written.
    public static func writeQueue<Reader: ViewReader & ~Copyable>(
        _ queue: String, now: Timestamp, tellsFeeds: Bool = true,
        zones: @escaping (String) -> (any ZoneOffsets)? = UTCOffsets.only,
        from reader: borrowing Reader,
        to json: inout JSONWriter,
        writeLive: (inout JSONWriter) throws(ViewFault) -> Void = { _ in }
    ) throws(ViewFault) -> Bool {
        guard let (counts, staff) = try counts(of: queue, reader) else { return false }
        var calendars = QueueCalendars(zones)
        let opening = try Opening.read(
            queue, at: now, calendars.calendar(of: queue, reader), reader)
        let waiting = try waiting(in: queue, reader, atMost: ViewLimits.queueLinesShown)
        let served = try served(in: queue, reader, atMost: ViewLimits.queueLinesShown)
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.field("queue", queue)
        opening?.write(to: &json)
        try ChannelTrouble.write(at: now, reader, &json)
        json.field("waiting_count", counts.waiting)
        json.field("in_service_count", counts.inService)
        write(priorities: counts, &json)
        let feeds = try FeedState.read(queue, reader)
        let oldest = try oldest(in: queue, counts, feeds, reader)
        write(oldest: oldest, now, &json)
        if let (version, rules) = try QueueRules.read(queue, at: now, reader) {
            QueueRules.writeOverflow(
                version, rules, waiting: counts.waiting,
                oldest: oldest?.entered.age(at: now), &json)
        }
        write(staff, &json)
        try writeCallbacks(of: queue, now, reader, &json)
        json.key("waiting")
        json.beginArray()
        for (interaction, place) in waiting {
            json.beginObject()
            write(place, interaction, now, &json)
            if try isUnknown(place, interaction, feeds, reader) { json.field("unknown", true) }
            json.endObject()
        }
        json.endArray()
        json.key("in_service")
        json.beginArray()
        for (interaction, place) in served { write(place, interaction, now, &json) }
        json.endArray()
        if Int64(waiting.count) < counts.waiting || Int64(served.count) < counts.inService {
            json.field("truncated", true)
        }
        json.key("totals")
        writeTotals(counts, &json)
        try writeLive(&json)
        if tellsFeeds { feeds.write(to: &json) }
        json.endObject()
        return true
    }

    /// Writes what a queue did lately, behind the totals of QUEUE.
    public static func writeLive<Reader: ViewReader & ~Copyable>(
        _ queue: String, now: Timestamp, from metrics: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) {
        try RecentFigures.read(queue, now: now, from: metrics).write(queue, now, metrics, to: &json)
    }

    /// Writes QUEUES: one line per queue, by the bytes of its name.
    ///
    ///     {"position":…,"now":"…","queues":[{"queue":"billing","opening":{…},"waiting_count":2,
    ///      "in_service_count":1,"oldest":{…},"agents":{…},"totals":{…}}],"from":"support"}
    ///
    /// `from` is the first queue of the next page; absent on the last one.
    ///
    /// - Parameter zones: Finds the offsets of the zones that calendars name.
    public static func writeQueues<Reader: ViewReader & ~Copyable>(
        _ query: QueuesQuery, now: Timestamp,
        zones: @escaping (String) -> (any ZoneOffsets)? = UTCOffsets.only,
        from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) {
        var calendars = QueueCalendars(zones)
        let staff = try staff(query, reader)
        var queues = try counts(query, reader)
        let known = Set(queues.map(\.name))
        queues += staff.keys.filter { !known.contains($0) }.map { ($0, QueueCounts()) }
        queues.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let next = queues.count > query.count ? queues[query.count].name : nil
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.key("queues")
        json.beginArray()
        for (name, counts) in queues.prefix(query.count) {
            json.beginObject()
            json.field("queue", name)
            try Opening.read(name, at: now, calendars.calendar(of: name, reader), reader)?
                .write(to: &json)
            json.field("waiting_count", counts.waiting)
            json.field("in_service_count", counts.inService)
            let feeds = try FeedState.read(name, reader)
            write(oldest: try oldest(in: name, counts, feeds, reader), now, &json)
            write(staff[name] ?? QueueStaff(), &json)
            json.key("totals")
            writeTotals(counts, &json)
            json.field("complete_until", feeds.complete)
            json.endObject()
        }
        json.endArray()
        json.field("from", next)
        json.endObject()
    }
}
