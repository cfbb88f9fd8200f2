internal import EventLog
internal import EventModel
internal import RESP
internal import Views

/// FOLLOW, UNFOLLOW, CREDIT.
///
/// What a follow has to say comes as RESP3 pushes, each with the follow's id:
///
///     follow <id> event <position> <event>        one event of the log
///     follow <id> changed <position> <document>   the document as it is now, or null
///     follow <id> live <next>                     everything before `next` has been pushed
///     follow <id> behind <next> <lag>             so many events are still to be looked at
///     follow <id> closing <next> <epoch>          the daemon stops; go on from there
///     follow <id> ended <next> <error>            it cannot go on, and why
///
/// `event` and `changed` cost one of the credit each, nothing else does.
extension CommandExecutor {
    func runFollow(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        switch command.action {
        case .follow: try follow(command, arguments, session)
        case .unfollow: try unfollow(command, arguments, session)
        case .credit: try addCredit(command, arguments, session)
        default: preconditionFailure("\(command.name) is not about following")
        }
        return .answered
    }

    private func follow(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) {
        let subjects = ["LOG", "CUSTOMER", "QUEUE", "SIGNALS", "LIST"].filter {
            arguments.bytes($0) != nil
        }
        guard subjects.count == 1 else {
            throw .badArgument(
                command.name, argument: "the subject",
                expected: "one of \(command.subcommands ?? "")")
        }
        if subjects[0] == "LIST" { return listFollows(session) }
        guard session.replies.protocolVersion == .resp3 else { throw .needsPushes(command.name) }
        guard session.follows.count < FollowLimits.perConnectionMax else {
            throw .tooManyFollows(most: FollowLimits.perConnectionMax)
        }
        let credit = FollowCredit(
            try arguments.integer("CREDIT", in: 0...FollowLimits.creditMax))
        if subjects[0] == "LOG" {
            try followLog(command, arguments, credit, session)
        } else {
            try followDocument(command, arguments, credit, session)
        }
    }

    private func followLog(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader,
        _ credit: FollowCredit, _ session: Session
    ) throws(CommandError) {
        guard let from = try arguments.position("FROM") else {
            throw .missingOption(command.name, option: "FROM")
        }
        let filter = try EventFilter(arguments, of: command, takesIdentifiers: true)
        let start = max(from, Position(1))
        try checkStart(start, epoch: try arguments.integer("EPOCH", in: 1...Int64.max))
        let follow = LogFollow(
            id: session.follows.makeID(), filter: filter, next: start, credit: credit)
        session.follows.log.append(follow)
        session.replies.integer(follow.id)
        _ = pushEvents(to: session)
    }

    /// Checks that a position to read from is one of this log's, counted in this epoch or in one
    /// that it shares with this one.
    ///
    /// - Throws: `otherEpoch`, `ahead`.
    func checkStart(_ start: Position, epoch: Int64?) throws(CommandError) {
        if let epoch, UInt64(epoch) != environment.epoch {
            let next = environment.epochs.first { $0.number > UInt64(epoch) }
            guard let next, start <= next.position else {
                throw .otherEpoch(
                    asked: UInt64(epoch), epoch: environment.epoch,
                    lastCommon: next.map { Position($0.position.rawValue - 1) })
            }
        }
        let head = log.head.position
        guard start <= head.next else { throw .ahead(asked: start, head: head) }
    }

    private func followDocument(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader,
        _ credit: FollowCredit, _ session: Session
    ) throws(CommandError) {
        for option in ["FROM", "EPOCH", "TYPE", "CHANNEL", "IDENTIFIER"]
        where arguments.bytes(option) != nil {
            throw .badArgument(
                command.name, argument: option, expected: "left out where no LOG stands")
        }
        let isOfSignals = arguments.has("SIGNALS")
        for option in ["KIND", "OLDER", "COUNT"] where arguments.has(option) && !isOfSignals {
            throw .badArgument(
                command.name, argument: option, expected: "left out where no SIGNALS stands")
        }
        let subject: DocumentFollow.Subject
        if isOfSignals {
            subject = .signals(try followedSignals(command, arguments))
        } else if let identifier = arguments.bytes("CUSTOMER") {
            guard identifier.count <= CommandLimits.followedNameBytesMax else {
                throw .badArgument(
                    command.name, argument: "CUSTOMER",
                    expected: "at most \(CommandLimits.followedNameBytesMax) bytes")
            }
            subject = .customer(identifier)
        } else {
            let name = try arguments.text("QUEUE") ?? ""
            guard name.utf8.count <= CommandLimits.followedNameBytesMax else {
                throw .badArgument(
                    command.name, argument: "QUEUE",
                    expected: "at most \(CommandLimits.followedNameBytesMax) bytes")
            }
            subject = .queue(name)
        }
        let follow = DocumentFollow(
            id: session.follows.makeID(), subject: subject, credit: credit)
        session.follows.documents.append(follow)
        session.replies.integer(follow.id)
        pushDocuments(to: session)
    }

