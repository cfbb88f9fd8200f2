import EventLog
import EventModel
import Foundation
import Projecting

/// Holds views that a power cut has left against what their log folds to from nothing.
final class FoldedViews {
    /// A view that is not what its log folds to.
    struct Difference: Error, Equatable {
        let name: String
        let events: Int
        /// Why it stands still, where it does.
        let fault: String?
    }

    private let folder: String
    /// The digests of all views by how many events were folded: states have the same logs again and
    /// again.
    private var known: [Int: [String]] = [:]

    /// - Parameter folder: Where it may fold; nothing else is there.
    init(folder: String) { self.folder = folder }

    /// Opens the views of a store as a daemon does, has them folded to the end, and compares them.
    ///
    /// - Parameter mayBeAhead: Whether the log may have lost what a view was folded from.
    func check(_ opened: OpenedLog, _ count: Int, mayBeAhead: Bool) throws {
        let path = opened.folder.viewsPath
        let recorded = ViewSet.recordedPosition(folder: path).rawValue
        guard mayBeAhead || recorded <= count else {
            throw StateCheck.Violation.viewAhead(position: recorded, of: count)
        }
        let found = try Self.digests(opened.log, path)
        let folded = try foldAnew(opened.log, count)
        for (index, digest) in found.enumerated() where digest != folded[index] {
            throw StateCheck.Violation.view(
                Difference(name: ViewSet.names[index], events: count, fault: nil))
        }
    }

    private func foldAnew(_ log: EventLog, _ count: Int) throws -> [String] {
        if let known = known[count] { return known }
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let digests = try Self.digests(log, folder)
        known[count] = digests
        return digests
    }

    private static func digests(_ log: EventLog, _ folder: String) throws -> [String] {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let views = try ViewSet(stillOn: log, folder: folder)
        try views.catchUp()
        for status in views.status where status.fault != nil || status.position != log.head.position
        {
            throw StateCheck.Violation.view(
                Difference(
                    name: status.name, events: Int(log.head.position.rawValue),
                    fault: status.fault ?? "it ends at \(status.position)"))
        }
        return try [
            views.identity.snapshot().contentDigest(), views.queues.snapshot().contentDigest(),
            views.metrics.snapshot().contentDigest(), views.customers.snapshot().contentDigest(),
        ].map { $0.digest.hexadecimal }
    }
}
