internal import ContactCentre
internal import EventModel

/// How many contacts of which channel an agent was said to take at a time, through time.
///
///     key  'k', text agent, i32 which thirty days since 1970
///     row  u8 version = 1; num words, then each, by when it happened: int moment; num position;
///          u8 channel; num capacity; u8 1 where it has a group, then text group
///
/// Without a word before a moment an agent takes one contact of any channel. What is said late finds its
/// place: no figure is kept of it. Rows are of thirty days, so that who is told of at each login keeps
/// what was said in any season.
struct SlotsRow: RowRecord {
    static let prefix = UInt8(ascii: "k")
    private static let version: UInt8 = 1

    private struct Word {
        var moment: Timestamp
        var position: Position
        var slot: AgentSlots.Slot
    }

    /// In the order in which they happened.
    private var words: [Word] = []

    init() {}

    var isEmpty: Bool { words.isEmpty }

    /// Writes the key of the agent whom an event gives slots; tells whether it does.
    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard event.type.equals("agent.slots"), let agent = event.bytes("agent"),
            event.word("channel", Channel.self) != nil, event.integer("capacity") != nil
        else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: agent)
        key.append(
            keySigned: Int32(
                clamping: event.occurred.rawValue.flooredQuotient(spanMilliseconds)))
        return true
    }

    private static let spanMilliseconds = 30 * MetricInterval.dayMilliseconds

    /// Adds the words of the time behind.
    mutating func append(_ later: SlotsRow) { words += later.words }

    /// Takes an `agent.slots`, in whatever order they come.
    mutating func take(_ event: borrowing EventView) {
        guard words.count < MetricLimits.slotWordsMax,
            let channel = event.word("channel", Channel.self),
            let capacity = event.integer("capacity")
        else { return }
        var group = event.text("exclusive_group")
        if let text = group, text.utf8.count > MetricLimits.dimensionBytesMax { group = "" }
        let slot = AgentSlots.Slot(
            channel: channel,
            capacity: Int(min(max(0, capacity), Int64(AgentLimits.capacityMax))), group: group)
        let place =
            words.firstIndex { ($0.moment, $0.position) > (event.occurred, event.position) }
            ?? words.count
        words.insert(
            Word(moment: event.occurred, position: event.position, slot: slot), at: place)
    }

    /// What holds when a time begins, and each time it changes within that. Complexity: O(words).
    func slots(
        in window: Range<Timestamp>
    ) -> (first: AgentSlots, changes: [(moment: Timestamp, slots: AgentSlots)]) {
        var byChannel: [AgentSlots.Slot] = []
        var first = Self.untold
        var changes: [(moment: Timestamp, slots: AgentSlots)] = []
        for (place, word) in words.enumerated() {
            guard word.moment < window.upperBound else { break }
            if let known = byChannel.firstIndex(where: { $0.channel == word.slot.channel }) {
                byChannel[known] = word.slot
            } else {
                byChannel.append(word.slot)
            }
            // Words of one moment are one change.
            if place + 1 < words.count, words[place + 1].moment == word.moment { continue }
            if word.moment <= window.lowerBound {
                first = AgentSlots(byChannel)
            } else {
                changes.append((word.moment, AgentSlots(byChannel)))
            }
        }
        return (first, changes)
    }

    private static let untold = AgentSlots(oneOf: Channel.allCases)

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "slots row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("slots row version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            let moment = try reader.moment()
            let position = Position(try reader.varint())
            guard let channel = Channel(rawValue: try reader.byte()) else {
                throw MalformedBytes("slots row channel", at: reader.offset)
            }
            let capacity = Int(clamping: try reader.varint())
            guard capacity <= AgentLimits.capacityMax else {
                throw MalformedBytes("slots row capacity", at: reader.offset)
            }
            let group = try reader.byte() == 1 ? try reader.text() : nil
            words.append(
                Word(
                    moment: moment, position: position,
                    slot: AgentSlots.Slot(channel: channel, capacity: capacity, group: group)))
        }
        guard reader.isAtEnd else { throw MalformedBytes("slots row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(words.count))
        for word in words {
            row.append(zigzag: word.moment.rawValue)
            row.append(varint: word.position.rawValue)
            row.append(word.slot.channel.rawValue)
            row.append(varint: UInt64(word.slot.capacity))
            row.append(word.slot.group == nil ? 0 : 1)
            if let group = word.slot.group { row.append(text: group) }
        }
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
