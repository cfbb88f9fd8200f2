internal import ContactCentre
public import EventModel

/// Documents from the queues view. Each writes one JSON object that starts with `position`, and
/// counts ages from a stated `now`.
public enum QueuesView {
    /// Writes QUEUE: who waits, in the order of being served, who is being served, and the counts.
    ///
    ///     {"position":…,"now":"…","queue":"billing","waiting_count":2,"in_service_count":1,
    ///      "oldest":{"interaction":"…","entered":"…","wait_ms":…},
    ///      "waiting":[{"interaction":"…","customers":["c_…"],"channel":"voice","entered":"…",
    ///                  "first_entry":"…","priority":2,"stay_kind":"live","ringing":false,
    ///                  "wait_ms":…}],
    ///      "in_service":[{"interaction":"…","customers":[],"agent":"…","channel":"voice",
    ///                     "since":"…","service_ms":…,"held":false}],
    ///      "totals":{"contacts":…,"offered":…,"answered":…,"abandoned":…,"flowed_out":…,
    ///                "failed":…,"expired":…}}
    ///
    /// Lists stop at `ViewLimits.listedInteractionsMax` lines and then say `"truncated":true`.
    ///
    /// - Returns: Whether the queue is known; if not, nothing is written.
    public static func writeQueue<Reader: ViewReader & ~Copyable>(
        _ queue: String, now: Timestamp, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        guard let counts = try QueueCounts.decoded(try reader.row(QueueCounts.key(queue)))
        else { return false }
        let waiting = try waiting(in: queue, reader)
        let served = try served(
            under: ServiceRow.queuePrefix, queue, reader, atMost: ViewLimits.listedInteractionsMax)
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.field("queue", queue)
        json.field("waiting_count", counts.waiting)
        json.field("in_service_count", counts.inService)
        write(oldest: waiting.oldest, now, &json)
        json.key("waiting")
        json.beginArray()
        for (interaction, place) in waiting.listed { write(place, interaction, now, &json) }
        json.endArray()
        json.key("in_service")
        json.beginArray()
        for (interaction, place) in served { write(place, interaction, now, &json) }
        json.endArray()
        if Int64(waiting.listed.count) < counts.waiting
            || Int64(served.count) < counts.inService
        {
            json.field("truncated", true)
        }
        json.key("totals")
        writeTotals(counts, &json)
        json.endObject()
        return true
    }

    /// Writes QUEUES: one line per queue, by name.
    ///
    ///     {"position":…,"now":"…","queues":[{"queue":"billing","waiting_count":2,
    ///      "in_service_count":1,"oldest":{…},"totals":{…}}]}
    public static func writeQueues<Reader: ViewReader & ~Copyable>(
        now: Timestamp, from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) {
        var queues: [(name: String, counts: QueueCounts)] = []
        let start = [QueueCounts.prefix]
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            queues.append((try key.keyText(at: 1).text, try QueueCounts.decoded(row)))
            return true
        }
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.key("queues")
        json.beginArray()
        for (name, counts) in queues {
            json.beginObject()
            json.field("queue", name)
            json.field("waiting_count", counts.waiting)
            json.field("in_service_count", counts.inService)
            if counts.waiting > 0 {
                write(oldest: try waiting(in: name, reader).oldest, now, &json)
            }
            json.key("totals")
            writeTotals(counts, &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    /// Writes AGENT: the last presence told and the interactions the agent is in.
    ///
    ///     {"position":…,"now":"…","agent":"ana","presence":{"presence":"break","reason":"lunch",
    ///      "since":"…"},"interactions":[…as in_service of QUEUE, with "queue"…]}
    ///
    /// - Returns: Whether anything is known of the agent; if not, nothing is written.
    public static func writeAgent<Reader: ViewReader & ~Copyable>(
        _ agent: String, now: Timestamp, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        var key = [PresenceRow.prefix]
        key.append(keyText: agent)
        let presence = try PresenceRow.decoded(try reader.row(key))
        let served = try served(
            under: ServiceRow.agentPrefix, agent, reader, atMost: ViewLimits.listedInteractionsMax)
        guard presence != nil || !served.isEmpty else { return false }
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.field("agent", agent)
        if let presence {
            json.key("presence")
            json.beginObject()
            json.field("presence", presence.presence)
            json.field("reason", presence.reason)
            json.field("since", presence.occurred)
            json.endObject()
        }
        json.key("interactions")
        json.beginArray()
        for (interaction, place) in served { write(place, interaction, now, &json) }
        json.endArray()
        json.endObject()
        return true
    }
}

extension QueuesView {
    private struct Waiting {
        var listed: [(interaction: String, place: WaitingRow.Place)] = []
        var oldest: (interaction: String, entered: Timestamp)?
    }

    private static func waiting<Reader: ViewReader & ~Copyable>(
        in queue: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> Waiting {
        var start = [WaitingRow.prefix]
        start.append(keyText: queue)
        let nameOffset = WaitingRow.interactionOffset(inKeyOf: queue)
        var found = Waiting()
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            guard let place = try WaitingRow.decoded(row).place else { return true }
            let name = try key.keyText(at: nameOffset).text
            if found.listed.count < ViewLimits.listedInteractionsMax {
                found.listed.append((name, place))
            }
            if found.oldest.map({ place.entered < $0.entered }) ?? true {
                found.oldest = (name, place.entered)
            }
            return true
        }
        return found
    }

    private static func served<Reader: ViewReader & ~Copyable>(
        under prefix: UInt8, _ name: String, _ reader: borrowing Reader, atMost most: Int
    ) throws(ViewFault) -> [(interaction: String, place: ServiceRow.Place)] {
        var start = [prefix]
        start.append(keyText: name)
        var found: [(interaction: String, place: ServiceRow.Place)] = []
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            guard let place = try ServiceRow.decoded(row).place else { return true }
            found.append((try key.keyText(at: start.count).text, place))
            return found.count < most
        }
        return found
    }

    private static func write(
        oldest: (interaction: String, entered: Timestamp)?, _ now: Timestamp,
        _ json: inout JSONWriter
    ) {
        guard let oldest else { return }
        json.key("oldest")
        json.beginObject()
        json.field("interaction", oldest.interaction)
        json.field("entered", oldest.entered)
        json.field("wait_ms", now - oldest.entered)
        json.endObject()
    }

    private static func write(
        _ place: WaitingRow.Place, _ interaction: String, _ now: Timestamp,
        _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("interaction", interaction)
        json.field("customers", place.customers)
        json.field("channel", word: place.channel.word)
        json.field("entered", place.entered)
        json.field("first_entry", place.firstEntry)
        json.field("priority", place.priority)
        json.field("stay_kind", word: place.kind.word)
        json.field("ringing", place.isRinging)
        json.field("wait_ms", now - place.entered)
        json.endObject()
    }

    private static func write(
        _ place: ServiceRow.Place, _ interaction: String, _ now: Timestamp,
        _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("interaction", interaction)
        json.field("customers", place.customers)
        json.field("queue", place.queue)
        json.field("agent", place.agent)
        json.field("channel", word: place.channel.word)
        json.field("since", place.since)
        json.field("service_ms", now - place.since)
        json.field("held", place.isHeld)
        json.endObject()
    }

    private static func writeTotals(_ counts: QueueCounts, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("contacts", counts.contacts)
        json.field("offered", counts.offered)
        json.field("answered", counts.answered)
        json.field("abandoned", counts.abandoned)
        json.field("flowed_out", counts.flowedOut)
        json.field("failed", counts.failed)
        json.field("expired", counts.expired)
        json.endObject()
    }
}
