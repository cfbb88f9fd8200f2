internal import EventModel

/// The working set of one kind of row: decoded rows by key, and which of them have changed.
///
/// A row is read once from the view, changed in memory as often as events ask, and written once
/// when the changes are taken. A slot number is good until the changes are taken.
struct Table<Record: RowRecord> {
    private struct Slot {
        /// The key's place in `keys`.
        let keyStart: UInt32
        let keyCount: UInt32
        var isChanged = false
        /// Whether the view has a row under the key, so that it must be told of a removal.
        var isStored: Bool
        var record: Record

        /// Writes the row, unless there is to be none, and takes note of which. Mutating, so that the
        /// record is read where it stands: a copy of an interaction costs more than its row.
        mutating func encode(into row: inout [UInt8]) -> Bool {
            isStored = !record.isEmpty
            if isStored { record.encode(into: &row) }
            return isStored
        }

        /// Whether there is or was a row, so that the view is to be told.
        mutating func concernsView() -> Bool { isStored || !record.isEmpty }
    }

    private var keys: [UInt8] = []
    private var slots: [Slot] = []
    private var byKey = KeyIndex()
    private var changed: [Int] = []
    /// Every key there ever was in a view that began empty, for as long as this table has been its
    /// only writer; nil where that is not known.
    private var filter: KeyFilter?

    /// Says that the view has no row of the kind yet, and that nobody else will write one.
    mutating func beginEmpty() {
        precondition(slots.isEmpty, "a table that has been asked for nothing yet")
        filter = KeyFilter()
    }

    /// Finds the row, reading it from the view when it is not at hand. Complexity: one hash.
    ///
    /// Only this much is generic over the context, and always inlined: a fold is compiled without
    /// knowing its context, and all of this type's work would be done through witness tables.
    @inline(__always)
    mutating func slot<Context: FoldContext & ~Copyable>(
        _ key: [UInt8], _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        let hash = KeyIndex.hash(key)
        if let known = known(key, hash) { return known }
        if isNew(hash) { return insert(key, hash, nil) }
        var stored: Record?
        try context.row(key) { (row) throws(ViewFault) in stored = try Record.decoded(row) }
        return insert(key, hash, stored.take())
    }

    /// Finds the row where it is at hand.
    func known(_ key: [UInt8]) -> Int? { known(key, KeyIndex.hash(key)) }

    /// Finds the row where the view cannot have one, so that it is not asked: looking for what is
    /// not there costs as much as reading what is.
    mutating func slot(unstored key: [UInt8]) -> Int {
        let hash = KeyIndex.hash(key)
        return known(key, hash) ?? insert(key, hash, nil)
    }

    private func isNew(_ hash: UInt32) -> Bool {
        guard filter != nil else { return false }
        return !filter!.mayHold(hash)
    }

    private func known(_ key: [UInt8], _ hash: UInt32) -> Int? {
        byKey.slot(hash) { slot in
            keys.holds(key, at: Int(slots[slot].keyStart), count: Int(slots[slot].keyCount))
        }
    }

    private mutating func insert(
        _ key: [UInt8], _ hash: UInt32, _ stored: consuming Record?
    ) -> Int {
        // Moved into its place: a copy counts a reference for each text that the record holds.
        let isStored = stored != nil
        slots.append(
            Slot(
                keyStart: UInt32(keys.count), keyCount: UInt32(key.count), isStored: isStored,
                record: stored.take() ?? Record()))
        unsafe keys.append(key.span.bytes)
        filter?.insert(hash)
        byKey.insert(slots.count - 1, hash)
        return slots.count - 1
    }

    /// The row in a slot. To change it, use `[changing:]`; to ask something of all of it, `look`.
    subscript(_ slot: Int) -> Record {
        _read { yield slots[slot].record }
    }

