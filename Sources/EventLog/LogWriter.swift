public import EventModel
internal import LMDB
internal import Zstd

/// Appends to the log. One thread owns it: the one that owns the order.
///
/// A round stages any number of events, then `commit` makes them durable together with one
/// transaction. Staged events have provisional positions, which are final once `commit` returns;
/// a round that cannot be committed is given up whole.
public final class LogWriter {
    /// What became of a staged event.
    public enum Outcome: Equatable, Sendable {
        /// It is new and will have this position.
        case new(Position)
        /// (source, id) is known with the same content, at this position.
        case repeated(Position)
        /// (source, id) is known with other content, at this position.
        case conflicting(Position)
    }

    /// A point in a round to which staging can be taken back.
    public struct Mark {
        let entries: Int
        let bytes: Int
    }

    private struct Entry {
        let offset: Int
        let hash: UInt64
    }

    let segment: Segment
    private let head: HeadSignal
    private let randomBytes: () -> UInt64
    private var reader: LogReader
    private var once: OnceTable
    private var packer: BlockPacker
    private var staged: [UInt8] = []
    private var entries: [Entry] = []
    private var lastRecorded: Timestamp
    /// How many repeats were recognised since the start.
    public private(set) var repeats: UInt64 = 0
    /// How many rounds were committed since the start.
    public private(set) var commits: UInt64 = 0

    init(
        segment: Segment, head: HeadSignal, tail: LogTail, once: consuming OnceTable,
        randomBytes: @escaping () -> UInt64
    ) throws(EventLogError) {
        self.segment = segment
        self.head = head
        self.randomBytes = randomBytes
        reader = try LogReader(segment: segment, head: head)
        self.once = once
        lastRecorded = tail.recorded
        packer = try BlockPacker(segment: segment, tail: tail)
    }

    /// The recorded time of the newest event.
    public var newestRecorded: Timestamp { lastRecorded }

    /// The memory that recognising repeats takes, in bytes.
    public var onceBytes: Int { once.byteCount }

    /// How many events wait for `commit`.
    public var stagedCount: Int { entries.count }

    /// Whether the round has reached its bound and must be committed before more is staged.
    public var roundIsFull: Bool {
        entries.count >= LogLimits.roundEventsMax || staged.count >= LogLimits.roundBytesMax
    }

    /// Stages the one record that `write` appends.
    ///
    /// - Returns: `.new` when it was staged; otherwise nothing was.
    /// - Throws: What `write` throws; nothing was staged then. `.log` when an earlier event with
    ///   the same id could not be read to compare.
    public func stage<Failure: Error>(
        _ write: (inout [UInt8]) throws(Failure) -> Void
    ) throws(ReadFailure<Failure>) -> Outcome {
        let offset = staged.count
        do throws(Failure) {
            try write(&staged)
        } catch {
            staged.removeSubrange(offset...)
            throw .body(error)
        }
        let hash = hashOfStaged(at: offset)
        do throws(EventLogError) {
            if let known = try known(hash, likeStagedAt: offset) {
                let same = try sameContent(known, asStagedAt: offset)
                staged.removeSubrange(offset...)
                if same { repeats += 1 }
                return same ? .repeated(known) : .conflicting(known)
            }
        } catch {
            staged.removeSubrange(offset...)
            throw .log(error)
        }
        let position = Position(head.position.rawValue + UInt64(entries.count) + 1)
        entries.append(Entry(offset: offset, hash: hash))
        once.insert(hash, at: position)
        return .new(position)
    }

    /// Returns a point to take staging back to.
    public func mark() -> Mark { Mark(entries: entries.count, bytes: staged.count) }

    /// Forgets what was staged since a mark.
    public func takeBack(to mark: Mark) {
        let base = head.position.rawValue
        while entries.count > mark.entries {
            let position = Position(base + UInt64(entries.count))
            once.remove(entries.removeLast().hash, at: position)
        }
        staged.removeSubrange(mark.bytes...)
    }

    /// Makes the staged events durable and publishes the new head.
    ///
    /// - Parameter now: The wall clock; recorded times never decrease, whatever it says.
    /// - Returns: The new head.
    /// - Throws: `full` when there is no room, `storage` otherwise. Nothing of the round is stored
    ///   then, and nothing stays staged.
    @discardableResult
    public func commit(now: Timestamp) throws(EventLogError) -> Position {
        guard !entries.isEmpty else { return head.position }
        let base = head.position
        let recorded = max(now, lastRecorded)
        for (index, entry) in entries.enumerated() {
            EventCodec.stamp(
                &staged, at: entry.offset, position: Position(base.rawValue + UInt64(index) + 1),
                recorded: recorded)
        }
        Failpoint.logStaged.pass()
        do throws(EventLogError) {
            try packer.store(
                staged.rawSpan, count: entries.count, after: base, randomBytes: randomBytes)
        } catch {
            takeBack(to: Mark(entries: 0, bytes: 0))
            throw error
        }
        Failpoint.logCommitted.pass()
        let newHead = Position(base.rawValue + UInt64(entries.count))
        entries.removeAll(keepingCapacity: true)
        staged.removeAll(keepingCapacity: true)
        lastRecorded = recorded
        commits += 1
        head.publish(newHead)
        return newHead
    }
}

/// Recognising repeats.
extension LogWriter {
    private func hashOfStaged(at offset: Int) -> UInt64 {
        withStaged(at: offset) { event in OnceTable.hash(source: event.source, id: event.id) }
    }

    /// Shows a staged record; its bytes were made by an encoder, so they have their form.
    private func withStaged<Result>(
        at offset: Int, _ body: (borrowing EventView) -> Result
    ) -> Result {
        let staged = staged
        let bytes = staged.rawSpan
        let length = Int(bytes.load(littleEndian: UInt32.self, at: offset))
        do throws(MalformedBytes) {
            let event = try EventView(checking: bytes.extracting(offset..<offset + length))
            return body(event)
        } catch {
            preconditionFailure("an encoder made a malformed \(error.what)")
        }
    }

    /// Shows an event that is staged or stored.
    private func withEvent(
        at position: Position, _ body: (borrowing EventView) -> Void
    ) throws(EventLogError) {
        let base = head.position
        if position > base {
            withStaged(at: entries[Int(position.rawValue - base.rawValue) - 1].offset, body)
            return
        }
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: position) { (event) throws(Never) in body(event) }
        } catch {
            switch error {
            case .log(let error): throw error
            }
        }
    }

    private func known(
        _ hash: UInt64, likeStagedAt offset: Int
    ) throws(EventLogError) -> Position? {
        try once.find(hash) { (candidate) throws(EventLogError) in
            var same = false
            try withEvent(at: candidate) { earlier in
                same = withStaged(at: offset) { new in
                    earlier.source.equals(new.source) && earlier.id.equals(new.id)
                }
            }
            return same
        }
    }

    private func sameContent(
        _ position: Position, asStagedAt offset: Int
    ) throws(EventLogError) -> Bool {
        var same = false
        try withEvent(at: position) { earlier in
            same = withStaged(at: offset) { new in earlier.saysTheSame(as: new) }
        }
        return same
    }
}
