internal import EventModel
public import RESP

/// One peer as the commands see it: who it is, what it is owed, what it waits for. The loop owns it.
public final class Session {
    /// Counts connections since the start of the daemon.
    public let id: UInt64
    /// What the peer may do.
    public let role: Role
    /// Its answers, in order; the server sends them when nothing in them waits for a commit.
    public var replies = ReplyWriter(minimumCapacity: 4_096)
    /// The name it gave itself.
    public internal(set) var name = ""
    /// Its library and version, by CLIENT SETINFO.
    var library: [String: String] = [:]
    /// Until when, in nanoseconds of the monotonic clock, the command at hand may wait.
    public internal(set) var deadline: UInt64?

    /// An answer that stands in `replies` and is not yet true.
    struct StagedReply {
        /// Where it starts.
        let offset: Int
        /// Whether it depends on the round's commit; a refusal among appends does not.
        let dependsOnCommit: Bool
    }
    var staged: [StagedReply] = []

    /// Makes the session of a new connection.
    public init(id: UInt64, role: Role) {
        self.id = id
        self.role = role
    }

    /// Whether its answers must be held until the round is committed.
    public var awaitsCommit: Bool { !staged.isEmpty }

    /// Makes the held answers true.
    func roundCommitted() { staged.removeAll(keepingCapacity: true) }

    /// Puts a refusal where a staged append's answer stood; refusals among them stay.
    func roundFailed(_ error: CommandError) {
        guard let first = staged.first else { return }
        let held = replies.buffer
        let bytes = held.bytes
        let tail = bytes.extracting(first.offset..<bytes.byteCount).copied()
        replies.buffer.truncate(to: first.offset)
        for (index, reply) in staged.enumerated() {
            if reply.dependsOnCommit {
                replies.error(error.code, error.description)
            } else {
                let start = reply.offset - first.offset
                let end =
                    index + 1 < staged.count ? staged[index + 1].offset - first.offset : tail.count
                replies.buffer.append(Array(tail[start..<end]))
            }
        }
        staged.removeAll(keepingCapacity: true)
    }
}
