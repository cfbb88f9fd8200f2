internal import EventModel
internal import Glibc

/// Puts together what was found in the parts of a store.
struct StoreFindings {
    private let audit: StoreAudit
    var faults = FaultList()
    private var result = VerificationReport()

    init(_ audit: StoreAudit) {
        self.audit = audit
        result.storeID = audit.identity?.id
        result.isBackup = audit.isBackup
    }

    /// Takes over all segments that were looked at, and holds them against each other.
    mutating func take(_ found: [SegmentFinding], _ firsts: [Position], _ ending: StoreEnding) {
        var segments = found.sorted { $0.first < $1.first }
        completeIndexes(&segments)
        if let oldest = firsts.first, oldest > Position(1), audit.range.lowerBound < oldest {
            faults.add(
                VerificationFault(
                    .segment, "log", positions: Position(1)...Position(oldest.rawValue - 1),
                    "no segment holds these positions: a file is missing"))
        }
        if let first = segments.first, first.first == Position(1), let start = first.start,
            start != .zero
        {
            join(StoreAudit.file(first.first), "it does not begin with the digest of an empty log")
        }
        for (before, next) in zip(segments, segments.dropFirst()) { join(before, next) }
        for segment in segments { add(segment) }
        faults.add(ending.faults)
        if let journal = ending.journal { add(journal) }
        checkIndexOrder(segments)
    }

    private mutating func join(_ file: String, _ what: String) {
        faults.add(VerificationFault(.segment, file, what))
    }

    private mutating func join(_ before: SegmentFinding, _ next: SegmentFinding) {
        guard before.isComplete, next.isFromFirst else { return }
        if let digest = before.digest, let start = next.start, digest != start {
            join(
                StoreAudit.file(next.first),
                "it begins with another digest than the segment before it ends with")
        }
        if let end = before.recorded, let begin = next.firstRecorded, begin < end {
            faults.add(
                VerificationFault(
                    .time, StoreAudit.file(next.first), positions: next.first...next.first,
                    "it was recorded before the one before it"))
        }
    }

    private mutating func add(_ segment: SegmentFinding) {
        faults.add(segment.faults)
        result.segments += 1
        result.sealed += segment.isSealed ? 1 : 0
        result.events += segment.events
        result.blocks += segment.blocks
        result.indexEntries += segment.indexEntries
        result.digest = segment.digest
        guard let positions = segment.positions else { return }
        let low = result.positions?.lowerBound ?? positions.lowerBound
        result.positions = low...positions.upperBound
        result.head = positions.upperBound
    }

    private mutating func add(_ journal: JournalFinding) {
        result.journalEvents = journal.events
        result.events += journal.events
        result.digest = journal.digest
        guard journal.events > 0 else { return }
        let low =
            result.positions?.lowerBound ?? Position(journal.last.rawValue - journal.events + 1)
        result.positions = low...journal.last
        result.head = journal.last
    }

    mutating func report() -> VerificationReport {
        if audit.isBackup { checkManifest() }
        result.faults = faults.faults.sorted(by: <)
        result.faultCount = faults.count
        if !result.isWhole { result.digest = chainIsWhole ? result.digest : nil }
        return result
    }

    private var chainIsWhole: Bool { faults.faults.allSatisfy(\.isDisposable) }
}

/// Whether a backup is what its manifest says.
extension StoreFindings {
    private mutating func checkManifest() {
        let file = BackupManifest.fileName
        func fault(_ what: String) -> VerificationFault { VerificationFault(.manifest, file, what) }
        guard let manifest = BackupManifest.read(audit.path) else {
            return faults.add(fault("it is not what was written"))
        }
        if let identity = audit.identity, manifest.store != identity.id {
            faults.add(fault("it is that of another store"))
        }
        for copied in manifest.files {
            var status = stat()
            let path = audit.logPath + "/" + copied.name
            guard unsafe stat(path, &status) == 0 else {
                faults.add(fault("it names log/\(copied.name), which is missing"))
                continue
            }
            if UInt64(status.st_size) != copied.bytes {
                faults.add(
                    fault(
                        "log/\(copied.name) has \(status.st_size) bytes, \(copied.bytes) expected"))
            }
        }
        guard audit.range.upperBound == Position(.max) else { return }
        if result.head != manifest.position {
            faults.add(
                fault("the log ends at position \(result.head), \(manifest.position) expected"))
        } else if let digest = result.digest, digest != manifest.digest {
            faults.add(fault("the log ends with another digest than it says"))
        }
    }
}

/// Whether the indexes are as far as they must be.
extension StoreFindings {
    /// Looks once more at segments whose index was behind that of a later one, or not right: the
    /// daemon may have been making it, or have written its last run in between.
    private func completeIndexes(_ segments: inout [SegmentFinding]) {
        for index in segments.indices
        where isBehind(index, segments)
            || (segments[index].last < Position(.max)
                && segments[index].faults.faults.contains { $0.kind == .index })
        {
            let segment = segments[index]
            segments[index] = audit.finding(segment.first, last: segment.last)
        }
    }

    private func isBehind(_ index: Int, _ segments: [SegmentFinding]) -> Bool {
        let segment = segments[index]
        guard segment.last < Position(.max), segment.indexed <= segment.last else { return false }
        return segments[(index + 1)...].contains { $0.indexed > $0.first }
    }

    /// Runs are written in the order of positions: what comes before one that is there must be
    /// there, and no more than so many events may wait for theirs.
    private mutating func checkIndexOrder(_ segments: [SegmentFinding]) {
        guard !audit.isBackup, audit.identity != nil else { return }
        let bound = LogLimits.unindexedEventsMax + EntrySums.positionsPerWindow
        for index in segments.indices {
            let segment = segments[index]
            let end = segment.positions?.upperBound ?? segment.first
            let isLate = segment.indexed.rawValue + bound < result.head.rawValue
            guard isBehind(index, segments) || (isLate && segment.indexed <= end),
                !segment.faults.faults.contains(where: { $0.kind == .index })
            else { continue }
            faults.add(
                VerificationFault(
                    .index, IndexComparison.file(segment.first),
                    positions: segment.indexed...max(segment.indexed, end),
                    "it is missing, or holds less than the segment"))
        }
    }
}
