internal import Consumers
internal import EventIndex
internal import EventModel
internal import Glibc
internal import LMDB
internal import Synchronization
internal import Threads

/// One verification of one store.
final class StoreAudit: Sendable {
    let path: String
    let options: Verification.Options
    let isBackup: Bool
    /// What the store says of itself; nil when that cannot be read.
    let identity: Identity?
    private let descriptionFault: VerificationFault?
    private let done = Atomic<UInt64>(0)
    private let total = Atomic<UInt64>(0)

    /// Who the store is.
    struct Identity: Sendable {
        let id: String
        let store: StoreID
        let key: HashKey
    }

    init(path: String, options: Verification.Options) throws(EventLogError) {
        self.path = path
        self.options = options
        isBackup = Self.exists(path + "/" + BackupManifest.fileName)
        guard Self.exists(path + "/log") || Self.exists(path + "/store.json") else {
            throw .notAStore(path: path, found: "it has neither store.json nor a log")
        }
        do throws(EventLogError) {
            let found = try StoreFolder.readDescription(path)
            identity = Identity(
                id: found.store, store: StoreID(Hexadecimal.bytes(of: found.store).rawSpan),
                key: HashKey(Hexadecimal.bytes(of: found.indexKey).rawSpan))
            descriptionFault = nil
        } catch {
            identity = nil
            descriptionFault = VerificationFault(.store, "store.json", "\(error)")
        }
    }

    static func exists(_ path: String) -> Bool { unsafe Glibc.access(path, F_OK) == 0 }

    var logPath: String { path + "/log" }

    /// The range asked for.
    var range: ClosedRange<Position> {
        let low = max(options.from ?? Position(1), Position(1))
        return low...max(low, options.to ?? Position(.max))
    }

    func progress(_ events: UInt64) {
        let sum = done.add(events, ordering: .relaxed).newValue
        options.progress(sum, max(sum, total.load(ordering: .relaxed)))
    }

    /// Does the whole work.
    func run() -> VerificationReport {
        var findings = StoreFindings(self)
        if let descriptionFault { findings.faults.add(descriptionFault) }
        do throws(EventLogError) {
            let firsts = try SegmentFiles.firsts(logPath)
            guard let newest = firsts.last else {
                findings.faults.add(
                    VerificationFault(.segment, "log", "there is no segment"))
                return findings.report()
            }
            total.store(estimate(newest), ordering: .relaxed)
            let older = zip(firsts, firsts.dropFirst()).filter { concerns($0, $1) }
                .map { (first: $0, last: Position($1.rawValue - 1)) }
            let work = Mutex(Array(older.reversed()))
            let found = Mutex<[SegmentFinding]>([])
            let workers = startWorkers(older.count) { [self] in look(work, found) }
            let ending = lookAtEnding(newest)
            look(work, found)
            for worker in workers { worker.join() }
            lookAtViews(&findings.faults)
            for fault in ConsumerFile.faults(store: path) {
                findings.faults.add(VerificationFault(.consumers, ConsumerFile.name, fault))
            }
            findings.take(found.withLock { $0 } + ending.segments, firsts, ending)
        } catch {
            findings.faults.add(VerificationFault(.unreadable, "log", "\(error)"))
        }
        return findings.report()
    }

    /// Whether a segment holds positions that are asked for.
    private func concerns(_ first: Position, _ next: Position) -> Bool {
        first <= range.upperBound && next > range.lowerBound
    }

    private func startWorkers(
        _ segments: Int, _ body: @escaping @Sendable () -> Void
    ) -> [PlainThread] {
        let jobs = min(options.jobs, LogLimits.verificationJobsMax, segments)
        return (0..<max(0, jobs - 1)).map { number in
            PlainThread(name: "verify-\(number + 1)", nice: 0, body)
        }
    }

    private func look(
        _ work: borrowing Mutex<[(first: Position, last: Position)]>,
        _ found: borrowing Mutex<[SegmentFinding]>
    ) {
        while let next = work.withLock({ $0.popLast() }) {
            let finding = finding(next.first, last: next.last)
            found.withLock { $0.append(finding) }
        }
    }

    /// How many events there seem to be in the range.
    private func estimate(_ newest: Position) -> UInt64 {
        let file = logPath + "/" + Segment.fileName(first: newest)
        var status = stat()
        let bytes = unsafe stat(file, &status) == 0 ? UInt64(max(0, status.st_size)) : 0
        // A guess for the newest segment, at the bytes that an event usually takes.
        let last = min(newest.rawValue + bytes / 80, range.upperBound.rawValue)
        return last - min(last, range.lowerBound.rawValue - 1)
    }
}
