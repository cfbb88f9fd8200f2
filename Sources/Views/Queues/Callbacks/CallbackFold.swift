internal import EventModel

/// Folds events into call backs.
struct CallbackFold {
    private var table = Table<TracedCallback>()
    private var due = RowChanges()
    private var unsettled: [Int] = []
    private var key: [UInt8] = []

    /// Applies an event if it is about a call back.
    ///
    /// - Parameter queue: What the event's interaction waits in, or waited in last.
    mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, queue: String?, _ context: borrowing Context
    ) throws(ViewFault) {
        guard event.type.starts(with: "callback."), let callback = event.bytes("callback_id") else {
            return
        }
        key.removeAll(keepingCapacity: true)
        key.append(CallbackRecord.prefix)
        key.append(keyText: callback)
        let slot = try table.slot(key, context)
        table[changing: slot].record.apply(event, queue: queue)
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
