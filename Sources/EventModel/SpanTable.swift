/// A fixed set of byte strings with a value each, looked up by bytes that are not a String:
/// open addressing over FNV-1a, at most half full. Filled once, then read from any thread.
@frozen
public struct SpanTable<Value: Sendable>: Sendable {
    @usableFromInline var slots: [Int32]
    @usableFromInline var keys: [[UInt8]]
    @usableFromInline var values: [Value]

    /// Makes the table; a repeated key is a mistake in the list and traps.
    public init(_ entries: [(key: String, value: Value)]) {
        var capacity = 8
        while capacity < entries.count * 2 { capacity *= 2 }
        slots = Array(repeating: -1, count: capacity)
        keys = []
        values = []
        for offset in 0..<key.count {
            hash = (hash ^ UInt64(unsafe key[offset])) &* 0x100_0000_01B3
        }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
        while slots[slot] >= 0 {
            let candidate = keys[Int(slots[slot])]
            if candidate.count == key.count,
                unsafe candidate.withUnsafeBytes({ unsafe $0.isEqual(to: key) })
            {
                break
            }
            slot = (slot + 1) & mask
        }
        return slot
    }
}
