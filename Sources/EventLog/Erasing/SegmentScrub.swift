internal import EventIndex
internal import EventModel
internal import Glibc
internal import LMDB

/// What is to be removed of the events of one segment while it is written anew.
struct SegmentScrub: Sendable {
    /// Erasures up to here are carried out then.
    let through: Position
    private let removals: [UInt64: Erasures.Removal]
    private let groups: Set<UInt64>
    /// The positions of `removals`, rising.
    private let positions: [UInt64]
    private let writer: RemnantWriter

    init(
        through: Position, removals: [UInt64: Erasures.Removal], writer: RemnantWriter
    ) {
        self.through = through
        self.removals = removals
        self.writer = writer
        positions = removals.keys.sorted()
        groups = Set(removals.keys.map { $0 / LogLimits.positionsPerSeed })
    }

    /// Whether something of an event goes.
    func concerns(_ position: Position) -> Bool { removals[position.rawValue] != nil }

    /// Whether something of an event of a block goes.
    func concerns(_ block: ClosedRange<Position>) -> Bool {
        var (low, high) = (0, positions.count)
        while low < high {
            let middle = (low + high) / 2
            let isBefore = positions[middle] < block.lowerBound.rawValue
            if isBefore { low = middle + 1 } else { high = middle }
        }
        return low < positions.count && positions[low] <= block.upperBound.rawValue
    }

    /// Whether something of a group of positions that share a seed goes.
    func concerns(group: UInt64) -> Bool { groups.contains(group) }

    /// Adds what is left of an event, and how the index changes with that; the chain goes on as it
    /// did.
    func add(
        _ event: borrowing EventView, seed: RawSpan, chain: borrowing DigestChain,
        to open: inout OpenBlock, _ changes: inout IndexChanges
    ) {
        guard let removal = removals[event.position.rawValue] else {
            preconditionFailure("asked for an event of which nothing goes")
        }
        var record: [UInt8] = []
        writer.write(
            event, removing: removal.part, cause: removal.cause, seed: seed, to: &record)
        let bytes = record
        do throws(MalformedBytes) {
            let left = try EventView(checking: bytes.rawSpan)
            open.add(left, seed: seed, chain: chain)
            changes.note(event.position, from: streams(of: event), to: streams(of: left))
        } catch {
            preconditionFailure("a removal left a malformed \(error.what)")
        }
    }

    private func streams(of event: borrowing EventView) -> Set<KeyHash> {
        var streams: Set<KeyHash> = []
        EventStreams.forEach(of: event, writer.key) { streams.insert($0) }
        return streams
    }

    /// The salts of the events of a group that stay whole; what was removed before has none any
    /// more.
    func salts(of seed: SaltSeed, in positions: Range<UInt64>) -> SaltSeed {
        seed.keeping(positions, but: Set(removals.keys))
    }
}

/// Carrying out erasures in segments that have ended, and in their indexes.
extension SealingPass {
    /// Writes segments anew in which events are that go, each once for all erasures, and their
    /// indexes. One that is written already is passed over: the pass may have been
    /// killed before.
    func scrub(
        _ ended: [(first: Position, end: Position)], through goal: Position,
        _ scrubs: ((inout EventLog.Scrubbing) -> Void) -> Void, _ goesOn: () -> Bool
    ) throws(EventLogError) {
        var through = Position.zero
        scrubs { through = $0.through }
        guard goal > through else { return }
        var trouble: EventLogError?
        for (first, end) in ended {
            let range = first.rawValue..<end.rawValue
            // A segment that ended by its count of events may share a seed with the next.
            let size = LogLimits.positionsPerSeed
            let wider =
                first.rawValue / size * size..<((end.rawValue - 1) / size + 1) * size
            let removals = erasures.removals(in: wider, through: goal)
            guard !removals.isEmpty else { continue }
            guard goesOn() else { return }
            letGoOfReplaced()
            do throws(EventLogError) {
                let changes = try scrub(first, end, through: goal, removals, scrubs, goesOn)
                guard goesOn() else { return }
                if removals.keys.contains(where: range.contains) {
                    guard try renewIndex(first, end, changes, goesOn) else { return }
                }
            } catch {
                guard error.isDamage else { throw error }
                // What cannot be read stays hidden; verify and a restore are the operator's.
                trouble = error
            }
        }
        // What was erased lies on the disk as long as a file is open whose name is gone. Who reads one for
        // ever is not to keep segments from being sealed.
        var tries = LogLimits.replacedTries
        while tries > 0, goesOn(), !segments.replaced.letGo() {
            usleep(UInt32(LogLimits.replacedRetryMilliseconds) * 1_000)
            tries -= 1
        }
        guard goesOn() else { return }
        if let trouble { return scrubs { $0.trouble = trouble } }
        Failpoint.erasureScrubbed.pass()
        scrubs {
            $0.through = goal
            $0.trouble = nil
        }
    }

    /// Writes an index anew: with what has changed, or where that is not known any more, as the segment
    /// was written by a process before this one, or where the index is damaged, from the log.
    ///
    /// - Returns: Whether it is done.
    private func renewIndex(
        _ first: Position, _ end: Position, _ changes: IndexChanges?, _ goesOn: () -> Bool
    ) throws(EventLogError) -> Bool {
        if let changes {
            do throws(EventLogError) {
                if try indexes.change(first: first, end: end, changes) { return true }
            } catch {
                guard case .damagedIndex = error else { throw error }
            }
        }
        return try repair.run(first: first, end: end, goesOn: goesOn)
    }

    /// Writes a segment anew, unless that is done.
    ///
    /// - Returns: What is to change in its index; nil where that is not known.
    private func scrub(
        _ first: Position, _ end: Position, through goal: Position,
        _ removals: [UInt64: Erasures.Removal],
        _ scrubs: ((inout EventLog.Scrubbing) -> Void) -> Void, _ goesOn: () -> Bool
    ) throws(EventLogError) -> IndexChanges? {
        let segment = try open(first)
        let before = segment.scrubbed ?? .zero
        guard before < goal else { return nil }
        guard let sealed = segment.end else {
            throw .damagedBlock(first: first, reason: "its segment could not be sealed")
        }
        try checkRoom(for: segment)
        let temporary = segments.path(of: first) + ".new"
        try StoreFiles.removeLeftovers(temporary)
        let scrub = SegmentScrub(through: goal, removals: removals, writer: erasures.writer)
        var scrubber = try SegmentScrubber(segment, end: sealed, path: temporary, scrub: scrub)
        guard try scrubber.run(goesOn) else { return nil }
        Failpoint.segmentPacked.pass()
        try segments.replace(first, with: temporary, dictionary: nil)
        scrubs { $0.segments += 1 }
        // Of an erasure that was carried out here and is pending still, the index may not know: a process
        // before this one may have died between the two.
        let isIndexed = erasures.removals(in: first.rawValue..<end.rawValue, through: before)
            .isEmpty
        return isIndexed ? scrubber.changes : nil
    }
}
