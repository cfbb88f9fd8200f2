internal import ContactCentre
internal import EventModel

/// How details lie in a row.
///
///     u32  sparse, as `NumberListWriter` has it: offers, disposition, reasons, texts, messages, surveys,
///          declared, ringing, transfers blind, attended, toQueue, external, 1 where a person was asked
///          for, steps to one, reopenings, the end of a call back: 1 lost, 2 reached, writers, rung
///     text by the bits of texts: 1 provider, 2 brand, 4 site
///     ...  offers, what rings and what has rung, as `ContactOffers` draws them
///     ...  each reason: text
///     ...  each declared: text name, text value
///     int  when a person was asked for, where one was
///     ...  each reopening: int
///     int  when a call back reached the customer, where one did
///     ...  each writer: text
///     ...  each message: int milliseconds since the one before, u8 author | named << 6 | failed << 7,
///          u64 hash of the id; u8 writer, where one is named
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
        let offerCount = try count(&reader)
        let disposed = try number(&reader)
        let reasonCount = try count(&reader)
        let texts = try number(&reader)
        let messageCount = try count(&reader)
        let hasSurveys = try number(&reader) == 1
        let declaredCount = try count(&reader)
        let ringingCount = try count(&reader)
        for index in transfers.indices { transfers[index] = try number(&reader) }
        let isHumanAsked = try number(&reader) == 1
        stepsToHuman = try number(&reader)
        let reopeningCount = try count(&reader)
        let callbackEnd = try number(&reader)
        let writerCount = try count(&reader)
        let rungCount = try count(&reader)
        disposition = Disposition(rawValue: UInt8(clamping: disposed))
        if texts & 1 != 0 { provider = try reader.text() }
        if texts & 2 != 0 { brand = try reader.text() }
        if texts & 4 != 0 { site = try reader.text() }
        for _ in 0..<offerCount { try offers.readEntry(&reader) }
        for _ in 0..<ringingCount { try offers.readRinging(&reader) }
        for _ in 0..<rungCount { try offers.readRung(&reader) }
        for _ in 0..<reasonCount { reasons.append(try reader.text()) }
        for _ in 0..<declaredCount {
            let name = try reader.text()
            declared.append(Declared(name: name, value: try reader.text()))
        }
        if isHumanAsked { humanAsked = try reader.moment() }
        for _ in 0..<reopeningCount { reopenings.append(try reader.moment()) }
        switch callbackEnd {
        case 0: callback = .none
        case 1: callback = .lost
        case 2: callback = .reached(try reader.moment())
        default: throw MalformedBytes("end of a call back", at: reader.offset)
        }
        for _ in 0..<writerCount { writers.append(try reader.text()) }
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
            guard let author = MessageAuthor(rawValue: flags & 0x3F) else {
                throw MalformedBytes("author of a message", at: reader.offset)
            }
            let hash = try reader.integer(UInt64.self)
            let writer = flags & 0x40 != 0 ? try reader.byte() : 0
            guard writer <= writers.count else {
                throw MalformedBytes("writer of a message", at: reader.offset)
            }
            messages.append(
                ContactMessage(
                    sent: Timestamp(milliseconds: last), author: author,
                    isFailed: flags & 0x80 != 0, idHash: hash, writer: writer))
        }
    }

    func encode(into row: inout [UInt8]) {
        var list = NumberListWriter()
        list.begin(maskBytes: 4, in: &row)
        var texts = provider == nil ? 0 : 1
        if brand != nil { texts |= 2 }
        if site != nil { texts |= 4 }
        list.append(UInt64(offers.entries.count), to: &row)
        list.append(UInt64(disposition?.rawValue ?? 0), to: &row)
        list.append(UInt64(reasons.count), to: &row)
        list.append(UInt64(texts), to: &row)
        list.append(UInt64(messages.count), to: &row)
        list.append(surveys.isEmpty ? 0 : 1, to: &row)
        list.append(UInt64(declared.count), to: &row)
        list.append(UInt64(offers.ringing.count), to: &row)
        for count in transfers { list.append(UInt64(count), to: &row) }
        list.append(humanAsked == nil ? 0 : 1, to: &row)
        list.append(UInt64(stepsToHuman), to: &row)
        list.append(UInt64(reopenings.count), to: &row)
        list.append(callbackNumber, to: &row)
        list.append(UInt64(writers.count), to: &row)
        list.append(UInt64(offers.rung.count), to: &row)
        list.end(in: &row)
        if let provider { row.append(text: provider) }
        if let brand { row.append(text: brand) }
        if let site { row.append(text: site) }
        offers.encode(into: &row)
        for reason in reasons { row.append(text: reason) }
        for one in declared {
            row.append(text: one.name)
            row.append(text: one.value)
        }
        if let humanAsked { row.append(zigzag: humanAsked.rawValue) }
        for moment in reopenings { row.append(zigzag: moment.rawValue) }
        if case .reached(let moment) = callback { row.append(zigzag: moment.rawValue) }
        for writer in writers { row.append(text: writer) }
        encodeMessages(into: &row)
        if !surveys.isEmpty { surveys.encode(into: &row) }
    }

    private var callbackNumber: UInt64 {
        switch callback {
        case .none: 0
        case .lost: 1
        case .reached: 2
        }
    }

    private func encodeMessages(into row: inout [UInt8]) {
        var last: Int64 = 0
        for message in messages {
            row.append(zigzag: message.sent.rawValue &- last)
            row.append(
                message.author.rawValue | (message.isFailed ? 0x80 : 0)
                    | (message.writer > 0 ? 0x40 : 0))
            row.append(littleEndian: message.idHash)
            if message.writer > 0 { row.append(message.writer) }
            last = message.sent.rawValue
        }
    }
}
