internal import ContactCentre
internal import EventModel

/// Parts of documents of queues.
extension QueuesView {
    static func write(
        oldest: (interaction: String, entered: Timestamp)?, _ now: Timestamp,
        _ json: inout JSONWriter
    ) {
        guard let oldest else { return }
        json.key("oldest")
        json.beginObject()
        json.field("interaction", oldest.interaction)
        json.field("entered", oldest.entered)
        json.field("wait_ms", oldest.entered.age(at: now))
        json.endObject()
    }

    static func write(priorities counts: QueueCounts, _ json: inout JSONWriter) {
        json.key("waiting_by_priority")
        json.beginArray()
        for count in counts.priorities {
            json.beginObject()
            json.field("priority", count.priority)
            json.field("waiting", count.waiting)
            json.endObject()
        }
        json.endArray()
    }

    static func write(_ staff: QueueStaff, _ json: inout JSONWriter) {
        json.key("agents")
        json.beginObject()
        json.field("members", staff.members)
        json.field("online", staff.online)
        json.key("channels")
        json.beginArray()
        for (channel, counts) in staff.channels {
            json.beginObject()
            json.field("channel", word: channel.word)
            json.field("staffed", counts.staffed)
            json.field("eligible", counts.eligible)
            json.field("free", counts.free)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    /// Writes the fields of one who waits into an open object.
    static func write(
        _ place: WaitingRow.Place, _ interaction: String, _ now: Timestamp,
        _ json: inout JSONWriter
    ) {
        json.field("interaction", interaction)
        json.field("customers", place.customers)
        json.field("channel", word: place.channel.word)
        json.field("entered", place.entered)
        json.field("first_entry", place.firstEntry)
        json.field("priority", place.priority)
        json.field("stay_kind", word: place.kind.word)
        json.field("ringing", place.isRinging)
        json.field("skills", place.skills)
        json.field("language", place.language)
        json.field("wait_ms", place.entered.age(at: now))
    }

    static func write(
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
        json.field("service_ms", place.since.age(at: now))
        json.field("held", place.isHeld)
        json.endObject()
    }

    static func writeTotals(_ counts: QueueCounts, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("contacts", counts.contacts)
        json.field("offered", counts.offered)
        json.field("answered", counts.answered)
        json.field("abandoned", counts.abandoned)
        json.field("flowed_out", counts.flowedOut)
        json.field("failed", counts.failed)
        json.field("expired", counts.expired)
        json.field("refused", counts.refused)
        json.endObject()
    }
}
