internal import EventModel
internal import LMDB

/// What is to be removed of the events of one segment while it is written anew.
struct SegmentScrub: Sendable {
    /// Erasures up to here are carried out then.
    let through: Position
    private let removals: [UInt64: Erasures.Removal]
    private let groups: Set<UInt64>
    private let writer: RemnantWriter

    init(
        through: Position, removals: [UInt64: Erasures.Removal], writer: RemnantWriter
    ) {
        self.through = through
        self.removals = removals
        self.writer = writer
        groups = Set(removals.keys.map { $0 / LogLimits.positionsPerSeed })
    }

    /// Whether something of an event goes.
    func concerns(_ position: Position) -> Bool { removals[position.rawValue] != nil }

    /// Whether something of a group of positions that share a seed goes.
    func concerns(group: UInt64) -> Bool { groups.contains(group) }

    /// Adds what is left of an event; the chain goes on as it did.
    func add(
        _ event: borrowing EventView, seed: RawSpan, chain: borrowing DigestChain,
        to open: inout OpenBlock
    ) {
        guard let removal = removals[event.position.rawValue] else {
            preconditionFailure("asked for an event of which nothing goes")
        }
        var record: [UInt8] = []
        writer.write(
            event, removing: removal.part, cause: removal.cause, seed: seed, to: &record)
        let bytes = record
        do throws(MalformedBytes) {
            open.add(try EventView(checking: bytes.rawSpan), seed: seed, chain: chain)
        } catch {
            preconditionFailure("a removal left a malformed \(error.what)")
        }
    }

    /// The salts of the events of a group that stay whole; what was removed before has none any
    /// more.
    func salts(of seed: SaltSeed, in positions: Range<UInt64>) -> SaltSeed {
        seed.keeping(positions, but: Set(removals.keys))
    }
}

/// Carrying out erasures in segments that have ended, and in their indexes.
extension SealingPass {
    /// Writes segments anew in which events are that go, each once for all erasures, and makes
    /// their indexes anew. One that is written already is passed over: the pass may have been
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
            do throws(EventLogError) {
                try scrub(first, end, through: goal, removals, scrubs, goesOn)
                guard goesOn() else { return }
                if removals.keys.contains(where: range.contains) {
                    guard try repair.run(first: first, end: end, goesOn: goesOn) else { return }
                }
            } catch {
                guard error.isDamage else { throw error }
                // What cannot be read stays hidden; verify and a restore are the operator's.
                trouble = error
            }
        }
        if let trouble { return scrubs { $0.trouble = trouble } }
        Failpoint.erasureScrubbed.pass()
        scrubs {
            $0.through = goal
            $0.trouble = nil
        }
    }

    private func scrub(
        _ first: Position, _ end: Position, through goal: Position,
        _ removals: [UInt64: Erasures.Removal],
        _ scrubs: ((inout EventLog.Scrubbing) -> Void) -> Void, _ goesOn: () -> Bool
    ) throws(EventLogError) {
        let segment = try open(first)
        guard segment.scrubbed ?? .zero < goal else { return }
        guard let sealed = segment.end else {
            throw .damagedBlock(first: first, reason: "its segment could not be sealed")
        }
        try checkRoom(for: segment)
        let temporary = segments.path(of: first) + ".new"
        try StoreFiles.removeLeftovers(temporary)
        let scrub = SegmentScrub(through: goal, removals: removals, writer: erasures.writer)
        var sealer = try SegmentSealer(segment, end: sealed, path: temporary, scrub: scrub)
        guard try sealer.run({ _ in goesOn() }) else { return }
        Failpoint.segmentPacked.pass()
        try segments.replace(first, with: temporary, dictionary: nil)
        scrubs { $0.segments += 1 }
    }
}
