internal import ContactCentre
internal import EventModel

/// Folds events into call backs.
struct CallbackFold {
    private var table = Table<TracedCallback>()
    private var asked = Table<CallbacksAsked>()
    private var due = RowChanges()
    private var unsettled: [Int] = []
    private var key: [UInt8] = []

    /// Applies an event if it is about a call back.
    ///
    /// - Parameter stays: The times in queues of the event's interaction.
    mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in stays: [Stay], _ context: borrowing Context
    ) throws(ViewFault) {
        guard event.type.starts(with: "callback."), let callback = event.bytes("callback_id") else {
            return
        }
        let slot = try slot(callback, context)
        table[changing: slot].record.apply(event, in: stays)
        noteUnsettled(slot)
        guard event.type.equals("callback.requested"), let interaction = event.bytes("interaction")
        else { return }
        key.removeAll(keepingCapacity: true)
        key.append(CallbacksAsked.prefix)
        key.append(keyText: interaction)
        let asked = try self.asked.slot(key, context)
        if !self.asked[asked].callbacks.contains(where: { callback.equals($0) }) {
            self.asked[changing: asked].add(callback)
        }
    }

    /// Tells the call backs that an interaction asked for that its times in queues are other ones.
    ///
    /// - Parameter interaction: Its name, as a text part of keys.
    mutating func enter<Context: FoldContext & ~Copyable>(
        _ stays: [Stay], _ interaction: ArraySlice<UInt8>, _ context: borrowing Context
    ) throws(ViewFault) {
        key.removeAll(keepingCapacity: true)
        key.append(CallbacksAsked.prefix)
        key.append(contentsOf: interaction)
        let asked = try self.asked.slot(key, context)
        for callback in self.asked[asked].callbacks {
            let slot = unsafe try slot(callback.utf8Span.span.bytes, context)
            guard table[slot].record.isAsked(inKey: interaction) else { continue }
            table[changing: slot].record.enter(stays)
            noteUnsettled(slot)
        }
    }

    @inline(__always)
    private mutating func slot<Context: FoldContext & ~Copyable>(
        _ callback: RawSpan, _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        key.removeAll(keepingCapacity: true)
        key.append(CallbackRecord.prefix)
        key.append(keyText: callback)
        return try table.slot(key, context)
    }

    private mutating func noteUnsettled(_ slot: Int) {
        guard !table[slot].isUnsettled else { return }
        table[unstored: slot].isUnsettled = true
        unsettled.append(slot)
    }

    /// Brings the rows of what is due up to the call backs.
    mutating func settle() {
        for slot in unsettled {
            let (before, after) = table[unstored: slot].settle()
            guard before != after else { continue }
            let callback = table.key(slot).dropFirst()
            if let before {
                before.writeKey(callback, to: &key)
                due.remove(key)
            }
            if let after {
                after.writeKey(callback, to: &key)
                due.put(key, DueRow())
            }
        }
        unsettled.removeAll(keepingCapacity: true)
    }

    /// Hands over what is due: the prefix b.
    mutating func takeDue(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try due.take(body)
    }

    /// Hands over who asked for which: the prefix c.
    mutating func takeAsked(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try asked.takeChanges(body)
    }

    /// Hands over the call backs: the prefix k.
    mutating func takeRecords(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try table.takeChanges(body)
    }
}

/// A call back with where it stands in what is due, which is not stored.
struct TracedCallback: RowRecord {
    var record: CallbackRecord
    private var place: DueRow.Place?
    var isUnsettled = false

    init() { record = CallbackRecord() }

    init(row: RawSpan) throws(MalformedBytes) {
        record = try CallbackRecord(row: row)
        place = DueRow.Place(record)
    }

    var isEmpty: Bool { record.isEmpty }

    func encode(into row: inout [UInt8]) { record.encode(into: &row) }

    mutating func settle() -> (before: DueRow.Place?, after: DueRow.Place?) {
        let before = place
        place = DueRow.Place(record)
        isUnsettled = false
        return (before, place)
    }
}
