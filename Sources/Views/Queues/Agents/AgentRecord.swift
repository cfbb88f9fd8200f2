internal import ContactCentre
internal import EventModel

/// All that is known of one agent.
///
/// What is told stands with its stamp, and the later of two words by (occurred, position) counts,
/// whatever order they come in. What the agent is doing is counted from the interactions' states.
///
///     key  'g', text agent
///     row  drawn in `AgentRecord+Row.swift`
struct AgentRecord: RowRecord, Equatable {
    static let prefix = UInt8(ascii: "g")

    /// What was said of being there.
    struct Told: Equatable {
        var presence = Presence.offline
        var reason: String?
        var by: String?
        var stamp = Stamp()
    }

    /// Being logged in, and for which channels.
    struct Login: Equatable {
        var isIn = false
        var channels: ChannelSet = []
        var stamp = Stamp()
    }

    struct Slot: Equatable {
        var slot: AgentSlots.Slot
        var stamp = Stamp()
    }

    struct Skill: Equatable {
        var name: String
        var level: Int64 = 0
        var validUntil: Timestamp?
        var language: String?
        var stamp = Stamp()
    }

    /// One queue: whether the agent serves it, and whether they rest from it.
    struct Membership: Equatable {
        var queue: String
        var isMember = false
        var level: Int64?
        var joined = Stamp()
        var isPaused = false
        var paused = Stamp()
    }

    /// Where the agent belonged from a moment on.
    struct Assignment: Equatable {
        var team: String
        var site: String?
        var brand: String?
        var supervisor: String?
        var employment: String?
        var stamp = Stamp()
    }

    /// A contact that is over.
    struct Release: Equatable {
        var since: Timestamp
        /// The interaction, as a text part of keys.
        var interaction: [UInt8]
    }

    /// Contacts of one channel, by what the agent has to do with them.
    struct Work: Equatable {
        var channel: Channel
        var counts = [Int64](repeating: 0, count: AgentWorkKind.allCases.count)
    }

    /// Events that name the agent: the version of the agent's stream at the view's position.
    var version: UInt64 = 0
    var told = Told()
    var login = Login()
    /// The last offer that was missed, the last that did not reach the agent, and the last sign of
    /// the agent since: a presence, a login, an answer, a refusal.
    var missed = Stamp()
    var failed = Stamp()
    var responded = Stamp()
    /// The contacts that were over last, by when.
    var releases: [Release] = []
    /// By channel.
    var slots: [Slot] = []
    /// By name.
    var skills: [Skill] = []
    /// By queue.
    var memberships: [Membership] = []
    /// By stamp, the last is the present one.
    var assignments: [Assignment] = []
    /// By channel, those that have any.
    var work: [Work] = []

    init() {}

    var isEmpty: Bool { version == 0 }

    static func writeKey(_ agent: RawSpan, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: agent)
    }

    static func key(_ agent: String) -> [UInt8] {
        var key = [prefix]
        key.append(keyText: agent)
        return key
    }
}

/// What follows from what was told.
extension AgentRecord {
    /// Whether the agent is there, by the later of presence and login. Who was told neither and
    /// serves a queue is there: some sources know nothing else of agents.
    var presence: (presence: Presence, since: Timestamp?) {
        if login.stamp > told.stamp {
            return (login.isIn ? .available : .offline, login.stamp.occurred)
        }
        if told.stamp.isSaid { return (told.presence, told.stamp.occurred) }
        let first = memberships.filter(\.isMember).map(\.joined.occurred).max()
        return (first == nil ? .offline : .available, first)
    }

    /// What the agent does, first match first.
    var activity: AgentActivity {
        if failed > responded, failed > missed { return .error }
        if missed > responded { return .notResponding }
        if has(.connected) || has(.held) { return .onContact }
        if has(.wrapUp) { return .wrapUp }
        return has(.ringing) ? .offering : .idle
    }

    private func has(_ kind: AgentWorkKind) -> Bool {
        work.contains { $0.counts[Int(kind.rawValue)] > 0 }
    }

    /// Since when the agent has had nothing to do: by presence or by the last contact.
    var idleSince: Timestamp? {
        let released = releases.last?.since
        guard let since = presence.since else { return released }
        return max(since, released ?? since)
    }

    /// The profile. Without a word on slots it is one contact at a time, on the channels of the
    /// login, else on voice.
    var profile: AgentSlots {
        guard slots.isEmpty else { return AgentSlots(slots.map(\.slot)) }
        let channels = login.channels.channels
        return AgentSlots(oneOf: channels.isEmpty ? [.voice] : channels)
    }

    /// Contacts of a channel that take a slot.
    func used(_ channel: Channel) -> Int {
        guard let work = work.first(where: { $0.channel == channel }) else { return 0 }
        return Int(clamping: max(0, work.counts.reduce(0, &+)))
    }

    /// The channels on which the agent could be offered one more contact now.
    var freeChannels: ChannelSet {
        canBeOffered ? profile.freeChannels(used) : []
    }

    /// Available, and heard of since the last offer that came to nothing.
    var canBeOffered: Bool {
        let activity = activity
        return presence.presence == .available && activity != .notResponding
            && activity != .error
    }

    /// Where the agent belongs now.
    var assignment: Assignment? { assignments.last }
}
