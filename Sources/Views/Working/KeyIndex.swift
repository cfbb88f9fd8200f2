/// Finds the slot of a key: open addressing with the hashes beside the slots, so that a look-up
/// reads one key, and that only to confirm. A Dictionary reads the key of every entry on its way,
/// each in another place of memory.
struct KeyIndex {
    private var hashes: [UInt64]
    private var slots: [Int32]
    private var count = 0

    init() {
        hashes = [UInt64](repeating: 0, count: 16)
        slots = [Int32](repeating: -1, count: 16)
    }

    /// Returns the hash of a key; it differs from process to process and is stored nowhere.
    static func hash(_ key: RowKey) -> UInt64 {
        var hasher = Hasher()
        key.hash(into: &hasher)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// Returns the slot whose key it is.
    func slot(_ hash: UInt64, where isKey: (Int) -> Bool) -> Int? {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place] >= 0 {
            let slot = Int(slots[place])
            if hashes[place] == hash, isKey(slot) { return slot }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Adds a slot whose key is not there yet.
    mutating func insert(_ slot: Int, _ hash: UInt64) {
        if (count + 1) * 2 > slots.count { grow() }
        place(Int32(slot), hash)
        count += 1
    }

    private mutating func place(_ slot: Int32, _ hash: UInt64) {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place] >= 0 { place = (place + 1) & mask }
        hashes[place] = hash
        slots[place] = slot
    }

    private mutating func grow() {
        let (oldHashes, oldSlots) = (hashes, slots)
        hashes = [UInt64](repeating: 0, count: oldSlots.count * 2)
        slots = [Int32](repeating: -1, count: oldSlots.count * 2)
        for index in oldSlots.indices where oldSlots[index] >= 0 {
            place(oldSlots[index], oldHashes[index])
        }
    }

    /// Forgets all, keeping the room.
    mutating func removeAll() {
        for index in slots.indices { slots[index] = -1 }
        count = 0
    }
}
