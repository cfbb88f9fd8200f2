internal import EventModel

/// Reading the running digest at one position.
extension StoreAudit {
    /// Returns the running digest after a position, or after the last one of a shorter store.
    ///
    /// - Throws: `damagedBlock` when what is around the position cannot be trusted.
    func digest(
        at goal: Position
    ) throws(EventLogError) -> (position: Position, digest: Digest) {
        guard let newest = try SegmentFiles.firsts(logPath).last else {
            throw .notAStore(path: path, found: "its log has no segment")
        }
        let ending = lookAtEnding(newest, through: goal)
        if let fault = (ending.segments.flatMap(\.faults.faults) + ending.faults.faults)
            .first(where: { !$0.isDisposable })
        {
            throw .damagedBlock(first: fault.positions?.lowerBound ?? goal, reason: fault.what)
        }
        let end = ending.journal?.last ?? ending.segments.last?.positions?.upperBound ?? .zero
        let stored = Position(end.rawValue - (ending.journal?.events ?? 0))
        if goal >= stored {
            guard let digest = ending.journal?.digest ?? ending.segments.last?.digest else {
                throw .damagedBlock(first: end, reason: "its digest cannot be told")
            }
            return (end, digest)
        }
        return (goal, try digest(at: goal, in: ending.firsts))
    }

    private func digest(
        at goal: Position, in firsts: [Position]
    ) throws(EventLogError) -> Digest {
        guard let first = firsts.last(where: { $0 <= goal }) else {
            throw .missingSegment(first: goal, last: goal)
        }
        var finding = SegmentFinding(first: first, last: Position(.max))
        let access: Access = first == firsts.last ? access(toNewest: first) : .unchanging
        guard let segment = open(access, &finding) else {
            let what = finding.faults.faults.first?.what ?? "its segment cannot be opened"
            throw .damagedBlock(first: goal, reason: what)
        }
        var audit = try SegmentAudit(
            segment, file: Self.file(first), from: goal, last: Position(.max)
        ) { _ in }
        audit.wanted = goal
        try audit.advance(through: goal) { _ in }
        audit.finish()
        guard let digest = audit.wantedDigest, audit.faults.count == 0 else {
            let what = audit.faults.faults.first?.what ?? "no block holds it"
            throw .damagedBlock(first: goal, reason: what)
        }
        return digest
    }
}
