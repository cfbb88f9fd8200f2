public import EventModel
internal import LMDB
internal import Zstd

/// Reads events in place, for one thread. It keeps the block it decompressed last, so events that
/// lie together cost one decompression.
public struct LogReader: ~Copyable {
    private let segment: Segment
    private let head: HeadSignal
    private var decompressor: Decompressor
    private var compressed: [UInt8] = []
    /// The records of the block read last, and where each starts.
    private var records: [UInt8] = []
    private var starts: [Int] = []
    private var loaded: Range<UInt64> = 0..<0

    init(segment: Segment, head: HeadSignal) throws(EventLogError) {
        self.segment = segment
        self.head = head
        do {
            decompressor = try Decompressor(dictionary: segment.dictionary)
        } catch {
            throw .notAStore(
                path: segment.environment.path, found: "its dictionary cannot be used (\(error))")
        }
    }

    /// The last committed position.
    public var lastPosition: Position { head.position }

    /// Shows one event; returns false for a position that the log does not have.
    ///
    /// - Throws: `.log(.damagedBlock)` when the log has the position and cannot show its event.
    public mutating func event<Failure: Error>(
        at position: Position, _ body: (borrowing EventView) throws(Failure) -> Void
    ) throws(ReadFailure<Failure>) -> Bool {
        guard position >= segment.first, position <= head.position else { return false }
        do throws(EventLogError) {
            try load(blockOf: position)
        } catch {
            throw .log(error)
        }
        try show(position, body)
        return true
    }

    /// Shows events in order from a position on, while `body` says true, up to the head as it was
    /// when the call began or `last`, whichever is less.
    ///
    /// - Returns: The position after the last one shown.
    @discardableResult
    public mutating func events<Failure: Error>(
        from start: Position, through last: Position = Position(.max),
        _ body: (borrowing EventView) throws(Failure) -> Bool
    ) throws(ReadFailure<Failure>) -> Position {
        let end = min(last, head.position)
        var position = max(start, Position(1))
        var goesOn = true
        while goesOn, position <= end {
            do throws(EventLogError) {
                try load(blockOf: position)
            } catch {
                throw .log(error)
            }
            while goesOn, position <= end, position.rawValue < loaded.upperBound {
                try show(position) { (event) throws(Failure) in goesOn = try body(event) }
                position = position.next
            }
        }
        return position
    }

    private func show<Failure: Error>(
        _ position: Position, _ body: (borrowing EventView) throws(Failure) -> Void
    ) throws(ReadFailure<Failure>) {
        let start = starts[Int(position.rawValue - loaded.lowerBound)]
        let bytes = records.rawSpan
        let length = Int(bytes.load(littleEndian: UInt32.self, at: start))
        let event: EventView
        do throws(MalformedBytes) {
            event = try EventView(checking: bytes.extracting(start..<start + length))
        } catch {
            throw .log(.damagedBlock(first: position, reason: "its \(error.what) is malformed"))
        }
        guard event.position == position else {
            let reason = "it holds the event of position \(event.position)"
            throw .log(.damagedBlock(first: position, reason: reason))
        }
        do throws(Failure) {
            try body(event)
        } catch {
            throw .body(error)
        }
    }

    /// Makes the block that holds a committed position the loaded one.
    private mutating func load(blockOf position: Position) throws(EventLogError) {
        if loaded.contains(position.rawValue) { return }
        loaded = 0..<0
        guard let header = try readBlock(of: position) else {
            throw .damagedBlock(first: position, reason: "no block holds it")
        }
        try unpack(header)
    }

    private mutating func readBlock(
        of position: Position
    ) throws(EventLogError) -> BlockHeader? {
        do {
            let transaction = try segment.environment.beginRead()
            var cursor = try transaction.cursor(segment.blocks)
            if try !cursor.seek(atLeast: position.rawValue) {
                guard try cursor.last() else { return nil }
            } else if cursor.integerKey > position.rawValue {
                guard try cursor.previous() else { return nil }
            }
            let header = try BlockHeader(checking: cursor.value, key: cursor.integerKey)
            // The key may lie behind the position where the tree itself is damaged.
            guard header.first <= position, position <= header.last else { return nil }
            let block = cursor.value
            compressed.removeAll(keepingCapacity: true)
            compressed.append(block.extracting(BlockHeader.byteCount..<block.byteCount))
            return header
        } catch let error as EventLogError {
            throw error
        } catch let error as LMDBError {
            throw .storage(error)
        } catch {
            preconditionFailure("an error of an unknown kind: \(error)")
        }
    }

    private mutating func unpack(_ header: BlockHeader) throws(EventLogError) {
        records.removeAll(keepingCapacity: true)
        try Self.decompress(compressed, header, &decompressor, into: &records)
        starts.removeAll(keepingCapacity: true)
        Self.findRecords(records, into: &starts)
        guard starts.count == Int(header.count) else {
            throw .damagedBlock(
                first: header.first,
                reason: "it holds \(starts.count) records, \(header.count) expected")
        }
        loaded = header.first.rawValue..<header.first.rawValue + UInt64(header.count)
    }

    private static func decompress(
        _ frame: [UInt8], _ header: BlockHeader, _ decompressor: inout Decompressor,
        into records: inout [UInt8]
    ) throws(EventLogError) {
        do {
            try decompressor.decompress(
                frame.rawSpan, limit: Int(header.rawBytes), into: &records)
        } catch {
            throw .damagedBlock(
                first: header.first, reason: "its frame cannot be decompressed (\(error))")
        }
    }

    /// Finds where each record starts; none when they do not fill the bytes exactly.
    private static func findRecords(_ records: [UInt8], into starts: inout [Int]) {
        let bytes = records.rawSpan
        var offset = 0
        while offset + 8 <= records.count {
            let length = Int(bytes.load(littleEndian: UInt32.self, at: offset))
            guard length >= 37, length <= records.count - offset else { break }
            starts.append(offset)
            offset += length
        }
        if offset != records.count { starts.removeAll(keepingCapacity: true) }
    }
}

/// Why reading stopped: the log failed, or the caller's own body did.
public enum ReadFailure<Failure: Error>: Error {
    /// The log could not be read.
    case log(EventLogError)
    /// The body threw.
    case body(Failure)
}
