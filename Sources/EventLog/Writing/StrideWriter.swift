internal import EventIndex
internal import EventModel
internal import Glibc
internal import LMDB
internal import Synchronization
internal import Threads

/// Moves committed events from memory into the newest segment, in strides of full blocks, on a
/// thread of its own. What does not fill a block stays in memory and in the journal.
final class StrideWriter: Sendable {
    /// What a stride needs to know of the rest of the log.
    struct Surroundings: Sendable {
        let segments: SegmentSet
        let indexes: IndexSet
        let recent: RecentRounds
        let head: HeadSignal
        let sizes: LogSizes
        /// What of the journal is on disk; nil where each commit is.
        let flush: JournalFlush?
        let onFailure: @Sendable (EventLogError) -> Void
    }

    private struct Demand {
        /// Everything up to here is to be moved, as far as it fills blocks.
        var goal = Position.zero
        /// The newest segment is to end behind this position; zero for none.
        var ending = Position.zero
        /// How often it was asked for.
        var asked: UInt64 = 0
        var stops = false
        /// Tails to be written to index files once segments hold their events, oldest first.
        var tails: [LogIndex.Tail] = []
        var observer: (@Sendable () -> Void)?
        var ended: (@Sendable () -> Void)?
    }

    /// The last position that a segment holds durably.
    let stored = HeadSignal()
    private let surroundings: Surroundings
    private let demand = Mutex(Demand())
    private let trouble = Mutex<EventLogError?>(nil)
    /// How many of the demands have been met, or have failed.
    private let served = Atomic<UInt64>(0)
    private let hasEnded = Atomic<Bool>(false)
    private let transactions = Atomic<UInt64>(0)
    private let cleared = Atomic<UInt64>(0)
    private let wakeup = Wakeup()
    /// Room that appends leave.
    private let reserve: RoomReserve
    private let newestSegment = Mutex<(first: Position, bytes: UInt64)>((.zero, 0))

    init(_ surroundings: Surroundings, stored: Position) {
        self.surroundings = surroundings
        let segments = surroundings.segments
        reserve = RoomReserve(largest: segments.firsts.map(segments.fileBytes(of:)).max() ?? 0)
        reserve.look(at: segments.newest)
        self.stored.publish(stored)
    }

    /// The last position up to which everything is in an index file.
    var indexed: HeadSignal { surroundings.indexes.indexed }

    /// How many transactions segments have taken since the start.
    var transactionCount: UInt64 { transactions.load(ordering: .relaxed) }

    /// How many slots of readers that were killed have been cleared since the start.
    var staleReadersCleared: UInt64 { cleared.load(ordering: .relaxed) }

    /// Whether appends have come to the room that is kept for sealing and scrubbing.
    var reserveIsReached: Bool { reserve.isReached }

    /// Bytes that have to stay free for that not to be so, beside a margin.
    var reserveBytes: UInt64 { reserve.bytes }

    /// Why the last stride failed, until one succeeds again.
    var failure: EventLogError? { trouble.withLock { $0 } }

    /// Why nothing more can be taken until a stride succeeds; nil where the journal can still hold it.
    var refusal: EventLogError? {
        guard let failure, !failure.isOfResources else { return nil }
        return failure
    }

    /// Asks for everything up to a position to be moved, as far as it fills blocks.
    ///
    /// - Returns: The number of the demand.
    @discardableResult
    func ask(through goal: Position) -> UInt64 {
        var number: UInt64 = 0
        wakeup.wakeAll {
            number = demand.withLock { demand in
                demand.goal = max(demand.goal, goal)
                demand.asked += 1
                return demand.asked
            }
        }
        return number
    }

    /// Asks for everything up to a position to be moved, and for the segment to end there.
    func endSegment(behind position: Position) {
        demand.withLock { $0.ending = position }
        ask(through: position)
    }

    /// Waits until a demand is met or has failed.
    func settle(_ number: UInt64) {
        wakeup.wait {
            served.load(ordering: .sequentiallyConsistent) < number
                && !hasEnded.load(ordering: .sequentiallyConsistent)
        }
    }

    /// The first position of the newest segment that has been begun, and the bytes of its file.
    var newest: (first: Position, bytes: UInt64) { newestSegment.withLock { $0 } }

    /// Takes over tails that do not change any more.
    func index(_ tails: [LogIndex.Tail]) {
        demand.withLock { $0.tails += tails }
    }

    /// Has a closure called after every stride, on the writer's thread.
    func observe(_ observer: @escaping @Sendable () -> Void) {
        demand.withLock { $0.observer = observer }
    }

    /// Has a closure called when a segment has ended and its index is complete.
    func seals(_ ended: @escaping @Sendable () -> Void) {
        demand.withLock { $0.ended = ended }
    }

    /// Ends the thread after the stride it is at.
    func stop() {
        wakeup.wakeAll { demand.withLock { $0.stops = true } }
    }

