internal import EventModel
internal import LMDB
internal import Zstd

/// One look through all segments: what has ended gets its final form, indexes first, since those
/// that are not merged hold filters in memory. Before that, indexes in which damage was met are made
/// anew.
struct SealingPass {
    /// What a pass came to.
    enum Outcome {
        /// There is nothing left that could be done now.
        case done
        /// There was no room on the disk, or no file could be opened.
        case retry
    }

    let segments: SegmentSet
    let indexes: IndexSet
    let repair: IndexRepair
    let erasures: Erasures
    /// The first positions of segments that need not be looked at again: sealed, or damaged.
    private var finished: Set<UInt64> = []
    /// Those whose index is damaged and whose events cannot be read to make it anew.
    private var beyondRepair: Set<UInt64> = []

    init(
        _ segments: SegmentSet, _ indexes: IndexSet, _ repair: IndexRepair, _ erasures: Erasures
    ) {
        self.segments = segments
        self.indexes = indexes
        self.repair = repair
        self.erasures = erasures
    }

    /// - Parameters:
    ///   - goal: Erasures up to there are carried out, once everything is sealed.
    ///   - scrubs: Changes what is told about that.
    ///   - status: Changes what is told about it.
    ///   - goesOn: False when it is to stop; the pass ends soon then.
    /// - Throws: What cannot be passed over: the disk fails.
    mutating func run(
        scrubbing goal: Position, scrubs: ((inout EventLog.Scrubbing) -> Void) -> Void,
        status: ((inout Sealer.Status) -> Void) -> Void, goesOn: () -> Bool
    ) throws(EventLogError) -> Outcome {
        let ended = segments.ended
        do throws(EventLogError) {
            try repairIndexes(ended, status, goesOn)
            var merged: [(first: Position, end: Position)] = []
            for (first, end) in ended where goesOn() && !finished.contains(first.rawValue) {
                try passingOver(first, status) { pass throws(EventLogError) in
                    // One that is not complete yet is looked at again when it is.
                    if try pass.indexes.seal(first: first, end: end) { merged.append((first, end)) }
                }
            }
            var known = ended.last?.end ?? Position(1)
            for (first, end) in merged where goesOn() {
                letGoOfReplaced()
                try mergeIndexes(from: &known, status, goesOn)
                tell(ended, status)
                try passingOver(first, status) { pass throws(EventLogError) in
                    try pass.seal(first, end, status: status, goesOn: goesOn)
                }
            }
            try scrub(ended, through: goal, scrubs, goesOn)
        } catch {
            let failure = StrideWriter.failure(error, segments.newest)
            guard failure.isPassing else { throw failure }
            status { $0.trouble = failure }
            scrubs { $0.trouble = failure }
            return .retry
        }
        tell(ended, status)
        // What was short is there again; what is damaged stays so.
        status { if $0.trouble?.isPassing == true { $0.trouble = nil } }
        return .done
    }

    /// Lets go of files whose place others have taken and that nobody reads.
    ///
    /// - Returns: Whether none is left.
    @discardableResult
    func letGoOfReplaced() -> Bool {
        let isDone = segments.replaced.letGo()
        return indexes.replaced.letGo() && isDone
    }

    /// Merges the indexes of what has ended since the pass began: each that waits holds its filters in
    /// memory and is asked by every append, and the segments before it take minutes.
    ///
    /// - Parameter first: Where the first begins that has not been looked at.
    private mutating func mergeIndexes(
        from first: inout Position, _ status: ((inout Sealer.Status) -> Void) -> Void,
        _ goesOn: () -> Bool
    ) throws(EventLogError) {
        while goesOn() {
            let (next, end) = segments.bounds(of: first)
            guard end < Position(.max) else { return }
            var isMerged = false
            let isReadable = try passingOver(next, status) { pass throws(EventLogError) in
                isMerged = try pass.indexes.seal(first: next, end: end)
            }
            // One that is not complete yet is looked at again when it is.
            guard isMerged || !isReadable else { return }
            first = end
        }
    }

