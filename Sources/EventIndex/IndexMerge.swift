internal import Glibc
internal import LMDB

/// Makes a sealed segment's index of that of the growing segment: one run instead of up to 64,
/// every page full, and the filter file beside it.
public enum IndexMerge {
    /// How far a merge has come.
    public struct Progress: Hashable, Sendable {
        /// The leaves of the runs that have been read.
        public let leavesRead: Int
        /// The leaves of the runs in all.
        public let leaves: Int
    }

    /// Merges all runs of an index into two new files, which are on disk when this returns; nobody
    /// has them open then, and the caller renames them into place.
    ///
    /// Memory is bounded by a leaf of each run, the pages of one commit (8 MiB) and the filters (2
    /// bytes a position). The index that is merged stays as it is, and can be read meanwhile.
    ///
    /// - Parameters:
    ///   - changes: What the merged index is to say otherwise than the runs.
    ///   - progress: Called every thousand leaves or so and when all have been read; what
    ///     then remains, making the filters, takes a fraction of the time.
    /// - Throws: `damaged` when a leaf of the runs is; `storage`, with EEXIST when there is a file
    ///   of one of the names, which stays. Files that were made are removed.
    @available(*, noasync)
    public static func merge(
        _ source: IndexFile, _ changes: IndexChanges = IndexChanges(), index: String,
        filter: String, progress: (Progress) -> Void = { _ in }
    ) throws(IndexError) {
        precondition(source.runCount > 0, "an index without a run has nothing to merge")
        for path in [index, filter] where unsafe access(path, F_OK) == 0 {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            throw .storage(LMDBError(.copy, file: name, cause: .system(errno: EEXIST)))
        }
        do throws(IndexError) {
            try RunMerge.run(source, changes, to: index, progress: progress)
            // Whoever opens the file from now on does so without locks.
            unsafe unlink(index + "-lock")
            try buildFilter(source, index: index, filter: filter)
        } catch {
            for path in [index, index + "-lock", filter] { unsafe unlink(path) }
            throw error
        }
    }

    private static func buildFilter(
        _ source: IndexFile, index: String, filter: String
    ) throws(IndexError) {
        let merged = try IndexFile.openSealed(
            path: index, store: source.store, first: source.first)
        try FilterBuild.run(merged, to: filter)
    }
}
