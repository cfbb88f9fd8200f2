internal import EventModel
internal import Glibc

/// The journal: a ring of the rounds that are committed and not yet in a segment. One write, which
/// is one flush, makes a round durable. One thread owns it: the one that owns the order.
@safe
struct Journal: ~Copyable {
    /// What a record begins at a multiple of, and what a write is rounded up to: the greatest
    /// sector that disks have.
    static let alignment = 4_096

    /// A record whose place may not be used again.
    struct Live {
        let offset: Int
        let end: Int
        let last: Position
    }

    private let file: JournalFile
    private let buffer: UnsafeMutableRawBufferPointer
    private var sequence: UInt64
    /// Where the next record goes, unless it must wrap.
    private var next: Int
    private var live: [Live]
    private var liveStart = 0
    /// Bytes of the ring that hold live records.
    private(set) var liveBytes: Int
    /// What of it is on disk; nil where each write is a flush.
    let flush: JournalFlush?

    /// Goes on with a file all of which is on disk.
    init(
        file: consuming JournalFile, sequence: UInt64, next: Int, live: [Live]
    ) throws(EventLogError) {
        flush = file.flushesWrites ? nil : try JournalFlush(of: file, newest: sequence - 1)
        let bytes = JournalRecord.byteCount + LogLimits.roundBytesHardMax
        unsafe buffer = .allocate(
            byteCount: Self.aligned(bytes), alignment: Self.alignment)
        self.file = file
        self.sequence = sequence
        self.next = next
        self.live = live
        liveBytes = live.reduce(0) { $0 + $1.end - $1.offset }
    }

    deinit { unsafe buffer.deallocate() }

    static func aligned(_ bytes: Int) -> Int { (bytes + alignment - 1) & ~(alignment - 1) }

    /// The bytes of the whole ring.
    var ringBytes: Int { file.ringBytes }

    /// Whether a round of so many bytes has room now.
    func hasRoom(records: Int, seeds: Int) -> Bool {
        place(of: JournalRecord.byteCount + seeds * JournalRecord.seedBytes + records) != nil
    }

    private func place(of bytes: Int) -> Int? {
        let bytes = Self.aligned(bytes)
        guard liveStart < live.count else {
            if next + bytes <= file.ringBytes { return next }
            return bytes <= file.ringBytes ? 0 : nil
        }
        let oldest = live[liveStart].offset
        if next > oldest {
            if next + bytes <= file.ringBytes { return next }
            return bytes < oldest ? 0 : nil
        }
        return next + bytes < oldest ? next : nil
    }

    /// Writes a round's events, which must have room.
    ///
    /// - Throws: `full`, after which nothing of the round is in the journal. `system`: whether it
    ///   is on disk is then unknown, and nothing may be written any more.
    mutating func write(
        _ records: RawSpan, first: Position, count: UInt32, seeds: [SaltSeed],
        beginsSegment: Bool = false
    ) throws(EventLogError) {
        let bytes =
            JournalRecord.byteCount + seeds.count * JournalRecord.seedBytes + records.byteCount
        guard let offset = place(of: bytes) else {
            preconditionFailure("a round is written where there is room")
        }
        // A release build does not look at what is copied into the buffer.
        precondition(
            unsafe Self.aligned(bytes) <= buffer.count, "a round is no larger than it may be")
        let record = JournalRecord(
            bytes: bytes, sequence: sequence, key: file.key, first: first, count: count,
            seedCount: UInt32(seeds.count), beginsSegment: beginsSegment,
            flushed: flush?.flushed ?? sequence - 1)
        unsafe Self.fill(buffer, record, seeds, records)
        let end = Self.aligned(bytes)
        unsafe (buffer.baseAddress! + bytes).initializeMemory(
            as: UInt8.self, repeating: 0, count: end - bytes)
        try writeOut(end, at: offset)
        flush?.wrote(sequence)
        sequence += 1
        next = offset + end
        guard count > 0 else { return }
        live.append(Live(offset: offset, end: offset + end, last: record.last))
        liveBytes += end
    }

    private static func fill(
        _ buffer: UnsafeMutableRawBufferPointer, _ record: JournalRecord, _ seeds: [SaltSeed],
        _ records: RawSpan
    ) {
        var offset = JournalRecord.byteCount
        for seed in seeds {
            unsafe buffer.storeBytes(
                of: seed.group.littleEndian, toByteOffset: offset, as: UInt64.self)
            for (index, byte) in seed.bytes.enumerated() {
                unsafe buffer[offset + 8 + index] = byte
            }
            offset += JournalRecord.seedBytes
        }
        unsafe records.withUnsafeBytes { records in
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[offset...])
                .copyMemory(from: records)
        }
        let body = unsafe UnsafeRawBufferPointer(buffer)[JournalRecord.byteCount..<record.bytes]
        let head = record.head { head in
            unsafe CRC32C.checksum(
                UnsafeRawBufferPointer(rebasing: body).bytes, continuing: head)
        }
        unsafe head.withUnsafeBytes { unsafe buffer.copyMemory(from: $0) }
    }

    private func writeOut(_ bytes: Int, at offset: Int) throws(EventLogError) {
        let record = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<bytes])
        do throws(EventLogError) {
            try unsafe file.write(UnsafeRawBufferPointer(record), at: offset)
        } catch {
            if case .full = error { try unsafe file.revoke(sequence: sequence, record, at: offset) }
            throw error
        }
    }

    /// Overwrites the ring from an offset on with zeros, a piece of it at most, but for what is live:
    /// rounds that come meanwhile wait for it.
    ///
    /// - Parameter offset: Moved behind what was overwritten or passed over.
    /// - Returns: Whether the end of the ring is reached.
    mutating func wipe(at offset: inout Int) throws(EventLogError) -> Bool {
        let piece = unsafe min(buffer.count & ~(Self.alignment - 1), LogLimits.wipedBytesPerStep)
        var end = min(offset + piece, file.ringBytes & ~(Self.alignment - 1))
        var isLive = true
        while isLive {
            isLive = false
            for record in live[liveStart...] where record.offset < end && record.end > offset {
                if record.offset <= offset {
                    offset = record.end
                    end = max(end, offset)
                    isLive = true
                } else {
                    end = record.offset
                }
            }
        }
        if offset < end {
            let zeros = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<(end - offset)])
            unsafe zeros.initializeMemory(as: UInt8.self, repeating: 0)
            try unsafe file.write(UnsafeRawBufferPointer(zeros), at: offset)
            offset = end
        }
        return offset >= file.ringBytes & ~(Self.alignment - 1)
    }

    /// Gives back the room of events that a segment holds durably.
    mutating func release(through stored: Position) {
        while liveStart < live.count, live[liveStart].last <= stored {
            liveBytes -= live[liveStart].end - live[liveStart].offset
            liveStart += 1
        }
        if liveStart == live.count {
            live.removeAll(keepingCapacity: true)
            liveStart = 0
        } else if liveStart > 1_024, liveStart > live.count / 2 {
            live.removeFirst(liveStart)
            liveStart = 0
        }
    }
}
