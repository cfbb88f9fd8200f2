internal import EventIndex
internal import EventModel

/// What was found in one segment and its index.
struct SegmentFinding: Sendable {
    let first: Position
    /// The last position that belongs to it, as its neighbour says.
    var last: Position
    /// The running digest that it says stands before its first event; nil when it cannot be opened.
    var start: Digest?
    var positions: ClosedRange<Position>?
    /// The running digest after the last event looked at; nil when damage hides it.
    var digest: Digest?
    var firstRecorded: Timestamp?
    var recorded: Timestamp?
    /// Whether it was looked at up to its end.
    var isComplete = false
    /// Whether it was looked at from its beginning.
    var isFromFirst = true
    /// Whether its last block can be read, so that where the journal goes on is known.
    var endIsKnown = false
    var events: UInt64 = 0
    var blocks: UInt64 = 0
    var isSealed = false
    /// The position behind the last one that its index holds.
    var indexed: Position
    var indexEntries: UInt64 = 0
    var faults = FaultList()

    init(first: Position, last: Position) {
        self.first = first
        self.last = last
        indexed = first
    }
}

/// Looking at one segment.
extension StoreAudit {
    /// How a file is opened.
    enum Access {
        /// Nobody changes it.
        case unchanging
        /// Another process may be writing it.
        case shared
    }

    /// Looks at a segment that has ended.
    func finding(_ first: Position, last: Position) -> SegmentFinding {
        var finding = SegmentFinding(first: first, last: last)
        // Its last run may still be written: the index has ended once its lock file has gone.
        let index = openIndex(first, access(toIndex: first), &finding)
        return walk(&finding, index)
    }

    private func walk(
        _ finding: inout SegmentFinding, _ comparison: IndexComparison?
    ) -> SegmentFinding {
        guard let segment = open(.unchanging, &finding) else { return finding }
        do throws(EventLogError) {
            var audit = try begin(segment, &finding, comparison)
            let goal = self.goal(finding)
            try audit.advance(through: goal, progress)
            conclude(&audit, &finding, comparison, goal: goal)
        } catch {
            finding.faults.add(
                VerificationFault(.unreadable, Self.file(finding.first), "\(error)"))
        }
        return finding
    }

    static func file(_ first: Position) -> String { "log/" + Segment.fileName(first: first) }

    /// The positions of a segment that are looked at: whole windows of the index.
    func window(_ finding: SegmentFinding) -> ClosedRange<Position> {
        let size = EntrySums.positionsPerWindow
        let first = finding.first.rawValue
        let low = max(range.lowerBound.rawValue, first)
        let start = first + (low - first) / size * size
        let high = min(range.upperBound.rawValue, finding.last.rawValue)
        guard high < finding.last.rawValue else { return Position(start)...finding.last }
        let end = first + ((max(high, first) - first) / size + 1) * size - 1
        return Position(start)...Position(min(end, finding.last.rawValue))
    }

    private func goal(_ finding: SegmentFinding) -> Position { window(finding).upperBound }

    func begin(
        _ segment: Segment, _ finding: inout SegmentFinding, _ comparison: IndexComparison?
    ) throws(EventLogError) -> SegmentAudit {
        let window = window(finding)
        finding.start = segment.start
        finding.isFromFirst = window.lowerBound == finding.first
        return try SegmentAudit(
            segment, file: Self.file(finding.first), from: window.lowerBound, last: finding.last
        ) { event in
            if window.contains(event.position) { comparison?.take(event) }
        }
    }

    /// Takes over what was found once a segment has been looked at.
    func conclude(
        _ audit: inout SegmentAudit, _ finding: inout SegmentFinding,
        _ comparison: IndexComparison?, goal: Position
    ) {
        finding.isComplete = goal >= finding.last
        finding.endIsKnown = !audit.endsDamaged
        if finding.isComplete { audit.finish() }
        finding.events = audit.events
        finding.blocks = audit.blocks
        finding.digest = audit.end.digest
        finding.firstRecorded = audit.firstRecorded
        finding.recorded = audit.end.recorded
        if audit.end.next > audit.first {
            finding.positions = audit.first...Position(audit.end.next.rawValue - 1)
        }
        finding.faults.add(audit.faults)
        checkSeal(audit, &finding)
        guard let comparison else { return }
        compare(comparison, audit, &finding)
    }

    private func checkSeal(
        _ audit: borrowing SegmentAudit, _ finding: inout SegmentFinding
    ) {
        guard let end = audit.segment.end else { return }
        finding.isSealed = true
        guard finding.isComplete, let digest = audit.end.digest else { return }
        if end != SegmentEnd(last: Position(audit.end.next.rawValue - 1), digest: digest) {
            finding.faults.add(
                VerificationFault(
                    .chain, Self.file(finding.first),
                    "it was sealed with another end than its blocks have"))
        }
    }

    private func compare(
        _ comparison: IndexComparison, _ audit: borrowing SegmentAudit,
        _ finding: inout SegmentFinding
    ) {
        let end = audit.end.next
        if comparison.index.end > end, finding.isComplete {
            finding.faults.add(
                VerificationFault(
                    .index, comparison.file,
                    positions:
                        end...Position(
                            comparison.index.end.rawValue - 1),
                    "it names positions that the segment does not hold"))
            return
        }
        let window = window(finding)
        let high = min(window.upperBound.rawValue, end.rawValue - 1)
        let hidden = audit.faults.faults.filter { $0.kind != .time && $0.kind != .chain }
            .compactMap(\.positions)
        let segment = audit.segment
        comparison.compare(
            window.lowerBound.rawValue..<max(window.lowerBound.rawValue, high + 1),
            isHidden: { positions in hidden.contains { $0.overlaps(positions) } },
            read: { positions, show in Self.read(segment, positions, show) })
        finding.indexEntries = comparison.entries
        finding.faults.add(comparison.faults)
    }

    /// Shows the events of a range of a segment that has just been looked at.
    private static func read(
        _ segment: Segment, _ positions: ClosedRange<Position>,
        _ show: (borrowing EventView) -> Void
    ) {
        withoutActuallyEscaping(show) { show in
            do throws(EventLogError) {
                var audit = try SegmentAudit(
                    segment, file: "", from: positions.lowerBound, last: Position(.max)
                ) { event in
                    if positions.contains(event.position) { show(event) }
                }
                try audit.advance(through: positions.upperBound) { _ in }
            } catch {
                // The first look has told of it.
            }
        }
    }
}
