internal import ContactCentre
internal import EventModel

/// How many contacts of a channel an agent was said to take at a time (`agent.slots`).
///
///     word  u8 channel; num capacity; u8 1 where it has a group, then text group
///
/// Without a word before a moment an agent takes one contact of any channel.
struct SlotsWord: DatedWord {
    static let prefix = UInt8(ascii: "k")
    static let rowName: StaticString = "slots row"
    static let subject: StaticString = "agent"
    static let keptMax = MetricLimits.slotWordsMax

    let slot: AgentSlots.Slot

    init?(_ event: borrowing EventView) {
        guard event.type.equals("agent.slots"),
            let channel = event.word("channel", Channel.self),
            let capacity = event.integer("capacity")
        else { return nil }
        var group = event.text("exclusive_group")
        if let text = group, text.utf8.count > MetricLimits.dimensionBytesMax { group = "" }
        slot = AgentSlots.Slot(
            channel: channel,
            capacity: Int(min(max(0, capacity), Int64(AgentLimits.capacityMax))), group: group)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        guard let channel = Channel(rawValue: try reader.byte()) else {
            throw MalformedBytes("slots row channel", at: reader.offset)
        }
        let capacity = Int(clamping: try reader.varint())
        guard capacity <= AgentLimits.capacityMax else {
            throw MalformedBytes("slots row capacity", at: reader.offset)
        }
        let group = try reader.byte() == 1 ? try reader.text() : nil
        slot = AgentSlots.Slot(channel: channel, capacity: capacity, group: group)
    }

    func encode(into row: inout [UInt8]) {
        row.append(slot.channel.rawValue)
        row.append(varint: UInt64(slot.capacity))
        row.append(slot.group == nil ? 0 : 1)
        if let group = slot.group { row.append(text: group) }
    }
}

extension DatedWords<SlotsWord> {
    /// What holds when a time begins, and each time it changes within that. Complexity: O(words).
    func slots(
        in window: Range<Timestamp>
    ) -> (first: AgentSlots, changes: [(moment: Timestamp, slots: AgentSlots)]) {
        var byChannel: [AgentSlots.Slot] = []
        var first = AgentSlots(oneOf: Channel.allCases)
        var changes: [(moment: Timestamp, slots: AgentSlots)] = []
        for (place, entry) in entries.enumerated() {
            guard entry.moment < window.upperBound else { break }
            let slot = entry.word.slot
            if let known = byChannel.firstIndex(where: { $0.channel == slot.channel }) {
                byChannel[known] = slot
            } else {
                byChannel.append(slot)
            }
            // Words of one moment are one change.
            if place + 1 < entries.count, entries[place + 1].moment == entry.moment { continue }
            if entry.moment <= window.lowerBound {
                first = AgentSlots(byChannel)
            } else {
                changes.append((entry.moment, AgentSlots(byChannel)))
            }
        }
        return (first, changes)
    }
}

/// What contacts take of an agent's slots, in slots times milliseconds.
///
/// A channel without a group offers its capacity. An exclusive group offers the greatest capacity of its
/// channels, and each contact takes as much of it as its own capacity goes into that: with one voice or
/// three chats, a call takes three slots and a chat one. What is more than fits counts as full.
struct SlotUse {
    private struct Part {
        let channels: [(channel: Channel, capacity: Int64)]
        let offered: Int64
    }

    private let parts: [Part]

    init(_ slots: AgentSlots) {
        var parts: [Part] = []
        var seen: Set<String> = []
        for slot in slots.slots {
            guard let group = slot.group else {
                let capacity = Int64(slot.capacity)
                parts.append(Part(channels: [(slot.channel, capacity)], offered: capacity))
                continue
            }
            guard seen.insert(group).inserted else { continue }
            let own = slots.slots.filter { $0.group == group }
                .map { (channel: $0.channel, capacity: Int64($0.capacity)) }
            parts.append(Part(channels: own, offered: own.map(\.capacity).max() ?? 0))
        }
        self.parts = parts
    }

    /// Returns what is used and what is offered over a stretch of time.
    ///
    /// - Parameters:
    ///   - contacts: By channel: ringing, talk, hold, work after it.
    ///   - isUnanswered: Whether an offer was missed or failed and the agent has not responded since: that
    ///     takes one slot more, of whatever channel.
    func time(
        _ contacts: [Channel: Int64], isUnanswered: Bool, over milliseconds: Int64
    ) -> (used: Int64, offered: Int64) {
        var (used, offered): (Int64, Int64) = (0, 0)
        for part in parts {
            let whole = part.offered * milliseconds
            var taken: Int64 = 0
            for (channel, capacity) in part.channels {
                let count = min(max(0, contacts[channel] ?? 0), capacity)
                taken += count * whole / capacity
            }
            used += min(taken, whole)
            offered += whole
        }
        if isUnanswered { used = min(offered, used + milliseconds) }
        return (used, offered)
    }
}
