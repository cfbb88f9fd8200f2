internal import EventModel
internal import LMDB
internal import Zstd

/// Reads blocks and holds the one read last, in buffers that are used again unless somebody else
/// keeps it.
struct BlockReader: ~Copyable {
    private var decompressor: Decompressor
    private var frame: [UInt8] = []
    /// What is held.
    private(set) var block = UnpackedBlock()

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

    /// Reads the last block of a segment that begins at a position or before it; nil when there is
    /// none. Nothing is held after an error.
    ///
    /// - Throws: `damagedBlock`, `storage`.
    mutating func read(
        _ segment: Segment, atOrBefore position: Position
    ) throws(EventLogError) -> BlockHeader? {
        block.starts.removeAll(keepingCapacity: true)
        guard let header = try segment.readBlock(atOrBefore: position, into: &frame) else {
            return nil
        }
        decompressor.dictionary = segment.dictionary
        try Self.unpack(frame, header, &decompressor, into: &block.records, &block.starts)
        block.first = header.first.rawValue
        return header
    }

    /// Holds what was unpacked before.
    mutating func hold(_ block: UnpackedBlock) { self.block = block }

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
}
