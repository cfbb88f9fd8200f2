internal import Consumers
public import EventModel
internal import Glibc

/// Making a store of a backup.
public enum Restore {
    /// What has been restored.
    public struct Result: Sendable {
        /// The last position.
        public let position: Position
        /// The epoch that the store begins at its next start.
        public let epoch: UInt64
        /// What was found when the backup was verified.
        public let report: VerificationReport
    }

    /// Verifies a backup and copies it to a new store's folder, which begins a new epoch when a
    /// daemon first opens it. Nothing is served from a backup that is not whole.
    ///
    /// The folder lies beside its place until all of it is on disk.
    ///
    /// - Parameters:
    ///   - path: A folder that is missing or empty.
    ///   - erasures: The ledger of the erasures since; what it says is carried out before the store
    ///     is served.
    /// - Throws: `notABackup`, `inTheWay`, `erasedSince`, `apart`, `otherLedger`, `damaged`, `log`.
    @available(*, noasync)
    public static func run(
        backup: String, to path: String, erasures: String? = nil, jobs: Int = 1,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(BackupError) -> Result {
        let path = path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let manifest = BackupManifest.read(backup) else { throw .notABackup(path: backup) }
        guard !BackupFiles.exists(path) || BackupFiles.isEmptyFolder(path) else {
            throw .inTheWay(path: path)
        }
        let since = try erased(since: manifest, backup, erasures)
        let report: VerificationReport
        do throws(EventLogError) {
            report = try Verification.run(
                store: backup, options: .init(jobs: jobs, progress: progress))
        } catch {
            throw .log(error)
        }
        guard report.isWhole else { throw .damaged(report) }
        do throws(EventLogError) {
            try copy(manifest, backup, since, path)
        } catch {
            throw .log(error)
        }
        return Result(position: manifest.position, epoch: manifest.epoch + 1, report: report)
    }

    /// The erasures that a backup does not have, which a ledger must be given for where it is known
    /// that there are some.
    private static func erased(
        since manifest: BackupManifest, _ backup: String, _ given: String?
    ) throws(BackupError) -> ErasureLedger? {
        let trimmed = backup.hasSuffix("/") ? String(backup.dropLast()) : backup
        let beside = BackupFiles.folder(of: trimmed) + "/" + ErasureLedger.fileName
        let ledger: ErasureLedger?
        let known: ErasureLedger?
        do throws(EventLogError) {
            ledger = try given.flatMap { (path) throws(EventLogError) in
                try ErasureLedger.read(path)
            }
            known = try ErasureLedger.read(beside)
        } catch {
            throw .log(error)
        }
        if let given, ledger?.store != manifest.store { throw .otherLedger(path: given) }
        let since = try behind(manifest, ledger, given ?? "")
        let missing =
            try behind(manifest, known.flatMap { $0.store == manifest.store ? $0 : nil }, beside)?
            .entries ?? []
        let count = missing.count { entry in !(since?.entries.contains(entry) ?? false) }
        guard count == 0 else { throw .erasedSince(ledger: beside, count: count) }
        return since
    }

    private static func behind(
        _ manifest: BackupManifest, _ ledger: ErasureLedger?, _ path: String
    ) throws(BackupError) -> ErasureLedger? {
        do throws(ErasureLedger.Apart) {
            return try ledger?.behind(epoch: manifest.epoch, manifest.position)
        } catch {
            throw .apart(
                ledger: path, position: manifest.position, lastCommon: error.lastCommon)
        }
    }

    private static func copy(
        _ manifest: BackupManifest, _ backup: String, _ since: ErasureLedger?, _ path: String
    ) throws(EventLogError) {
        let beside = path + ".restoring"
        try BackupFiles.removeUnfinished(beside)
        try StoreFolder.makeFolder(BackupFiles.folder(of: path))
        try BackupFiles.makeFolder(beside)
        try BackupFiles.makeFolder(beside + "/log")
        for file in manifest.files {
            // A copy always: the store writes into its newest segment.
            _ = try BackupFiles.copy(
                backup + "/log/" + file.name, to: beside + "/log/" + file.name
            ) { (_) throws(EventLogError) in }
        }
        try SmallFile.write(
            try SmallFile.read(backup + "/store.json") ?? "", to: beside + "/store.json")
        if let epoch = try SmallFile.read(backup + "/" + StoreEpoch.fileName) {
            try SmallFile.write(epoch, to: beside + "/" + StoreEpoch.fileName)
        }
        let consumers = "/" + ConsumerFile.name
        if BackupFiles.exists(backup + consumers) {
            _ = try BackupFiles.copy(
                backup + consumers, to: beside + consumers
            ) { (_) throws(EventLogError) in }
        }
        var generator = SystemRandomNumberGenerator()
        try JournalFile.create(
            beside + "/journal", manifest.store, ringBytes: LogLimits.journalBytes,
            key: generator.next())
        try PendingEpoch(
            number: manifest.epoch + 1, reason: .restored, lastCommon: manifest.position
        ).write(beside)
        if let since {
            try SmallFile.write(since.text, to: beside + "/" + PendingErasures.fileName)
        }
        try StoreFolder.syncFolder(beside + "/log")
        try StoreFolder.syncFolder(beside)
        Failpoint.restoreCopied.pass()
        try BackupFiles.move(beside, to: path)
    }
}
