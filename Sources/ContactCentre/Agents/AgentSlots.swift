/// How many contacts of which channels an agent takes at a time.
///
/// Each channel has a capacity. Channels of one exclusive group share it: with one voice *or* three
/// chats, a chat takes a third of the group. A channel without a group has its capacity to itself.
public struct AgentSlots: Hashable, Sendable {
    /// The capacity of one channel.
    public struct Slot: Hashable, Sendable {
        /// The channel.
        public var channel: Channel
        /// Contacts at a time; 0 takes the channel out of the profile.
        public var capacity: Int
        /// The group that shares its capacity; nil for none.
        public var group: String?

        /// Names a capacity.
        public init(channel: Channel, capacity: Int, group: String?) {
            self.channel = channel
            self.capacity = capacity
            self.group = group
        }
    }

    /// A whole group. Every capacity up to 16 divides it, and what is lost by rounding a greater
    /// one down is less than any contact's share.
    private static let whole = 720_720

    /// By channel, each once.
    public private(set) var slots: [Slot]

    /// Makes a profile of capacities within `AgentLimits.capacityMax`.
    public init(_ slots: [Slot]) { self.slots = slots.filter { $0.capacity > 0 } }

    /// What is assumed of an agent nobody has told the slots of: one contact at a time.
    public init(oneOf channels: [Channel]) {
        slots = channels.map { Slot(channel: $0, capacity: 1, group: "") }
    }

    /// The channels of the profile.
    public var channels: ChannelSet {
        slots.reduce(into: []) { $0.insert(ChannelSet($1.channel)) }
    }

    /// How many more contacts of each channel fit, in the order of `slots`.
    ///
    /// - Parameter used: Contacts of a channel that take a slot: ringing, talk, hold, wrap-up.
    public func free(_ used: (Channel) -> Int) -> [Int] {
        slots.map { slot in
            let own = max(0, slot.capacity - used(slot.channel))
            guard let group = slot.group, own > 0 else { return own }
            var taken = 0
            for other in slots where other.group == group {
                let count = min(used(other.channel), other.capacity)
                taken += count * (Self.whole / other.capacity)
            }
            return min(own, max(0, Self.whole - taken) / (Self.whole / slot.capacity))
        }
    }

    /// Where there are more contacts than fit: an agent is in two places, or somebody told wrong.
    ///
    /// - Returns: The channels, each with how many of it fit beside the others.
    public func overfull(_ used: (Channel) -> Int) -> [(channel: Channel, fits: Int)] {
        slots.compactMap { slot in
            let own = used(slot.channel)
            let fits = free { $0 == slot.channel ? 0 : used($0) }
            guard let index = slots.firstIndex(where: { $0.channel == slot.channel }),
                own > fits[index]
            else { return nil }
            return (slot.channel, fits[index])
        }
    }

    /// The channels on which one more contact fits.
    public func freeChannels(_ used: (Channel) -> Int) -> ChannelSet {
        var set: ChannelSet = []
        for (slot, count) in zip(slots, free(used)) where count > 0 {
            set.insert(ChannelSet(slot.channel))
        }
        return set
    }
}

/// A set of channels, one bit each by its raw value.
public struct ChannelSet: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt16

    /// Makes a set from its bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Makes the set of one channel.
    public init(_ channel: Channel) { rawValue = 1 << UInt16(channel.rawValue) }

    /// The channels, in the order of their raw values.
    public var channels: [Channel] { Channel.allCases.filter { contains(ChannelSet($0)) } }
}

/// The bounds of what is kept of one agent.
public enum AgentLimits {
    /// Contacts of one channel at a time; more are taken for so many.
    public static let capacityMax = 1_000
    /// Skills kept; later ones are left out.
    public static let skillsMax = 64
    /// Queues kept; later ones are left out.
    public static let queuesMax = 256
    /// Contacts kept that were over last.
    public static let releasesMax = 8
    /// The newest assignments kept.
    public static let assignmentsMax = 16
}
