import EventLog
import EventModel
import Importing
import Projecting
import Views

/// What a replay gave, or how views in two folders differ.
struct ReplayReport {
    /// What was folded.
    struct Folded {
        let storeID: String
        let events: UInt64
        let elapsed: Duration

        /// Events folded in a second by all views.
        var rate: Int { Int(Double(events) / max(0.001, elapsed.seconds)) }
    }

    struct View {
        let name: String
        let version: Int
        let rows: UInt64
        let digest: String
        let bytes: UInt64
    }

    /// A view beside another one of the same name: there, and here.
    struct Comparison {
        let name: String
        let versionThere: Int
        let versionHere: Int
        let positionThere: Position
        let positionHere: Position
        let found: ViewComparison

        /// Whether they reflect the same part of the log.
        var isSamePosition: Bool { positionThere == positionHere }
        var isEqual: Bool { isSamePosition && found.isEqual }
    }

    /// Nil where nothing was folded.
    let folded: Folded?
    private(set) var views: [View] = []
    private(set) var comparisons: [Comparison] = []
    /// The projections whose views were left in the store for the next daemon of this version; nil
    /// where that was not asked.
    var prepared: [String]?

    init(_ folded: Folded?) { self.folded = folded }

    /// Tells what was folded of a store.
    init(
        _ folded: FoldedViews, of storeID: String, since begun: ContinuousClock.Instant
    ) throws {
        self.init(
            Folded(
                storeID: storeID, events: folded.position.rawValue,
                elapsed: ContinuousClock.now - begun))
        try add(folded)
    }

    /// Adds the digests of all views.
    private mutating func add(_ folded: FoldedViews) throws {
        try add(folded.views.identity)
        try add(folded.views.queues)
        try add(folded.views.metrics)
        try add(folded.views.customers)
    }

    private mutating func add<Fold: ~Copyable>(_ projector: Projector<Fold>) throws {
        let content = try projector.snapshot().contentDigest()
        views.append(
            View(
                name: Fold.name, version: Fold.version, rows: content.rows,
                digest: content.digest.hexadecimal, bytes: projector.status.fileBytes))
    }

    /// Holds the views against those in a folder, the other ones first.
    mutating func compare(_ folded: FoldedViews, with folder: String, _ examples: Int) throws {
        try compare(folded.views.identity, folder, examples)
        try compare(folded.views.queues, folder, examples)
        try compare(folded.views.metrics, folder, examples)
        try compare(folded.views.customers, folder, examples)
    }

    /// Holds the views in one folder against those in another, the other ones first.
    mutating func compare(_ folder: String, with other: String, _ examples: Int) throws {
        for name in ViewSet.names {
            let here = try Self.view(name, in: folder)
            try compare(name, try Self.view(name, in: other), here.rows, here.version, examples)
        }
    }

    private mutating func compare<Fold: ~Copyable>(
        _ projector: Projector<Fold>, _ folder: String, _ examples: Int
    ) throws {
        try compare(
            Fold.name, try Self.view(Fold.name, in: folder), try projector.snapshot(),
            Fold.version, examples)
    }

    private mutating func compare(
        _ name: String, _ there: borrowing StoredView, _ here: borrowing ViewSnapshot,
        _ version: Int, _ examples: Int
    ) throws {
        comparisons.append(
            Comparison(
                name: name, versionThere: there.version, versionHere: version,
                positionThere: there.rows.position, positionHere: here.position,
                found: try ViewComparison(there.rows, here, of: name, examplesMax: examples)))
    }

    /// Opens the newest version of a view that a folder has, once its pages are known to be good:
    /// liblmdb believes what it reads.
    private static func view(_ name: String, in folder: String) throws -> StoredView {
        let files = FolderListing.names(folder).compactMap { file in
            StoredView.parts(ofFile: file).map { (file: file, parts: $0) }
        }
        let named = files.filter { $0.parts.name == name }
        guard let newest = named.max(by: { $0.parts.version < $1.parts.version }) else {
            throw ToolFailure("\(folder) has no \(name) view")
        }
        let faults = try StoredView.pageFaults(folder: folder, file: newest.file)
        guard faults.isEmpty else { throw InspectView.damaged(newest.file, faults) }
        return try StoredView.open(folder: folder, file: newest.file)
    }
}
