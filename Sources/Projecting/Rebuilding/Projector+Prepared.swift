internal import EventLog
internal import EventModel
public import Views

/// Views that were folded for a version before there is a daemon of that version: by the tool, beside
/// the daemon of the old one, which goes on serving its own.
extension Projector where Fold: ~Copyable {
    /// Has what was prepared take the place of a view that cannot be used; what is of no use goes.
    static func takePrepared(_ files: ViewFiles, _ log: LogSource) throws(ViewFault) {
        guard files.isPrepared else { return }
        guard try !isUsable(files.path, log), try isUsable(files.prepared, log) else {
            return try ViewStore.remove(path: files.prepared)
        }
        try files.takePlace(files.prepared)
    }

    /// Whether a file holds rows of this log, folded with the identity projection of this build.
    private static func isUsable(_ path: String, _ log: LogSource) throws(ViewFault) -> Bool {
        guard ViewFiles.exists(path) else { return false }
        let store = try ViewStore.open(path: path)
        guard try isOfThisIdentity(store), try belongs(store, to: log) else { return false }
        return try ViewSnapshot(store).position > .zero
    }
}

extension ViewSet {
    /// Where views are folded that are to be handed to those of a folder; a folder that is made for
    /// that, and removed. An erasure removes it, too.
    public static func preparing(for folder: String) -> String {
        ViewFiles(
            folder: folder, name: IdentityProjection.name, version: IdentityProjection.version
        ).preparing
    }

    /// The projections whose views a daemon of this program would fold anew from the first event, by
    /// name; see `upgrades`.
    public static func outdated(folder: String) -> [String] {
        upgrades(folder: folder).compactMap { name, upgrade in
            if case .foldedAnew = upgrade { name } else { nil }
        }
    }

    /// Puts all views on disk.
    public func settle() throws(ViewFault) {
        try identity.store.settle()
        try queues.store.settle()
        try metrics.store.settle()
        try customers.store.settle()
    }

    /// Gives settled views, which nobody has open, to a store: a daemon of this version begins with
    /// them where it has none of its own.
    ///
    /// - Parameters:
    ///   - place: Where they are; `preparing(for: folder)`.
    ///   - folder: Where that store's views are.
    public static func hand(
        _ names: [String], from place: String, to folder: String
    ) throws(ViewFault) {
        for (name, version) in versions where names.contains(name) {
            let made = ViewFiles(folder: place, name: name, version: version)
            let given = ViewFiles(folder: folder, name: name, version: version)
            try ViewStore.remove(path: given.prepared)
            try ViewFiles.move(made.path, to: given.prepared)
        }
        try ViewFiles.flush(folder: folder)
    }
}
