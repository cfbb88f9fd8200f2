public import EventModel
internal import Glibc
internal import LMDB

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
    /// - Throws: `notABackup`, `otherStore`, `otherEpoch`, `noSegment`, `doesNotFit`, `erasedIn`, `otherLedger`,
    ///   `damaged`, `log`.
    @available(*, noasync)
    public static func segment(
        holding position: Position, of backup: String, into path: String,
        erasures: String? = nil, jobs: Int = 1,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(BackupError) -> RestoredSegment {
        guard let manifest = BackupManifest.read(backup) else { throw .notABackup(path: backup) }
        let own = try logging { () throws(EventLogError) in
            try StoreFolder.readDescription(path).store
        }
        guard own == manifest.store else { throw .otherStore(path: path) }
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
            let scrubbed = try checked(
                range, backup + "/log/", in: folder.logPath + "/",
                before: index > 0 ? firsts[index - 1] : nil)
            try refuseErased(range, firsts, scrubbed, manifest, (backup, path, erasures))
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

    /// Sees to it that the digest chain goes through the backup's copy, from the segment before to the
    /// one behind. No file is left open.
    ///
    /// - Returns: Up to which erasure it has been scrubbed; nil where it has not been.
    private static func checked(
        _ range: Range<Position>, _ backup: String, in log: String, before: Position?
    ) throws(BackupError) -> Position? {
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
        let next = try undamaged { () throws(EventLogError) in try open(log, range.upperBound).start
        }
        if let next, next != end.digest {
            throw .doesNotFit(range.lowerBound, "the next segment does not go on from its digest")
        }
        guard let before else { return copy.scrubbed }
        let digest = try undamaged { () throws(EventLogError) in
            try open(log, before).newestBlock()?.digest
        }
        if let digest, digest != copy.start {
            throw .doesNotFit(range.lowerBound, "it does not go on from the segment before")
        }
        return copy.scrubbed
    }

    /// What a neighbour says; nil where it is damaged or missing too, and says nothing.
    private static func undamaged<Result>(
        _ look: () throws(EventLogError) -> Result?
    ) throws(BackupError) -> Result? {
        do throws(EventLogError) {
            return try look()
        } catch {
            guard saysNothing(error) else { throw .log(error) }
            return nil
        }
    }

    /// Whether a file is damaged or missing; with any other error trying again may tell what it says.
    private static func saysNothing(_ error: EventLogError) -> Bool {
        switch error {
        case .damagedJournal, .missingSegment: true
        case .storage(let reason) where reason.cause == .system(errno: ENOENT): true
        default: error.isDamage
        }
    }

    /// Refuses a copy in which something still lies that was erased or redacted since: as the store's
    /// own log says it, or where that cannot be read the ledger, of which then one must be given.
    private static func refuseErased(
        _ range: Range<Position>, _ firsts: [Position], _ scrubbed: Position?,
        _ manifest: BackupManifest, _ places: (backup: String, store: String, ledger: String?)
    ) throws(BackupError) {
        let trimmed =
            places.backup.hasSuffix("/") ? String(places.backup.dropLast()) : places.backup
        let beside = BackupFiles.folder(of: trimmed) + "/" + ErasureLedger.fileName
        var said: [(position: Position, what: Erasure.What)] = []
        var hasLedger = false
        for path in [beside, places.ledger].compactMap(\.self) {
            let ledger = try logging { () throws(EventLogError) in try ErasureLedger.read(path) }
            guard let ledger else {
                guard path != places.ledger else { throw .otherLedger(path: path) }
                continue
            }
            guard ledger.store == manifest.store else { throw .otherLedger(path: path) }
            said += ledger.entries.map { ($0.position, $0.what) }
            hasLedger = true
        }
        do throws(EventLogError) {
            said += try statements(range, firsts, places.backup, places.store)
        } catch {
            guard hasLedger, saysNothing(error) else { throw .log(error) }
        }
        let last = Position(range.upperBound.rawValue - 1)
        let before = Position(range.lowerBound.rawValue - 1)
        let gone = said.filter { entry in
            entry.position > scrubbed ?? .zero
                && entry.what.through(last) != entry.what.through(before)
        }
        let count = Set(gone.map(\.position)).count
        guard count == 0 else { throw .erasedIn(range.lowerBound, count: count) }
    }

    /// What the store's log says of erasures once the copy is in its place: of links to the store's
    /// files and to that one.
    private static func statements(
        _ range: Range<Position>, _ firsts: [Position], _ backup: String, _ store: String
    ) throws(EventLogError) -> [(position: Position, what: Erasure.What)] {
        let beside = (store.hasSuffix("/") ? String(store.dropLast()) : store) + ".looking"
        try BackupFiles.removeUnfinished(beside)
        do throws(EventLogError) {
            try link(range, firsts, backup, store, beside)
            let found = try StoredLog.open(store: beside).statements()
            try BackupFiles.removeUnfinished(beside)
            return found.map { ($0.erasure.position, $0.erasure.what) }
        } catch {
            try BackupFiles.removeUnfinished(beside)
            throw error
        }
    }

    private static func link(
        _ range: Range<Position>, _ firsts: [Position], _ backup: String, _ store: String,
        _ beside: String
    ) throws(EventLogError) {
        try BackupFiles.makeFolder(beside)
        try BackupFiles.makeFolder(beside + "/log")
        var names = ["store.json", "journal"].map { ($0, store) }
        names += firsts.map {
            ("log/" + Segment.fileName(first: $0), $0 == range.lowerBound ? backup : store)
        }
        for (name, folder) in names {
            let target = unsafe realpath(folder + "/" + name, nil)
            // What is not there is missing in the links as it is in the store.
            guard let target = unsafe target else { continue }
            defer { unsafe free(target) }
            guard unsafe symlink(target, beside + "/" + name) == 0 else {
                throw BackupFiles.failure("link", beside + "/" + name)
            }
        }
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