    /// The level that a segment is compressed with while so many that have ended wait behind it. One that
    /// was sealed in haste stays so.
    static func level(waiting: Int, erasing: Bool) -> Int {
        erasing || waiting >= LogLimits.sealedInHasteFrom
            ? LogLimits.sealedLevelInHaste : LogLimits.sealedLevel
    }

    /// Makes indexes of segments that have ended anew, where damage was met in them.
    private mutating func repairIndexes(
        _ ended: [(first: Position, end: Position)],
        _ status: ((inout Sealer.Status) -> Void) -> Void, _ goesOn: () -> Bool
    ) throws(EventLogError) {
        for (first, end) in ended
        where goesOn() && indexes.isDamaged(first) && !beyondRepair.contains(first.rawValue)
            // One whose last run is still to be written is looked at again when it is.
            && indexes.isComplete(first: first, end: end)
        {
            let isReadable = try passingOver(first, status) { pass throws(EventLogError) in
                guard try pass.repair.run(first: first, end: end, goesOn: goesOn) else { return }
                // What could not be merged can be now.
                pass.finished.remove(first.rawValue)
            }
            if !isReadable { beyondRepair.insert(first.rawValue) }
        }
    }

    /// Leaves a segment as it is where damage is met: what can be read of it can still be read.
    ///
    /// - Returns: Whether there was none.
    @discardableResult
    private mutating func passingOver(
        _ first: Position, _ status: ((inout Sealer.Status) -> Void) -> Void,
        _ body: (inout SealingPass) throws(EventLogError) -> Void
    ) throws(EventLogError) -> Bool {
        do throws(EventLogError) {
            try body(&self)
            return true
        } catch {
            guard error.isDamage else { throw error }
            status { $0.trouble = error }
            finished.insert(first.rawValue)
            return false
        }
    }

    private func tell(
        _ ended: [(first: Position, end: Position)],
        _ status: ((inout Sealer.Status) -> Void) -> Void
    ) {
        let sealed = ended.prefix { finished.contains($0.first.rawValue) }.last
        status {
            $0.segment = nil
            $0.sealed = sealed.map { Position($0.end.rawValue - 1) } ?? .zero
        }
    }

    private mutating func seal(
        _ first: Position, _ end: Position, status: ((inout Sealer.Status) -> Void) -> Void,
        goesOn: () -> Bool
    ) throws(EventLogError) {
        let segment = try open(first)
        if segment.end == nil {
            status { $0.segment = first }
            try checkRoom(for: segment)
            let next = try open(end)
            let end = SegmentEnd(last: Position(end.rawValue - 1), digest: next.start)
            let temporary = segments.path(of: first) + ".new"
            try StoreFiles.removeLeftovers(temporary)
            // What is erased stays in the segment until it is sealed.
            let level = Self.level(
                waiting: segments.endedCount(from: end.last.next), erasing: !erasures.isEmpty)
            var sealer = try SegmentSealer(segment, end: end, path: temporary, level: level)
            guard try sealer.run({ _ in goesOn() }) else { return }
            Failpoint.segmentPacked.pass()
            try segments.replace(first, with: temporary, dictionary: sealer.dictionary?.bytes)
        }
        finished.insert(first.rawValue)
    }

    /// Opens a segment; a file that cannot be opened takes only its own events away.
    func open(_ first: Position) throws(EventLogError) -> Segment {
        do throws(EventLogError) {
            return try segments.place(of: first).segment
        } catch {
            guard case .storage(let reason) = error, reason.operation == .open,
                !reason.isOfResources
            else { throw error }
            throw .damagedBlock(first: first, reason: "\(reason)")
        }
    }

    /// Sealing must not take the last room, which appends need.
    func checkRoom(for segment: Segment) throws(EventLogError) {
        // What another file has taken the place of takes room as long as it is open.
        letGoOfReplaced()
        let isLeft: Bool
        do throws(LMDBError) {
            isLeft = try RoomReserve.isLeft(
                beside: segment.environment.information.usedBytes, segment)
        } catch {
            throw .storage(error)
        }
        guard isLeft else { throw .full(operation: "seal") }
    }
}
