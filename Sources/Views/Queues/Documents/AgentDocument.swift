internal import ContactCentre
public import EventModel

/// AGENT: all that is known of one agent.
///
///     {"position":…,"now":"…","agent":"ana","version":41,
///      "presence":{"presence":"break","reason":"lunch","by":"self","since":"…"},
///      "activity":"idle","since":"…","state_ms":…,"idle_since":"…",
///      "team":…,"site":…,"brand":…,"supervisor":…,"employment":…,"assigned":"…",
///      "slots":[{"channel":"voice","capacity":1,"group":…,"used":0,"free":1}],
///      "anomalies":[{"kind":"overCapacity","channel":"voice","expected":1,"got":2}],
///      "skills":[{"skill":"cards","level":4,"valid_until":"…","language":…}],
///      "queues":[{"queue":"billing","since":"…","level":…,"paused":false}],
///      "contacts":[{"interaction":"…","customers":["c_…"],"queue":"billing","channel":"voice",
///                   "state":"ringing|connected|held|wrapUp","since":"…","state_ms":…}]}
///
/// `version` is the version of the agent's stream at `position`: an offer that is appended with
/// `EXPECT agent-<id> <version>` is taken only if nothing has happened to the agent since.
/// `free` counts what fits beside all contacts; whoever is not available is offered nothing.
/// `anomalies` stands there while the agent is with more contacts than fit: in two places, as it
/// seems.
public enum AgentDocument {
    /// Writes the document.
    ///
    /// - Returns: Whether anything is known of the agent; if not, nothing is written.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ agent: String, now: Timestamp, from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        guard let record = try AgentRecord.decoded(try reader.row(AgentRecord.key(agent))) else {
            return false
        }
        let contacts = try contacts(of: agent, reader)
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        writeHead(agent, record, contacts, now, &json)
        writeAssignment(record, &json)
        writeSlots(record, &json)
        writeAnomalies(record, &json)
        writeSkills(record, now, &json)
        writeQueues(record, &json)
        json.key("contacts")
        json.beginArray()
        for (interaction, work) in contacts { write(work, interaction, now, &json) }
        json.endArray()
        json.endObject()
        return true
    }

    /// Says in a few words what an agent is doing, for whoever lost a race for them; nil for an
    /// unknown agent.
    public static func summary<Reader: ViewReader & ~Copyable>(
        of agent: String, from reader: borrowing Reader
    ) throws(ViewFault) -> String? {
        guard let record = try AgentRecord.decoded(try reader.row(AgentRecord.key(agent))) else {
            return nil
        }
        return "the agent is \(record.presence.presence.word) and \(record.activity.word) at "
            + "version \(record.version), position \(reader.position)"
    }

    static func contacts<Reader: ViewReader & ~Copyable>(
        of agent: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> [(interaction: String, work: AgentWork)] {
        var start = [AgentWork.prefix]
        start.append(keyText: agent)
        var found: [(String, AgentWork)] = []
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            found.append((try key.keyText(at: start.count).text, try AgentWork.decoded(row)))
            return found.count < ViewLimits.listedInteractionsMax
        }
        return found
    }

    /// Agent, version, presence, activity and since when.
    static func writeHead(
        _ agent: String, _ record: AgentRecord,
        _ contacts: [(interaction: String, work: AgentWork)], _ now: Timestamp,
        _ json: inout JSONWriter
    ) {
        json.field("agent", agent)
        json.field("version", Int64(clamping: record.version))
        let presence = record.presence
        json.key("presence")
        json.beginObject()
        json.field("presence", word: presence.presence.word)
        if record.told.stamp.isSaid, record.told.stamp > record.login.stamp {
            json.field("reason", record.told.reason)
            json.field("by", record.told.by)
        }
        json.field("since", presence.since)
        json.endObject()
        json.field("activity", word: record.activity.word)
        let since = since(record, contacts)
        json.field("since", since)
        json.field("state_ms", since?.age(at: now))
        if presence.presence == .available, record.work.isEmpty {
            json.field("idle_since", record.idleSince)
        }
    }

    /// Since when the agent has been doing what they do.
    private static func since(
        _ record: AgentRecord, _ contacts: [(interaction: String, work: AgentWork)]
    ) -> Timestamp? {
        func earliest(_ kinds: [AgentWorkKind]) -> Timestamp? {
            contacts.filter { kinds.contains($0.work.kind) }.map(\.work.since).min()
        }
        return switch record.activity {
        case .error: record.failed.occurred
        case .notResponding: record.missed.occurred
        case .onContact: earliest([.connected, .held])
        case .wrapUp: earliest([.wrapUp])
        case .offering: earliest([.ringing])
        case .idle: record.idleSince
        }
    }

    private static func writeAssignment(_ record: AgentRecord, _ json: inout JSONWriter) {
        guard let assignment = record.assignment else { return }
        json.field("team", assignment.team)
        json.field("site", assignment.site)
        json.field("brand", assignment.brand)
        json.field("supervisor", assignment.supervisor)
        json.field("employment", assignment.employment)
        json.field("assigned", assignment.stamp.occurred)
    }

    private static func writeSlots(_ record: AgentRecord, _ json: inout JSONWriter) {
        let profile = record.profile
        json.key("slots")
        json.beginArray()
        for (slot, free) in zip(profile.slots, profile.free(record.used)) {
            json.beginObject()
            json.field("channel", word: slot.channel.word)
            json.field("capacity", slot.capacity)
            json.field("group", slot.group.flatMap { $0.isEmpty ? nil : $0 })
            json.field("used", record.used(slot.channel))
            json.field("free", free)
            json.endObject()
        }
        json.endArray()
    }

    private static func writeAnomalies(_ record: AgentRecord, _ json: inout JSONWriter) {
        // What is only assumed of an agent is held against calls: nobody takes two at a time.
        let slots = record.slots.isEmpty ? AgentSlots(oneOf: [.voice]) : record.profile
        let overfull = slots.overfull(record.used)
        guard !overfull.isEmpty else { return }
        json.key("anomalies")
        json.beginArray()
        for (channel, fits) in overfull {
            json.beginObject()
            json.field("kind", word: "overCapacity")
            json.field("channel", word: channel.word)
            json.field("expected", fits)
            json.field("got", record.used(channel))
            json.endObject()
        }
        json.endArray()
    }

    private static func writeSkills(
        _ record: AgentRecord, _ now: Timestamp, _ json: inout JSONWriter
    ) {
        json.key("skills")
        json.beginArray()
        for skill in record.skills where skill.level > 0 && skill.isValid(at: now) {
            json.beginObject()
            json.field("skill", skill.name)
            json.field("level", skill.level)
            json.field("valid_until", skill.validUntil)
            json.field("language", skill.language)
            json.endObject()
        }
        json.endArray()
    }

    private static func writeQueues(_ record: AgentRecord, _ json: inout JSONWriter) {
        json.key("queues")
        json.beginArray()
        for membership in record.memberships where membership.isMember {
            json.beginObject()
            json.field("queue", membership.queue)
            json.field("since", membership.joined.occurred)
            json.field("level", membership.level)
            json.field("paused", membership.isPaused)
            json.endObject()
        }
        json.endArray()
    }

    private static func write(
        _ work: AgentWork, _ interaction: String, _ now: Timestamp, _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("interaction", interaction)
        json.field("customers", work.customers)
        json.field("queue", work.queue.isEmpty ? nil : work.queue)
        json.field("channel", word: work.channel.word)
        json.field("state", word: work.kind.word)
        json.field("since", work.since)
        json.field("state_ms", work.since.age(at: now))
        json.endObject()
    }
}