    /// Asks something of the row in a slot, where it stands.
    ///
    /// What an array's element is asked, where the answer is found in another module, is asked of a
    /// copy of it: with each of a row's texts and lists counted, twice. Mutating, since only what is
    /// borrowed to be changed is not copied.
    @inline(__always)
    mutating func look<Answer>(
        _ slot: Int, _ question: (borrowing Record) -> Answer
    ) -> Answer {
        Self.ask(&slots[slot].record, question)
    }

    @inline(__always)
    private static func ask<Answer>(
        _ record: inout Record, _ question: (borrowing Record) -> Answer
    ) -> Answer {
        question(record)
    }

    /// The row in a slot, which from now on counts as changed.
    subscript(changing slot: Int) -> Record {
        _read { yield slots[slot].record }
        _modify {
            if !slots[slot].isChanged {
                slots[slot].isChanged = true
                changed.append(slot)
            }
            yield &slots[slot].record
        }
    }

    /// The row in a slot, for what is not stored of it.
    subscript(unstored slot: Int) -> Record {
        _read { yield slots[slot].record }
        _modify { yield &slots[slot].record }
    }

    /// The key of a slot.
    func key(_ slot: Int) -> ArraySlice<UInt8> {
        let start = Int(slots[slot].keyStart)
        return keys[start..<start + Int(slots[slot].keyCount)]
    }

    /// The keys of rows that have changed and are to be there, in no order.
    var changedKeys: [ArraySlice<UInt8>] {
        changed.filter { !slots[$0].record.isEmpty }.map { key($0) }
    }

    /// Hands over the changed rows in key order and forgets that they were changed.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        var key: [UInt8] = []
        var row: [UInt8] = []
        for place in changedInOrder() {
            let slot = Int(place.owner)
            key.removeAll(keepingCapacity: true)
            unsafe key.append(self.key(slot).span.bytes)
            row.removeAll(keepingCapacity: true)
            let isThere = slots[slot].encode(into: &row)
            try body(key, isThere ? row : nil)
        }
        forgetChanges()
    }

    /// Puts the changed rows among others, in no order, and forgets that they were changed.
    mutating func takeChanges(into rows: inout RowChanges) {
        for slot in changed where slots[slot].concernsView() {
            let start = Int(slots[slot].keyStart)
            rows.put(keys, start..<start + Int(slots[slot].keyCount)) {
                slots[slot].encode(into: &$0)
            }
        }
        forgetChanges()
    }

    private mutating func forgetChanges() {
        shrink()
        for slot in changed { slots[slot].isChanged = false }
        changed.removeAll(keepingCapacity: true)
    }

    /// The changed rows by key, without those that came and went meanwhile.
    private mutating func changedInOrder() -> [KeyPlace] {
        var places: [KeyPlace] = []
        places.reserveCapacity(changed.count)
        for slot in changed where slots[slot].concernsView() {
            places.append(
                KeyPlace(
                    start: Int(slots[slot].keyStart), count: Int(slots[slot].keyCount),
                    owner: slot))
        }
        keys.sort(&places)
        return places
    }

    /// Keeps no more rows than it may: those that have changed just now, or none.
    private mutating func shrink() {
        guard slots.count > Record.keptRowsMax else { return }
        guard changed.count <= Record.keptRowsMax / 2 else {
            // The next batch is as large: its rows go where these were. Room that is not needed
            // any more goes with the first smaller one.
            slots.removeAll(keepingCapacity: true)
            keys.removeAll(keepingCapacity: true)
            byKey.removeAll()
            changed.removeAll(keepingCapacity: true)
            return
        }
        let kept = changed
        let (oldSlots, oldKeys) = (slots, keys)
        slots = []
        keys = []
        byKey.removeAll()
        for slot in kept {
            let old = oldSlots[slot]
            let key = Array(oldKeys[Int(old.keyStart)..<Int(old.keyStart) + Int(old.keyCount)])
            let place = insert(key, KeyIndex.hash(key), old.record)
            slots[place].isStored = old.isStored
        }
        changed = Array(slots.indices)
    }
}
