internal import EventModel

/// The part of the row that the live state of queues and agents needs, behind all others.
///
///     text? source; u8 state before an inferred end?
///     num  count of pending offers, then each: text agent; text? offer; moment made
///     num  asked for a person, how often; moment? first
///     text? callback
///     num  count of stays with needs, then each:
///          num stay; text? skills, language;
///          moment? announced; with it: int expected ms; int? low, high
extension Interaction {
    func encodeLive(_ writer: inout InteractionRowWriter) {
        writer.row.append(optionalText: source)
        writer.word(endInferredIn)
        writer.number(pendingOffers.count)
        for offer in pendingOffers {
            writer.row.append(text: offer.agent)
            writer.row.append(optionalText: offer.offer)
            writer.moment(offer.made)
        }
        writer.number(humanRequests)
        writer.moment(humanRequested)
        writer.row.append(optionalText: callback)
        // In place: a copy of a stay counts a reference for each of its texts.
        var needing = 0
        for index in stays.indices where stays[index].hasNeeds { needing += 1 }
        writer.number(needing)
        for index in stays.indices where stays[index].hasNeeds {
            writer.number(index)
            writer.row.append(optionalText: stays[index].skills)
            writer.row.append(optionalText: stays[index].language)
            writer.moment(stays[index].announced?.moment)
            guard let announced = stays[index].announced else { continue }
            writer.row.append(zigzag: announced.expectedMilliseconds)
            writer.optional(announced.lowMilliseconds)
            writer.optional(announced.highMilliseconds)
        }
    }

    mutating func decodeLive(_ parts: inout InteractionRowReader) throws(MalformedBytes) {
        source = try parts.reader.optionalText()
        endInferredIn = try parts.optionalWord(InteractionState.self)
        for _ in 0..<(try parts.reader.count()) {
            let agent = try parts.reader.text()
            pendingOffers.append(
                PendingOffer(
                    agent: agent, offer: try parts.reader.optionalText(),
                    made: try parts.moment()))
        }
        humanRequests = try parts.number()
        humanRequested = try parts.optionalMoment()
        callback = try parts.reader.optionalText()
        for _ in 0..<(try parts.reader.count()) {
            let index = try parts.number()
            guard index < stays.count else {
                throw MalformedBytes("needs of a stay", at: parts.reader.offset)
            }
            stays[index].skills = try parts.reader.optionalText()
            stays[index].language = try parts.reader.optionalText()
            guard let moment = try parts.optionalMoment() else { continue }
            stays[index].announced = WaitAnnouncement(
                moment: moment, expectedMilliseconds: try parts.span(),
                lowMilliseconds: try parts.optionalSpan(),
                highMilliseconds: try parts.optionalSpan())
        }
    }
}

extension Stay {
    /// Whether the row says more of it than where it stands.
    fileprivate var hasNeeds: Bool { skills != nil || language != nil || announced != nil }
}

extension InteractionRowReader {
    /// Reads a number of milliseconds that a day's many can be added to without overflow.
    @_lifetime(self: copy self)
    fileprivate mutating func span() throws(MalformedBytes) -> Int64 {
        try bounded(try reader.zigzag())
    }

    @_lifetime(self: copy self)
    fileprivate mutating func optionalSpan() throws(MalformedBytes) -> Int64? {
        guard let value = try optional() else { return nil }
        return try bounded(value)
    }

    private func bounded(_ value: Int64) throws(MalformedBytes) -> Int64 {
        guard (0...InteractionLimits.announcedMillisecondsMax).contains(value) else {
            throw MalformedBytes("announced wait", at: reader.offset)
        }
        return value
    }
}