    /// Which signals a connection follows: so many kinds as the loop can look at in one turn.
    private func followedSignals(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> SignalsQuestion {
        let question = try signalsQuestion(command, arguments)
        guard arguments.has("KIND"), question.kinds.count <= FollowLimits.signalKindsMax else {
            throw .badArgument(
                command.name, argument: "KIND",
                expected: "1 to \(FollowLimits.signalKindsMax) kinds of signals")
        }
        guard question.count <= FollowLimits.signalRowsMax else {
            throw .badArgument(
                command.name, argument: "COUNT",
                expected: "a number from 1 to \(FollowLimits.signalRowsMax)")
        }
        return question
    }

    private func unfollow(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) {
        let id = try arguments.integer("id", in: 1...Int64.max).map(UInt64.init) ?? 0
        if let index = session.follows.log.firstIndex(where: { $0.id == id }) {
            session.replies.integer(session.follows.log.remove(at: index).next.rawValue)
        } else if let index = session.follows.documents.firstIndex(where: { $0.id == id }) {
            let follow = session.follows.documents.remove(at: index)
            session.replies.integer(follow.looked?.rawValue ?? 0)
        } else {
            throw noFollow(command)
        }
    }

    private func addCredit(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) {
        let id = try arguments.integer("id", in: 1...Int64.max).map(UInt64.init) ?? 0
        let count = try arguments.integer("n", in: 1...FollowLimits.creditMax) ?? 0
        let left: Int64?
        if let index = session.follows.log.firstIndex(where: { $0.id == id }) {
            session.follows.log[index].credit.add(count)
            left = session.follows.log[index].credit.left
        } else if let index = session.follows.documents.firstIndex(where: { $0.id == id }) {
            session.follows.documents[index].credit.add(count)
            // What changed while there was none is looked for now.
            session.follows.documents[index].looked = nil
            session.follows.documents[index].lookedAt = nil
            left = session.follows.documents[index].credit.left
        } else {
            throw noFollow(command)
        }
        if let left { session.replies.integer(left) } else { session.replies.null() }
        _ = pushEvents(to: session)
        pushDocuments(to: session)
    }

    private func noFollow(_ command: CommandDefinition) -> CommandError {
        .badArgument(
            command.name, argument: "id",
            expected: "the id of a follow of this connection; FOLLOW LIST shows them")
    }

    /// FOLLOW LIST: what this connection follows.
    ///
    ///     {"position":…,"follows":[{"id":1,"subject":"log","next":…,"lag":…,"state":"live",
    ///      "types":["queue.*"],"channels":[],"credit":null},
    ///      {"id":2,"subject":"queue","looked":…,"credit":7}]}
    private func listFollows(_ session: Session) {
        let head = log.head.position
        var json = JSONWriter()
        json.beginObject()
        json.field("position", head)
        json.key("follows")
        json.beginArray()
        for follow in session.follows.log {
            json.beginObject()
            json.field("id", Int64(clamping: follow.id))
            json.field("subject", "log")
            json.field("next", follow.next)
            json.field("lag", Int64(clamping: follow.lag(head: head)))
            json.field("state", follow.standing.rawValue)
            json.write(follow.filter)
            json.write(follow.credit)
            json.endObject()
        }
        for follow in session.follows.documents {
            json.beginObject()
            json.field("id", Int64(clamping: follow.id))
            json.field("subject", follow.subject.word)
            json.field("looked", follow.looked ?? .zero)
            json.write(follow.credit)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        session.replies.bulk(json.span)
    }
}

extension JSONWriter {
    /// Writes the types and channels of a filter.
    mutating func write(_ filter: EventFilter) {
        key("types")
        beginArray()
        for type in filter.types { value(type) }
        endArray()
        key("channels")
        beginArray()
        for channel in filter.channels { value(channel) }
        endArray()
    }

    fileprivate mutating func write(_ credit: FollowCredit) {
        key("credit")
        if let left = credit.left { value(left) } else { null() }
    }
}
