internal import EventModel

/// A place in the order of a run's stream entries: a stream and an offset within the segment.
struct StreamPoint: Hashable, Comparable {
    var stream: KeyHash
    var offset: UInt32

    /// The bytes it takes: both halves of the hash and the offset.
    static let byteCount = 20
    /// The bytes of a key: the run and the point.
    static let keyBytes = 22

    static let first = StreamPoint(stream: .first, offset: 0)
    static let last = StreamPoint(stream: .last, offset: .max)

    static func < (left: StreamPoint, right: StreamPoint) -> Bool {
        left.stream != right.stream ? left.stream < right.stream : left.offset < right.offset
    }

    /// The point before this one; the first one has none.
    var predecessor: StreamPoint? {
        if offset > 0 { return StreamPoint(stream: stream, offset: offset - 1) }
        return stream.predecessor.map { StreamPoint(stream: $0, offset: .max) }
    }

    /// The point behind this one; the last one has none.
    var successor: StreamPoint? {
        if offset < .max { return StreamPoint(stream: stream, offset: offset + 1) }
        if stream.low < .max {
            return StreamPoint(
                stream: KeyHash(high: stream.high, low: stream.low + 1), offset: 0)
        }
        guard stream.high < .max else { return nil }
        return StreamPoint(stream: KeyHash(high: stream.high + 1, low: 0), offset: 0)
    }

    init(stream: KeyHash, offset: UInt32) {
        self.stream = stream
        self.offset = offset
    }

    /// Reads the point behind the run of a key.
    init(key: RawSpan) {
        stream = KeyHash(
            high: key.load(bigEndian: UInt64.self, at: 2),
            low: key.load(bigEndian: UInt64.self, at: 10))
        offset = key.load(bigEndian: UInt32.self, at: 18)
    }

    /// Reads the point at the start of a value.
    init(value: RawSpan) {
        stream = KeyHash(
            high: value.load(littleEndian: UInt64.self, at: 0),
            low: value.load(littleEndian: UInt64.self, at: 8))
        offset = value.load(littleEndian: UInt32.self, at: 16)
    }

    /// Writes the key of the leaf of this run that begins here.
    func write(run: UInt16, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(bigEndian: run)
        key.append(bigEndian: stream.high)
        key.append(bigEndian: stream.low)
        key.append(bigEndian: offset)
    }
}
