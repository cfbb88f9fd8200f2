import ArgumentParser
import EventLog
import EventModel
import Glibc
import Importing
import JSON
import Projecting
import Synchronization
import Threads
import Views

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Fold a whole log anew, in a place of its own.",
        discussion: """
            Reads the log of a store or of a backup from the first event and folds all views anew, \
            without touching the store; a daemon may go on beside it. Prints each view's digest over \
            keys and rows in key order: the same log and the same version give the same digest.

            --compare holds the result against the store's own views, --against against those in a \
            folder that an earlier replay left with --into, as of another version: how many rows \
            differ, and the first of them by key.

            Exit code: 0 folded and equal where compared, 1 different or failed, 2 the command line \
            cannot be meant.
            """)

    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @Option(help: "The last position to fold.")
    var to: UInt64?

    @Option(help: "Where the views are put, and stay; a new folder.")
    var into: String?

    @Flag(help: "Hold them against the views of the store.")
    var compare = false

    @Option(help: "Hold them against the views in this folder.")
    var against: String?

    @Option(help: "How many differences are shown.")
    var examples = 1

    @Flag(help: "Print one JSON document.")
    var json = false

    func validate() throws {
        guard to != 0 else { throw ValidationError("positions begin at 1") }
        guard !compare || against == nil else {
            throw ValidationError("--compare and --against exclude each other")
        }
        guard !compare || to == nil else {
            throw ValidationError("the store's views reflect all of its log: leave --to out")
        }
        guard (0...1_000).contains(examples) else {
            throw ValidationError("--examples must be 0 to 1000")
        }
    }

    func run() throws {
        let folder = try makeFolder()
        defer { if into == nil { Self.remove(folder) } }
        do {
            let report = try replay(folder)
            let printer = ReplayPrinter(report: report)
            Terminal.write(json ? printer.json : printer.text)
            guard report.comparisons.allSatisfy(\.isEqual) else {
                if into == nil { Self.remove(folder) }
                Terminal.exit(1)
            }
        } catch let error as EventLogError {
            throw ToolFailure("\(error)")
        } catch let error as ViewFault {
            throw ToolFailure("\(error)")
        }
    }

    private func replay(_ folder: String) throws -> ReplayReport {
        let log = try StoredLog.open(store: store, through: to.map { Position($0) })
        let begun = ContinuousClock.now
        let views = try ViewSet(stillOn: log.source, folder: folder)
        try Replay(views, log.source.head.position).run()
        let elapsed = ContinuousClock.now - begun
        var report = ReplayReport(
            storeID: log.storeID, events: log.source.head.position.rawValue, elapsed: elapsed)
        try report.add(views.identity)
        try report.add(views.queues)
        try report.add(views.metrics)
        try report.add(views.customers)
        if let other = compare ? store + "/views" : against {
            try report.compare(views, with: other, examples)
        }
        return report
    }

    private func makeFolder() throws -> String {
        let path: String
        if let into {
            path = into
        } else {
            let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
            path = "\(base)/throughline-replay-\(getpid())"
        }
        guard unsafe mkdir(path, 0o700) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw ToolFailure("cannot make the folder \(path): \(reason)")
        }
        return path
    }

    /// Removes the views that nobody asked to keep.
    private static func remove(_ folder: String) {
        for file in FolderListing.files(folder) { _ = unsafe unlink(folder + "/" + file) }
        _ = unsafe rmdir(folder)
    }
}

/// Folds all views of a set to the end of its log, each on a thread, and shows how far they are.
struct Replay {
    private let views: ViewSet
    private let head: Position
    private let bar = ProgressBar("folding", unit: "events")

    init(_ views: ViewSet, _ head: Position) {
        self.views = views
        self.head = head
    }

    func run() throws {
        let (views, head, bar) = (views, head, bar)
        let failure = Mutex<ViewFault?>(nil)
        let show: @Sendable () -> Void = {
            let slowest = views.status.map(\.position).min() ?? .zero
            bar.show(slowest.rawValue, of: head.rawValue)
        }
        @Sendable func fold<Fold: ~Copyable>(_ projector: Projector<Fold>) {
            projector.observe(show)
            do throws(ViewFault) {
                try projector.catchUp()
            } catch {
                failure.withLock { $0 = $0 ?? error }
                // The others wait for what will not come.
                views.stop()
            }
        }
        let threads = [
            PlainThread(name: "identity", nice: 0) { fold(views.identity) },
            PlainThread(name: "queues", nice: 0) { fold(views.queues) },
            PlainThread(name: "metrics", nice: 0) { fold(views.metrics) },
            PlainThread(name: "customers", nice: 0) { fold(views.customers) },
        ]
        for thread in threads { thread.join() }
        bar.clear()
        if let failure = failure.withLock({ $0 }) { throw ToolFailure("\(failure)") }
    }
}
