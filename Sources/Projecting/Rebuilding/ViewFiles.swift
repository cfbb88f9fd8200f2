internal import EventLog
internal import Glibc
internal import Views

/// The files of one view: `<name>-v<version>.view`, the one in use, `<name>-v<version>.<boot>.building`
/// while its successor is folded, `.prepared` in the place of `.view`, which a program of another version has folded
/// for this one, and `.past`, which `WholePast` folds. Each has its lock file beside it, as LMDB names it.
struct ViewFiles: Sendable {
    let folder: String
    let name: String
    let version: Int

    /// The file in use.
    var path: String { "\(folder)/\(name)-v\(version).view" }

    /// The file that is folded beside it. It is not flushed: only who knows that the machine has not
    /// started since may open it, so the name says when that was.
    var building: String {
        "\(folder)/\(name)-v\(version).\(MachineBoot.id ?? "unknown").building"
    }

    /// The file that was folded before there was a daemon of this version; see `ViewSet.hand`.
    var prepared: String { "\(folder)/\(name)-v\(version).prepared" }

    /// The folder in which views are folded that are to be prepared.
    var preparing: String { folder + "/preparing" }

    /// The file that is folded up to a past moment.
    var past: String { "\(folder)/\(name)-v\(version).past" }

    /// Whether a view of this version is there.
    var isThere: Bool { FolderListing.exists(path) }

    /// Whether a successor lies there that was begun.
    var isBeingBuilt: Bool { FolderListing.exists(building) }

    /// The bytes that it takes; 0 where there is none.
    var buildingBytes: UInt64 {
        var status = stat()
        guard unsafe stat(building, &status) == 0 else { return 0 }
        return UInt64(max(0, status.st_size))
    }

    /// Whether one is prepared.
    var isPrepared: Bool { FolderListing.exists(prepared) }

    /// The files in use of other versions of this projection, by name.
    func otherVersions() -> [String] {
        files(ending: ".view").filter { $0.version != version }.map(\.path)
    }

    /// The files of this projection of all versions, by name.
    private func files(ending end: String) -> [(path: String, version: Int)] {
        var found: [(path: String, version: Int)] = []
        for file in FolderListing.names(folder) {
            guard file.hasPrefix("\(name)-v"), file.hasSuffix(end) else { continue }
            let number = file.dropFirst(name.utf8.count + 2).dropLast(end.utf8.count)
                .prefix { $0 != "." }
            if let version = Int(number) { found.append(("\(folder)/\(file)", version)) }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// Removes what a process left that had folded up to past moments.
    func removePast() throws(ViewFault) {
        for file in files(ending: ".past") { try ViewStore.remove(path: file.path) }
    }

    /// Removes what there is of a successor.
    func removeBuilding() throws(ViewFault) { try Self.remove(building) }

    /// Removes successors that nobody knows to be whole.
    ///
    /// - Returns: Whether there was one.
    func removeStaleBuilding() throws(ViewFault) -> Bool {
        let stale = files(ending: ".building").map(\.path).filter {
            $0.hasPrefix("\(folder)/\(name)-v\(version).")
                && ($0 != building || MachineBoot.id == nil)
        }
        for path in stale { try Self.remove(path) }
        return !stale.isEmpty
    }

    /// Removes successors of other versions: what they were folded from may hold what has to go.
    func removeOtherBuilding() throws(ViewFault) {
        for file in files(ending: ".building") where file.path != building {
            try Self.remove(file.path)
        }
    }

    private static func remove(_ building: String) throws(ViewFault) {
        try ViewStore.remove(path: building)
        try ViewStore.removeMark(building)
    }

    /// Removes the files of other versions.
    func removeOtherVersions() throws(ViewFault) {
        for path in otherVersions() {
            try ViewStore.remove(path: path)
            try ViewStore.removeMark(path)
        }
    }

    /// Removes what was prepared for any version, and what is being prepared.
    func removePrepared() throws(ViewFault) {
        for name in FolderListing.names(preparing) {
            let path = preparing + "/" + name
            guard unsafe unlink(path) == 0 || errno == ENOENT else {
                throw .storage("remove \(path) failed: errno \(errno)")
            }
        }
        guard unsafe rmdir(preparing) == 0 || errno == ENOENT else {
            throw .storage("remove \(preparing) failed: errno \(errno)")
        }
        // Behind what they come from, so that none comes meanwhile.
        for file in files(ending: ".prepared") { try ViewStore.remove(path: file.path) }
    }

    /// Puts a successor, `building` or `prepared`, which is on disk, into its place.
    ///
    /// What the old file could be taken back to goes first, which must not be done to the new one:
    /// the old one is on disk, or marked as damaged. Then goes its lock file: another process that opens the view meanwhile opens the old file,
    /// which nobody writes any more, and no reader of the new one ever has another lock than its
    /// writer. A mark of damage goes last: if it stays, the next start folds the view once more.
    func takePlace(_ successor: String) throws(ViewFault) {
        let folder = try Self.opened(folder)
        try ViewStore.removeRollback(path)
        try Self.move(successor + "-lock", to: path + "-lock")
        try Self.move(successor, to: path)
        try Self.flush(folder)
        try ViewStore.removeMark(path)
    }

    static func move(_ old: String, to new: String) throws(ViewFault) {
        guard unsafe rename(old, new) == 0 else {
            throw .storage("rename \(old) failed: errno \(errno)")
        }
    }

    /// Opens a folder in which files are to be moved.
    static func opened(_ path: String) throws(ViewFault) -> OpenFolder {
        do throws(EventLogError) {
            return try OpenFolder(path: path)
        } catch {
            throw ViewFault(error)
        }
    }

    /// Puts what was moved in a folder on disk.
    static func flush(_ folder: borrowing OpenFolder) throws(ViewFault) {
        do throws(EventLogError) {
            try folder.sync()
        } catch {
            throw ViewFault(error)
        }
    }
}
