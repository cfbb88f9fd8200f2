internal import EventModel

extension Interaction {
    /// Appends the stored form that `InteractionRow` draws.
    public func encode(into row: inout [UInt8]) {
        var writer = InteractionRowWriter(row: [], base: created.rawValue)
        swap(&writer.row, &row)
        encodeHead(&writer)
        var queue = createdQueue
        for place in stays.indices {
            stays[place].encode(after: queue, into: &writer)
            queue = stays[place].queue
        }
        for place in connections.indices {
            if let stay = connections[place].stay {
                connections[place].encode(
                    agent: stays[stay].agent ?? "", queue: stays[stay].queue, into: &writer)
            } else {
                connections[place].encode(agent: "", queue: "", into: &writer)
            }
        }
        if hasRareParts { encodeRareParts(&writer) }
        swap(&writer.row, &row)
    }

    private func encodeHead(_ writer: inout InteractionRowWriter) {
        writer.row.append(InteractionRow.version)
        writer.row.append(zigzag: created.rawValue)
        var flags = isImplicit ? 1 : 0
        if isCompletionSaid { flags |= 2 }
        if isAbandonedBeforeQueue { flags |= 4 }
        writer.beginList(maskBytes: 4)
        writer.word(state)
        writer.word(channel)
        writer.word(direction)
        writer.word(method)
        writer.number(createdPosition.rawValue)
        writer.moment(lastOccurred)
        writer.signed(Int64(bitPattern: lastPosition.rawValue &- createdPosition.rawValue))
        writer.number(stays.count)
        writer.number(connections.count)
        writer.moment(ended)
        writer.moment(wrapUpStarted)
        writer.moment(wrapUpEnded)
        writer.word(disconnectedBy)
        writer.word(resolution)
        writer.number(flags)
        writer.number(texts)
        writer.number(offers.made)
        writer.number(offers.fruitless)
        writer.word(abandonPhase)
        writer.word(classification)
        writer.number(messages.received)
        writer.number(messages.sent)
        writer.moment(messages.firstHumanReply)
        writer.number(transfers)
        writer.moment(reopened)
        writer.number(hasRareParts ? 1 : 0)
        writer.moment(messages.unanswered?.occurred)
        writer.signed(
            messages.unanswered.map {
                Int64(bitPattern: $0.position.rawValue &- createdPosition.rawValue)
            } ?? 0)
        writer.endList()
        // One call each, and no lists of them: a list is made and its texts are counted.
        if !createdQueue.isEmpty { writer.row.append(text: createdQueue) }
        if let initial { writer.row.append(text: initial) }
        if let previous { writer.row.append(text: previous) }
        if let related { writer.row.append(text: related) }
        if let thread { writer.row.append(text: thread) }
        if let source { writer.row.append(text: source) }
        if let callback { writer.row.append(text: callback) }
    }

    /// Which texts stand behind the head, a bit each.
    private var texts: Int {
        var texts = createdQueue.isEmpty ? 0 : 1
        if initial != nil { texts |= 2 }
        if previous != nil { texts |= 4 }
        if related != nil { texts |= 8 }
        if thread != nil { texts |= 16 }
        if source != nil { texts |= 32 }
        if callback != nil { texts |= 64 }
        return texts
    }
}

// Inlined, so that each is read where it stands: what is not is asked of a copy, whose texts are
// counted.
extension Stay {
    @inline(__always)
    fileprivate func encode(after last: String, into writer: inout InteractionRowWriter) {
        var texts = queue == last ? 0 : 1
        if agent != nil { texts |= 2 }
        if skills != nil { texts |= 4 }
        if language != nil { texts |= 8 }
        if source != nil { texts |= 16 }
        writer.beginList(maskBytes: 2)
        writer.moment(entered)
        writer.moment(ended)
        writer.word(outcome)
        writer.number(texts)
        writer.word(kind)
        writer.signed(priority)
        writer.signed(firstEntry - entered)
        writer.optional(place)
        writer.word(flowOutReason)
        writer.word(abandonPhase)
        writer.moment(announced?.moment)
        writer.signed(announced?.expectedMilliseconds ?? 0)
        writer.optional(announced?.lowMilliseconds)
        writer.optional(announced?.highMilliseconds)
        writer.endList()
        if queue != last { writer.row.append(text: queue) }
        if let agent { writer.row.append(text: agent) }
        if let skills { writer.row.append(text: skills) }
        if let language { writer.row.append(text: language) }
        if let source { writer.row.append(text: source) }
    }
}

extension Connection {
    /// - Parameters:
    ///   - agent: That of its stay.
    ///   - queue: That of its stay.
    @inline(__always)
    fileprivate func encode(
        agent other: String, queue held: String, into writer: inout InteractionRowWriter
    ) {
        var texts = agent == other ? 0 : 1
        if queue != held { texts |= 2 }
        writer.beginList(maskBytes: 2)
        writer.number(stay.map { $0 + 1 } ?? 0)
        writer.moment(accepted)
        writer.moment(connected)
        writer.moment(ended)
        writer.word(end)
        writer.number(UInt64(holdMilliseconds))
        writer.number(holds)
        writer.moment(holdStarted)
        writer.number(texts)
        writer.endList()
        if agent != other { writer.row.append(text: agent) }
        if queue != held { writer.row.append(text: queue) }
    }
}
