internal import EventModel
internal import LMDB

/// The records of one block, or of one round that is not in a segment yet.
struct UnpackedBlock: Sendable {
    /// The records, behind each other.
    var records: [UInt8] = []
    /// Where in `records` each begins; none where nothing is held.
    var starts: [Int] = []
    /// The position of the first record.
    var first: UInt64 = 0

    /// A block without records.
    init() {}

    /// The records of a round.
    init(_ round: CommittedRound) {
        records = round.records
        starts = round.starts
        first = round.first.rawValue
    }

    /// The positions whose records are held.
    var positions: Range<UInt64> { first..<first + UInt64(starts.count) }

    /// What it takes in memory.
    var byteCount: Int { records.capacity + starts.capacity * MemoryLayout<Int>.stride }

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
