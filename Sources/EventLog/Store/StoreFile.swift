internal import LMDB

/// One of a store's files by itself, while no process has it open.
public enum StoreFile {
    /// Reads every page of a segment, an index or a view.
    ///
    /// LMDB trusts its own pages, so that a damaged one may end the process: to be called in one
    /// that has nothing else to do.
    ///
    /// - Throws: `storage` for what LMDB notices.
    public static func readThrough(_ path: String) throws(EventLogError) {
        do throws(LMDBError) {
            _ = try Environment.walk(path: path)
        } catch {
            throw .storage(error)
        }
    }
}
