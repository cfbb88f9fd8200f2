public import EventModel

/// Reads events in place, for one thread. It keeps the block it decompressed last, so events that
/// lie together cost one decompression, and others where it has a memory of blocks.
public struct LogReader: ~Copyable {
    let segments: SegmentSet
    let recent: RecentRounds
    let head: HeadSignal
    /// What it hides although it still lies there; nil for one that shows the log as it lies.
    private let erasures: Erasures?
    /// Whether it shows persons who are erased, and hides what is redacted alone.
    private let showsErased: Bool
    private var place: KnownPlace?
    /// The block or round read last.
    private var reader: BlockReader
    private let memory: BlockMemory?
    /// As of which `SegmentSet.generation` it was read: what has been erased since is not to be shown.
    private var generation: UInt64 = 0

    init(
        segments: SegmentSet, recent: RecentRounds, head: HeadSignal,
        hiding erasures: Erasures? = nil, showsErased: Bool = false, memory: BlockMemory? = nil
    ) throws(EventLogError) {
        self.segments = segments
        self.recent = recent
        self.head = head
        self.erasures = erasures
        self.showsErased = showsErased
        self.memory = memory
        reader = try BlockReader.make(path: segments.folder)
    }

    /// The last committed position.
    public var lastPosition: Position { head.position }

    /// Shows one event; returns false for a position that the log does not have.
    ///
    /// - Throws: `.log(.damaged)` when the log has the position and cannot show its event.
    public mutating func event<Failure: Error>(
        at position: Position, _ body: (borrowing EventView) throws(Failure) -> Void
    ) throws(ReadFailure<Failure>) -> Bool {
        guard position >= Position(1), position <= head.position else { return false }
        do throws(EventLogError) {
            try load(blockOf: position, isKept: true)
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
            while goesOn, position <= end, reader.block.positions.contains(position.rawValue) {
                goesOn = try show(position, body)
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
            while goesOn, position >= end, reader.block.positions.contains(position.rawValue) {
                goesOn = try show(position, body)
                position = Position(position.rawValue - 1)
            }
        }
        return position
    }

    /// Shows the event of a position that is loaded, as erasures leave it. Inlined, since what it
    /// throws has a form only the caller's caller knows, which is looked up with each call that may
    /// throw it.
    @inline(__always)
    private func show<Failure: Error, Answer>(
        _ position: Position, _ body: (borrowing EventView) throws(Failure) -> Answer
    ) throws(ReadFailure<Failure>) -> Answer {
        let event: EventView
        do throws(EventLogError) {
            event = try reader.block.event(at: position)
        } catch {
            throw .log(damage(at: position, error))
        }
        do throws(Failure) {
            guard let removal = erasures?.removal(at: position) else { return try body(event) }
            guard let part = showsErased ? removal.redaction : removal.part else {
                return try body(event)
            }
            return try event.show(without: part, cause: removal.cause, body)
        } catch {
            throw .body(error)
        }
    }

    /// Makes the round or block that holds a committed position the loaded one.
    ///
    /// - Parameter isKept: Whether the memory is to keep the block; who reads one after the other
    ///   would only drive others out of it.
    private mutating func load(
        blockOf position: Position, isKept: Bool = false
    ) throws(EventLogError) {
        let newest = segments.generation
        if reader.block.positions.contains(position.rawValue), generation == newest { return }
        generation = newest
        // Rounds first: what is not there any more is in a segment.
        if let round = recent.round(holding: position) {
            reader.hold(UnpackedBlock(round))
            return
        }
        if let known = memory?.find(position, generation: newest) {
            reader.hold(known)
            return
        }
        do throws(EventLogError) {
            let segment = try segment(of: position)
            // The buffers of a block that is forgotten are used again.
            if isKept, let memory { reader.hold(memory.makeRoom()) }
            let header = try reader.read(segment, atOrBefore: position)
            guard let header, position <= header.last else {
                throw .damagedBlock(first: position, reason: "no block holds them")
            }
            if isKept { memory?.keep(reader.block, generation: newest) }
        } catch {
            throw damage(at: position, error)
        }
    }

    private mutating func segment(of position: Position) throws(EventLogError) -> Segment {
        if let place, place.first <= position, position < place.end,
            place.generation == segments.generation, let segment = place.segment
        {
            return segment
        }
        let found = try segments.place(of: position)
        place = KnownPlace(found)
        return found.segment
    }

    /// Where the last block was. Who reads nothing more keeps no file open, and so nothing of what was
    /// erased since.
    private struct KnownPlace {
        weak var segment: Segment?
        let first: Position
        let end: Position
        let generation: UInt64

        init(_ place: SegmentSet.Place) {
            segment = place.segment
            first = place.segment.first
            end = place.end
            generation = place.generation
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

extension ReadFailure<Never> {
    /// What failed, where only the log can.
    var ofLog: EventLogError {
        switch self {
        case .log(let error): error
        }
    }
}
