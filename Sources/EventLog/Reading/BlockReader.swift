internal import EventModel
internal import LMDB
internal import Zstd

/// Holds the records of one block, or of one round that is not in a segment yet, in buffers that
/// are used again.
struct BlockReader: ~Copyable {
    private var decompressor: Decompressor
    private var frame: [UInt8] = []
    private var records: [UInt8] = []
    private var starts: [Int] = []
    /// The position of the first record that is held.
    private var first: UInt64 = 0

    private init(_ decompressor: consuming Decompressor) { self.decompressor = decompressor }

    /// Makes a reader that holds nothing.
    ///
    /// - Parameter path: What is going to be read, for the error.
    static func make(path: String) throws(EventLogError) -> BlockReader {
        do throws(ZstdError) {
            return BlockReader(try Decompressor())
        } catch {
            throw .system(operation: "decompressor", path: path, errno: 12)
        }
    }

    /// The positions whose records are held.
    var positions: Range<UInt64> { first..<first + UInt64(starts.count) }

    /// Reads the last block of a segment that begins at a position or before it; nil when there is
    /// none. Nothing is held after an error.
    ///
    /// - Throws: `damagedBlock`, `storage`.
    mutating func read(
        _ segment: Segment, atOrBefore position: Position
    ) throws(EventLogError) -> BlockHeader? {
        starts.removeAll(keepingCapacity: true)
        guard let header = try segment.readBlock(atOrBefore: position, into: &frame) else {
            return nil
        }
        decompressor.dictionary = segment.dictionary
        try Self.unpack(frame, header, &decompressor, into: &records, &starts)
        first = header.first.rawValue
        return header
    }

    /// Holds the records of a round.
    mutating func hold(_ round: CommittedRound) {
        records = round.records
        starts = round.starts
        first = round.first.rawValue
    }

    /// Decompresses a block's frame and finds where its records start; neither buffer holds anything
    /// of use after an error, and `starts` is empty.
    ///
    /// - Throws: `damagedBlock`.
    static func unpack(
        _ frame: [UInt8], _ header: BlockHeader, _ decompressor: inout Decompressor,
        into records: inout [UInt8], _ starts: inout [Int]
    ) throws(EventLogError) {
        records.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        do throws(ZstdError) {
            try decompressor.decompress(
                frame.rawSpan, limit: Int(header.rawBytes), into: &records)
        } catch {
            throw .damagedBlock(
                first: header.first, reason: "its frame cannot be decompressed (\(error))")
        }
        let isWhole =
            records.count == Int(header.rawBytes)
            && CommittedRound.findStarts(of: records, into: &starts)
        guard isWhole, starts.count == Int(header.count) else {
            let found = starts.count
            starts.removeAll(keepingCapacity: true)
            throw .damagedBlock(
                first: header.first,
                reason: "its frame holds \(records.count) bytes and \(found) whole records, "
                    + "\(header.rawBytes) and \(header.count) expected")
        }
    }

    /// The bytes of the record of a position that is held.
    func byteCount(at position: Position) -> Int {
        let index = Int(position.rawValue - first)
        return end(index) - starts[index]
    }

    private func end(_ index: Int) -> Int {
        index + 1 < starts.count ? starts[index + 1] : records.count
    }

    /// The event of a position that is held.
    ///
    /// - Throws: `damagedBlock` when its record has not an event's form, or not this position.
    @_lifetime(borrow self)
    func event(at position: Position) throws(EventLogError) -> EventView {
        let index = Int(position.rawValue - first)
        let event: EventView
        do throws(MalformedBytes) {
            event = try EventView(checking: records.rawSpan.extracting(starts[index]..<end(index)))
        } catch {
            throw .damagedBlock(first: position, reason: "its \(error.what) is malformed")
        }
        guard event.position == position else {
            let reason = "it holds the event of position \(event.position)"
            throw .damagedBlock(first: position, reason: reason)
        }
        return event
    }

    /// Shows the event of a position that is held.
    ///
    /// - Throws: What `event` throws, and what `body` does.
    func show<Failure: Error>(
        _ position: Position, _ body: (borrowing EventView) throws(Failure) -> Void
    ) throws(ReadFailure<Failure>) {
        let event: EventView
        do throws(EventLogError) {
            event = try self.event(at: position)
        } catch {
            throw .log(error)
        }
        do throws(Failure) {
            try body(event)
        } catch {
            throw .body(error)
        }
    }
}
