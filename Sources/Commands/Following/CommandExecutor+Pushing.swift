internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// Turns of pushes to those who follow: each looks at a bounded number of events and writes a
/// bounded number of bytes, and is only begun while the connection takes what it is sent.
extension CommandExecutor {
    /// What a turn left.
    public struct FollowTurn: Sendable {
        /// How many events were looked at, look-ups of channels counted in.
        public var eventsRead = 0
        /// Whether another turn would push or look at more.
        public var hasMore = false
    }

    /// Gives each of a session's follows of the log a turn.
    ///
    /// Precondition: none of the session's answers waits for a commit.
    public func pushEvents(to session: Session) -> FollowTurn {
        let start = session.replies.buffer.count
        defer { disclose(from: start, to: session) }
        var turn = FollowTurn()
        var ended: [UInt64] = []
        for index in session.follows.log.indices {
            do throws(CommandError) {
                turn.eventsRead += try pushEvents(
                    to: &session.follows.log[index], &session.replies)
            } catch {
                let follow = session.follows.log[index]
                session.replies.followEnded(follow.id, next: follow.next, error)
                ended.append(follow.id)
            }
            turn.hasMore =
                turn.hasMore || session.follows.log[index].hasWork(head: log.head.position)
        }
        if !ended.isEmpty { session.follows.log.removeAll { ended.contains($0.id) } }
        return turn
    }

    private func pushEvents(
        to follow: inout LogFollow, _ replies: inout ReplyWriter
    ) throws(CommandError) -> Int {
        let start = follow.next
        let lookups = channels.lookups
        var read = 0
        if follow.hasWork(head: log.head.position) {
            try look(follow: &follow, &replies)
            read = Int(follow.next.rawValue - start.rawValue)
            read += (channels.lookups - lookups) * FollowLimits.channelLookupEvents
        }
        tellStanding(of: &follow, &replies)
        return read
    }

