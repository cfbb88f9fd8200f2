internal import EventLog
public import EventModel
internal import LMDB

extension ViewSet {
    /// Returns the greatest position that a view's file in a folder has a checkpoint of: the log was
    /// at least as long once. Files that cannot be read count as none.
    ///
    /// Called before the views are opened, by the store's owner: what a power cut has left of commits that
    /// were not flushed is taken back first.
    public static func recordedPosition(folder: String) -> Position {
        var greatest = Position.zero
        for name in FolderListing.names(folder) where name.hasSuffix(".view.rollback") {
            ViewStore.takeBack(path: folder + "/" + name.dropLast(".rollback".utf8.count))
        }
        for name in FolderListing.names(folder) {
            guard name.hasSuffix(".view"),
                !FolderListing.exists(folder + "/" + name + ".damaged"),
                let position = try? ViewStore.recordedPosition(path: folder + "/" + name)
            else { continue }
            greatest = max(greatest, position)
        }
        return greatest
    }
}
