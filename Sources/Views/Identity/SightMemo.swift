internal import EventModel

/// Where the rows of identifiers stand, by the bytes in which events hold them: most events show one
/// identifier that another has shown a moment ago, and its normal form and key are the same again.
///
/// It is good until the changes are taken or the rules change, and for one scope. Of two that fall
/// on one place the later is kept.
struct SightMemo {
    private struct Entry {
        var hash: UInt32 = 0
        /// It is good while this is the memo's.
        var generation: UInt32 = 0
        /// Where in `bytes` the identifier stands.
        var start: UInt32 = 0
        var byteCount: UInt32 = 0
        var slot: UInt32 = 0
        /// The number of the kind; below 0 for a kind without rules.
        var kind: Int32 = -1
    }

    private static let entryCount = 8_192
    /// A longer identifier is looked for as if it were new.
    private static let identifierBytesMax = 64

    private var entries: [Entry] = []
    private var bytes: [UInt8] = []
    private var generation: UInt32 = 1

    /// Returns the slot and kind of an identifier as an event holds it, where they are known.
    func find(_ identifier: RawSpan) -> (slot: Int, kind: Int?)? {
        guard !entries.isEmpty else { return nil }
        let hash = KeyIndex.hash(identifier)
        let entry = entries[Int(hash) & (Self.entryCount - 1)]
        guard entry.hash == hash, entry.generation == generation,
            Int(entry.byteCount) == identifier.byteCount
        else { return nil }
        let start = Int(entry.start)
        let isSame = unsafe bytes.span.bytes.extracting(start..<start + identifier.byteCount)
            .equals(identifier)
        return isSame ? (Int(entry.slot), entry.kind < 0 ? nil : Int(entry.kind)) : nil
    }

    /// Takes note of where an identifier stands.
    mutating func note(_ identifier: RawSpan, slot: Int, kind: Int?) {
        guard identifier.byteCount <= Self.identifierBytesMax else { return }
        if entries.isEmpty { entries = Array(repeating: Entry(), count: Self.entryCount) }
        let hash = KeyIndex.hash(identifier)
        entries[Int(hash) & (Self.entryCount - 1)] = Entry(
            hash: hash, generation: generation, start: UInt32(bytes.count),
            byteCount: UInt32(identifier.byteCount), slot: UInt32(slot),
            kind: kind.map { Int32($0) } ?? -1)
        bytes.append(identifier)
    }

    /// Forgets all.
    mutating func removeAll() {
        generation += 1
        bytes.removeAll(keepingCapacity: true)
    }
}
