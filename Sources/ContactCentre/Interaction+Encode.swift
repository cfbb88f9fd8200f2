internal import EventModel

extension Interaction {
    /// Appends the stored form that `InteractionRow` draws.
    public func encode(into row: inout [UInt8]) {
        var writer = InteractionRowWriter(row: [], base: created.rawValue)
        swap(&writer.row, &row)
        encodeHead(&writer)
        writer.number(stays.count)
        for stay in stays { stay.encode(into: &writer) }
        writer.number(connections.count)
        for connection in connections { connection.encode(into: &writer) }
        writer.number(selfService.count)
        for span in selfService {
            writer.row.append(text: span.flow)
            writer.moment(span.entered)
            writer.moment(span.left)
            writer.word(span.outcome)
        }
        writer.number(anomalyCount)
        writer.number(anomalies.count)
        for anomaly in anomalies { anomaly.encode(into: &writer) }
        encodeLive(&writer)
        swap(&writer.row, &row)
    }

    private func encodeHead(_ writer: inout InteractionRowWriter) {
        writer.row.append(InteractionRow.version)
        writer.row.append(state.rawValue)
        writer.row.append(channel.rawValue)
        writer.word(direction)
        writer.word(method)
        writer.row.append(classification.rawValue)
        writer.word(abandonPhase)
        writer.word(disconnectedBy)
        writer.word(resolution)
        let flags: [UInt8] = [
            isImplicit ? 1 : 0, isCompletionSaid ? 2 : 0, isAbandonedBeforeQueue ? 4 : 0,
        ]
        writer.row.append(flags[0] | flags[1] | flags[2])
        writer.row.append(zigzag: created.rawValue)
        writer.row.append(varint: createdPosition.rawValue)
        writer.row.append(text: createdQueue)
        for link in [initial, previous, related, thread] { writer.row.append(optionalText: link) }
        for count in [
            offers.made, offers.fruitless, messages.received, messages.sent,
        ] { writer.number(count) }
        writer.moment(messages.firstHumanReply)
        for count in [transfers, consults, conferences] { writer.number(count) }
        for moment in [wrapUpStarted, wrapUpEnded, ended, reopened] { writer.moment(moment) }
        writer.moment(lastOccurred)
        writer.row.append(
            zigzag: Int64(bitPattern: lastPosition.rawValue &- createdPosition.rawValue))
    }
}

extension Stay {
    fileprivate func encode(into writer: inout InteractionRowWriter) {
        writer.row.append(text: queue)
        writer.row.append(kind.rawValue)
        writer.row.append(zigzag: priority)
        writer.moment(entered)
        writer.row.append(zigzag: firstEntry - entered)
        writer.optional(place)
        writer.moment(ended)
        writer.word(outcome)
        writer.word(flowOutReason)
        writer.word(abandonPhase)
        writer.row.append(optionalText: agent)
    }
}

extension Connection {
    fileprivate func encode(into writer: inout InteractionRowWriter) {
        writer.row.append(text: agent)
        writer.row.append(varint: stay.map { UInt64($0) + 1 } ?? 0)
        writer.row.append(text: queue)
        writer.moment(accepted)
        writer.moment(connected)
        writer.moment(ended)
        writer.word(end)
        writer.row.append(varint: UInt64(holdMilliseconds))
        writer.number(holds)
        writer.moment(holdStarted)
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
}
