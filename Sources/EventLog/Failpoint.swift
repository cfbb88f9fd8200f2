internal import Glibc
internal import Synchronization

/// Named places at which a test may have the process killed, as by `kill -9`, a thread stand still
/// for ever, as in a disk that does not answer, or all of the process stopped until it is continued.
///
/// `THROUGHLINE_FAILPOINT=log.committed:3` kills at the third pass of `log.committed`, and
/// `log.committed:3:stands` has the thread stand there, `log.committed:3:stops` has the process sent
/// SIGSTOP; standard error is told of both before. Without the variable a pass costs one load.
public enum Failpoint: String, CaseIterable, Sendable {
    /// A round is staged, nothing of it is written.
    case logStaged = "log.staged"
    /// The round is in the journal, nobody has been answered.
    case logCommitted = "log.committed"
    /// The first answers are written, the head is published.
    case logAnswered = "log.answered"
    /// The journal is written under its temporary name, not flushed.
    case journalMade = "journal.made"
    /// A stride's blocks are put, its transaction is not committed.
    case stridePut = "stride.put"
    /// A stride is committed, its events are still in memory and in the journal.
    case strideCommitted = "stride.committed"
    /// A run of an index is written, the events it holds are still in memory.
    case indexWritten = "index.written"
    /// An index is merged under its temporary name, the old one is in its place.
    case indexMerged = "index.merged"
    /// A merged index is in its place, its filter is not.
    case indexReplaced = "index.replaced"
    /// A projector has put rows, its transaction is not committed.
    case viewPut = "view.put"
    /// A projector has committed rows and checkpoint.
    case viewCommitted = "view.committed"
    /// A view is folded beside the one in use, on disk, not in its place.
    case viewBuilt = "view.built"
    /// A view that was folded beside is in its place, nobody reads it, other versions still lie there.
    case viewMoved = "view.moved"
    /// A segment exists under its temporary name, its databases do not.
    case segmentCreated = "segment.created"
    /// The next segment is in its place, nothing is in it.
    case segmentBegun = "segment.begun"
    /// The event that begins an epoch is in the log, the note of it is still there.
    case epochBegun = "epoch.begun"
    /// A backup's files are on disk, it has no manifest.
    case backupCopied = "backup.copied"
    /// A backup has its manifest, it is not in its place.
    case backupManifest = "backup.manifest"
    /// A backup is in its place, nobody has been told.
    case backupMoved = "backup.moved"
    /// Changes of consumers are put, their transaction is not committed.
    case consumerPut = "consumer.put"
    /// It is committed, nobody has been told.
    case consumerFlushed = "consumer.flushed"
    /// A restored store is on disk, it is not in its place.
    case restoreCopied = "restore.copied"

    /// Whether a daemon that is only appended to passes it, sooner or later.
    public var isOfEveryRun: Bool {
        switch self {
        case .consumerPut, .consumerFlushed: false
        case .epochBegun, .backupCopied, .backupManifest, .backupMoved, .restoreCopied: false
        case .viewBuilt, .viewMoved: false
        case .erasureCopying, .erasureCopied, .erasureScrubbed, .erasureWiped, .erasureRebuilt:
            false
        default: true
        }
    }

    /// The sealed form of a segment is on disk under its temporary name.
    case segmentPacked = "segment.packed"
    /// It is in its place; the folder has not been flushed.
    case segmentReplaced = "segment.replaced"

    /// Some rows of a view are copied without what goes: of the first view, and then of each other.
    case erasureCopying = "erasure.copying"
    /// Views are copied without what goes, nothing else of the round is carried out.
    case erasureCopied = "erasure.copied"
    /// Erasures are carried out in all segments and indexes, the journal is as it was.
    case erasureScrubbed = "erasure.scrubbed"
    /// The journal holds nothing of them any more, views are as they were.
    case erasureWiped = "erasure.wiped"
    /// Views are folded anew, nothing says that the erasures are carried out.
    case erasureRebuilt = "erasure.rebuilt"

    private enum Action: String {
        case kills, stands, stops
    }

    private struct Armed: Sendable {
        let point: Failpoint
        let pass: Int
        var action = Action.kills
    }

    private static let setting: String? = {
        guard let value = unsafe getenv("THROUGHLINE_FAILPOINT") else { return nil }
        return unsafe String(cString: value)
    }()

    private static let armed: Armed? = setting.flatMap(parse)

    private static func parse(_ setting: String) -> Armed? {
        let parts = setting.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 3, let point = Failpoint(rawValue: String(parts[0])) else {
            return nil
        }
        guard parts.count > 1 else { return Armed(point: point, pass: 1) }
        guard let pass = Int(parts[1]), pass >= 1 else { return nil }
        guard parts.count == 3 else { return Armed(point: point, pass: pass) }
        guard let action = Action(rawValue: String(parts[2])), action != .kills else { return nil }
        return Armed(point: point, pass: pass, action: action)
    }

    /// What is wrong with `THROUGHLINE_FAILPOINT`; nil when it is unset or names a failpoint.
    ///
    /// Whoever starts a daemon must look: a test whose failpoint is misspelt would prove nothing.
    public static var mistake: String? {
        guard let setting, armed == nil else { return nil }
        return "THROUGHLINE_FAILPOINT is '\(setting)', expected name, name:pass, "
            + "name:pass:stands or name:pass:stops with a pass from 1 on and one of the names \(allCases.map(\.rawValue).joined(separator: ", "))"
    }

    private static let passes = Atomic<Int>(0)

    /// Marks a pass.
    public func pass() {
        guard let armed = Self.armed, armed.point == self else { return }
        guard Self.passes.add(1, ordering: .relaxed).newValue == armed.pass else { return }
        let words = "failpoint \(rawValue) \(armed.action.rawValue)\n"
        switch armed.action {
        case .kills: kill(getpid(), SIGKILL)
        case .stands:
            _ = unsafe write(STDERR_FILENO, words, words.utf8.count)
            while true { pause() }
        case .stops:
            _ = unsafe write(STDERR_FILENO, words, words.utf8.count)
            // To this thread, which has stopped before it goes on: sent to the process, another may
            // have to be scheduled first.
            raise(SIGSTOP)
        }
    }
}