    /// The thread's whole life.
    func run(_ start: BlockPacker.Start) {
        do throws(EventLogError) {
            var packer = try BlockPacker(
                start, in: surroundings.segments.newest, sizes: surroundings.sizes)
            var checked = Wakeup.nanoseconds()
            while let next = nextDemand() {
                // A block may end amid a round: no segment may be ahead of the journal.
                try surroundings.flush?.flush()
                do throws(EventLogError) {
                    try stride(&packer, through: next.goal)
                    trouble.withLock { $0 = nil }
                } catch {
                    let failure = Self.failure(error, surroundings.segments.newest)
                    guard failure.isPassing else { throw failure }
                    trouble.withLock { $0 = failure }
                }
                // Slots that cannot be looked at stay for the next time.
                try? checkReaders(since: &checked)
                reserve.look(at: surroundings.segments.newest)
                wakeup.wakeAll {
                    served.store(next.number, ordering: .sequentiallyConsistent)
                }
                demand.withLock { $0.observer }?()
            }
        } catch {
            trouble.withLock { $0 = error }
            surroundings.onFailure(error)
        }
        wakeup.wakeAll { hasEnded.store(true, ordering: .sequentiallyConsistent) }
    }

    /// Tells a full disk from any other failure, whatever was being written: a block, the file of
    /// the next segment, an index. All of it is tried again from its beginning, as where no file could
    /// be opened.
    static func failure(_ error: EventLogError, _ segment: Segment) -> EventLogError {
        switch error {
        case .storage(let error): BlockPacker.failure(error, segment.environment)
        case .system(_, _, ENOSPC), .system(_, _, EDQUOT): .full(operation: "append")
        default: error
        }
    }

    /// Waits for something to do; nil when the thread is to end.
    private func nextDemand() -> (goal: Position, number: UInt64)? {
        let isRetried = failure != nil || reserve.isReached
        let isIdle = { [self] in
            demand.withLock { demand in
                !demand.stops && demand.asked == served.load(ordering: .sequentiallyConsistent)
            }
        }
        if isRetried {
            let pause = LogLimits.fullRetryMilliseconds * 1_000_000
            wakeup.wait(untilNanoseconds: Wakeup.nanoseconds() + pause, while: isIdle)
        } else {
            wakeup.wait(while: isIdle)
        }
        return demand.withLock { demand in
            let isDone = demand.asked == served.load(ordering: .sequentiallyConsistent)
            let isOver = isDone || failure != nil
            return demand.stops && isOver ? nil : (demand.goal, demand.asked)
        }
    }

    private func stride(
        _ packer: inout BlockPacker, through goal: Position
    ) throws(EventLogError) {
        // A process that was killed may have filled a segment and not begun the next.
        try packer.rollIfFull(
            surroundings.segments, surroundings.sizes, surroundings.recent)
        let ending = demand.withLock { $0.ending }
        var isMoving = packer.stored < goal
        while isMoving {
            isMoving = try packer.store(
                from: surroundings.recent, through: goal, ending: ending)
            transactions.add(1, ordering: .relaxed)
            stored.publish(packer.stored)
            surroundings.recent.drop(through: packer.stored)
            try packer.rollIfFull(
                surroundings.segments, surroundings.sizes, surroundings.recent)
            newestSegment.withLock { $0 = packer.newest }
            demand.withLock { $0.observer }?()
        }
        if packer.end(behind: ending) {
            try packer.rollIfFull(
                surroundings.segments, surroundings.sizes, surroundings.recent)
            newestSegment.withLock { $0 = packer.newest }
        }
        try writeIndexes()
    }

    /// Clears the slots of tools that were killed while they read the newest segment or its index, now
    /// and then: no page that a commit leaves would be used again.
    private func checkReaders(since checked: inout UInt64) throws(EventLogError) {
        let now = Wakeup.nanoseconds()
        guard now - checked >= surroundings.sizes.readerCheckMilliseconds * 1_000_000 else {
            return
        }
        checked = now
        var count = 0
        do throws(LMDBError) {
            count = try surroundings.segments.newest.environment.checkReaders()
        } catch {
            throw .storage(error)
        }
        if case .runs(let file)? = surroundings.indexes.all.last {
            do throws(IndexError) {
                count += try file.checkReaders()
            } catch {
                throw IndexSet.failure(error)
            }
        }
        cleared.add(UInt64(count), ordering: .relaxed)
    }

    /// Writes the runs whose events segments hold: an index must never know more than the log.
    private func writeIndexes() throws(EventLogError) {
        while let tail = demand.withLock({ $0.tails.first }), tail.index.end <= stored.position.next
        {
            try surroundings.indexes.write(tail.index, of: tail.segment)
            let next = demand.withLock { demand in
                demand.tails.removeFirst()
                return demand.tails.first
            }
            if tail.index.end == newest.first || next.map({ $0.segment != tail.segment }) == true {
                demand.withLock { $0.ended }?()
            }
        }
    }
}
