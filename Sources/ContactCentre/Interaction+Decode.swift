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
        try decodeHead(&parts)
        for _ in 0..<(try parts.reader.count()) { stays.append(try Stay(from: &parts)) }
        for _ in 0..<(try parts.reader.count()) {
            let connection = try Connection(from: &parts)
            guard connection.stay ?? -1 < stays.count else {
                throw MalformedBytes("interaction row", at: parts.reader.offset)
            }
            connections.append(connection)
        }
        for _ in 0..<(try parts.reader.count()) {
            selfService.append(try SelfServiceSpan(from: &parts))
        }
        anomalyCount = try parts.number()
        for _ in 0..<(try parts.reader.count()) { anomalies.append(try Anomaly(from: &parts)) }
        try decodeLive(&parts)
        reader = parts.reader
    }

    private mutating func decodeHead(
        _ parts: inout InteractionRowReader
    ) throws(MalformedBytes) {
        state = try parts.word(InteractionState.self)
        channel = try parts.word(Channel.self)
        direction = try parts.optionalWord(Direction.self)
        method = try parts.optionalWord(Method.self)
        classification = try parts.word(Classification.self)
        abandonPhase = try parts.optionalWord(AbandonPhase.self)
        disconnectedBy = try parts.optionalWord(DisconnectedBy.self)
        resolution = try parts.optionalWord(Resolution.self)
        let flags = try parts.reader.byte()
        isImplicit = flags & 1 != 0
        isCompletionSaid = flags & 2 != 0
        isAbandonedBeforeQueue = flags & 4 != 0
        created = try parts.absoluteMoment()
        parts.base = created.rawValue
        createdPosition = Position(try parts.reader.varint())
        createdQueue = try parts.reader.text()
        initial = try parts.reader.optionalText()
        previous = try parts.reader.optionalText()
        related = try parts.reader.optionalText()
        thread = try parts.reader.optionalText()
        offers.made = try parts.number()
        offers.fruitless = try parts.number()
        messages.received = try parts.number()
        messages.sent = try parts.number()
        messages.firstHumanReply = try parts.optionalMoment()
        transfers = try parts.number()
        consults = try parts.number()
        conferences = try parts.number()
        wrapUpStarted = try parts.optionalMoment()
        wrapUpEnded = try parts.optionalMoment()
        ended = try parts.optionalMoment()
        reopened = try parts.optionalMoment()
        lastOccurred = try parts.moment()
        let distance = try parts.reader.zigzag()
        lastPosition = Position(createdPosition.rawValue &+ UInt64(bitPattern: distance))
    }
}

extension Stay {
    fileprivate init(from parts: inout InteractionRowReader) throws(MalformedBytes) {
        let queue = try parts.reader.text()
        let kind = try parts.word(StayKind.self)
        let priority = try parts.reader.zigzag()
        self.init(queue: queue, entered: try parts.moment())
        self.kind = kind
        self.priority = priority
        let distance = try parts.reader.zigzag()
        firstEntry = Timestamp(milliseconds: entered.rawValue &+ distance)
        guard firstEntry >= .earliest, firstEntry <= .latest else {
            throw MalformedBytes("stay", at: parts.reader.offset)
        }
        place = try parts.optional()
        ended = try parts.optionalMoment()
        outcome = try parts.optionalWord(StayOutcome.self)
        flowOutReason = try parts.optionalWord(FlowOutReason.self)
        abandonPhase = try parts.optionalWord(AbandonPhase.self)
        agent = try parts.reader.optionalText()
    }
}

extension Connection {
    fileprivate init(from parts: inout InteractionRowReader) throws(MalformedBytes) {
        let agent = try parts.reader.text()
        let stay = try parts.number()
        self.init(
            agent: agent, stay: stay == 0 ? nil : stay - 1, queue: try parts.reader.text())
        accepted = try parts.optionalMoment()
        connected = try parts.optionalMoment()
        ended = try parts.optionalMoment()
        end = try parts.optionalWord(ConnectionEnd.self)
        holdMilliseconds = try parts.duration()
        holds = try parts.number()
        holdStarted = try parts.optionalMoment()
    }
}

extension SelfServiceSpan {
    fileprivate init(from parts: inout InteractionRowReader) throws(MalformedBytes) {
        let flow = try parts.reader.text()
        self.init(flow: flow, entered: try parts.moment())
        left = try parts.optionalMoment()
        outcome = try parts.optionalWord(SelfServiceOutcome.self)
    }
}

extension Anomaly {
    fileprivate init(from parts: inout InteractionRowReader) throws(MalformedBytes) {
        let position = Position(try parts.reader.varint())
        let kind = try parts.word(AnomalyKind.self)
        let event = try parts.word(LifecycleEvent.self)
        self.init(
            position: position, kind: kind, event: event,
            state: try parts.word(InteractionState.self))
        guard let what = try parts.reader.optionalText() else { return }
        told = ToldAnomaly(
            what: what, expected: try parts.reader.optionalText(),
            got: try parts.reader.optionalText())
    }
}
