internal import ContactCentre
internal import EventModel

/// The stored form.
///
///     u8   version = 2; num version of the stream
///     num  skills, then each: text name; int level; num valid until: 0, or 1 and int ms UTC;
///          text? language; stamp
///     u8   presence; text? reason, by; stamp
///     u8   1 = logged in; u16 channels; stamp
///     stamp missed, failed, responded
///     num  slots, then each: u8 channel; num capacity; text? group; stamp
///     num  queues, then each: text queue; u8 flags: 1 member, 2 paused, 4 with a level;
///          int level, where there is one; stamp joined, paused
///     num  assignments, then each: text team; text? site, brand, supervisor, employment; stamp
///     num  channels with work, then each: u8 channel; int ringing, connected, held, wrap-up
///     num  contacts that were over last, then each: int ms UTC; text interaction, as in keys
///
/// A stamp is drawn in `Stamp`.
extension AgentRecord {
    private static let rowVersion: UInt8 = 2

    func encode(into row: inout [UInt8]) {
        row.append(Self.rowVersion)
        row.append(varint: version)
        row.append(varint: UInt64(skills.count))
        for skill in skills { skill.encode(into: &row) }
        row.append(told.presence.rawValue)
        row.append(optionalText: told.reason)
        row.append(optionalText: told.by)
        told.stamp.encode(into: &row)
        row.append(login.isIn ? 1 : 0)
        row.append(littleEndian: login.channels.rawValue)
        login.stamp.encode(into: &row)
        for stamp in [missed, failed, responded] { stamp.encode(into: &row) }
        row.append(varint: UInt64(slots.count))
        for slot in slots { slot.encode(into: &row) }
        row.append(varint: UInt64(memberships.count))
        for membership in memberships { membership.encode(into: &row) }
        row.append(varint: UInt64(assignments.count))
        for assignment in assignments { assignment.encode(into: &row) }
        row.append(varint: UInt64(work.count))
        for work in work {
            row.append(work.channel.rawValue)
            for count in work.counts { row.append(zigzag: count) }
        }
        row.append(varint: UInt64(releases.count))
        for release in releases { release.encode(into: &row) }
    }

    /// Reads the row's beginning: the version of the agent's stream, and what the agent can do.
    static func abilities(
        from reader: inout ByteReader
    ) throws(MalformedBytes) -> (version: UInt64, skills: [Skill]) {
        guard try reader.byte() == rowVersion else {
            throw MalformedBytes("agent row version", at: 0)
        }
        let version = try reader.varint()
        var skills: [Skill] = []
        for _ in 0..<(try reader.count()) { skills.append(try Skill(from: &reader)) }
        return (version, skills)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "agent row")
        (version, skills) = try Self.abilities(from: &reader)
        told.presence = try reader.word(Presence.self)
        told.reason = try reader.optionalText()
        told.by = try reader.optionalText()
        told.stamp = try Stamp(from: &reader)
        login.isIn = try reader.byte() != 0
        login.channels = ChannelSet(rawValue: try reader.integer(UInt16.self))
        login.stamp = try Stamp(from: &reader)
        missed = try Stamp(from: &reader)
        failed = try Stamp(from: &reader)
        responded = try Stamp(from: &reader)
        for _ in 0..<(try reader.count()) { slots.append(try Slot(from: &reader)) }
        for _ in 0..<(try reader.count()) { memberships.append(try Membership(from: &reader)) }
        for _ in 0..<(try reader.count()) { assignments.append(try Assignment(from: &reader)) }
        for _ in 0..<(try reader.count()) {
            var work = Work(channel: try reader.word(Channel.self))
            for index in work.counts.indices { work.counts[index] = try reader.zigzag() }
            self.work.append(work)
        }
        for _ in 0..<(try reader.count()) { releases.append(try Release(from: &reader)) }
        guard reader.isAtEnd else { throw MalformedBytes("agent row", at: reader.offset) }
    }
}

extension AgentRecord.Slot {
    fileprivate func encode(into row: inout [UInt8]) {
        row.append(slot.channel.rawValue)
        row.append(varint: UInt64(slot.capacity))
        row.append(optionalText: slot.group)
        stamp.encode(into: &row)
    }

    fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
        let channel = try reader.word(Channel.self)
        let capacity = try reader.varint()
        guard capacity <= UInt64(AgentLimits.capacityMax) else {
            throw MalformedBytes("capacity", at: reader.offset)
        }
        slot = AgentSlots.Slot(
            channel: channel, capacity: Int(capacity), group: try reader.optionalText())
        stamp = try Stamp(from: &reader)
    }
}

extension AgentRecord.Skill {
    fileprivate func encode(into row: inout [UInt8]) {
        row.append(text: name)
        row.append(zigzag: level)
        row.append(optionalMoment: validUntil)
        row.append(optionalText: language)
        stamp.encode(into: &row)
    }

    fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
        name = try reader.text()
        level = try reader.zigzag()
        validUntil = try reader.optionalMoment()
        language = try reader.optionalText()
        stamp = try Stamp(from: &reader)
    }
}

extension AgentRecord.Membership {
    fileprivate func encode(into row: inout [UInt8]) {
        row.append(text: queue)
        row.append((isMember ? 1 : 0) | (isPaused ? 2 : 0) | (level == nil ? 0 : 4))
        if let level { row.append(zigzag: level) }
        joined.encode(into: &row)
        paused.encode(into: &row)
    }

    fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
        queue = try reader.text()
        let flags = try reader.byte()
        isMember = flags & 1 != 0
        isPaused = flags & 2 != 0
        level = flags & 4 == 0 ? nil : try reader.zigzag()
        joined = try Stamp(from: &reader)
        paused = try Stamp(from: &reader)
    }
}

extension AgentRecord.Assignment {
    fileprivate func encode(into row: inout [UInt8]) {
        row.append(text: team)
        for text in [site, brand, supervisor, employment] { row.append(optionalText: text) }
        stamp.encode(into: &row)
    }

    fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
        team = try reader.text()
        site = try reader.optionalText()
        brand = try reader.optionalText()
        supervisor = try reader.optionalText()
        employment = try reader.optionalText()
        stamp = try Stamp(from: &reader)
    }
}

extension AgentRecord.Release {
    fileprivate func encode(into row: inout [UInt8]) {
        row.append(zigzag: since.rawValue)
        row.append(varint: UInt64(interaction.count))
        row.append(contentsOf: interaction)
    }

    fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
        since = try reader.moment()
        interaction = try reader.span(try reader.count()).copied()
    }
}

extension [UInt8] {
    /// Appends a moment that may be absent: 0, or 1 and the moment.
    mutating func append(optionalMoment moment: Timestamp?) {
        append(moment == nil ? 0 : 1)
        if let moment { append(zigzag: moment.rawValue) }
    }
}

extension ByteReader {
    @_lifetime(self: copy self)
    mutating func optionalMoment() throws(MalformedBytes) -> Timestamp? {
        try byte() == 0 ? nil : try moment()
    }

    @_lifetime(self: copy self)
    mutating func word<Word: DomainWord>(_: Word.Type) throws(MalformedBytes) -> Word {
        guard let word = Word(rawValue: try byte()) else {
            throw MalformedBytes("word", at: offset)
        }
        return word
    }
}
