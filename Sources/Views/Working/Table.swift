internal import EventModel

/// The working set of one kind of row: decoded rows by key, and which of them have changed.
///
/// A row is read once from the view, changed in memory as often as events ask, and written once
/// when the changes are taken. A slot number is good until the changes are taken.
struct Table<Record: RowRecord> {
    private struct Slot {
        let key: RowKey
        var record: Record
        var isChanged: Bool
        /// Whether the view has a row under the key, so that it must be told of a removal.
        var isStored: Bool
    }

    private var slots: [Slot] = []
    private var byKey = KeyIndex()
    private var changed: [Int] = []

    /// Finds the row, reading it from the view when it is not at hand. Complexity: one hash.
    ///
    /// Only this much is generic over the context, and always inlined: a fold is compiled without
    /// knowing its context, and all of this type's work would be done through witness tables.
    @inline(__always)
    mutating func slot<Context: FoldContext & ~Copyable>(
        _ key: [UInt8], _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        let hash = KeyIndex.hash(RowKey(bytes: key))
        if let known = known(key, hash) { return known }
        return try insert(key, hash, try context.row(key))
    }

    private func known(_ key: [UInt8], _ hash: UInt64) -> Int? {
        byKey.slot(hash) { slots[$0].key.bytes == key }
    }

    private mutating func insert(
        _ key: [UInt8], _ hash: UInt64, _ row: [UInt8]?
    ) throws(ViewFault) -> Int {
        let stored = try Record.decoded(row)
        let own = RowKey(bytes: key.compactCopy())
        slots.append(
            Slot(
                key: own, record: stored ?? Record(), isChanged: false, isStored: stored != nil))
        byKey.insert(slots.count - 1, hash)
        return slots.count - 1
    }

    /// The row in a slot. To change it, use `change`.
    subscript(_ slot: Int) -> Record {
        _read { yield slots[slot].record }
    }

    /// The key of a slot.
    func key(_ slot: Int) -> [UInt8] { slots[slot].key.bytes }

    /// Changes the row in a slot in place.
    mutating func change<Failure: Error>(
        _ slot: Int, _ body: (inout Record) throws(Failure) -> Void
    ) throws(Failure) {
        if !slots[slot].isChanged {
            slots[slot].isChanged = true
            changed.append(slot)
        }
        try body(&slots[slot].record)
    }

    /// Hands over the changed rows in key order and forgets that they were changed.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        changed.sort { slots[$0].key < slots[$1].key }
        var row: [UInt8] = []
        for slot in changed {
            slots[slot].isChanged = false
            if slots[slot].record.isEmpty {
                if slots[slot].isStored { try body(slots[slot].key.bytes, nil) }
                slots[slot].isStored = false
            } else {
                row.removeAll(keepingCapacity: true)
                slots[slot].record.encode(into: &row)
                try body(slots[slot].key.bytes, row)
                slots[slot].isStored = true
            }
        }
        changed.removeAll(keepingCapacity: true)
        if slots.count > ViewLimits.cleanRowsMax {
            slots.removeAll(keepingCapacity: true)
            byKey.removeAll()
        }
    }
}

extension [UInt8] {
    /// Returns a copy of just the room it needs: a scratch buffer's is larger, and it goes on.
    fileprivate func compactCopy() -> [UInt8] { [UInt8](self[...]) }
}
