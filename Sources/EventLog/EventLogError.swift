public import EventModel
public import LMDB

/// What can go wrong with the log.
public enum EventLogError: Error, Sendable {
    /// Another process holds the store.
    case inUse(path: String)
    /// The folder or a file in it is not what a store holds.
    case notAStore(path: String, found: String)
    /// A file was written by a later program.
    case unsupportedFormat(file: String, found: UInt32, newest: UInt32)
    /// A block's checksum or form is wrong: its events cannot be read, all others can.
    case damagedBlock(first: Position, reason: String)
    /// There is no room for the commit; nothing of it was stored.
    case full(operation: String)
    /// LMDB refused.
    case storage(LMDBError)
    /// A system call failed.
    case system(operation: String, path: String, errno: Int32)
}

extension EventLogError: CustomStringConvertible {
    /// Says what was tried, what was found and what to do next.
    public var description: String {
        switch self {
        case .inUse(let path):
            "open store \(path) refused: another process holds its LOCK; stop that daemon first"
        case .notAStore(let path, let found):
            "open store \(path) refused: \(found); give an empty folder or an existing store"
        case .unsupportedFormat(let file, let found, let newest):
            "open \(file) refused: format version \(found), this program reads 1 to \(newest); "
                + "use a newer program"
        case .damagedBlock(let first, let reason):
            "read of the block at position \(first) failed: \(reason); restore the segment from "
                + "a backup"
        case .full(let operation):
            "\(operation) refused: no room on the disk; free some and retry"
        case .storage(let error):
            "\(error)"
        case .system(let operation, let path, let errno):
            "\(operation) \(path) failed: errno \(errno)"
        }
    }
}
