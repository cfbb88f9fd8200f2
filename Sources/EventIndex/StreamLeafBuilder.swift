internal import EventModel
internal import LMDB

/// Packs a run's streams, given in order of the hash with their offsets ascending, into leaves.
struct StreamLeafBuilder {
    private let database: Database
    private let run: UInt16
    private var lowest = StreamPoint.first
    private var key: [UInt8] = []
    /// The leaf so far, its highest point left open.
    private var value: [UInt8] = []

    // The group being made, of `stream`.
    private var stream = KeyHash.first
    private var before = 0
    private var count = 0
    private var firstOffset: UInt32 = 0
    private var lastOffset: UInt32 = 0
    private var offsets: [UInt8] = []

    /// How many different streams have come.
    private(set) var streamCount = 0

    private static let room = StreamPoint.byteCount + IndexLimits.streamGroupBytesPerLeaf

    init(_ database: Database, run: UInt16) {
        self.database = database
        self.run = run
        key.reserveCapacity(StreamPoint.keyBytes)
        value.reserveCapacity(IndexLimits.pairBytesMax)
        offsets.reserveCapacity(IndexLimits.pairBytesMax)
        value.append(contentsOf: repeatElement(0, count: StreamPoint.byteCount))
    }

    /// Begins the next stream.
    mutating func begin(_ next: KeyHash) {
        precondition(streamCount == 0 || stream < next, "streams come in order of their hashes")
        endGroup()
        stream = next
        before = 0
        streamCount += 1
    }

    /// Adds the next offset of the stream that was begun last.
    mutating func append(_ offset: UInt32, to sink: inout LeafSink) throws(IndexError) {
        precondition(before + count == 0 || offset > lastOffset, "offsets ascend")
        let step = count == 0 ? offset : offset - lastOffset
        if value.count + groupBytes(adding: Self.varintBytes(step)) > Self.room {
            try makeRoom(for: offset, to: &sink)
        }
        if count == 0 { firstOffset = offset }
        offsets.append(varint: UInt64(count == 0 ? offset : offset - lastOffset))
        lastOffset = offset
        count += 1
    }

    /// Ends the leaf: before the group if that is small and has others before it, else within.
    private mutating func makeRoom(
        for offset: UInt32, to sink: inout LeafSink
    ) throws(IndexError) {
        let isWhole = before == 0 && groupBytes(adding: 5) <= IndexLimits.streamGroupBytesWhole
        if !isWhole { cutGroup() }
        // A cut group goes on with this offset; an uncut one is a stream's beginning.
        let isCut = before > 0
        let next = StreamPoint(stream: stream, offset: isCut ? offset : 0)
        try flush(highest: next.predecessor ?? .first, to: &sink)
        lowest = next
    }

    /// Writes the last leaf, which covers all higher points.
    mutating func finish(to sink: inout LeafSink) throws(IndexError) {
        endGroup()
        try flush(highest: .last, to: &sink)
    }

    private func groupBytes(adding more: Int) -> Int {
        let bytes = offsets.count + more
        return 16 + Self.varintBytes(UInt32(before)) + Self.varintBytes(UInt32(count + 1))
            + Self.varintBytes(UInt32(bytes)) + bytes
    }

    private static func varintBytes(_ value: UInt32) -> Int {
        (38 - (value | 1).leadingZeroBitCount) / 7
    }

    /// Puts the group into the leaf; the stream goes on behind it.
    private mutating func cutGroup() {
        let written = count
        endGroup()
        before += written
    }

    private mutating func endGroup() {
        guard count > 0 else { return }
        value.append(littleEndian: stream.high)
        value.append(littleEndian: stream.low)
        value.append(varint: UInt64(before))
        value.append(varint: UInt64(count))
        value.append(varint: UInt64(offsets.count))
        value.append(contentsOf: offsets)
        offsets.removeAll(keepingCapacity: true)
        count = 0
    }

    private mutating func flush(
        highest: StreamPoint, to sink: inout LeafSink
    ) throws(IndexError) {
        lowest.write(run: run, to: &key)
        value.store(littleEndian: highest.stream.high, at: 0)
        value.store(littleEndian: highest.stream.low, at: 8)
        value.store(littleEndian: highest.offset, at: 16)
        LeafChecksum.append(to: &value, key: key)
        try sink.append(database, key: key.rawSpan, value: value.rawSpan)
        value.removeAll(keepingCapacity: true)
        value.append(contentsOf: repeatElement(0, count: StreamPoint.byteCount))
    }
}
