internal import ContactCentre
internal import EventModel

/// How details lie in a row.
///
///     text? provider, text? brand, text? site
///     num  reasons, then each: text
///     num  declared, then each: text name, text value
///     num  made, accepted, rejected, missed, rescinded, failed, abandoned
///     num  ringing, then each: text agent, int made
///     num  rings, then each: num milliseconds
///     num  blind, attended, toQueue, external
///     u8   bit 0: a person was asked for; then int when, num steps
///     u8   disposition, 0 for none
///     num  messages, then each: int milliseconds since the one before, u8 author | failed << 7,
///          u64 hash of the id
///     ...  surveys, as SurveyAnswers draws them
extension ContactDetails {
    init(from reader: inout ByteReader) throws(MalformedBytes) {
        provider = try reader.optionalText()
        brand = try reader.optionalText()
        site = try reader.optionalText()
        for _ in 0..<(try reader.count()) { reasons.append(try reader.text()) }
        for _ in 0..<(try reader.count()) {
            let name = try reader.text()
            declared.append(Declared(name: name, value: try reader.text()))
        }
        offers.made = Int(clamping: try reader.varint())
        offers.accepted = Int(clamping: try reader.varint())
        offers.rejected = Int(clamping: try reader.varint())
        offers.missed = Int(clamping: try reader.varint())
        offers.rescinded = Int(clamping: try reader.varint())
        offers.failed = Int(clamping: try reader.varint())
        offers.abandoned = Int(clamping: try reader.varint())
        for _ in 0..<(try reader.count()) {
            let agent = try reader.text()
            let made = Timestamp(milliseconds: try reader.zigzag())
            ringing.append(Ringing(agent: agent, made: made))
        }
        for _ in 0..<(try reader.count()) { rings.append(try reader.zigzag()) }
        for index in transfers.indices {
            transfers[index] = Int(clamping: try reader.varint())
        }
        if try reader.byte() == 1 {
            humanAsked = Timestamp(milliseconds: try reader.zigzag())
            stepsToHuman = Int(clamping: try reader.varint())
        }
        disposition = Disposition(rawValue: try reader.byte())
        try readMessages(&reader)
        surveys = try SurveyAnswers(from: &reader)
    }

    private mutating func readMessages(_ reader: inout ByteReader) throws(MalformedBytes) {
        var last: Int64 = 0
        for _ in 0..<(try reader.count()) {
            last &+= try reader.zigzag()
            let flags = try reader.byte()
            guard let author = MessageAuthor(rawValue: flags & 0x7F) else {
                throw MalformedBytes("author of a message", at: reader.offset)
            }
            let hash = try reader.integer(UInt64.self)
            messages.append(
                ContactMessage(
                    sent: Timestamp(milliseconds: last), author: author,
                    isFailed: flags & 0x80 != 0, idHash: hash))
        }
    }

    func encode(into row: inout [UInt8]) {
        for text in [provider, brand, site] { row.append(optionalText: text) }
        row.append(varint: UInt64(reasons.count))
        for reason in reasons { row.append(text: reason) }
        row.append(varint: UInt64(declared.count))
        for one in declared {
            row.append(text: one.name)
            row.append(text: one.value)
        }
        for count in [
            offers.made, offers.accepted, offers.rejected, offers.missed, offers.rescinded,
            offers.failed, offers.abandoned,
        ] { row.append(varint: UInt64(count)) }
        row.append(varint: UInt64(ringing.count))
        for offer in ringing {
            row.append(text: offer.agent)
            row.append(zigzag: offer.made.rawValue)
        }
        row.append(varint: UInt64(rings.count))
        for ring in rings { row.append(zigzag: ring) }
        for count in transfers { row.append(varint: UInt64(count)) }
        row.append(humanAsked == nil ? 0 : 1)
        if let humanAsked {
            row.append(zigzag: humanAsked.rawValue)
            row.append(varint: UInt64(stepsToHuman))
        }
        row.append(disposition?.rawValue ?? 0)
        row.append(varint: UInt64(messages.count))
        var last: Int64 = 0
        for message in messages {
            row.append(zigzag: message.sent.rawValue &- last)
            row.append(message.author.rawValue | (message.isFailed ? 0x80 : 0))
            row.append(littleEndian: message.idHash)
            last = message.sent.rawValue
        }
        surveys.encode(into: &row)
    }
}
