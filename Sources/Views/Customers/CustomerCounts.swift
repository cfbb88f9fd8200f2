internal import ContactCentre
internal import EventModel

/// What one interaction adds to the counts of each person it concerns.
struct CustomerShare: Equatable {
    var channel: Channel
    var isContact: Bool
    var isAnswered: Bool
    var isAbandoned: Bool
    var isOpen: Bool

    /// Returns what an interaction adds, or nil: tests, spam and the like are no part of anybody's
    /// journey.
    init?(_ interaction: borrowing Interaction) {
        guard interaction.state != .none, interaction.classification.isCounted else {
            return nil
        }
        channel = interaction.channel
        isContact = interaction.isContact
        isAnswered = !interaction.connections.isEmpty
        isAbandoned = interaction.isGivenUp
        isOpen = interaction.state.isOpen
    }
}

/// Counts over the interactions of one person.
struct CustomerCounts: Equatable {
    private(set) var contacts: Int64 = 0
    private(set) var answered: Int64 = 0
    private(set) var abandoned: Int64 = 0
    private(set) var open: Int64 = 0
    /// Contacts per channel, those that are not 0, by the channel's raw value.
    private(set) var channels: [ChannelCount] = []

    struct ChannelCount: Equatable {
        let channel: Channel
        var contacts: Int64
    }

    init() {}

    mutating func add(_ share: CustomerShare, sign: Int64) {
        if share.isContact {
            contacts &+= sign
            add(sign, to: share.channel)
        }
        if share.isAnswered { answered &+= sign }
        if share.isAbandoned { abandoned &+= sign }
        if share.isOpen { open &+= sign }
    }

    /// Adds the counts of another customer who is the same person.
    mutating func add(_ other: CustomerCounts) {
        contacts &+= other.contacts
        answered &+= other.answered
        abandoned &+= other.abandoned
        open &+= other.open
        for count in other.channels { add(count.contacts, to: count.channel) }
    }

    private mutating func add(_ sign: Int64, to channel: Channel) {
        let place = channels.firstIndex { $0.channel.rawValue >= channel.rawValue }
        guard let place, channels[place].channel == channel else {
            let new = ChannelCount(channel: channel, contacts: sign)
            return channels.insert(new, at: place ?? channels.count)
        }
        channels[place].contacts &+= sign
        if channels[place].contacts == 0 { channels.remove(at: place) }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        contacts = try reader.zigzag()
        answered = try reader.zigzag()
        abandoned = try reader.zigzag()
        open = try reader.zigzag()
        for _ in 0..<(try reader.count()) {
            guard let channel = Channel(rawValue: try reader.byte()),
                channels.last.map({ $0.channel.rawValue < channel.rawValue }) ?? true
            else { throw MalformedBytes("customer row", at: reader.offset) }
            channels.append(ChannelCount(channel: channel, contacts: try reader.zigzag()))
        }
    }

    func encode(into row: inout [UInt8]) {
        row.append(zigzag: contacts)
        row.append(zigzag: answered)
        row.append(zigzag: abandoned)
        row.append(zigzag: open)
        row.append(varint: UInt64(channels.count))
        for count in channels {
            row.append(count.channel.rawValue)
            row.append(zigzag: count.contacts)
        }
    }
}
