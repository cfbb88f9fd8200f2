internal import EventModel
public import RESP

/// One peer as the commands see it: who it is, what it is owed, what it waits for. The loop owns it.
public final class Session {
    /// Counts connections since the start of the daemon.
    public let id: UInt64
    /// What the peer may do.
    public let role: Role
    /// The peer's user, as the system numbers users.
    public let user: UInt32
    /// Its answers, in order; the server sends them when nothing in them waits for a commit.
    /// Without room at first: who connects and asks little, ten thousand of them, costs little.
    public var replies = ReplyWriter()
    /// The name it gave itself.
    public internal(set) var name = ""
    /// Its library and version, by CLIENT SETINFO.
    var library: [String: String] = [:]
    /// What it is pushed.
    var follows = FollowSet()
    /// Whether its reads of views wait for its own appends.
    var readsOwnAppends = false
    /// The position of its newest append.
    var newestAppend = Position.zero
    /// Whether it has read or acknowledged for a consumer.
    var readsConsumers = false
    /// Whether it has been noted that it called what it may not.
    var hasBeenAudited = false
    /// What the command at hand keeps while it waits.
    var atHand = CommandAtHand()

    /// Where in `replies` answers stand that the round's commit has yet to make true, in order.
    /// What stands between and behind them is true whatever becomes of the commit: refusals, and
    /// the end of a connection whose bytes are no protocol.
    var staged: [Range<Int>] = []

    /// Makes the session of a new connection.
    public init(id: UInt64, role: Role, user: UInt32) {
        self.id = id
        self.role = role
        self.user = user
    }

    /// Forgets what only the command that has ended needed.
    func commandEnded() { atHand = CommandAtHand() }

    /// Whether its answers must be held until the round is committed.
    public var awaitsCommit: Bool { !staged.isEmpty }

    /// Whether it follows anything.
    public var isFollowing: Bool { follows.count > 0 }

    /// Whether it follows the log.
    public var followsLog: Bool { !follows.log.isEmpty }

    /// Whether it follows a document.
    public var followsDocuments: Bool { !follows.documents.isEmpty }

    /// Whether it follows what time changes as well as events.
    public var followsSignals: Bool {
        follows.documents.contains { if case .signals = $0.subject { true } else { false } }
    }

    /// Makes the held answers true.
    func roundCommitted() { staged.removeAll(keepingCapacity: true) }

    /// Puts a refusal where a staged append's answer stood; everything else stays.
    func roundFailed(_ error: CommandError) {
        guard let first = staged.first else { return }
        let held = replies.buffer
        let bytes = held.bytes
        let tail = bytes.extracting(first.lowerBound..<bytes.byteCount).copied()
        replies.buffer.truncate(to: first.lowerBound)
        var kept = 0
        for answer in staged {
            let start = answer.lowerBound - first.lowerBound
            replies.buffer.append(Array(tail[kept..<start]))
            replies.error(error.code, error.description)
            kept = answer.upperBound - first.lowerBound
        }
        replies.buffer.append(Array(tail[kept...]))
        staged.removeAll(keepingCapacity: true)
    }
}

/// What a command keeps from one run to the next while it waits. One value, so that who forgets it
/// with every command looks at one place.
struct CommandAtHand {
    /// Until when, in nanoseconds of the monotonic clock, it may wait.
    var deadline: UInt64?
    /// The question about the past that it asks.
    var past: PastQuestion?
    /// The page that it shows, or the figures, while they are read.
    var page: PastQuestion?
    /// What it is to erase, once that is found.
    var erasure: Planned<ErasurePlan>?
    /// What it is to redact, once that is found.
    var redaction: Planned<RedactionPlan>?
    /// The head when it began.
    var pastHead: Position?
    /// The flush that its answer waits for.
    var flush: CommandExecutor.AwaitedFlush?

    /// Nobody waits for it any more.
    func giveUp() {
        past?.giveUp()
        page?.giveUp()
        erasure?.question.giveUp()
        redaction?.question.giveUp()
    }
}
