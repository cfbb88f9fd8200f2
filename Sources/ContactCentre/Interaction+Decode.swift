public import EventModel

extension Interaction {
    /// Reads the stored form from a reader that stands at its start.
    ///
    /// - Throws: `MalformedBytes` when the bytes are not of a known version or form.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init()
        guard try reader.byte() == InteractionRow.version else {
            throw MalformedBytes("interaction row version", at: reader.offset - 1)
        }
        var parts = InteractionRowReader(reader)
        created = try parts.absoluteMoment()
        parts.base = created.rawValue
        let counts = try decodeHead(&parts)
        var queue = createdQueue
        for _ in 0..<counts.stays {
            let stay = try Stay(after: queue, from: &parts)
            queue = stay.queue
            stays.append(stay)
        }
        for _ in 0..<counts.connections {
            connections.append(try Connection(of: stays, from: &parts))
        }
        if counts.hasRare { try decodeRareParts(&parts) }
        reader = parts.reader
    }

    private mutating func decodeHead(
        _ parts: inout InteractionRowReader
    ) throws(MalformedBytes) -> (stays: Int, connections: Int, hasRare: Bool) {
        try parts.beginList(maskBytes: 4)
        state = try parts.word(InteractionState.self)
        channel = try parts.word(Channel.self)
        direction = try parts.optionalWord(Direction.self)
        method = try parts.optionalWord(Method.self)
        createdPosition = Position(try parts.position())
        lastOccurred = try parts.moment()
        let distance = try parts.signed()
        lastPosition = Position(createdPosition.rawValue &+ UInt64(bitPattern: distance))
        let stays = try parts.count()
        let connections = try parts.count()
        ended = try parts.optionalMoment()
        wrapUpStarted = try parts.optionalMoment()
        wrapUpEnded = try parts.optionalMoment()
        disconnectedBy = try parts.optionalWord(DisconnectedBy.self)
        resolution = try parts.optionalWord(Resolution.self)
        let flags = try parts.number()
        isImplicit = flags & 1 != 0
        isCompletionSaid = flags & 2 != 0
        isAbandonedBeforeQueue = flags & 4 != 0
        let texts = try parts.number()
        offers.made = try parts.number()
        offers.fruitless = try parts.number()
        abandonPhase = try parts.optionalWord(AbandonPhase.self)
        classification = try parts.word(Classification.self)
        messages.received = try parts.number()
        messages.sent = try parts.number()
        messages.firstHumanReply = try parts.optionalMoment()
        transfers = try parts.number()
        reopened = try parts.optionalMoment()
        let hasRare = try parts.number() == 1
        let unanswered = try parts.optionalMoment()
        let unansweredBehind = try parts.signed()
        if let unanswered {
            messages.unanswered = Messages.Unanswered(
                occurred: unanswered,
                position: Position(
                    createdPosition.rawValue &+ UInt64(bitPattern: unansweredBehind)))
        }
        createdQueue = try parts.text(1, of: texts) ?? ""
        initial = try parts.text(2, of: texts)
        previous = try parts.text(4, of: texts)
        related = try parts.text(8, of: texts)
        thread = try parts.text(16, of: texts)
        source = try parts.text(32, of: texts)
        callback = try parts.text(64, of: texts)
        return (stays, connections, hasRare)
    }
}

extension Stay {
    /// - Parameter last: The queue of the stay before.
    fileprivate init(
        after last: String, from parts: inout InteractionRowReader
    ) throws(MalformedBytes) {
        try parts.beginList(maskBytes: 2)
        self.init(queue: last, entered: try parts.moment())
        ended = try parts.optionalMoment()
        outcome = try parts.optionalWord(StayOutcome.self)
        let texts = try parts.number()
        kind = try parts.word(StayKind.self)
        priority = try parts.signed()
        firstEntry = Timestamp(milliseconds: entered.rawValue &+ (try parts.signed()))
        guard firstEntry >= .earliest, firstEntry <= .latest else {
            throw MalformedBytes("stay", at: parts.reader.offset)
        }
        place = try parts.optional()
        flowOutReason = try parts.optionalWord(FlowOutReason.self)
        abandonPhase = try parts.optionalWord(AbandonPhase.self)
        let told = try parts.optionalMoment()
        let expected = try parts.span()
        let low = try parts.optionalSpan()
        let high = try parts.optionalSpan()
        if let told {
            announced = WaitAnnouncement(
                moment: told, expectedMilliseconds: expected, lowMilliseconds: low,
                highMilliseconds: high)
        }
        if let queue = try parts.text(1, of: texts) { self.queue = queue }
        agent = try parts.text(2, of: texts)
        skills = try parts.text(4, of: texts)
        language = try parts.text(8, of: texts)
        source = try parts.text(16, of: texts)
    }
}

extension Connection {
    fileprivate init(
        of stays: [Stay], from parts: inout InteractionRowReader
    ) throws(MalformedBytes) {
        try parts.beginList(maskBytes: 2)
        let stay = try parts.number()
        guard stay <= stays.count else {
            throw MalformedBytes("interaction row", at: parts.reader.offset)
        }
        self.init(agent: "", stay: stay == 0 ? nil : stay - 1, queue: "")
        accepted = try parts.optionalMoment()
        connected = try parts.optionalMoment()
        ended = try parts.optionalMoment()
        end = try parts.optionalWord(ConnectionEnd.self)
        holdMilliseconds = try parts.duration()
        holds = try parts.number()
        holdStarted = try parts.optionalMoment()
        let texts = try parts.number()
        let held = stay == 0 ? nil : stays[stay - 1]
        agent = try parts.text(1, of: texts) ?? held?.agent ?? ""
        queue = try parts.text(2, of: texts) ?? held?.queue ?? ""
    }
}

extension InteractionRowReader {
    /// Reads a number of milliseconds that a day's many can be added to without overflow.
    @_lifetime(self: copy self)
    fileprivate mutating func span() throws(MalformedBytes) -> Int64 {
        try bounded(try signed())
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
