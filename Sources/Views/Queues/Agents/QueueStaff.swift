internal import ContactCentre
internal import EventModel

/// How many agents serve a queue, and on which channels.
///
///     key  'n', text queue
///     row  u8 version = 1; int members, online; num channels that have any, then each:
///          u8 channel; int staffed, eligible, free
struct QueueStaff: RowRecord, Equatable {
    static let prefix = UInt8(ascii: "n")
    private static let version: UInt8 = 1

    /// Agents of one channel.
    struct Counts: Equatable {
        /// Available for the channel, resting from the queue or not.
        var staffed: Int64 = 0
        /// Of these, those that could be offered work but for their slots.
        var eligible: Int64 = 0
        /// Of these, those with a free slot.
        var free: Int64 = 0
    }

    /// Agents who serve the queue, there or not.
    var members: Int64 = 0
    /// Members who are there, on a break or not.
    var online: Int64 = 0
    /// By channel, those that have any.
    private(set) var channels: [(channel: Channel, counts: Counts)] = []

    init() {}

    var isEmpty: Bool { self == QueueStaff() }

    static func == (left: QueueStaff, right: QueueStaff) -> Bool {
        left.members == right.members && left.online == right.online
            && left.channels.elementsEqual(right.channels) { $0 == $1 }
    }

    /// Adds what one agent is for the queue, or takes it back.
    mutating func add(_ share: AgentShare, sign: Int64) {
        members &+= sign
        if share.isOnline { online &+= sign }
        for channel in share.staffed.channels {
            change(channel) { counts in
                counts.staffed &+= sign
                if share.isEligible { counts.eligible &+= sign }
                if share.free.contains(ChannelSet(channel)) { counts.free &+= sign }
            }
        }
    }

    private mutating func change(_ channel: Channel, _ body: (inout Counts) -> Void) {
        let place =
            channels.firstIndex { $0.channel.rawValue >= channel.rawValue } ?? channels.count
        if place == channels.count || channels[place].channel != channel {
            channels.insert((channel, Counts()), at: place)
        }
        body(&channels[place].counts)
        if channels[place].counts == Counts() { channels.remove(at: place) }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "queue's staff row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("queue's staff row version", at: 0)
        }
        members = try reader.zigzag()
        online = try reader.zigzag()
        for _ in 0..<(try reader.count()) {
            let channel = try reader.word(Channel.self)
            channels.append(
                (
                    channel,
                    Counts(
                        staffed: try reader.zigzag(), eligible: try reader.zigzag(),
                        free: try reader.zigzag())
                ))
        }
        guard reader.isAtEnd else { throw MalformedBytes("queue's staff row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(zigzag: members)
        row.append(zigzag: online)
        row.append(varint: UInt64(channels.count))
        for (channel, counts) in channels {
            row.append(channel.rawValue)
            row.append(zigzag: counts.staffed)
            row.append(zigzag: counts.eligible)
            row.append(zigzag: counts.free)
        }
    }

    static func writeKey(_ queue: String, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: queue)
    }
}
