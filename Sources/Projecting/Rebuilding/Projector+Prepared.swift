internal import EventLog
internal import EventModel
public import Views

/// Views that were folded for a version before there is a daemon of that version: by the tool, beside
/// the daemon of the old one, which goes on serving its own.
extension Projector where Fold: ~Copyable {
    /// Has what was prepared take the place of a view that cannot be used; what is of no use goes.
    static func takePrepared(
        _ files: ViewFiles, _ log: LogSource, _ generation: IdentityGeneration
    ) throws(ViewFault) {
        guard files.isPrepared else { return }
        guard try reached(files.path, log, generation) == nil,
            try isPreparedWell(files, log, generation)
        else {
            return try ViewStore.remove(path: files.prepared)
        }
        try files.takePlace(files.prepared)
    }

    /// Whether what was prepared can be begun with. What cannot be read is not worth more than what
    /// is not there: the view is folded anew.
    private static func isPreparedWell(
        _ files: ViewFiles, _ log: LogSource, _ generation: IdentityGeneration
    ) throws(ViewFault) -> Bool {
        let position: Position?
        do throws(ViewFault) {
            position = try reached(files.prepared, log, generation)
        } catch {
            position = nil
        }
        guard let position else { return false }
        return try !takesBack(log, behind: position)
    }

    /// How far a file's rows reach; nil unless they are of this log, folded with the identity
    /// projection of this build.
    private static func reached(
        _ path: String, _ log: LogSource, _ generation: IdentityGeneration
    ) throws(ViewFault) -> Position? {
        guard FolderListing.exists(path) else { return nil }
        let store = try ViewStore.open(path: path)
        guard try isOfThisIdentity(store, generation), try belongs(store, to: log) else {
            return nil
        }
        let position = try ViewSnapshot(store).position
        return position > .zero ? position : nil
    }

    /// Whether the log says behind a position that something has to go of the events before: a view
    /// that was prepared up to there may hold it.
    private static func takesBack(
        _ log: LogSource, behind position: Position
    ) throws(ViewFault) -> Bool {
        var isFound = false
        do {
            var reader = try log.makeReader()
            _ = try reader.events(from: position.next) { (event) throws(Never) in
                isFound = Erasure.Kind.allCases.contains { event.type.equals($0.type) }
                return !isFound
            }
        } catch {
            throw .storage("read the events behind \(position): \(error)")
        }
        return isFound
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
        let target = try ViewFiles.opened(folder)
        for (name, version) in versions where names.contains(name) {
            let made = ViewFiles(folder: place, name: name, version: version)
            let given = ViewFiles(folder: folder, name: name, version: version)
            try ViewStore.remove(path: given.prepared)
            try ViewFiles.move(made.path, to: given.prepared)
        }
        try ViewFiles.flush(target)
    }
}
