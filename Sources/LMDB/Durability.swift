internal import CLMDB

/// What a commit waits for.
@frozen
public enum Durability: Hashable, Sendable {
    /// A commit returns after data and meta page are on disk: nothing committed is ever lost.
    case full

    /// A commit returns after its data are on disk, the meta page follows with the next commit: a
    /// power cut may undo the last commit, the file stays whole. For what can catch up again.
    case noMetaSync

    /// A commit waits for nothing: a power cut may leave an unreadable file. For a file that is
    /// being built and that nobody trusts before `Environment.sync()` has returned, and for one
    /// that has a `RollbackPoint`.
    case noSync

    var flags: UInt32 {
        switch self {
        case .full: 0
        case .noMetaSync: UInt32(MDB_NOMETASYNC)
        case .noSync: UInt32(MDB_NOSYNC)
        }
    }
}
