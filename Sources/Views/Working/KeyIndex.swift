internal import EventModel

/// Finds the slot of a key: open addressing over one word an entry, so that a look-up reads one
/// key, and that only to confirm.
///
///     entry  upper half: the hash; lower half: the slot plus one, 0 in a free entry
struct KeyIndex {
    private var entries = [UInt64](repeating: 0, count: 16)
    private var count = 0

    init() {}

    /// Drawn once a process: who knows the hash could make keys collide. No order of this index
    /// reaches a row.
    private static let seed = UInt64.random(in: .min ... .max)

    /// Returns the hash of a key; it differs from process to process and is stored nowhere.
    static func hash(_ key: [UInt8]) -> UInt32 { unsafe hash(key.span.bytes) }

    /// Returns the hash of a key.
    static func hash(_ key: RawSpan) -> UInt32 {
        unsafe key.withUnsafeBytes { bytes in
            var hash = seed ^ UInt64(bytes.count)
            var offset = 0
            while offset + 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                hash = mix(hash ^ word)
                offset += 8
            }
            var rest: UInt64 = 0
            while offset < bytes.count {
                rest = rest << 8 | UInt64(unsafe bytes[offset])
                offset += 1
            }
            return UInt32(truncatingIfNeeded: mix(hash ^ rest) >> 16)
        }
    }

    /// Takes eight bytes a step through a wide multiplication, as wyhash does.
    private static func mix(_ value: UInt64) -> UInt64 {
        let wide = (value ^ 0x2D35_8DCC_AA6C_78A5).multipliedFullWidth(by: 0x8BB8_4B93_962E_ACC9)
        return wide.high ^ wide.low
    }

    /// Returns the slot whose key it is.
    @inline(__always)
    func slot(_ hash: UInt32, where isKey: (Int) -> Bool) -> Int? {
        let mask = entries.count - 1
        var place = Int(hash) & mask
        while entries[place] != 0 {
            let entry = entries[place]
            if UInt32(truncatingIfNeeded: entry >> 32) == hash {
                let slot = Int(UInt32(truncatingIfNeeded: entry)) - 1
                if isKey(slot) { return slot }
            }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Adds a slot whose key is not there yet.
    mutating func insert(_ slot: Int, _ hash: UInt32) {
        if (count + 1) * 2 > entries.count { grow() }
        place(UInt64(hash) << 32 | UInt64(slot + 1))
        count += 1
    }

    private mutating func place(_ entry: UInt64) {
        let mask = entries.count - 1
        var place = Int(entry >> 32) & mask
        while entries[place] != 0 { place = (place + 1) & mask }
        entries[place] = entry
    }

    private mutating func grow() {
        let old = entries
        entries = [UInt64](repeating: 0, count: old.count * 2)
        for entry in old where entry != 0 { place(entry) }
    }

    /// Forgets all, keeping the room.
    mutating func removeAll() {
        for index in entries.indices { entries[index] = 0 }
        count = 0
    }
}
