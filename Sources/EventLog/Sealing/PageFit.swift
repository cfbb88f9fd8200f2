/// How large blocks are to become so that they fill LMDB's pages, of which none holds a piece of a
/// value.
///
/// Blocks are put in the order of their keys: LMDB puts each on the newest page, or on a new one
/// where it has no room. A value beyond half a page has pages of its own; such blocks are let be.
///
/// Source: `mdb_leaf_size`, `mdb_page_split` and `me_nodemax` of liblmdb 0.9.24.
struct PageFit {
    /// Bytes of a page for entries.
    static let pageBytes = 4_096 - 16
    /// Bytes of an entry beside its value: head, key, its place in the page's list.
    static let entryBytes = 8 + 8 + 2
    /// The longest value that lies among others.
    static let sharingBytesMax = 2_022
    /// Bytes that an entry takes whose value has pages of its own: their number instead of it.
    private static let apartBytes = entryBytes + 8

    /// What is left of the newest page.
    private var room = pageBytes
    /// Bytes of frames for 65,536 bytes of records, as the latest blocks had it.
    private var density = 65_536 / 4
    /// Raw bytes at which the block at hand is full, or worth being tried.
    private(set) var goal = LogLimits.sealedBlockRawBytes
    /// Whether that block is to take what is left of its page, however much that is.
    private(set) var takesRest = false

    init() { aim() }

    /// Whether a block of so many bytes has room on the newest page.
    func holds(_ valueBytes: Int) -> Bool {
        valueBytes <= Self.sharingBytesMax && Self.cost(valueBytes) <= room
    }

    /// Notes a block that was put, and aims at the next.
    mutating func put(valueBytes: Int, rawBytes: Int) {
        let cost = Self.cost(valueBytes)
        room = (cost <= room ? room : Self.pageBytes) - cost
        let frame = valueBytes - BlockHeader.byteCount
        density += (frame * 65_536 / max(1, rawBytes) - density) / 16
        aim()
    }

    private static func cost(_ valueBytes: Int) -> Int {
        valueBytes <= sharingBytesMax ? entryBytes + (valueBytes + 1) & ~1 : apartBytes
    }

    private mutating func aim() {
        let frame = LogLimits.sealedBlockRawBytes * density / 65_536
        let usual = Self.entryBytes + BlockHeader.byteCount + frame
        guard usual <= Self.pageBytes / 2 else {
            (goal, takesRest) = (LogLimits.sealedBlockRawBytes, false)
            return
        }
        let share = Self.pageBytes / (Self.pageBytes / usual)
        // Of a page with less than half a share left nothing more is expected.
        let left = room >= share / 2 ? room : Self.pageBytes
        let blocks = max(1, (left + share / 2) / share)
        let value = min(left / blocks - Self.entryBytes, Self.sharingBytesMax)
        let raw = max(1, value - BlockHeader.byteCount) * 65_536 / max(1, density)
        takesRest = blocks == 1
        // A block that takes the rest is tried a little early, and grows while it has room.
        goal = min(takesRest ? raw * 13 / 16 : raw, LogLimits.sealedBlockRawBytesMax)
    }
}
