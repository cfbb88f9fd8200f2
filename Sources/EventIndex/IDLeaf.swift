internal import EventModel

/// A stored part of a run's ids: all those whose hash's first half lies between two bounds.
///
///     key    0: run (2, BE)   2: lowest hash it covers (8, BE)
///     value  0: highest hash it covers (8, LE)
///            8: entries in order of (hash, offset): hash (8, LE), offset (4, LE)
///            CRC-32C of key and value (4, LE)
///
/// The offset is the position's distance from the segment's first. The leaves of a run cover every
/// hash, each just one: that a hash is not there is said by the leaf that would hold it, and not by
/// the way through LMDB's pages, which carry no checksums. Equal hashes are never torn apart.
struct IDLeaf: ~Escapable {
    static let keyBytes = 10
    static let fenceBytes = 8
    static let entryBytes = 12

    /// The bounds of what it covers, both included.
    let lowest: UInt64
    let highest: UInt64
    private let entries: RawSpan

    /// Reads a pair of the run; nil when it is not what was written.
    @_lifetime(copy value)
    init?(run: UInt16, key: RawSpan, value: RawSpan) {
        guard key.byteCount == Self.keyBytes, value.byteCount <= IndexLimits.leafBytesMax,
            key.load(bigEndian: UInt16.self, at: 0) == run,
            let content = LeafChecksum.checked(value, key: key),
            content.byteCount >= Self.fenceBytes,
            (content.byteCount - Self.fenceBytes) % Self.entryBytes == 0
        else { return nil }
        lowest = key.load(bigEndian: UInt64.self, at: 2)
        highest = content.load(littleEndian: UInt64.self, at: 0)
        entries = content.extracting(Self.fenceBytes..<content.byteCount)
    }

    /// Writes the key of the leaf of this run that begins with a hash.
    static func write(run: UInt16, lowest: UInt64, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(bigEndian: run)
        key.append(bigEndian: lowest)
    }

    var count: Int { entries.byteCount / Self.entryBytes }

    func hash(at index: Int) -> UInt64 {
        entries.load(littleEndian: UInt64.self, at: index * Self.entryBytes)
    }

    func offset(at index: Int) -> UInt32 {
        entries.load(littleEndian: UInt32.self, at: index * Self.entryBytes + 8)
    }

    /// Returns the index of the first entry with this hash or a higher one.
    func firstIndex(atLeast hash: UInt64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self.hash(at: middle) < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
