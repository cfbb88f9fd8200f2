internal import Consumers
internal import EventModel
internal import Glibc

/// Makes one backup: a folder beside its place, moved there once everything in it is on disk.
///
/// It holds at least everything that was committed when it was begun. Segments that have ended
/// are copied as files, or taken over from an earlier backup; the newest is copied block by block
/// in short transactions, since one that lasted would keep the store's pages from being reused,
/// and what is not yet in a segment comes from memory.
final class BackupWriter {
    let runner: BackupRunner
    let log: EventLog
    private let name: String
    private let time: Timestamp
    let partial: String
    var logPath: String { partial + "/log" }
    /// The copies of earlier backups, with their folders.
    private var earlier: [(folder: String, file: BackupManifest.File)] = []
    private var files: [Position: BackupManifest.File] = [:]

    private static let attemptsMax = 64

    init(_ runner: BackupRunner, name: String, time: Timestamp) {
        self.runner = runner
        log = runner.log
        self.name = name
        self.time = time
        partial = runner.folder + "/" + name + ".partial"
    }

    func run() throws(BackupError) -> BackupManifest {
        do throws(EventLogError) {
            try prepare()
        } catch {
            throw .log(error)
        }
        try checkRoom()
        try copyConsumers()
        log.settle()
        let end = try copyLog(through: log.head.position)
        let manifest = BackupManifest(
            store: runner.store.storeID, name: name, epoch: runner.epoch, position: end.position,
            digest: end.digest, time: time,
            files: files.keys.sorted().compactMap { files[$0] })
        do throws(EventLogError) {
            try finish(manifest)
        } catch {
            throw .log(error)
        }
        return manifest
    }

    private func prepare() throws(EventLogError) {
        try StoreFolder.makeFolder(runner.folder)
        try BackupFiles.removeUnfinished(partial)
        try BackupFiles.makeFolder(partial)
        try BackupFiles.makeFolder(logPath)
        for other in FolderListing.names(runner.folder) where !other.hasSuffix(".partial") {
            let path = runner.folder + "/" + other
            guard let manifest = BackupManifest.read(path), manifest.store == runner.store.storeID
            else { continue }
            earlier += manifest.files.filter { $0.origin != nil }.map { (path + "/log", $0) }
        }
    }

    /// Refuses to fill the disk, which may be the store's.
    private func checkRoom() throws(BackupError) {
        let needed = log.fileBytes
        let available: UInt64
        do throws(EventLogError) {
            available = try BackupFiles.available(runner.folder)
        } catch {
            throw .log(error)
        }
        let known = Set(earlier.map(\.file.name))
        let copied = needed - min(needed, earlier.isEmpty ? 0 : takenOver(known))
        guard available > copied + 4 * LogLimits.freeBytesMin else {
            throw .noRoom(needed: copied + 4 * LogLimits.freeBytesMin, available: available)
        }
        runner.change { $0.totalBytes = needed }
    }

    /// Copies how far consumers are, before the log: what they are done with will be in it.
    private func copyConsumers() throws(BackupError) {
        do throws(ConsumerError) {
            try runner.consumers?.copy(to: partial + "/" + ConsumerFile.name)
        } catch {
            throw .consumers(error)
        }
    }

    private func takenOver(_ known: Set<String>) -> UInt64 {
        earlier.reduce(into: [String: UInt64]()) { $0[$1.file.name] = $1.file.bytes }
            .filter { known.contains($0.key) }.values.reduce(0, +)
    }

    /// Copies segments until they and what is in memory reach a position.
    private func copyLog(
        through goal: Position
    ) throws(BackupError) -> (position: Position, digest: Digest) {
        for _ in 0..<Self.attemptsMax {
            try runner.checkStop()
            // Memory first: what is not there any more, segments hold when they are listed.
            let rounds = log.recentRounds
            let firsts = log.segments.firsts
            for (first, next) in zip(firsts, firsts.dropFirst()) where files[first] == nil {
                try copyEnded(first, last: Position(next.rawValue - 1))
            }
            guard let newest = firsts.last else { preconditionFailure("a log has a segment") }
            if let end = try copyNewest(newest, rounds, through: goal) { return end }
            // A segment ends within what is in memory: its end is written by a stride.
            log.settle()
        }
        throw .log(.full(operation: "backup"))
    }

