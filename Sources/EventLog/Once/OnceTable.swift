internal import EventModel

/// Finds the position of an event by a 64-bit hash of (source, id), in memory: open addressing
/// with linear probing, 16 bytes a slot, at most three quarters full.
///
/// A hit is only a candidate, since hashes can collide: the caller confirms it against the event.
struct OnceTable: ~Copyable {
    private struct Slot {
        var hash: UInt64
        /// 0 = empty.
        var position: UInt64
    }

    private var slots: [Slot]
    private(set) var count = 0

    init(minimumCapacity: Int = 1_024) {
        var capacity = 1_024
        while capacity / 4 * 3 < minimumCapacity { capacity *= 2 }
        slots = Array(repeating: Slot(hash: 0, position: 0), count: capacity)
    }

    /// The memory it takes.
    var byteCount: Int { slots.count * MemoryLayout<Slot>.stride }

    private func home(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
    }

    /// Returns the position among the candidates with this hash that `confirm` accepts, or nil.
    func find<Failure: Error>(
        _ hash: UInt64, confirm: (Position) throws(Failure) -> Bool
    ) throws(Failure) -> Position? {
        var index = home(hash)
        while slots[index].position != 0 {
            let candidate = Position(slots[index].position)
            if slots[index].hash == hash, try confirm(candidate) { return candidate }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds an event.
    mutating func insert(_ hash: UInt64, at position: Position) {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        place(Slot(hash: hash, position: position.rawValue))
        count += 1
    }

    /// Takes an event out that was staged and given up: the slots behind it move back, so that no
    /// probe ends early.
    mutating func remove(_ hash: UInt64, at position: Position) {
        let mask = slots.count - 1
        var hole = home(hash)
        while slots[hole].hash != hash || slots[hole].position != position.rawValue {
            precondition(slots[hole].position != 0, "removing an event that is not in the table")
            hole = (hole + 1) & mask
        }
        var next = (hole + 1) & mask
        while slots[next].position != 0 {
            // A slot may move into the hole unless its home lies behind the hole.
            if (next - home(slots[next].hash)) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole] = Slot(hash: 0, position: 0)
        count -= 1
    }

    private mutating func place(_ slot: Slot) {
        var index = home(slot.hash)
        while slots[index].position != 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(hash: 0, position: 0), count: old.count * 2)
        for slot in old where slot.position != 0 { place(slot) }
    }

    /// Hashes (source, id) under the process's own random key.
    static func hash(source: RawSpan, id: RawSpan) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(source.byteCount)
        unsafe source.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        unsafe id.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
