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
        isAbandoned = interaction.abandonPhase != nil && interaction.connections.isEmpty
        isOpen = interaction.state.isOpen
    }
}

/// Counts over the interactions of one person.
struct CustomerCounts: Equatable {
    private(set) var contacts: Int64 = 0
    private(set) var answered: Int64 = 0
    private(set) var abandoned: Int64 = 0
    private(set) var open: Int64 = 0
    /// Contacts per channel, by the channel's raw value.
    private(set) var channels = [Int64](repeating: 0, count: Channel.allCases.count)

    init() {}

    mutating func add(_ share: CustomerShare, sign: Int64) {
        if share.isContact {
            contacts &+= sign
            channels[Int(share.channel.rawValue)] &+= sign
        }
        if share.isAnswered { answered &+= sign }
        if share.isAbandoned { abandoned &+= sign }
        if share.isOpen { open &+= sign }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        contacts = try reader.zigzag()
        answered = try reader.zigzag()
        abandoned = try reader.zigzag()
        open = try reader.zigzag()
        for _ in 0..<(try reader.count()) {
            guard let channel = Channel(rawValue: try reader.byte()) else {
                throw MalformedBytes("customer row", at: reader.offset)
            }
            channels[Int(channel.rawValue)] = try reader.zigzag()
        }
    }

    func encode(into row: inout [UInt8]) {
        row.append(zigzag: contacts)
        row.append(zigzag: answered)
        row.append(zigzag: abandoned)
        row.append(zigzag: open)
        row.append(varint: UInt64(channels.count { $0 != 0 }))
        for (channel, count) in channels.enumerated() where count != 0 {
            row.append(UInt8(channel))
            row.append(zigzag: count)
        }
    }
}
