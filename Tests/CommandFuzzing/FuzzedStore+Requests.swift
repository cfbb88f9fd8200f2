import Commands
import EventLog
import EventModel
import RESP
import Threads

/// What bytes stand for: a connection that asks one thing after the other.
extension FuzzedStore {
    /// Requests of one connection.
    private static let requestsMax = 24
    /// How often a request may run again: each view it reads, the past, a flush.
    private static let turnsMax = 16
    /// How long is waited for another thread, in milliseconds, before it is taken to stand still.
    private static let patienceMilliseconds: UInt64 = 60_000
    private static let roles: [Role] = [
        .operator, .operator, .operator, .privacy, .privacy, .privacy, .writer, .reader,
    ]

    /// Runs the requests that bytes stand for, on a connection of their own.
    ///
    /// Held to: every request is answered once, in the protocol; a refusal leaves nothing staged;
    /// who waits is answered when what it waits for has happened, or its time is over; what was
    /// answered with a position is in the log behind the commit; documents are documents.
    public func run(_ bytes: [UInt8]) throws {
        guard let first = bytes.first else { return }
        clock.pass(milliseconds: Int64(first))
        let session = Session(
            id: 1, role: Self.roles[Int(first) % Self.roles.count],
            user: UInt32(first) % 4)
        defer { opened.executor.closed(session) }
        var drawing = RequestDrawing(
            Array(bytes.dropFirst()), head: opened.log.head.position.rawValue)
        if first & 0x10 != 0 { try ask([Array("HELLO".utf8), Array("3".utf8)], session) }
        for _ in 0..<Self.requestsMax {
            guard let words = drawing.next(), try ask(words, session) else { break }
        }
        try commit([session])
        try push(to: session)
        if first >= 0xE0 { try carryOutErasures() }
    }

    /// Has one request answered; returns whether the connection goes on.
    @discardableResult
    func ask(_ words: [[UInt8]], _ session: Session) throws(FuzzFailure) -> Bool {
        var parser = RequestParser()
        let bytes = Self.request(words)
        let request = unsafe bytes.span.bytes
        guard case .request(let consumed) = parser.parse(request), consumed == bytes.count else {
            throw FuzzFailure("a request that is read otherwise than it was written", after: words)
        }
        for _ in 0..<Self.turnsMax {
            let start = session.replies.buffer.count
            let staged = opened.writer.stagedCount
            let execution = opened.executor.execute(
                parser.arguments(in: request), for: session)
            switch execution {
            case .answered, .closes, .stops:
                try checkAnswer(words, session, from: start, staged: staged)
                return execution == .answered
            case .afterCommit: try commit([session])
            case .waits(let wait): try settle(wait, words)
            }
        }
        throw FuzzFailure("a request that waits for ever", after: words)
    }

    private static func request(_ words: [[UInt8]]) -> [UInt8] {
        words.reduce(into: Array("*\(words.count)\r\n".utf8)) { bytes, word in
            bytes += Array("$\(word.count)\r\n".utf8) + word + [0x0D, 0x0A]
        }
    }

    private func checkAnswer(
        _ words: [[UInt8]], _ session: Session, from start: Int, staged: Int
    ) throws(FuzzFailure) {
        let (replies, pushes) = try AnswerCheck.replies(
            in: session.replies.buffer, from: start, after: words)
        guard replies.count == 1 else {
            throw FuzzFailure("\(replies.count) answers to a request", after: words)
        }
        if replies[0].isError, opened.writer.stagedCount != staged {
            throw FuzzFailure("a refusal that leaves something staged", after: words)
        }
        // What comes back as it was sent may look like a document and be none.
        let isEcho = ["ECHO", "PING", "CLIENT"].contains { name in
            words[0].count == name.utf8.count
                && String(decoding: words[0], as: UTF8.self).uppercased() == name
        }
        guard !isEcho else { return }
        for reply in replies + pushes { try AnswerCheck.check(reply, after: words) }
    }

    /// Makes happen what a request waits for, or lets its time pass.
    private func settle(
        _ wait: CommandExecutor.Wait, _ words: [[UInt8]]
    ) throws(FuzzFailure) {
        switch wait {
        case .view:
            try catchUp()
            guard opened.executor.isOver(wait) else {
                throw FuzzFailure("a view that never comes there", after: words)
            }
        case .head, .flush:
            clock.pass(milliseconds: 60_001)
        case .past:
            let (executor, wakeup) = (opened.executor, Wakeup())
            executor.past.observe { wakeup.wakeAll() }
            wakeup.wait(
                untilNanoseconds: Wakeup.nanoseconds() + Self.patienceMilliseconds * 1_000_000
            ) { !executor.isOver(wait) }
            guard executor.isOver(wait) else {
                throw FuzzFailure("a question about the past that is never answered", after: words)
            }
        }
    }

    /// Commits what is staged; the head moves by just that.
    func commit(_ sessions: [Session]) throws(FuzzFailure) {
        let end = opened.log.head.position.rawValue + UInt64(opened.writer.stagedCount)
        do throws(EventLogError) {
            while try !opened.executor.commitRound(sessions) { opened.log.settle() }
        } catch {
            throw FuzzFailure("a commit that fails: \(error)")
        }
        guard opened.log.head.position.rawValue == end,
            !sessions.contains(where: \.awaitsCommit)
        else {
            throw FuzzFailure("a commit after which the head is not \(end)")
        }
    }

    /// Pushes what the connection follows, as after a commit and after views have moved.
    private func push(to session: Session) throws(FuzzFailure) {
        guard session.isFollowing else { return }
        try catchUp()
        session.replies.buffer.removeAll()
        while opened.executor.pushEvents(to: session).hasMore { try takePushes(session) }
        opened.executor.pushDocuments(to: session)
        opened.executor.tellBehind(session)
        opened.executor.pushClosing(to: session)
        try takePushes(session)
    }

    private func takePushes(_ session: Session) throws(FuzzFailure) {
        let (replies, pushes) = try AnswerCheck.replies(
            in: session.replies.buffer, from: 0, after: [])
        guard replies.isEmpty else { throw FuzzFailure("an answer that nobody asked for") }
        for push in pushes { try AnswerCheck.check(push, after: []) }
        session.replies.buffer.removeAll()
    }
}
