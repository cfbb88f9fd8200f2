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
        for entry in entries {
            let key = Array(entry.key.utf8)
            let slot = unsafe key.withUnsafeBytes { unsafe Self.probe(slots, keys, $0) }
            precondition(slots[slot] < 0, "key \(entry.key) stands twice")
            slots[slot] = Int32(keys.count)
            keys.append(key)
            values.append(entry.value)
        }
    }

    /// Returns the value of a key, or nil. Complexity: O(length of the key).
    @inlinable
    public subscript(_ key: RawSpan) -> Value? {
        let slot = unsafe key.withUnsafeBytes { unsafe Self.probe(slots, keys, $0) }
        let index = slots[slot]
        return index < 0 ? nil : values[Int(index)]
    }

    /// Returns the value of a key, or nil.
    public subscript(_ key: String) -> Value? { unsafe self[key.utf8Span.span.bytes] }

    @usableFromInline
    static func probe(_ slots: [Int32], _ keys: [[UInt8]], _ key: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
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
