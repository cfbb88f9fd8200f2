internal import ContactCentre
internal import EventModel

/// What an agent is for one of their queues: a pure function of the agent's record.
struct AgentShare: Equatable {
    var queue: String
    var isOnline: Bool
    /// The channels of the profile while the agent is available; else none.
    var staffed: ChannelSet
    /// Whether work of the queue could be offered, but for slots.
    var isEligible: Bool
    /// The channels on which one more contact fits, of an eligible agent.
    var free: ChannelSet
    /// What turns are taken by: who has been idle longest comes first.
    var idleSince: Timestamp

    /// Returns the shares of all queues the agent serves, by queue.
    static func shares(of agent: borrowing AgentRecord) -> [AgentShare] {
        guard agent.memberships.contains(where: \.isMember) else { return [] }
        let presence = agent.presence.presence
        let staffed = presence == .available ? agent.profile.channels : []
        let canBeOffered = agent.canBeOffered
        let free = agent.freeChannels
        let idleSince = agent.idleSince ?? .earliest
        return agent.memberships.filter(\.isMember).map { membership in
            let isEligible = canBeOffered && !membership.isPaused
            return AgentShare(
                queue: membership.queue, isOnline: presence != .offline, staffed: staffed,
                isEligible: isEligible, free: isEligible ? free : [], idleSince: idleSince)
        }
    }
}

/// An agent that could be offered work of a queue now.
///
///     key  'f', text queue, i64 idle since in ms, text agent
///     row  u8 version = 1; u16 channels with a free slot
///
/// In key order who has been idle longest comes first.
struct FreeRow: RowRecord {
    static let prefix = UInt8(ascii: "f")
    private static let version: UInt8 = 1

    var channels: ChannelSet = []

    init() {}

    init(channels: ChannelSet) { self.channels = channels }

    var isEmpty: Bool { channels.isEmpty }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "free agent row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("free agent row version", at: 0)
        }
        channels = ChannelSet(rawValue: try reader.integer(UInt16.self))
        guard reader.isAtEnd else { throw MalformedBytes("free agent row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(littleEndian: channels.rawValue)
    }

    /// Writes the key; `agent` is the text part of the agent's own key.
    static func writeKey(
        _ share: AgentShare, _ agent: ArraySlice<UInt8>, to key: inout [UInt8]
    ) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: share.queue)
        key.append(keySigned: share.idleSince.rawValue)
        key.append(contentsOf: agent)
    }
}

/// An agent who serves a queue, there or not.
///
///     key  'm', text queue, text agent
///     row  u8 version = 1
struct MemberRow: RowRecord {
    static let prefix = UInt8(ascii: "m")
    private static let version: UInt8 = 1

    init() {}

    var isEmpty: Bool { false }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "queue's member row")
        guard try reader.byte() == Self.version, reader.isAtEnd else {
            throw MalformedBytes("queue's member row", at: 0)
        }
    }

    func encode(into row: inout [UInt8]) { row.append(Self.version) }

    static func writeKey(_ queue: String, _ agent: ArraySlice<UInt8>, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: queue)
        key.append(contentsOf: agent)
    }
}
