public import EventModel
internal import LMDB
internal import Zstd

/// Reads events in place, for one thread. It keeps the block it decompressed last, so events that
/// lie together cost one decompression.
public struct LogReader: ~Copyable {
    private let segments: SegmentSet
    private let recent: RecentRounds
    private let head: HeadSignal
    private var place: SegmentSet.Place?
    private var decompressor: Decompressor
    private var compressed: [UInt8] = []
    /// The records of the block or round read last, and where each starts.
    private var records: [UInt8] = []
    private var starts: [Int] = []
    private var loaded: Range<UInt64> = 0..<0

    init(segments: SegmentSet, recent: RecentRounds, head: HeadSignal) throws(EventLogError) {
        self.segments = segments
        self.recent = recent
        self.head = head
        do throws(ZstdError) {
            decompressor = try Decompressor()
        } catch {
            throw .system(operation: "decompressor", path: segments.folder, errno: 12)
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
        guard position >= Position(1), position <= head.position else { return false }
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

    /// Shows events in reverse order from a position or the head back, while `body` says true, down
    /// to `first`.
    ///
    /// - Returns: The position before the last one shown.
    @discardableResult
    public mutating func eventsBackward<Failure: Error>(
        from start: Position, through first: Position = Position(1),
        _ body: (borrowing EventView) throws(Failure) -> Bool
    ) throws(ReadFailure<Failure>) -> Position {
        let end = max(first, Position(1))
        var position = min(start, head.position)
        var goesOn = true
        while goesOn, position >= end {
            do throws(EventLogError) {
                try load(blockOf: position)
            } catch {
                throw .log(error)
            }
            while goesOn, position >= end, position.rawValue >= loaded.lowerBound {
                try show(position) { (event) throws(Failure) in goesOn = try body(event) }
                position = Position(position.rawValue - 1)
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

    /// Makes the round or block that holds a committed position the loaded one.
    private mutating func load(blockOf position: Position) throws(EventLogError) {
        if loaded.contains(position.rawValue) { return }
        loaded = 0..<0
        // Rounds first: what is not there any more is in a segment.
        if let round = recent.round(holding: position) {
            records = round.records
            starts = round.starts
            loaded = round.first.rawValue..<round.last.rawValue + 1
            return
        }
        guard let header = try readBlock(of: position) else {
            throw .damagedBlock(first: position, reason: "no block holds it")
        }
        try unpack(header)
    }

    private mutating func segment(of position: Position) throws(EventLogError) -> Segment {
        if let place, place.segment.first <= position, position < place.end,
            place.generation == segments.generation
        {
            return place.segment
        }
        let found = try segments.place(of: position)
        place = found
        decompressor.dictionary = found.segment.dictionary
        return found.segment
    }

    private mutating func readBlock(
        of position: Position
    ) throws(EventLogError) -> BlockHeader? {
        let segment = try segment(of: position)
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
        guard CommittedRound.findStarts(of: records, into: &starts),
            starts.count == Int(header.count)
        else {
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
}

/// Why reading stopped: the log failed, or the caller's own body did.
public enum ReadFailure<Failure: Error>: Error {
    /// The log could not be read.
    case log(EventLogError)
    /// The body threw.
    case body(Failure)
}
