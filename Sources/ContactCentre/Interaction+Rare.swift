internal import EventModel

/// The part of the row that few interactions have: machines, what went wrong, offers that ring now, the
/// wish for a person.
extension Interaction {
    /// Whether there is anything in it.
    var hasRareParts: Bool {
        !selfService.isEmpty || anomalyCount > 0 || !anomalies.isEmpty || !pendingOffers.isEmpty
            || consults > 0 || conferences > 0 || endInferredIn != nil || humanRequests > 0
            || humanRequested != nil
    }

    func encodeRareParts(_ writer: inout InteractionRowWriter) {
        writer.beginList(maskBytes: 2)
        writer.number(selfService.count)
        writer.number(anomalyCount)
        writer.number(anomalies.count)
        writer.number(pendingOffers.count)
        writer.number(consults)
        writer.number(conferences)
        writer.word(endInferredIn)
        writer.number(humanRequests)
        writer.moment(humanRequested)
        writer.endList()
        for span in selfService {
            writer.row.append(text: span.flow)
            writer.beginList(maskBytes: 2)
            writer.moment(span.entered)
            writer.moment(span.left)
            writer.word(span.outcome)
            writer.endList()
        }
        for anomaly in anomalies { anomaly.encode(into: &writer) }
        for offer in pendingOffers {
            writer.row.append(text: offer.agent)
            writer.row.append(optionalText: offer.offer)
            writer.row.append(zigzag: offer.made.rawValue - writer.base)
        }
    }

    mutating func decodeRareParts(
        _ parts: inout InteractionRowReader
    ) throws(MalformedBytes) {
        try parts.beginList(maskBytes: 2)
        let spans = try parts.count()
        anomalyCount = try parts.number()
        let kept = try parts.count()
        let offers = try parts.count()
        consults = try parts.number()
        conferences = try parts.number()
        endInferredIn = try parts.optionalWord(InteractionState.self)
        humanRequests = try parts.number()
        humanRequested = try parts.optionalMoment()
        for _ in 0..<spans { selfService.append(try SelfServiceSpan(from: &parts)) }
        for _ in 0..<kept { anomalies.append(try Anomaly(from: &parts)) }
        for _ in 0..<offers {
            let agent = try parts.reader.text()
            pendingOffers.append(
                PendingOffer(
                    agent: agent, offer: try parts.reader.optionalText(),
                    made: try parts.singleMoment()))
        }
    }
}

extension SelfServiceSpan {
    fileprivate init(from parts: inout InteractionRowReader) throws(MalformedBytes) {
        let flow = try parts.reader.text()
        try parts.beginList(maskBytes: 2)
        self.init(flow: flow, entered: try parts.moment())
        left = try parts.optionalMoment()
        outcome = try parts.optionalWord(SelfServiceOutcome.self)
    }
}

extension Anomaly {
    fileprivate func encode(into writer: inout InteractionRowWriter) {
        writer.row.append(varint: position.rawValue)
        writer.row.append(kind.rawValue)
        writer.row.append(event.rawValue)
        writer.row.append(state.rawValue)
        writer.row.append(optionalText: told?.what)
        guard let told else { return }
        writer.row.append(optionalText: told.expected)
        writer.row.append(optionalText: told.got)
    }

    fileprivate init(from parts: inout InteractionRowReader) throws(MalformedBytes) {
        let position = Position(try parts.reader.varint())
        let kind = try parts.singleWord(AnomalyKind.self)
        let event = try parts.singleWord(LifecycleEvent.self)
        self.init(
            position: position, kind: kind, event: event,
            state: try parts.singleWord(InteractionState.self))
        guard let what = try parts.reader.optionalText() else { return }
        told = ToldAnomaly(
            what: what, expected: try parts.reader.optionalText(),
            got: try parts.reader.optionalText())
    }
}