    private func look(
        follow: inout LogFollow, _ replies: inout ReplyWriter
    ) throws(CommandError) {
        let bytesMax = replies.buffer.count + FollowLimits.bytesPerTurn
        let lookupsMax =
            channels.lookups + FollowLimits.eventsPerTurn / FollowLimits.channelLookupEvents
        let last = Position(follow.next.rawValue + UInt64(FollowLimits.eventsPerTurn) - 1)
        do throws(ReadFailure<CommandError>) {
            try reader.events(from: follow.next, through: last) {
                (event) throws(CommandError) in
                if try wants(event, follow.filter) {
                    replies.followed(follow.id, event)
                    follow.credit.spend()
                    follow.silent = 0
                } else {
                    follow.silent += 1
                }
                follow.next = event.position.next
                return !follow.credit.isSpent && replies.buffer.count < bytesMax
                    && channels.lookups < lookupsMax
            }
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            case .body(let error): throw error
            }
        }
    }

    /// Tells whether a filter lets an event through.
    func wants(
        _ event: borrowing EventView, _ filter: EventFilter
    ) throws(CommandError) -> Bool {
        switch filter.judge(event) {
        case .unwanted: return false
        case .wanted: return true
        case .byInteraction(let interaction):
            do throws(EventLogError) {
                return filter.wants(
                    channel: try channels.channel(of: interaction, at: event.position, writer))
            } catch {
                throw .log(error)
            }
        }
    }

    /// Says once when everything has been pushed, once when the credit is spent before that, and
    /// from time to time how far a long look has come that found nothing.
    private func tellStanding(of follow: inout LogFollow, _ replies: inout ReplyWriter) {
        let head = log.head.position
        if follow.next > head {
            guard follow.standing != .live else { return }
            follow.standing = .live
            replies.beginFollowPush(follow.id, "live", 4)
            replies.integer(follow.next.rawValue)
        } else if follow.credit.isSpent
            ? follow.standing != .behind : follow.silent >= FollowLimits.eventsUntilTold
        {
            follow.standing = .behind
            replies.beginFollowPush(follow.id, "behind", 5)
            replies.integer(follow.next.rawValue)
            replies.integer(follow.lag(head: head))
        } else {
            return
        }
        follow.silent = 0
    }

    /// Tells a session's follows that they could not be served for a while, where they are behind.
    public func tellBehind(_ session: Session) {
        let head = log.head.position
        for index in session.follows.log.indices
        where session.follows.log[index].next <= head
            && session.follows.log[index].standing != .behind
        {
            session.follows.log[index].standing = .behind
            let follow = session.follows.log[index]
            session.replies.beginFollowPush(follow.id, "behind", 5)
            session.replies.integer(follow.next.rawValue)
            session.replies.integer(follow.lag(head: head))
        }
    }

    /// Tells a session that the daemon stops, and where each follow goes on.
    public func pushClosing(to session: Session) {
        let places =
            session.follows.log.map { ($0.id, $0.next) }
            + session.follows.documents.map { ($0.id, $0.looked ?? .zero) }
        for (id, next) in places {
            session.replies.beginFollowPush(id, "closing", 5)
            session.replies.integer(next.rawValue)
            session.replies.integer(environment.epoch)
        }
    }

    /// Looks at each document that a session follows, and pushes those that are others now.
    public func pushDocuments(to session: Session) {
        let start = session.replies.buffer.count
        defer { disclose(from: start, to: session) }
        var ended: [UInt64] = []
        for index in session.follows.documents.indices {
            do throws(CommandError) {
                try pushDocument(to: &session.follows.documents[index], &session.replies)
            } catch {
                let follow = session.follows.documents[index]
                session.replies.followEnded(follow.id, next: follow.looked ?? .zero, error)
                ended.append(follow.id)
            }
        }
        if !ended.isEmpty { session.follows.documents.removeAll { ended.contains($0.id) } }
    }

    private func pushDocument(
        to follow: inout DocumentFollow, _ replies: inout ReplyWriter
    ) throws(CommandError) {
        guard let position = try shownPosition(of: follow.subject) else { return }
        if case .signals(let question) = follow.subject {
            return try pushSignals(question, at: position, to: &follow, &replies)
        }
        guard follow.looked != position else { return }
        // Who has no credit is told once that there is something else, and then not looked after.
        if follow.credit.isSpent, follow.isBehind { return }
        follow.looked = position
        if let pushed = follow.pushed {
            let same = try document(follow.subject, now: pushed.now)
            if same?.fingerprint ?? 0 == pushed.fingerprint {
                follow.isBehind = false
                return
            }
        }
        guard !follow.credit.isSpent else {
            tellBehind(&follow, at: position, &replies)
            return
        }
        follow.isBehind = false
        let now = environment.now()
        var json = JSONWriter()
        let isKnown = try write(follow.subject, now: now, to: &json)
        let document = isKnown ? PositionedDocument(json.bytes) : nil
        let shown = document?.position ?? position
        follow.pushed = (shown, now, document?.fingerprint ?? 0)
        follow.credit.spend()
        replies.beginFollowPush(follow.id, "changed", 5)
        replies.integer(shown.rawValue)
        if isKnown { replies.bulk(json.span) } else { replies.null() }
    }

    /// Up to where a document's view can be shown; nil while it is folded for the first time, or does
    /// not reflect the newest erasure yet.
    ///
    /// - Throws: `halted`.
    private func shownPosition(
        of subject: DocumentFollow.Subject
    ) throws(CommandError) -> Position? {
        // A queue's is drawn from its own view alone.
        let views = subject.view == .customers ? [.customers, .identity] : [subject.view]
        for view in views {
            let status = status(of: view)
            if let fault = status.fault {
                throw .halted(view: view.rawValue, position: status.position, reason: fault)
            }
            let standing = standing(of: view)
            guard standing.isServed, standing.position >= log.erasures.newest else { return nil }
        }
        return standing(of: subject.view).position
    }

    /// Says that the document is another than the one pushed, and how many events lie between.
    func tellBehind(
        _ follow: inout DocumentFollow, at position: Position, _ replies: inout ReplyWriter
    ) {
        let pushed = follow.pushed?.position ?? .zero
        guard position > pushed else { return }
        follow.isBehind = true
        replies.beginFollowPush(follow.id, "behind", 5)
        replies.integer(pushed.next.rawValue)
        replies.integer(position.rawValue - pushed.rawValue)
    }

    private func document(
        _ subject: DocumentFollow.Subject, now: Timestamp
    ) throws(CommandError) -> PositionedDocument? {
        var json = JSONWriter()
        return try write(subject, now: now, to: &json) ? PositionedDocument(json.bytes) : nil
    }

    private func write(
        _ subject: DocumentFollow.Subject, now: Timestamp, to json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        switch subject {
        case .customer(let identifier): try writeCustomer(identifier, now: now, to: &json)
        case .queue(let name): try writeQueue(name, now: now, tellsFeeds: false, to: &json)
        case .signals: preconditionFailure("signals are looked at as of now")
        }
    }
}

extension ReplyWriter {
    /// Begins a push of so many elements, of which the first three are the word, the id, the kind.
    mutating func beginFollowPush(
        _ id: UInt64, _ kind: StaticString, _ count: Int
    ) {
        push(count)
        bulk("follow")
        integer(id)
        bulk(kind)
    }

    fileprivate mutating func followed(_ id: UInt64, _ event: borrowing EventView) {
        beginFollowPush(id, "event", 5)
        integer(event.position.rawValue)
        var json = JSONWriter()
        EventDocument.write(event, to: &json)
        bulk(json.span)
    }

    fileprivate mutating func followEnded(
        _ id: UInt64, next: Position, _ error: CommandError
    ) {
        beginFollowPush(id, "ended", 5)
        integer(next.rawValue)
        bulk("\(error.code) \(error.description)")
    }
}
