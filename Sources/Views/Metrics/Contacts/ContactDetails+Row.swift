internal import ContactCentre
internal import EventModel

/// How details lie in a row.
///
///     u32  sparse, as `NumberListWriter` has it: rings, offers made, accepted, disposition, reasons,
///          texts, messages, surveys, declared, ringing, rejected, missed, rescinded, failed, abandoned,
///          transfers blind, attended, toQueue, external, 1 where a person was asked for, steps to one
///     text by the bits of texts: 1 provider, 2 brand, 4 site
///     ...  each ring: num milliseconds
///     ...  each reason: text
///     ...  each declared: text name, text value
///     ...  each ringing: text agent, int made
///     int  when a person was asked for, where one was
///     ...  each message: int milliseconds since the one before, u8 author | failed << 7,
///          u64 hash of the id
///     ...  surveys, as SurveyAnswers draws them, where there are any
extension ContactDetails {
    init(from reader: inout ByteReader) throws(MalformedBytes) {
        var list = NumberListReader()
        try list.begin(maskBytes: 4, &reader)
        func number(_ reader: inout ByteReader) throws(MalformedBytes) -> Int {
            Int(clamping: try list.next(&reader))
        }
        /// How many of something follow, each of which takes a byte at least.
        func count(_ reader: inout ByteReader) throws(MalformedBytes) -> Int {
            let count = try number(&reader)
            guard count <= reader.bytes.byteCount - reader.offset else {
                throw MalformedBytes("details", at: reader.offset)
            }
            return count
        }
        let ringCount = try count(&reader)
        offers.made = try number(&reader)
        offers.accepted = try number(&reader)
        let disposed = try number(&reader)
        let reasonCount = try count(&reader)
        let texts = try number(&reader)
        let messageCount = try count(&reader)
        let hasSurveys = try number(&reader) == 1
        let declaredCount = try count(&reader)
        let ringingCount = try count(&reader)
        offers.rejected = try number(&reader)
        offers.missed = try number(&reader)
        offers.rescinded = try number(&reader)
        offers.failed = try number(&reader)
        offers.abandoned = try number(&reader)
        for index in transfers.indices { transfers[index] = try number(&reader) }
        let isHumanAsked = try number(&reader) == 1
        stepsToHuman = try number(&reader)
        disposition = Disposition(rawValue: UInt8(clamping: disposed))
        if texts & 1 != 0 { provider = try reader.text() }
        if texts & 2 != 0 { brand = try reader.text() }
        if texts & 4 != 0 { site = try reader.text() }
        for _ in 0..<ringCount { rings.append(Int64(clamping: try reader.varint())) }
        for _ in 0..<reasonCount { reasons.append(try reader.text()) }
        for _ in 0..<declaredCount {
            let name = try reader.text()
            declared.append(Declared(name: name, value: try reader.text()))
        }
        for _ in 0..<ringingCount {
            let agent = try reader.text()
            let made = Timestamp(milliseconds: try reader.zigzag())
            ringing.append(Ringing(agent: agent, made: made))
        }
        if isHumanAsked { humanAsked = Timestamp(milliseconds: try reader.zigzag()) }
        try readMessages(messageCount, &reader)
        if hasSurveys { surveys = try SurveyAnswers(from: &reader) }
    }

    private mutating func readMessages(
        _ count: Int, _ reader: inout ByteReader
    ) throws(MalformedBytes) {
        var last: Int64 = 0
        for _ in 0..<count {
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
        var list = NumberListWriter()
        list.begin(maskBytes: 4, in: &row)
        var texts = provider == nil ? 0 : 1
        if brand != nil { texts |= 2 }
        if site != nil { texts |= 4 }
        list.append(UInt64(rings.count), to: &row)
        list.append(UInt64(offers.made), to: &row)
        list.append(UInt64(offers.accepted), to: &row)
        list.append(UInt64(disposition?.rawValue ?? 0), to: &row)
        list.append(UInt64(reasons.count), to: &row)
        list.append(UInt64(texts), to: &row)
        list.append(UInt64(messages.count), to: &row)
        list.append(surveys.isEmpty ? 0 : 1, to: &row)
        list.append(UInt64(declared.count), to: &row)
        list.append(UInt64(ringing.count), to: &row)
        list.append(UInt64(offers.rejected), to: &row)
        list.append(UInt64(offers.missed), to: &row)
        list.append(UInt64(offers.rescinded), to: &row)
        list.append(UInt64(offers.failed), to: &row)
        list.append(UInt64(offers.abandoned), to: &row)
        for count in transfers { list.append(UInt64(count), to: &row) }
        list.append(humanAsked == nil ? 0 : 1, to: &row)
        list.append(UInt64(stepsToHuman), to: &row)
        list.end(in: &row)
        if let provider { row.append(text: provider) }
        if let brand { row.append(text: brand) }
        if let site { row.append(text: site) }
        for ring in rings { row.append(varint: UInt64(ring)) }
        for reason in reasons { row.append(text: reason) }
        for one in declared {
            row.append(text: one.name)
            row.append(text: one.value)
        }
        for offer in ringing {
            row.append(text: offer.agent)
            row.append(zigzag: offer.made.rawValue)
        }
        if let humanAsked { row.append(zigzag: humanAsked.rawValue) }
        encodeMessages(into: &row)
        if !surveys.isEmpty { surveys.encode(into: &row) }
    }

    private func encodeMessages(into row: inout [UInt8]) {
        var last: Int64 = 0
        for message in messages {
            row.append(zigzag: message.sent.rawValue &- last)
            row.append(message.author.rawValue | (message.isFailed ? 0x80 : 0))
            row.append(littleEndian: message.idHash)
            last = message.sent.rawValue
        }
    }
}
