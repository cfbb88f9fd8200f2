internal import EventModel

extension Interaction {
    /// Appends the stored form that `InteractionRow` draws.
    public func encode(into row: inout [UInt8]) {
        var writer = InteractionRowWriter(row: [], base: created.rawValue)
        swap(&writer.row, &row)
        encodeHead(&writer)
        writer.number(stays.count)
        for place in stays.indices { stays[place].encode(into: &writer) }
        writer.number(connections.count)
        for place in connections.indices { connections[place].encode(into: &writer) }
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
        var flags: UInt8 = isImplicit ? 1 : 0
        if isCompletionSaid { flags |= 2 }
        if isAbandonedBeforeQueue { flags |= 4 }
        writer.row.append(flags)
        writer.row.append(zigzag: created.rawValue)
        writer.row.append(varint: createdPosition.rawValue)
        writer.row.append(text: createdQueue)
        // One call each, and no lists of them: a list is made and its texts are counted.
        writer.row.append(optionalText: initial)
        writer.row.append(optionalText: previous)
        writer.row.append(optionalText: related)
        writer.row.append(optionalText: thread)
        writer.number(offers.made)
        writer.number(offers.fruitless)
        writer.number(messages.received)
        writer.number(messages.sent)
        writer.moment(messages.firstHumanReply)
        writer.number(transfers)
        writer.number(consults)
        writer.number(conferences)
        writer.moment(wrapUpStarted)
        writer.moment(wrapUpEnded)
        writer.moment(ended)
        writer.moment(reopened)
        writer.moment(lastOccurred)
        writer.row.append(
            zigzag: Int64(bitPattern: lastPosition.rawValue &- createdPosition.rawValue))
    }
}

// Inlined, so that each is read where it stands: what is not is asked of a copy, whose texts are
// counted.
extension Stay {
    @inline(__always)
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
    @inline(__always)
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
