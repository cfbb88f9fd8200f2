/// A fixed set of byte strings with a value each, looked up by bytes that are not a String: open
/// addressing, at most half full. Filled once, then read from any thread.
///
/// Several sets can share one table, told apart by a salt: the attributes of all event types do.
/// The keys lie in one array, so that a look-up counts no references.
@frozen
public struct SpanTable<Value: Sendable>: Sendable {
    @usableFromInline var slots: [Int32]
    @usableFromInline var entries: [SpanTableEntry]
    @usableFromInline var keys: [UInt8]
    @usableFromInline var values: [Value]

    /// Makes the table; a repeated key is a mistake in the list and traps.
    public init(_ entries: [(key: String, value: Value)]) {
        self.init(salted: entries.map { (0, $0.key, $0.value) })
    }

    /// Makes a table of several sets; a key repeated under one salt traps.
    init(salted list: [(salt: UInt16, key: String, value: Value)]) {
        var capacity = 8
        while capacity < list.count * 2 { capacity *= 2 }
        slots = Array(repeating: -1, count: capacity)
        entries = []
        keys = []
        values = []
        for (salt, key, value) in list {
            let bytes = Array(key.utf8)
            let slot = unsafe bytes.withUnsafeBytes { unsafe probe($0, salt) }
            precondition(slots[slot] < 0, "key \(key) stands twice")
            slots[slot] = Int32(entries.count)
            entries.append(
                SpanTableEntry(
                    start: UInt32(keys.count), count: UInt32(bytes.count), salt: salt))
            keys += bytes
            values.append(value)
        }
    }

    /// Returns the value of a key, or nil. Complexity: O(length of the key).
    @inlinable
    public subscript(_ key: RawSpan) -> Value? { self[key, salt: 0] }

    /// Returns the value of a key, or nil.
    public subscript(_ key: String) -> Value? { unsafe self[key.utf8Span.span.bytes] }

    @inlinable
    subscript(_ key: RawSpan, salt salt: UInt16) -> Value? {
        let index = slots[unsafe key.withUnsafeBytes { unsafe probe($0, salt) }]
        return index < 0 ? nil : values[Int(index)]
    }

    /// Finds the slot that holds the key, or the free one where it would go.
    @inlinable
    func probe(_ key: UnsafeRawBufferPointer, _ salt: UInt16) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: unsafe Self.hash(key, salt)) & mask
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if entry.salt == salt, Int(entry.count) == key.count, unsafe holds(entry, key) { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    @inlinable
    func holds(_ entry: SpanTableEntry, _ key: UnsafeRawBufferPointer) -> Bool {
        let start = Int(entry.start)
        return unsafe keys.withUnsafeBytes {
            unsafe UnsafeRawBufferPointer(rebasing: $0[start..<start + key.count])
                .isEqual(to: key)
        }
    }

    /// Takes eight bytes a step through a wide multiplication, fewer than eight in one. The keys are
    /// ours and few, so this need not withstand chosen ones: who asks for another name only walks
    /// to the next free slot.
    @inlinable
    static func hash(_ key: UnsafeRawBufferPointer, _ salt: UInt16) -> UInt64 {
        let count = key.count
        let seed = (UInt64(salt) << 16 | UInt64(count)) &* 0x9E37_79B9_7F4A_7C15
        guard count >= 8 else {
            // Two halves that overlap, or the first, middle and last of one to three bytes.
            if count >= 4 {
                let low = unsafe key.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
                let high = unsafe key.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
                return mix(seed ^ (UInt64(high) << 32 | UInt64(low)))
            }
            guard count > 0 else { return mix(seed) }
            let middle = unsafe UInt64(key[count / 2]) << 8
            return unsafe mix(seed ^ (UInt64(key[0]) | middle | UInt64(key[count - 1]) << 16))
        }
        // The last step overlaps the one before.
        let last = count - 8
        var hash = seed
        var offset = 0
        while offset < last {
            hash = unsafe mix(hash ^ key.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        return unsafe mix(hash ^ key.loadUnaligned(fromByteOffset: last, as: UInt64.self))
    }

    @inlinable
    static func mix(_ value: UInt64) -> UInt64 {
        let wide = (value ^ 0x2D35_8DCC_AA6C_78A5).multipliedFullWidth(by: 0x8BB8_4B93_962E_ACC9)
        return wide.high ^ wide.low
    }
}

/// Where a key lies among the keys of its table.
@frozen
@usableFromInline
struct SpanTableEntry: Sendable {
    @usableFromInline let start: UInt32
    @usableFromInline let count: UInt32
    @usableFromInline let salt: UInt16

    @inlinable
    init(start: UInt32, count: UInt32, salt: UInt16) {
        self.start = start
        self.count = count
        self.salt = salt
    }
}
