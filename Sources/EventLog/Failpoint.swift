internal import Glibc
internal import Synchronization

/// Named places at which a test may have the process killed, as by `kill -9`.
///
/// `THROUGHLINE_FAILPOINT=log.committed:3` kills at the third pass of `log.committed`. Without the
/// variable a pass costs one load.
public enum Failpoint: String, CaseIterable, Sendable {
    /// A round is staged, nothing of it is written.
    case logStaged = "log.staged"
    /// The round's blocks are put, its transaction is not committed.
    case logPut = "log.put"
    /// The round is committed, nobody has been answered.
    case logCommitted = "log.committed"
    /// The first answers are written, the head is published.
    case logAnswered = "log.answered"
    /// A projector has put rows, its transaction is not committed.
    case viewPut = "view.put"
    /// A projector has committed rows and checkpoint.
    case viewCommitted = "view.committed"
    /// The first segment exists, its databases do not.
    case segmentCreated = "segment.created"

    private struct Armed: Sendable {
        let point: Failpoint
        let pass: Int
    }

    private static let armed: Armed? = {
        guard let value = unsafe getenv("THROUGHLINE_FAILPOINT") else { return nil }
        let parts = unsafe String(cString: value).split(separator: ":")
        guard let name = parts.first, let point = Failpoint(rawValue: String(name)) else {
            return nil
        }
        return Armed(point: point, pass: parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()

    private static let passes = Atomic<Int>(0)

    /// Marks a pass.
    public func pass() {
        guard let armed = Self.armed, armed.point == self else { return }
        if Self.passes.add(1, ordering: .relaxed).newValue == armed.pass {
            kill(getpid(), SIGKILL)
        }
    }
}
