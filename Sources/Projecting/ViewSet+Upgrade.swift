public import EventModel
internal import Views

extension ViewSet {
    /// What opening a store with this program does to one of its views.
    public enum Upgrade: Equatable, Sendable {
        /// It is used as it is.
        case kept
        /// It is folded anew from the log: it has another version, or its rows were folded with
        /// another version of the identity projection or before rules for all events. It cannot be read until that is done.
        case foldedAnew(from: String)
        /// What was prepared takes its place, and is folded on from that position.
        case prepared(through: Position)
    }

    /// Tells what becomes of the views in a folder, by projection, in the order of `names`; those
    /// that have none are left out. Nothing is changed, and a daemon may be writing them.
    public static func upgrades(folder: String) -> [(name: String, upgrade: Upgrade)] {
        let wanted = wantedGeneration(folder)
        return versions.compactMap { name, version -> (name: String, upgrade: Upgrade)? in
            let files = ViewFiles(folder: folder, name: name, version: version)
            let file = "\(name)-v\(version).view"
            if files.isThere, usablePosition(files.path, wanted) != nil { return (name, .kept) }
            if files.isPrepared, let position = usablePosition(files.prepared, wanted) {
                return (name, .prepared(through: position))
            }
            if files.isThere { return (name, .foldedAnew(from: file)) }
            guard let other = files.otherVersions().last else { return nil }
            let otherFile = other.split(separator: "/").last.map(String.init) ?? other
            return (name, .foldedAnew(from: otherFile))
        }
    }

    /// The versions of this program's projections, in the order of `names`.
    static var versions: [(name: String, version: Int)] {
        [
            (IdentityProjection.name, IdentityProjection.version),
            (QueuesProjection.name, QueuesProjection.version),
            (MetricsProjection.name, MetricsProjection.version),
            (CustomersProjection.name, CustomersProjection.version),
        ]
    }

    /// The last definition of rules for all events that the identity view in use knows of; none where
    /// it cannot be read, as it is folded anew then.
    private static func wantedGeneration(_ folder: String) -> IdentityGeneration {
        let files = ViewFiles(
            folder: folder, name: IdentityProjection.name, version: IdentityProjection.version)
        let path = files.isThere ? files.path : files.otherVersions().last
        guard let path else { return .none }
        do throws(ViewFault) {
            let store = try ViewStore.openReadOnly(path: path)
            return try IdentityView.wantedGeneration(ViewSnapshot(store))
        } catch {
            return .none
        }
    }

    /// How far a view's rows reach; nil where they are not what this program's folds give, and where
    /// they cannot be read.
    private static func usablePosition(
        _ path: String, _ generation: IdentityGeneration
    ) -> Position? {
        do throws(ViewFault) {
            let checkpoint = try ViewSnapshot(ViewStore.openReadOnly(path: path)).checkpoint
            return checkpoint.isOf(generation) ? checkpoint.position : nil
        } catch {
            return nil
        }
    }
}
