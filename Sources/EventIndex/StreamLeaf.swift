internal import EventModel

/// A stored part of a run's streams: all entries between two points.
///
///     key    0: run (2, BE)   2: lowest point it covers: hash (16, BE), offset (4, BE)
///     value  0: highest point it covers: hash (8 + 8, LE), offset (4, LE)
///           20: groups in order of the hash
///            CRC-32C of key and value (4, LE)
///     group  hash (8 + 8, LE)
///            number of the stream's entries in this run before the group (varint)
///            number of entries in the group, not 0 (varint)
///            bytes of the offsets (varint)
///            offsets: the first, then each one's distance from the one before (varints)
///
/// The leaves of a run cover every point, each just one, for the reason told at `IDLeaf`. Small
/// streams share a leaf. A stream that is cut goes on in the next leaf, which begins with the point
/// of its first entry: whoever looks for the entries around an offset finds one leaf, which says
/// how many came before.
struct StreamLeaf: ~Escapable {
    /// The bounds of what it covers, both included.
    let lowest: StreamPoint
    let highest: StreamPoint
    private let groups: RawSpan

    /// Reads a pair of the run; nil when it is not what was written.
    @_lifetime(copy value)
    init?(run: UInt16, key: RawSpan, value: RawSpan) {
        guard key.byteCount == StreamPoint.keyBytes,
            value.byteCount <= IndexLimits.pairBytesMax,
            key.load(bigEndian: UInt16.self, at: 0) == run,
            let content = LeafChecksum.checked(value, key: key),
            content.byteCount >= StreamPoint.byteCount
        else { return nil }
        lowest = StreamPoint(key: key)
        highest = StreamPoint(value: content)
        groups = content.extracting(StreamPoint.byteCount..<content.byteCount)
    }

    /// One stream's entries in a leaf.
    struct Group: ~Escapable {
        let stream: KeyHash
        /// How many of the stream's entries in this run come before.
        let before: Int
        /// How many are here.
        let count: Int
        fileprivate let offsets: RawSpan

        @_lifetime(copy offsets)
        fileprivate init(_ stream: KeyHash, before: Int, count: Int, offsets: RawSpan) {
            self.stream = stream
            self.before = before
            self.count = count
            self.offsets = offsets
        }

        /// Replaces the numbers in `list` by the group's offsets, ascending; false when they are
        /// not what was written.
        func decode(into list: inout [UInt32]) -> Bool {
            list.removeAll(keepingCapacity: true)
            list.reserveCapacity(count)
            var place = 0
            var offset: UInt32 = 0
            for index in 0..<count {
                guard place < offsets.byteCount else { return false }
                // Nearly every step of a big stream is one byte.
                var step = UInt32(offsets[place])
                if step < 0x80 {
                    place &+= 1
                } else {
                    guard let long = StreamLeaf.varint(offsets, &place) else { return false }
                    step = long
                }
                let (next, overflow) = offset.addingReportingOverflow(step)
                guard !overflow, index == 0 || step > 0 else { return false }
                offset = next
                list.append(offset)
            }
            return place == offsets.byteCount
        }
    }

    /// Where the first group begins.
    static let start = 0

    /// Reads the group at a place and moves the place behind it; nil at the end, and when the bytes
    /// are not a group: then the place is not the end.
    @_lifetime(copy self)
    func group(at place: inout Int) -> Group? {
        guard groups.byteCount - place >= 16 else { return nil }
        let stream = KeyHash(
            high: groups.load(littleEndian: UInt64.self, at: place),
            low: groups.load(littleEndian: UInt64.self, at: place + 8))
        var next = place + 16
        guard let before = Self.varint(groups, &next), let count = Self.varint(groups, &next),
            let bytes = Self.varint(groups, &next), count > 0, count <= bytes,
            Int(bytes) <= groups.byteCount - next
        else { return nil }
        place = next + Int(bytes)
        return Group(
            stream, before: Int(before), count: Int(count), offsets: groups.extracting(next..<place)
        )
    }

    /// Tells whether a place is the end.
    func isEnd(_ place: Int) -> Bool { place == groups.byteCount }

    /// Reads an unsigned integer of at most 32 bits.
    fileprivate static func varint(_ bytes: RawSpan, _ place: inout Int) -> UInt32? {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while place < bytes.byteCount, shift < 35 {
            let byte = bytes[place]
            place += 1
            guard shift < 28 || byte < 0x10 else { return nil }
            value |= UInt32(byte & 0x7F) &<< shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
