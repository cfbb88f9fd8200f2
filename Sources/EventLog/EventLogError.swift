public import EventModel
internal import Glibc
public import LMDB

/// What can go wrong with the log.
public enum EventLogError: Error, Sendable {
    /// Another process holds the store.
    case inUse(path: String, holder: StoreHolder)
    /// The store would lie on a file system of the network, whose locks and flushes promise less.
    case networkFileSystem(path: String, name: String)
    /// The folder or a file in it is not what a store holds.
    case notAStore(path: String, found: String)
    /// A file was written by a later program.
    case unsupportedFormat(file: String, found: UInt32, newest: UInt32)
    /// A block's checksum or form is wrong: its events cannot be read, all others can.
    case damagedBlock(first: Position, reason: String)
    /// Events cannot be read; all others can.
    case damaged(DamagedEvents)
    /// The journal lacks events that were answered; those before and after can be read.
    case damagedJournal(path: String, first: Position, last: Position)
    /// A file of the log is missing: its events cannot be read.
    case missingSegment(first: Position, last: Position)
    /// An index cannot be trusted; the next start makes it anew from the log.
    case damagedIndex(String)
    /// One commit has no room for what is staged and this: it is to be staged again behind that
    /// commit, unless it is too large for one alone.
    case roundFull(most: Int)
    /// There is no room for the commit; nothing of it was stored.
    case full(operation: String)
    /// LMDB refused.
    case storage(LMDBError)
    /// A system call failed.
    case system(operation: String, path: String, errno: Int32)
}

extension EventLogError {
    /// Whether one file cannot be read as what it should be: no other file is concerned, and trying
    /// again does not mend it.
    public var isDamage: Bool {
        switch self {
        case .damagedBlock, .damaged, .damagedIndex, .notAStore, .unsupportedFormat: true
        case .storage(let error): error.isCorrupted
        default: false
        }
    }
}

extension EventLogError {
    /// Whether the process has no more of what opening or reading takes, files that may be open above all:
    /// it says nothing of the file, and may be otherwise soon.
    public var isOfResources: Bool {
        switch self {
        case .storage(let error): error.isOfResources
        case .system(_, _, EMFILE), .system(_, _, ENFILE), .system(_, _, ENOMEM): true
        default: false
        }
    }

    /// Whether what failed before anything was written can be tried again as it is: no room, or nothing
    /// left to open a file with.
    var isPassing: Bool {
        if case .full = self { return true }
        return isOfResources
    }
}

extension EventLogError: CustomStringConvertible {
    /// Says what was tried, what was found and what to do next.
    public var description: String {
        switch self {
        case .inUse(let path, let holder):
            "open store \(path) refused: \(holder) holds its LOCK; stop that daemon first"
        case .networkFileSystem(let path, let name):
            "open store \(path) refused: it lies on \(name), whose locks and flushes may not hold "
                + "what a store needs; give a local folder, or --force-network-filesystem"
        case .notAStore(let path, let found):
            "open store \(path) refused: \(found); give an empty folder or an existing store"
        case .unsupportedFormat(let file, let found, let newest):
            "open \(file) refused: format version \(found), this program reads 1 to \(newest); "
                + "use a newer program"
        case .damagedBlock(let first, let reason):
            "read of the block at position \(first) failed: \(reason); restore the segment from "
                + "a backup"
        case .damaged(let events):
            "read of the log failed: \(events)"
        case .damagedJournal(let path, let first, let last):
            "open journal \(path) refused: the events from position \(first) to before \(last) are "
                + "damaged or missing; restore the store from a backup"
        case .missingSegment(let first, let last):
            "open log refused: no segment holds the positions \(first) to \(last); put the missing "
                + "file, as log/\(Segment.fileName(first: first)), back, from a backup if need be"
        case .damagedIndex(let what):
            "\(what)"
        case .roundFull(let most):
            "append refused: its events take more than the \(most) bytes of one commit; send fewer "
                + "or smaller ones at a time"
        case .full(let operation):
            "\(operation) refused: no room on the disk; free some and retry"
        case .storage(let error):
            "\(error)"
        case .system(let operation, let path, let errno):
            "\(operation) \(path) failed: errno \(errno)"
        }
    }
}
