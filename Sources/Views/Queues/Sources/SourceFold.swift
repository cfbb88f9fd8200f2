internal import EventModel

/// Folds events into their feeds.
struct SourceFold {
    private var table = Table<SourceRecord>()
    private var queues = Table<QueueSourceRow>()
    private var key: [UInt8] = []
    /// The feeds that came last: most events come from one of a few.
    private var recent: [(source: [UInt8], slot: Int)] = []
    private static let recentMax = 8

    /// Takes note of any event.
    @inline(__always)
    mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard event.source.byteCount > 0 else { return }
        let saysOfFeed = Self.saysOfFeed(event.type)
        guard Reserved.isSource(event.source) else {
            let slot = try slot(event.source, context)
            table[changing: slot].hear(event, saysOfFeed: saysOfFeed)
            if saysOfFeed { table[changing: slot].take(event) }
            return
        }
        // What the daemon says of a feed is no sign of life of the feed.
        guard saysOfFeed, let feed = event.bytes("feed") else { return }
        let slot = try slot(feed, context)
        table[changing: slot].take(event)
    }

    private static func saysOfFeed(_ type: RawSpan) -> Bool {
        type.starts(with: "source.") || type.equals("import.completed")
    }

    /// Notes that an event's feed tells of waits in a queue.
    @inline(__always)
    mutating func note<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, feeds queue: RawSpan, _ context: borrowing Context
    ) throws(ViewFault) {
        guard event.source.byteCount > 0, !Reserved.isSource(event.source) else { return }
        key.removeAll(keepingCapacity: true)
        key.append(QueueSourceRow.prefix)
        key.append(keyText: queue)
        key.append(keyText: event.source)
        let slot = try queues.slot(key, context)
        if !queues[slot].isThere { queues[changing: slot].isThere = true }
    }

    @inline(__always)
    private mutating func slot<Context: FoldContext & ~Copyable>(
        _ source: RawSpan, _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        if let known = recentSlot(source) { return known }
        SourceRecord.writeKey(source, to: &key)
        let slot = try table.slot(key, context)
        if recent.count == Self.recentMax { recent.removeFirst() }
        recent.append((source.copied(), slot))
        return slot
    }

    private func recentSlot(_ source: RawSpan) -> Int? {
        for known in recent where unsafe source.equals(known.source.span.bytes) {
            return known.slot
        }
        return nil
    }

    /// Hands over the changed rows in key order: the prefixes y, z.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        recent.removeAll(keepingCapacity: true)
        try queues.takeChanges(body)
        try table.takeChanges(body)
    }
}
