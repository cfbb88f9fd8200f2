public import EventModel
internal import Glibc
internal import LMDB
internal import Zstd

/// One segment's file for who looks into it: read only, beside a daemon or without one, and of a
/// damaged file whatever can be read.
///
/// Its pages are looked at with plain reads first, since liblmdb believes them. Where any is
/// damaged the file is not opened through liblmdb at all; its blocks are found by their heads.
public struct SegmentInspection: Sendable {
    /// The first position it may hold, by its name.
    public let first: Position
    /// Its file's name.
    public let file: String
    /// What is wrong with it as a whole; empty for a file that can be opened.
    public let faults: [String]
    /// The running digest before its first position.
    public let start: Digest?
    /// Its last position, once it is sealed.
    public let sealedAt: Position?
    /// The zstd dictionary of its blocks; nil for none, or where it cannot be read.
    public let dictionary: [UInt8]?

    private let path: String
    private let segment: Segment?

    /// Returns the first positions of a store's segments, in order.
    ///
    /// - Throws: `system`.
    public static func firsts(store: String) throws(EventLogError) -> [Position] {
        try SegmentFiles.firsts(store + "/log")
    }

    /// Looks into the segment that holds a position.
    ///
    /// - Throws: `notAStore` when there is no segment, `system`.
    public static func open(
        store: String, holding position: Position
    ) throws(EventLogError) -> SegmentInspection {
        let firsts = try firsts(store: store)
        guard let first = firsts.last(where: { $0 <= position }) ?? firsts.first else {
            throw .notAStore(path: store, found: "its log has no segment")
        }
        return SegmentInspection(store, first)
    }

    private init(_ store: String, _ first: Position) {
        self.first = first
        file = "log/" + Segment.fileName(first: first)
        path = store + "/" + file
        var faults: [String] = []
        var opened: Segment?
        // A file that nobody writes any more has no lock file beside it.
        let isShared = unsafe access(path + "-lock", R_OK | W_OK) == 0
        do {
            let pages = try Environment.pageFaults(
                path: path, sharedMapBytes: isShared ? LogLimits.segmentMapBytes : nil)
            faults = pages.filter { !$0.isForWriting }.map { "\($0)" }
            if faults.isEmpty {
                opened =
                    isShared
                    ? try Segment.openShared(path: path, first: first)
                    : try Segment.openUnchanging(path: path, first: first)
            }
        } catch {
            faults.append("\(error)")
        }
        self.faults = faults
        segment = opened
        start = opened?.start
        sealedAt = opened?.end?.last
        dictionary = opened?.dictionary?.bytes
    }

    /// Shows its blocks in order, from the one that holds a position on, until `body` wants no more.
    ///
    /// - Throws: `storage`, `system`.
    public func blocks(
        from position: Position, _ body: (StoredBlock) -> Bool
    ) throws(EventLogError) {
        guard let segment else {
            for found in try SegmentCarving.blocks(path: path)
            where found.header.last >= position {
                guard body(Self.block(found)) else { return }
            }
            return
        }
        do throws(LMDBError) {
            let transaction = try segment.environment.beginRead()
            var cursor = try transaction.cursor(segment.blocks)
            var isOnBlock = try cursor.seek(atLeast: position.rawValue)
            if isOnBlock ? cursor.integerKey > position.rawValue : true {
                let before = isOnBlock ? try cursor.previous() : try cursor.last()
                // Before the first block nothing lies: the cursor is put back on that.
                isOnBlock = before ? true : try cursor.seek(atLeast: position.rawValue)
            }
            while isOnBlock {
                let block = Self.block(cursor.value, cursor.integerKey)
                if block.last >= position || block.fault != nil, !body(block) { return }
                isOnBlock = try cursor.next()
            }
        } catch {
            throw .storage(error)
        }
    }

    private static func block(_ found: SegmentCarving.Found) -> StoredBlock {
        StoredBlock(
            found.header, frameBytes: found.bytes.count - BlockHeader.byteCount,
            offset: found.offset)
    }

    private static func block(_ bytes: RawSpan, _ key: UInt64) -> StoredBlock {
        do throws(EventLogError) {
            return StoredBlock(
                try BlockHeader(checking: bytes, key: key),
                frameBytes: bytes.byteCount - BlockHeader.byteCount)
        } catch {
            return StoredBlock(
                damaged: Position(key), byteCount: bytes.byteCount, SegmentAudit.reason(error))
        }
    }

    /// Reads the block that holds a position; nil where none does.
    ///
    /// - Throws: `storage`, `system`.
    public func content(at position: Position) throws(EventLogError) -> BlockContent? {
        guard let segment else {
            let found = try SegmentCarving.blocks(path: path)
                .last { $0.header.first <= position && $0.header.last >= position }
            return found.map { content(Self.block($0), $0.bytes) }
        }
        do throws(LMDBError) {
            let transaction = try segment.environment.beginRead()
            var cursor = try transaction.cursor(segment.blocks)
            var isOnBlock = try cursor.seek(atLeast: position.rawValue)
            if isOnBlock ? cursor.integerKey > position.rawValue : true {
                isOnBlock = isOnBlock ? try cursor.previous() : try cursor.last()
            }
            guard isOnBlock else { return nil }
            let block = Self.block(cursor.value, cursor.integerKey)
            guard block.fault != nil || block.last >= position else { return nil }
            return content(block, cursor.value.copied())
        } catch {
            throw .storage(error)
        }
    }

    /// Decompresses a block. Without the segment's own dictionary the one that stores begin with is
    /// tried: a frame names its own, so a wrong one is told.
    private func content(_ block: StoredBlock, _ bytes: [UInt8]) -> BlockContent {
        let frame = bytes.dropFirst(BlockHeader.byteCount)
        var records: [UInt8] = []
        do throws(ZstdError) {
            let chosen = dictionary ?? (segment == nil ? FirstDictionary.bytes : nil)
            var decompressor = try Decompressor(
                dictionary: try chosen.map { (bytes) throws(ZstdError) in
                    try CompressionDictionary(bytes)
                })
            let source = Array(frame)
            try decompressor.decompress(
                source.rawSpan, limit: LogLimits.blockRawBytesMax, into: &records)
        } catch {
            return BlockContent(
                block: block, bytes: bytes, records: [],
                fault: "its frame cannot be decompressed (\(error))")
        }
        var starts: [Int] = []
        let isWhole = CommittedRound.findStarts(of: records, into: &starts)
        let split = starts.indices.map { index in
            Array(
                records[
                    starts[index]..<(index + 1 < starts.count ? starts[index + 1] : records.count)])
        }
        return BlockContent(
            block: block, bytes: bytes, records: split,
            fault: isWhole ? nil : "behind record \(split.count) nothing can be read")
    }
}
