internal import EventLog
internal import EventModel
internal import RESP
internal import Views

/// HEAD, EVENT, EVENTS, VERSION.
extension CommandExecutor {
    func runLog(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        switch command.action {
        case .head: session.replies.integer(log.head.position.rawValue)
        case .event: try event(arguments, session)
        case .events: return try events(command, arguments, session)
        case .version: try version(command, arguments, session)
        default: preconditionFailure("\(command.name) does not read the log")
        }
        return .answered
    }

    private func event(
        _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) {
        let position = try arguments.position("position") ?? .zero
        if try !writeEvent(at: position, session) { session.replies.null() }
    }

    /// Writes one event as a bulk string; returns false when there is none.
    func writeEvent(at position: Position, _ session: Session) throws(CommandError) -> Bool {
        do throws(ReadFailure<Never>) {
            return try reader.event(at: position) { (event) throws(Never) in
                Self.write(event, to: &session.replies)
            }
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            }
        }
    }

    static func write(_ event: borrowing EventView, to replies: inout ReplyWriter) {
        var json = JSONWriter()
        EventDocument.write(event, to: &json)
        replies.bulk(json.span)
    }

    private func events(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        let from = max(try arguments.position("FROM") ?? .zero, Position(1))
        let count =
            try arguments.integer("COUNT", in: 1...CommandLimits.eventsPerReplyMax)
            ?? CommandLimits.eventsPerReplyDefault
        let wait = try arguments.integer("WAIT", in: 0...CommandLimits.waitMillisecondsMax)
        let patterns = try EventFilter.words("TYPE", arguments, command).map { TypePattern($0) }
        if from > log.head.position, let wait, wait > 0, !isTimeUp(session, within: wait) {
            return .waits(for: .head(beyond: from.rawValue - 1))
        }
        // The number of events is known only afterwards, the array's head comes first.
        var documents = ReplyWriter(protocolVersion: session.replies.protocolVersion)
        var shown = 0
        let next: Position
        let last = Position(from.rawValue &+ CommandLimits.eventsScannedMax - 1)
        let bytesMax = replyBytesMax(for: session)
        do throws(ReadFailure<Never>) {
            next = try reader.events(from: from, through: last) { (event) throws(Never) in
                guard patterns.isEmpty || patterns.contains(where: { $0.matches(event.type) })
                else { return true }
                Self.write(event, to: &documents)
                shown += 1
                return shown < Int(count) && documents.buffer.count < bytesMax
            }
        } catch {
            switch error {
            // What lies before the damage is answered first; going on from there tells of it.
            case .log(.damaged(let events)) where events.first > from: next = events.first
            case .log(let error): throw .log(error)
            }
        }
        session.replies.array(2)
        session.replies.integer(next.rawValue)
        session.replies.array(shown)
        session.replies.buffer.append(documents.buffer.bytes)
        return .answered
    }

    /// Whether the command at hand has waited its time; the first call starts the time.
    func isTimeUp(_ session: Session, within milliseconds: Int64) -> Bool {
        let now = environment.nanoseconds()
        guard let deadline = session.atHand.deadline else {
            session.atHand.deadline = now + UInt64(milliseconds) * 1_000_000
            return false
        }
        return now >= deadline
    }
}

/// Picks event types: a whole name, or a prefix that ends in `*`.
struct TypePattern: Sendable {
    private let prefix: [UInt8]
    private let isWhole: Bool

    init(_ text: String) {
        isWhole = !text.hasSuffix("*")
        prefix = Array((isWhole ? Substring(text) : text.dropLast()).utf8)
    }

    func matches(_ type: RawSpan) -> Bool {
        guard isWhole ? type.byteCount == prefix.count : type.byteCount >= prefix.count else {
            return false
        }
        return unsafe type.extracting(0..<prefix.count).equals(prefix.span.bytes)
    }
}
