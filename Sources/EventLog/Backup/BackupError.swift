public import Consumers
public import EventModel

/// Why a backup is not made, or not restored.
public enum BackupError: Error, Sendable {
    /// A name that cannot be a folder's.
    case badName
    /// There is a backup of that name.
    case exists(name: String)
    /// One is being made.
    case busy(name: String)
    /// There is no room for it.
    case noRoom(needed: UInt64, available: UInt64)
    /// The daemon stops.
    case stopped
    /// The folder is not a whole backup.
    case notABackup(path: String)
    /// Something is in the way of a restore.
    case inTheWay(path: String)
    /// A backup that is not as it was written.
    case damaged(VerificationReport)
    /// People have been erased since the backup was made, as a ledger says.
    case erasedSince(ledger: String, count: Int)
    /// Erasures were made in a later epoch of the store, with which the backup has less in common than
    /// it holds; nil where the ledger does not say how much.
    case apart(ledger: String, position: Position, lastCommon: Position?)
    /// A ledger of another store.
    case otherLedger(path: String)
    /// A backup of another store.
    case otherStore(path: String)
    /// A backup of an earlier epoch of the store.
    case otherEpoch(UInt64)
    /// Store and backup have no segment of that position that has ended.
    case noSegment(Position)
    /// The backup's copy of a segment is not what lay in its place.
    case doesNotFit(Position, String)
    /// People have been erased from a segment since the backup was made.
    case erasedIn(Position, count: Int)
    /// The consumers could not be copied.
    case consumers(ConsumerError)
    /// Reading the store or writing the copy failed.
    case log(EventLogError)
}

extension BackupError: CustomStringConvertible {
    /// What was tried, what was found, what to do.
    public var description: String {
        switch self {
        case .badName:
            "a backup's name must be 1 to 64 of A-Z a-z 0-9 . _ -, not begin with a dot and not end "
                + "with .partial"
        case .exists(let name): "there is a backup \(name); choose another name"
        case .busy(let name): "backup \(name) is being made; wait for it"
        case .noRoom(let needed, let available):
            "the backup needs \(needed) bytes, its disk has \(available) free; free some or choose "
                + "another --backup-folder"
        case .stopped: "the daemon stopped before the backup was made"
        case .notABackup(let path): "\(path) is not a whole backup: it has no right manifest"
        case .inTheWay(let path): "\(path) is in the way; nothing is overwritten"
        case .damaged(let report):
            "the backup is not as it was written: \(report.faultCount) faults; use another one"
        case .erasedSince(let ledger, let count):
            "\(count) erasures were made after the backup; give the ledger that has them all, like "
                + "--erasures \(ledger), and they are carried out before the store is served"
        case .apart(let ledger, let position, let lastCommon):
            "\(ledger) has erasures of a later epoch, which has "
                + (lastCommon.map { "the positions up to \($0)" } ?? "an unknown part")
                + " in common with this backup, and this ends at \(position): what is to be erased of "
                + "the rest cannot be told; restore a backup that was made "
                + (lastCommon.map { "up to position \($0), or " } ?? "") + "in that epoch"
        case .otherLedger(let path):
            "\(path) is not the ledger of the store that was backed up"
        case .otherStore(let path): "\(path) is not the store that was backed up"
        case .otherEpoch(let number):
            "the backup is of epoch \(number), which the store is not in any more; use one of its own"
        case .noSegment(let position):
            "store and backup have no segment that has ended and holds position \(position); see "
                + "throughline inspect, and use a backup that was made after it had ended"
        case .doesNotFit(let first, let reason):
            "the backup's copy of the segment at position \(first) is not what lay there: \(reason); "
                + "use a backup of the same epoch"
        case .erasedIn(let first, let count):
            "the backup's copy of the segment at position \(first) still has what \(count) erasures or "
                + "redactions took since; use a backup that was made after them, or restore the whole "
                + "store with --erasures"
        case .consumers(let error): "\(error)"
        case .log(let error): "\(error)"
        }
    }
}
