public import ContactCentre
public import EventModel

/// Whom a router may offer work to.
public struct FreeAgentsQuery: Sendable {
    /// The queue that the work waits in.
    public var queue: String
    /// The channel of the work; nil for that of who is served next in the queue.
    public var channel: Channel?
    /// Skills and the least level of each.
    public var skills: [(skill: String, level: Int64)]
    /// The language (BCP 47).
    public var language: String?
    /// How many at most.
    public var count: Int

    /// Names what is needed.
    public init(
        queue: String, channel: Channel?, skills: [(skill: String, level: Int64)],
        language: String?, count: Int
    ) {
        self.queue = queue
        self.channel = channel
        self.skills = skills
        self.language = language
        self.count = count
    }
}

/// AGENTS FREE: who can be offered work of a queue now, longest idle first.
///
///     {"position":…,"now":"…","queue":"billing","channel":"voice",
///      "agents":[{"agent":"ana","version":41,"idle_since":"…","idle_ms":…,
///                 "channels":["voice","chat"]}],"truncated":true}
///
/// Without a channel asked for it is that of who is served next; where nobody waits, any. The
/// version is that of the agent's stream at `position`: `APPEND offer.made … EXPECT agent-ana 41`
/// is an atomic claim.
public enum FreeAgentsDocument {
    /// Writes the document.
    ///
    /// - Returns: Whether the queue is known; if not, nothing is written.
    /// - Complexity: As many rows as agents are looked at: without skills and language as many as
    ///   are shown, and those who are free on other channels alone.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ query: FreeAgentsQuery, now: Timestamp, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        var key: [UInt8] = []
        QueueStaff.writeKey(query.queue, to: &key)
        let isStaffed = try reader.row(key) != nil
        QueueCounts.writeKey(query.queue, to: &key)
        let isCounted = try reader.row(key) != nil
        guard isStaffed || isCounted else { return false }
        var channel = query.channel
        if channel == nil { channel = try nextChannel(query.queue, reader) }
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.field("queue", query.queue)
        json.field("channel", word: channel?.word)
        json.key("agents")
        json.beginArray()
        let isMore = try writeAgents(query, channel, now, reader, &json)
        json.endArray()
        if isMore { json.field("truncated", true) }
        json.endObject()
        return true
    }

    /// Writes the lines; tells whether there are more.
    private static func writeAgents<Reader: ViewReader & ~Copyable>(
        _ query: FreeAgentsQuery, _ channel: Channel?, _ now: Timestamp,
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        var start = [FreeRow.prefix]
        start.append(keyText: query.queue)
        let nameOffset = start.count + 8
        var shown = 0
        var isMore = false
        var agent: [UInt8] = []
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            let free = try FreeRow.decoded(row).channels
            guard channel.map({ free.contains(ChannelSet($0)) }) ?? true else { return true }
            // The agent's own key ends as this one does.
            let idleSince = Timestamp(
                milliseconds: Int64(bitPattern: try key.keyNumber(at: start.count) ^ 1 << 63))
            agent.removeAll(keepingCapacity: true)
            agent.append(AgentRecord.prefix)
            agent.append(key.extracting(nameOffset..<key.byteCount))
            var version: UInt64?
            try reader.row(agent) { row throws(ViewFault) in
                let abilities = try AgentAbilities(row: row)
                if query.isMet(by: abilities, at: now) { version = abilities.version }
            }
            guard let version else { return true }
            guard shown < query.count else {
                isMore = true
                return false
            }
            shown += 1
            json.beginObject()
            json.field("agent", try key.keyText(at: nameOffset).text)
            json.field("version", Int64(clamping: version))
            json.field("idle_since", idleSince)
            json.field("idle_ms", idleSince.age(at: now))
            json.key("channels")
            json.beginArray()
            for channel in free.channels { json.value(channel.word) }
            json.endArray()
            json.endObject()
            return true
        }
        return isMore
    }

    private static func nextChannel<Reader: ViewReader & ~Copyable>(
        _ queue: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> Channel? {
        var start = [WaitingRow.prefix]
        start.append(keyText: queue)
        var channel: Channel?
        try reader.rows(from: start, below: start.keyAfterPrefix) { _, row throws(ViewFault) in
            guard let place = try WaitingRow.decoded(row).place, !place.isRinging else {
                return true
            }
            channel = place.channel
            return false
        }
        return channel == .unknown ? nil : channel
    }
}

extension FreeAgentsQuery {
    fileprivate func isMet(by agent: AgentAbilities, at now: Timestamp) -> Bool {
        skills.allSatisfy { agent.has($0.skill, atLeast: $0.level, at: now) }
            && (language.map { agent.speaks($0, at: now) } ?? true)
    }
}
