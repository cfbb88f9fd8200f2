internal import EventIndex
internal import EventModel

/// What was found at the growing end of a store.
struct StoreEnding {
    /// The newest segments, in order: the one that was newest at the beginning, and those since.
    var segments: [SegmentFinding] = []
    var faults = FaultList()
    /// What the journal holds beyond the segments; nil when it was not looked at.
    var journal: JournalFinding?
    /// The first positions of all segments at the end.
    var firsts: [Position] = []
}

/// Looking at the end of the store, where another process may be appending.
extension StoreAudit {
    /// Looks at the newest segment, the journal, and what has come meanwhile.
    ///
    /// The journal is read before the segments' end is looked for: what has left it by then is in a
    /// segment.
    func lookAtEnding(
        _ newest: Position, through goal: Position = Position(.max)
    ) -> StoreEnding {
        var ending = StoreEnding()
        var finding = SegmentFinding(first: newest, last: Position(.max))
        let access = access(toNewest: newest)
        // The index first: the segment then holds at least what the index names.
        let comparison = openIndex(newest, access, &finding)
        let segment = open(access, &finding)
        let concerned = newest <= range.upperBound
        do throws(EventLogError) {
            guard let segment, concerned else {
                ending.segments = concerned ? [finding] : []
                ending.firsts = try SegmentFiles.firsts(logPath)
                return ending
            }
            var audit = try begin(segment, &finding, comparison)
            try audit.advance(through: window(finding).upperBound, progress)
            let ring = readJournal(&ending.faults)
            ending.firsts = try SegmentFiles.firsts(logPath)
            let later = ending.firsts.filter { $0 > newest }
            try audit.advance(through: window(finding).upperBound, progress)
            if let next = later.first {
                finding.last = Position(next.rawValue - 1)
                audit.end(at: finding.last)
            }
            conclude(&audit, &finding, comparison, goal: window(finding).upperBound)
            ending.segments = [finding]
            let seed: SaltSeed?
            if later.isEmpty {
                seed = try segment.seed(
                    ofGroup: audit.end.next.rawValue / LogLimits.positionsPerSeed)
            } else {
                seed = try look(at: later, &ending)
            }
            if let ring, range.upperBound == Position(.max) {
                check(ring, seed, &ending, through: goal)
            }
        } catch {
            ending.faults.add(
                VerificationFault(.unreadable, Self.file(newest), "\(error)"))
            if ending.segments.isEmpty { ending.segments = [finding] }
        }
        return ending
    }

    /// Looks at the segments that have begun since.
    ///
    /// - Returns: The seed of the group of positions behind them, where it has begun.
    private func look(
        at firsts: [Position], _ ending: inout StoreEnding
    ) throws(EventLogError) -> SaltSeed? {
        var seed: SaltSeed?
        for (index, first) in firsts.enumerated() {
            let next = index + 1 < firsts.count ? firsts[index + 1] : nil
            if let next {
                ending.segments.append(finding(first, last: Position(next.rawValue - 1)))
                continue
            }
            var finding = SegmentFinding(first: first, last: Position(.max))
            let access = access(toNewest: first)
            let comparison = openIndex(first, access, &finding)
            guard let segment = open(access, &finding) else {
                ending.segments.append(finding)
                return nil
            }
            var audit = try begin(segment, &finding, comparison)
            try audit.advance(through: window(finding).upperBound, progress)
            conclude(&audit, &finding, comparison, goal: window(finding).upperBound)
            ending.segments.append(finding)
            seed = try segment.seed(
                ofGroup: audit.end.next.rawValue / LogLimits.positionsPerSeed)
        }
        return seed
    }
}
