import EventLog
import EventModel
import Glibc
import Importing
import Projecting
import Views

/// Views of this version, folded beside a daemon of another one and left in its store.
struct PreparedViews {
    let report: ReplayReport

    init(_ store: String) throws {
        // Says what is wrong with what is no store.
        _ = try StoredLog.open(store: store)
        let views = store + "/views"
        guard FolderListing.exists(views) else {
            throw ToolFailure("\(store) has no views: its first start folds them")
        }
        let outdated = ViewSet.outdated(folder: views)
        guard !outdated.isEmpty else {
            var report = ReplayReport(nil)
            report.prepared = []
            self.report = report
            return
        }
        let folder = ViewSet.preparing(for: views)
        try Self.checkOwner(of: views)
        guard unsafe mkdir(folder, 0o700) == 0 else {
            guard errno == EEXIST else {
                throw ToolFailure("cannot make the folder \(folder): errno \(errno)")
            }
            throw ToolFailure(
                "\(folder) is there: views are being prepared, or that was interrupted; "
                    + "in that case remove it")
        }
        defer { FoldedViews.remove(folder) }
        var (report, erasures) = try Self.fold(store, into: folder)
        // What they were folded from may have gone out of the log meanwhile.
        guard try Self.carriedOut(StoredLog.open(store: store)) == erasures else {
            throw ToolFailure("somebody was erased meanwhile: prepare again")
        }
        guard FolderListing.exists(folder) else {
            throw ToolFailure("a view was folded anew meanwhile, which removes them: prepare again")
        }
        try ViewSet.hand(outdated, from: folder, to: views)
        report.prepared = outdated
        self.report = report
    }

    /// Folds all views of a store as it is now, and lets go of it.
    private static func fold(
        _ store: String, into folder: String
    ) throws -> (report: ReplayReport, erasures: [Position]) {
        let log = try StoredLog.open(store: store)
        let erasures = try carriedOut(log)
        let begun = ContinuousClock.now
        let folded = try FoldedViews(log.source, in: folder)
        try folded.views.settle()
        return (try ReplayReport(folded, of: log.storeID, since: begun), erasures)
    }

    /// The daemon has to read, replace and remove them.
    private static func checkOwner(of views: String) throws {
        var status = stat()
        guard unsafe stat(views, &status) == 0 else {
            throw ToolFailure("cannot look at \(views): errno \(errno)")
        }
        guard status.st_uid == geteuid() else {
            throw ToolFailure(
                "views are prepared by whom the daemon runs as: \(views) belongs to user "
                    + "\(status.st_uid), this is user \(geteuid())")
        }
    }

    /// The positions of all erasures and redactions.
    private static func carriedOut(_ log: StoredLog) throws -> [Position] {
        let statements = try log.statements()
        guard statements.allSatisfy({ $0.completed != nil }) else {
            throw ToolFailure(
                "an erasure is being carried out: prepare once INFO says erasures_pending:0")
        }
        return statements.map(\.erasure.position)
    }
}
