public import EventModel
internal import Glibc

/// Putting one segment of a store back, from a backup that has it.
extension Restore {
    /// What has been put back.
    public struct RestoredSegment: Sendable {
        /// The first position.
        public let first: Position
        /// The last position.
        public let last: Position
        /// The bytes of the file.
        public let bytes: UInt64
    }

    /// Verifies a backup's copy of the segment that holds a position, holds it against the segments
    /// around it, and puts it into the place of the store's. Nothing else of the store is touched,
    /// and no epoch begins: the log is as it was before the damage.
    ///
    /// - Parameters:
    ///   - path: A store that no daemon has open.
    ///   - erasures: The ledger of erasures where it does not lie beside the backup.
    /// - Throws: `notABackup`, `otherStore`, `noSegment`, `doesNotFit`, `erasedIn`, `otherLedger`,
    ///   `damaged`, `log`.
    @available(*, noasync)
    public static func segment(
        holding position: Position, of backup: String, into path: String,
        erasures: String? = nil, jobs: Int = 1,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(BackupError) -> RestoredSegment {
        guard let manifest = BackupManifest.read(backup) else { throw .notABackup(path: backup) }
        do throws(EventLogError) {
            guard try StoreFolder.readDescription(path).store == manifest.store else {
                throw EventLogError.notAStore(path: path, found: "")
            }
        } catch {
            if case .notAStore(_, "") = error { throw .otherStore(path: path) }
            throw .log(error)
        }
        return try holding(path) { (folder) throws(BackupError) in
            guard
                try logging({ () throws(EventLogError) in try StoreEpoch.read(path).number })
                    == manifest.epoch
            else { throw .otherEpoch(manifest.epoch) }
            // Also of one whose file is missing from the store.
            let firsts = try logging { () throws(EventLogError) in
                let own = try SegmentFiles.firsts(folder.logPath)
                return Set(own).union(manifest.files.compactMap { Segment.first(ofFile: $0.name) })
                    .sorted()
            }
            guard let index = firsts.lastIndex(where: { $0 <= position }),
                index + 1 < firsts.count,
                manifest.files.contains(where: { $0.name == Segment.fileName(first: firsts[index]) }
                )
            else { throw .noSegment(position) }
            let range = firsts[index]..<firsts[index + 1]
            let report = try logging { () throws(EventLogError) in
                try Verification.run(
                    store: backup,
                    options: .init(
                        from: range.lowerBound, to: Position(range.upperBound.rawValue - 1),
                        jobs: jobs, progress: progress))
            }
            guard report.isWhole else { throw .damaged(report) }
            let copy = try checked(
                range, backup + "/log/", in: folder.logPath + "/",
                before: index > 0 ? firsts[index - 1] : nil)
            try refuseErased(range, copy.scrubbed, manifest, backup, erasures)
            return try logging { () throws(EventLogError) in
                try replace(range, backup + "/log/", in: folder.logPath + "/")
            }
        }
    }

    /// Holds the store's lock meanwhile.
    private static func holding<Result>(
        _ path: String, _ body: (StoreFolder) throws(BackupError) -> Result
    ) throws(BackupError) -> Result {
        let folder = try logging { () throws(EventLogError) in
            try StoreFolder(path: path, now: .earliest) { .random(in: .min ... .max) }
        }
        return try body(folder)
    }

    private static func logging<Result>(
        _ body: () throws(EventLogError) -> Result
    ) throws(BackupError) -> Result {
        do throws(EventLogError) {
            return try body()
        } catch {
            throw .log(error)
        }
    }

    /// Opens the backup's copy, and sees to it that the digest chain goes through it from the
    /// segment before to the one behind.
    private static func checked(
        _ range: Range<Position>, _ backup: String, in log: String, before: Position?
    ) throws(BackupError) -> Segment {
        func open(_ folder: String, _ first: Position) throws(EventLogError) -> Segment {
            try Segment.openUnchanging(path: folder + Segment.fileName(first: first), first: first)
        }
        let (copy, end) = try logging { () throws(EventLogError) in
            let copy = try open(backup, range.lowerBound)
            return (copy, try copy.newestBlock())
        }
        guard let end, end.last.next == range.upperBound else {
            throw .doesNotFit(range.lowerBound, "it does not hold all positions of the segment")
        }
        // One that is damaged too says nothing.
        if let next = try? open(log, range.upperBound), next.start != end.digest {
            throw .doesNotFit(range.lowerBound, "the next segment does not go on from its digest")
        }
        if let before, let end = try? open(log, before).newestBlock(), end.digest != copy.start {
            throw .doesNotFit(range.lowerBound, "it does not go on from the segment before")
        }
        return copy
    }

    /// Refuses a copy in which something still lies that was erased or redacted since.
    private static func refuseErased(
        _ range: Range<Position>, _ scrubbed: Position?, _ manifest: BackupManifest,
        _ backup: String, _ given: String?
    ) throws(BackupError) {
        let trimmed = backup.hasSuffix("/") ? String(backup.dropLast()) : backup
        let path = given ?? BackupFiles.folder(of: trimmed) + "/" + ErasureLedger.fileName
        let ledger = try logging { () throws(EventLogError) in try ErasureLedger.read(path) }
        guard let ledger else {
            guard given == nil else { throw .otherLedger(path: path) }
            return
        }
        guard ledger.store == manifest.store else { throw .otherLedger(path: path) }
        let last = Position(range.upperBound.rawValue - 1)
        let before = Position(range.lowerBound.rawValue - 1)
        let count = ledger.entries.count { entry in
            entry.position > scrubbed ?? .zero
                && entry.what.through(last) != entry.what.through(before)
        }
        guard count == 0 else { throw .erasedIn(range.lowerBound, count: count) }
    }

    private static func replace(
        _ range: Range<Position>, _ backup: String, in log: String
    ) throws(EventLogError) -> RestoredSegment {
        let name = Segment.fileName(first: range.lowerBound)
        let beside = log + name + ".new"
        guard unsafe unlink(beside) == 0 || errno == ENOENT else {
            throw BackupFiles.failure("remove", beside)
        }
        let copied = try BackupFiles.copy(
            backup + name, to: beside
        ) { (_) throws(EventLogError) in }
        try BackupFiles.move(beside, to: log + name)
        return RestoredSegment(
            first: range.lowerBound, last: Position(range.upperBound.rawValue - 1),
            bytes: copied.bytes)
    }
}