    private func copyEnded(_ first: Position, last: Position) throws(BackupError) {
        let name = Segment.fileName(first: first)
        let (source, target) = (log.segments.folder + "/" + name, logPath + "/" + name)
        do throws(EventLogError) {
            let segment = try log.segments.place(of: first).segment
            guard let block = try segment.newestBlock(), block.last == last else {
                throw .damagedBlock(first: last, reason: "its segment does not end with it")
            }
            if let taken = try takeOver(source, name, target, last, block.digest) {
                files[first] = taken
                return
            }
            let copied: (bytes: UInt64, origin: BackupManifest.Origin)
            copied = try BackupFiles.copy(source, to: target) { (bytes) throws(EventLogError) in
                do throws(BackupError) {
                    try self.runner.checkStop()
                } catch {
                    throw .system(operation: "backup", path: target, errno: ECANCELED)
                }
                self.runner.change { $0.bytes += bytes }
            }
            files[first] = BackupManifest.File(
                name: name, bytes: copied.bytes, last: last, digest: block.digest,
                origin: copied.origin)
        } catch {
            throw .log(error)
        }
    }

    /// Links to an earlier backup's copy of the very same file; nil when there is none.
    private func takeOver(
        _ source: String, _ name: String, _ target: String, _ last: Position, _ digest: Digest
    ) throws(EventLogError) -> BackupManifest.File? {
        let descriptor = unsafe open(source, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BackupFiles.failure("open", source) }
        defer { close(descriptor) }
        let found = try BackupFiles.look(descriptor, source)
        let same = earlier.last {
            $0.file.name == name && $0.file.bytes == found.bytes && $0.file.last == last
                && $0.file.digest == digest && $0.file.origin == found.origin
        }
        guard let same, unsafe link(same.folder + "/" + name, target) == 0 else { return nil }
        var status = stat()
        guard unsafe stat(target, &status) == 0, UInt64(status.st_size) == found.bytes else {
            unsafe unlink(target)
            return nil
        }
        runner.change {
            $0.bytes += found.bytes
            $0.takenOver += found.bytes
        }
        return same.file
    }

    /// Copies the newest segment and what is in memory; nil when that reaches into the next one.
    private func copyNewest(
        _ first: Position, _ rounds: [CommittedRound], through goal: Position
    ) throws(BackupError) -> (position: Position, digest: Digest)? {
        let name = Segment.fileName(first: first)
        let path = logPath + "/" + name
        do throws(EventLogError) {
            let source = try log.segments.place(of: first).segment
            var copy = try SegmentCopy(of: source, to: path, sizes: log.sizes)
            let isDone = try copy.run(rounds, through: goal) { [runner] bytes in
                runner.change { $0.bytes += bytes }
            }
            let end = copy.end
            guard isDone else {
                _ = consume copy
                try SegmentCopy.remove(path)
                return nil
            }
            let bytes = copy.bytes
            _ = consume copy
            // Whoever opens the backup does so without locks.
            unsafe unlink(path + "-lock")
            files[first] = BackupManifest.File(
                name: name, bytes: bytes, last: end.position, digest: end.digest, origin: nil)
            return end
        } catch {
            throw .log(error)
        }
    }

    private func finish(_ manifest: BackupManifest) throws(EventLogError) {
        let description = try SmallFile.read(runner.store.path + "/store.json")
        try SmallFile.write(description ?? "", to: partial + "/store.json")
        if let epoch = try SmallFile.read(runner.store.path + "/" + StoreEpoch.fileName) {
            try SmallFile.write(epoch, to: partial + "/" + StoreEpoch.fileName)
        }
        try StoreFolder.syncFolder(logPath)
        Failpoint.backupCopied.pass()
        try SmallFile.write(manifest.text, to: partial + "/" + BackupManifest.fileName)
        guard BackupManifest.read(partial) == manifest else {
            throw .notAStore(path: partial, found: "its manifest is not what was written")
        }
        Failpoint.backupManifest.pass()
        try BackupFiles.move(partial, to: runner.folder + "/" + name)
        Failpoint.backupMoved.pass()
    }
}
