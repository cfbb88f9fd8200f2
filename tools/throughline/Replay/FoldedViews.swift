import EventLog
import EventModel
import Glibc
import Projecting
import Synchronization
import Threads
import Views

/// All views of a log, folded anew in a folder of their own, which goes with this unless it was
/// asked for.
final class FoldedViews {
    let views: ViewSet
    /// The last position that they reflect.
    let position: Position
    private let folder: String
    private let stays: Bool

    /// - Parameter into: A new folder that stays; nil for one that nobody needs to see.
    convenience init(_ log: LogSource, into: String? = nil) throws {
        let folder = into ?? FoldedViews.temporary
        guard unsafe mkdir(folder, 0o700) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw ToolFailure("cannot make the folder \(folder): \(reason)")
        }
        try self.init(log, in: folder, stays: into != nil)
    }

    /// - Parameter folder: An empty folder.
    init(_ log: LogSource, in folder: String, stays: Bool = true) throws {
        self.folder = folder
        self.stays = stays
        position = log.head.position
        do throws(ViewFault) {
            views = try ViewSet(stillOn: log, folder: folder)
        } catch {
            if !stays { FoldedViews.remove(folder) }
            throw ToolFailure("\(error)")
        }
        // From here on `deinit` clears up, also when this fails.
        try FoldedViews.fold(views, to: position)
    }

    deinit { if !stays { FoldedViews.remove(folder) } }

    static var temporary: String {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        return "\(base)/throughline-replay-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    }

    static func remove(_ folder: String) {
        for file in FolderListing.names(folder) { _ = unsafe unlink(folder + "/" + file) }
        _ = unsafe rmdir(folder)
    }

    /// Folds each view on a thread of its own, and shows how far they are.
    private static func fold(_ views: ViewSet, to head: Position) throws {
        let bar = ProgressBar("folding", unit: "events")
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
        // What they show holds the views, and would keep their log open.
        views.identity.observe {}
        views.queues.observe {}
        views.metrics.observe {}
        views.customers.observe {}
        bar.clear()
        if let failure = failure.withLock({ $0 }) { throw ToolFailure("\(failure)") }
    }
}
