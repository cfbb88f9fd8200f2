public import ContactCentre
public import EventModel

/// Which agents AGENTS shows.
public struct AgentsQuery: Sendable {
    /// The queue they serve; nil for all agents.
    public var queue: String?
    /// Their presence or activity, as one word of either.
    public var state: State?
    /// How many at most.
    public var count: Int

    /// A word of presence or of activity.
    public enum State: Sendable {
        case presence(Presence)
        case activity(AgentActivity)

        /// Reads a word; nil when it is neither.
        public init?(word: String) {
            if let presence = Presence.allCases.first(where: { "\($0.word)" == word }) {
                self = .presence(presence)
            } else if let activity = AgentActivity.allCases.first(where: { "\($0.word)" == word }) {
                self = .activity(activity)
            } else {
                return nil
            }
        }

        /// All words there are, for messages.
        public static let words =
            (Presence.allCases.map { "\($0.word)" }
            + AgentActivity.allCases.map { "\($0.word)" }).joined(separator: ", ")

        func holds(_ record: AgentRecord) -> Bool {
            switch self {
            case .presence(let presence): record.presence.presence == presence
            case .activity(let activity):
                record.activity == activity && record.presence.presence != .offline
            }
        }
    }

    /// Names what is to be shown.
    public init(queue: String?, state: State?, count: Int) {
        self.queue = queue
        self.state = state
        self.count = count
    }
}

/// AGENTS: one line per agent, by name.
///
///     {"position":…,"now":"…","queue":…,"agents":[{"agent":"ana","version":41,"presence":{…},
///      "activity":"onContact","since":"…","state_ms":…,"idle_since":…,"team":…,"site":…,
///      "contacts":2}],"truncated":true}
public enum AgentsDocument {
    /// Writes the document.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ query: AgentsQuery, now: Timestamp, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(ViewFault) {
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.field("queue", query.queue)
        json.key("agents")
        json.beginArray()
        var shown = 0
        var isMore = false
        try forEach(query, reader) { agent, record throws(ViewFault) in
            guard query.state?.holds(record) ?? true else { return true }
            guard shown < query.count else {
                isMore = true
                return false
            }
            shown += 1
            try write(agent, record, now, reader, &json)
            return true
        }
        json.endArray()
        if isMore { json.field("truncated", true) }
        json.endObject()
    }

    private static func forEach<Reader: ViewReader & ~Copyable>(
        _ query: AgentsQuery, _ reader: borrowing Reader,
        _ body: (String, AgentRecord) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        guard let queue = query.queue else {
            let start = [AgentRecord.prefix]
            return try reader.rows(from: start, below: start.keyAfterPrefix) {
                key, row throws(ViewFault) in
                try body(try key.keyText(at: 1).text, try AgentRecord.decoded(row))
            }
        }
        var start = [MemberRow.prefix]
        start.append(keyText: queue)
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
            let agent = try key.keyText(at: start.count).text
            let row = try reader.row(AgentRecord.key(agent))
            guard let record = try AgentRecord.decoded(row) else { return true }
            return try body(agent, record)
        }
    }

    private static func write<Reader: ViewReader & ~Copyable>(
        _ agent: String, _ record: AgentRecord, _ now: Timestamp, _ reader: borrowing Reader,
        _ json: inout JSONWriter
    ) throws(ViewFault) {
        let contacts = record.work.isEmpty ? [] : try AgentDocument.contacts(of: agent, reader)
        json.beginObject()
        AgentDocument.writeHead(agent, record, contacts, now, &json)
        json.field("team", record.assignment?.team)
        json.field("site", record.assignment?.site)
        json.field("contacts", contacts.count)
        json.endObject()
    }
}
